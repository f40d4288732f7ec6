"""红黑榜 in a real browser: the room, one board under review, and the public board, both widths."""

import pytest
from tests.browser.audit import AUDIT
from tests.browser.conftest import NARROW, WIDE, page_of, picture

from redprop_bot.appraise import periods, ranking, scorecard
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.scorers import Hand
from redprop_bot.registry.care import companies
from redprop_bot.registry.register import register
from redprop_bot.store import rankings
from redprop_bot.store.tables import Appraisal, Ranking

STREET = "admin"
ALL = Hand(Reviewer("管理员", communities=None, street=True))


@pytest.fixture(scope="module")
def boards(town):
    """One that is published and the next version under review; their keys."""

    def job(tx):
        reg, sheet, period = register(tx), tx.content.appraisal.of("quarter"), periods.ended_by_key("2026-Q2")
        score = 9100
        for key in reg.communities:
            units = [one.id for one in companies(reg, key)]
            for row in scorecard.begin(tx, sheet, period, key, units, by="管理员"):
                values = {"state": "published", "score": score, "stars": 4}
                tx.update(Appraisal, row.id, **values, published_at=tx.now)
                score -= 1700
        street = next(iter(reg.streets))
        one = ranking.ask(tx, ranking.draft(tx, ALL, sheet, period, street), ALL)
        tx.update(Ranking, one.id, state="published", open_key=None, published_at=tx.now)
        two = ranking.ask(tx, ranking.draft(tx, ALL, sheet, period, street), ALL)
        unit = ranking.ranking.read(two.lines)[0].unit
        who = Hand(Reviewer("经理"), frozenset({unit}))
        ranking.object_(tx, rankings.one(tx, two.id), who, reason="五月的满意度漏了两份，请核对")
        return one.id, two.id

    return town.office.store.run(job)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_are_read_on_both_widths(town, browser, boards, size):
    """Nothing runs out of the page, everything has a name."""
    paths = [
        ("/console/rankings", "list"),
        *((f"/console/rankings/{key}", f"one{n}") for n, key in enumerate(boards)),
    ]
    with page_of(browser, town, STREET, size) as page:
        community = town.office.store.look(lambda tx: next(iter(register(tx).communities.values())).name)
        for path, name in (*paths, (f"/board/{community}", "board")):
            assert page.goto(path).status == 200, path
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
            assert page.evaluate(AUDIT) == [], path
            picture(page, f"rankings-{name}")
