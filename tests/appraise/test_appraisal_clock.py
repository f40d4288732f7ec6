"""考评 by the clock: opened once after a period, reminded of once, brought to a result or handed to a person."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.golden.script import ROSTER

from redprop_bot.appraise import scorecard
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.scorers import Hand
from redprop_bot.clock.kinds import ABOVE, PLANS
from redprop_bot.loop import due
from redprop_bot.ports import FrozenClock
from redprop_bot.registry.register import register
from redprop_bot.store import appraisals
from redprop_bot.store.tables import Appraisal, Outbox
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

ALL = Hand(Reviewer("管理员", communities=None, street=True))
GOOD = {"clean": 20, "order": 20, "repair": 20, "attitude": 20}


@pytest.fixture
def town(database_url: str, open_store: OpenStore) -> Store:
    """The golden town on each engine."""
    store = open_store(database_url)
    enrol(store, ROSTER)
    return store


def _sweep(store: Store) -> None:
    store.run(lambda tx: due.prepare(tx, PLANS))
    store.run(lambda tx: due.sweep(tx, ABOVE))


def _rounds(store: Store) -> list[tuple[str, str, str, str]]:
    def look(tx: Tx) -> list[tuple[str, str, str, str]]:
        units = register(tx).organisations
        rows = appraisals.page(tx, communities=None, limit=99)
        return sorted((one.sheet, one.period, units[one.organisation_id].name, one.state) for one in rows)

    return store.look(look)


def _told(store: Store, message: str) -> list[str]:
    return sorted(row.receiver for row in store.look(lambda tx: tx.list(Outbox)) if row.message == message)


def _score(store: Store, unit: str, party: str, person: str | None = None) -> None:
    def job(tx: Tx) -> None:
        reg = register(tx)
        who = ALL if person is None else Hand(Reviewer(person, reg.person_named(person).id))
        key = reg.organisation_names[unit].id
        row = appraisals.page(tx, communities=None, organisation_id=key, sheet="month", limit=1)[0]
        scorecard.score(tx, row, who, GOOD, party=party)

    store.run(job)


def test_a_month_opens_by_itself_and_comes_to_a_result(town: Store, clock: FrozenClock) -> None:
    """One for each company of a community that has one; who is asked twice hears once; the rest is by what was said."""
    _sweep(town)
    assert _rounds(town) == []  # what ended before the first look is opened by hand
    clock.at = datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
    _sweep(town)
    assert _rounds(town) == []  # not yet the hour
    clock.at += timedelta(minutes=15)
    _sweep(town)
    _sweep(town)
    opened = [("month", "2026-11", unit, "open") for unit in ("万和物业", "康居物业")]
    assert _rounds(town) == sorted(opened)
    assert _told(town, "appraisal_asked") == ["qinsj", "songls", "yaowg"]  # both companies in one message
    _score(town, "万和物业", "community")
    _score(town, "万和物业", "grid", "小姚")
    _score(town, "康居物业", "community")
    clock.at += timedelta(days=5, hours=8)
    _sweep(town)
    _sweep(town)
    assert _told(town, "appraisal_reminded") == ["songls", "yaowg"]  # the secretary has scored both
    clock.at += timedelta(days=2, hours=1)
    _sweep(town)
    assert [row[3] for row in _rounds(town)] == ["open", "open"]  # 40 of 100 and 20 of 100 are no result
    assert _told(town, "appraisal_held") == ["qinsj", "qinsj"]
    said = town.look(lambda tx: [str(row.payload) for row in tx.list(Outbox) if row.message == "appraisal_held"])
    assert all("居民评价和办件（没有可以数的，不用催）" in text for text in said)  # nobody can press for those
    _sweep(town)
    assert len(_told(town, "appraisal_held")) == 2


def test_with_enough_of_them_the_last_day_brings_the_result(town: Store, clock: FrozenClock) -> None:
    """The clock asks nobody then; the company hears, and the one with too few goes to a person."""
    _sweep(town)
    clock.at = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    _sweep(town)

    def enough(tx: Tx) -> None:
        row = next(one for one in appraisals.page(tx, communities=None, limit=9) if one.plan["least"] == 60)
        tx.update(Appraisal, row.id, plan={**row.plan, "least": 40})

    town.run(enough)
    rows = town.look(lambda tx: {one.id: one for one in appraisals.page(tx, communities=None, limit=9)})
    chosen = next(one for one in rows.values() if one.plan["least"] == 40)
    unit = town.look(lambda tx: register(tx).organisations[chosen.organisation_id].name)
    _score(town, unit, "community")
    _score(town, unit, "grid", "小姚")
    clock.at += timedelta(days=8)
    _sweep(town)
    found = {row[2]: row[3] for row in _rounds(town)}
    assert found.pop(unit) == "published"
    assert list(found.values()) == ["open"]
    done = town.look(lambda tx: appraisals.one(tx, chosen.id or 0))
    assert done is not None
    assert (done.score, done.stars) == (8000, 4)
    assert _told(town, "appraisal_published")


def test_quarter_and_year_open_when_they_are_over(town: Store, clock: FrozenClock) -> None:
    """The first working day of January opens the month, the quarter and the year before, each once."""
    _sweep(town)
    for day in (datetime(2026, 12, 1, 3, 0, tzinfo=UTC), datetime(2027, 1, 4, 3, 0, tzinfo=UTC)):
        clock.at = day
        _sweep(town)
        _sweep(town)
    kinds = {(sheet, period) for sheet, period, _, _ in _rounds(town)}
    assert kinds == {("month", "2026-11"), ("month", "2026-12"), ("quarter", "2026-Q4"), ("year", "2026")}
    assert len(_rounds(town)) == 8
