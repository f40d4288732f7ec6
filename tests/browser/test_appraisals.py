"""考评 in a real browser: a secretary opens and scores, the result shows its working, a company appeals, both widths."""

from datetime import timedelta

import pytest
from tests.browser.audit import AUDIT
from tests.browser.conftest import NARROW, WIDE, page_of, picture

from redprop_bot.appraise import appeal, scorecard
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.scorers import Hand
from redprop_bot.store import appraisals
from redprop_bot.store.tables import Appraisal, AppraisalBallot

SECRETARY = "shenxl"
GOOD = {"clean": 21, "order": 20, "repair": 17, "attitude": 23}


@pytest.fixture(scope="module")
def opened(town, browser):
    """A month that a secretary has opened and scored on the page; its address."""
    with page_of(browser, town, SECRETARY) as page:
        page.goto("/console/appraisals")
        page.click("text=开始打分")
        page.wait_for_selector("text=几方都会收到")
        address = page.url.removeprefix(town.address).partition("?")[0]  # one company: its page
        for key, points in GOOD.items():
            page.fill(f"#p_community_{key}", str(points))
        page.click("#s_community button")
        page.wait_for_selector("text=到期前还可以改")
    return address


@pytest.fixture(scope="module")
def appealed(town, opened):
    """Another one with a result and an appeal; its address."""

    def _appealed(tx, row):
        for n, party in enumerate(("community", "grid", "committee")):
            scorer = "" if party == "community" else str(900 + n)
            tx.insert(AppraisalBallot, appraisal_id=row.id, party=party, scorer=scorer, points=GOOD, at=tx.now)
        tx.update(Appraisal, row.id, due_at=tx.now - timedelta(hours=1))
        row = scorecard.publish(tx, row, None, "到期自动")
        who = Hand(Reviewer("经理"), frozenset({row.organisation_id}))
        return appeal.appeal(tx, row, who, reason="维修养护那一条，漏看了 11 月修好的两部电梯").id

    def another(tx):
        row = appraisals.one(tx, int(opened.rpartition("/")[2]))
        values = {"sheet": row.sheet, "title": row.title, "period": "2026-01", "months": 1, "plan": row.plan}
        where = {"community_id": row.community_id, "organisation_id": row.organisation_id}
        made = tx.insert(
            Appraisal, **values, **where, due_at=tx.now, opened_by="沈秀兰", opened_at=tx.now, updated_at=tx.now
        )
        return _appealed(tx, made)

    return f"/console/appraisals/{town.office.store.run(another)}"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_are_read_on_both_widths(town, browser, opened, appealed, size):
    """Nothing runs out of the page, everything has a name."""
    width = size["width"]
    with page_of(browser, town, SECRETARY, size) as page:
        for path, name in (("/console/appraisals", "list"), (opened, "open"), (appealed, "appealed")):
            assert page.goto(path).status == 200, path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate(AUDIT) == [], path
            picture(page, f"appraisals-{name}")
