"""红黑榜 at the same moment, by two processes: one draft, one objection, one publication, all there afterwards."""

from datetime import timedelta

import pytest
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.golden.script import ROSTER
from tests.support.together import at_once
from tests.support.told import told

from redprop_bot.appraise import periods, ranking, scorecard
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.scorers import Hand
from redprop_bot.errors import Conflict
from redprop_bot.ports import FrozenClock
from redprop_bot.registry.register import register
from redprop_bot.store import rankings, soundness
from redprop_bot.store.tables import Appraisal
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

ALL = Hand(Reviewer("管理员", communities=None, street=True))


@pytest.fixture
def stores(database_url: str, open_store: OpenStore) -> tuple[Store, Store]:
    """Two processes on one database with the roster, on each engine."""
    one, other = open_store(database_url), open_store(database_url)
    enrol(one, ROSTER)
    return one, other


def test_each_step_is_taken_once(stores: tuple[Store, Store], clock: FrozenClock) -> None:
    """Of two the second is refused; two companies that object at once are both heard."""

    def results(tx: Tx) -> list[int]:
        reg, sheet = register(tx), tx.content.appraisal.of("quarter")
        here = reg.estate_names["槐荫里"].community_id
        units = [reg.organisation_names[name].id or 0 for name in ("万和物业", "康居物业")]
        for row in scorecard.begin(tx, sheet, periods.ended_by_key("2026-Q3"), here, units, by="管理员"):
            tx.update(Appraisal, row.id, state="published", score=8000, stars=4, published_at=tx.now)
        return units

    units = stores[0].run(results)

    def draft(tx: Tx) -> None:
        sheet, street = tx.content.appraisal.of("quarter"), next(iter(register(tx).streets))
        ranking.draft(tx, ALL, sheet, periods.ended_by_key("2026-Q3"), street)

    def both(*jobs) -> list[type[BaseException]]:
        pairs = zip(stores, jobs, strict=True)
        found = at_once(*(lambda store=store, job=job: store.run(job) for store, job in pairs))
        return [type(error) for error in found if error is not None]

    assert both(draft, draft) == [Conflict]
    (row,) = stores[0].look(lambda tx: rankings.page(tx, limit=9))
    stores[0].run(lambda tx: ranking.ask(tx, row, ALL))

    def objects(unit: int):
        return lambda tx: ranking.object_(tx, row, Hand(Reviewer("经理"), frozenset({unit})), reason="漏了")

    assert both(objects(units[0]), objects(units[1])) == []
    assert both(objects(units[0]), objects(units[0])) == [Conflict, Conflict]
    said = {"outcome": "stand", "reason": "没有漏"}
    for unit in units:
        decide = lambda tx, unit=unit: ranking.decide(tx, row, ALL, unit=unit, **said)  # noqa: E731
        assert both(decide, decide) == [Conflict]
    clock.at += timedelta(days=8)
    publish = lambda tx: ranking.publish(tx, row, ALL)  # noqa: E731
    assert both(publish, publish) == [Conflict]
    names = stores[1].look(lambda tx: [one.name for one in rankings.history(tx, row.id or 0)])
    steps = ["opened", "review", "objected", "objected", "decided", "decided", "published"]
    assert [name.removeprefix("ranking_") for name in names] == steps
    heard_by = stores[1].look(lambda tx: [one.message for one in told(tx) if one.receiver == "wangjl"])
    assert heard_by == ["ranking_asked", "ranking_stand", "ranking_published"]
    lines = stores[1].look(lambda tx: rankings.one(tx, row.id or 0).lines)
    assert [(one["place"], one["outcome"]) for one in lines] == [(1, "stand"), (1, "stand")]
    assert stores[1].look(soundness.problems) == []
