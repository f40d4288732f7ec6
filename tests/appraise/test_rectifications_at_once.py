"""整改 at the same moment, by two processes: each step once; what is there survives, and db check sees what is off."""

from datetime import timedelta

import pytest
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.golden.script import ROSTER
from tests.support.together import at_once

from redprop_bot.appraise import rectification, talks
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.scorers import Hand
from redprop_bot.clock.kinds import ABOVE
from redprop_bot.errors import Conflict
from redprop_bot.loop import due
from redprop_bot.ports import FrozenClock
from redprop_bot.registry.register import register
from redprop_bot.store import rectifications, soundness
from redprop_bot.store.tables import Outbox, Rectification, Talk
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

ALL = Hand(Reviewer("管理员", communities=None, street=True))


@pytest.fixture
def stores(database_url: str, open_store: OpenStore) -> tuple[Store, Store]:
    """Two processes on one database with the roster, on each engine."""
    one, other = open_store(database_url), open_store(database_url)
    enrol(one, ROSTER)
    return one, other


def _refused(errors: list[BaseException | None]) -> list[type[BaseException]]:
    return [type(error) for error in errors if error is not None]


def test_each_step_is_taken_once(stores: tuple[Store, Store], clock: FrozenClock) -> None:
    """Opened, reported, missed by two clocks, failed, talked: of two the second is refused or changes nothing."""

    def open_(tx: Tx) -> None:
        reg = register(tx)
        here = reg.estate_names["槐荫里"].community_id
        unit = reg.organisation_names["万和物业"].id or 0
        rectification.open_order(tx, ALL, community_id=here, unit=unit, items=["道闸"], reason="检查")

    def both(job) -> list[type[BaseException]]:
        return _refused(at_once(*(lambda store=store: store.run(job) for store in stores)))

    assert both(open_) == [Conflict]
    (row,) = stores[0].look(lambda tx: rectifications.page(tx, communities=None, limit=9))
    unit = Hand(Reviewer("方经理"), frozenset({row.organisation_id}))
    clock.at = row.due_at + timedelta(minutes=1)
    assert both(lambda tx: due.sweep(tx, ABOVE)) == []
    day = clock.at.date() + timedelta(days=5)
    assert both(lambda tx: rectification.check(tx, row, ALL, passed=False, reason="没改", due=day)) == [Conflict]
    held = {"on": clock.at.date(), "by_post": "社区书记", "agreed": "下周改好"}
    assert both(lambda tx: talks.record(tx, row, ALL, **held)) == []  # two talks were held: both stand
    assert both(lambda tx: talks.decline(tx, row, ALL, reason="不用")) == [Conflict, Conflict]
    assert both(lambda tx: rectification.report(tx, row, unit, text="好了")) == [Conflict]
    assert both(lambda tx: rectification.check(tx, row, ALL, passed=True)) == [Conflict]

    def seen(tx: Tx) -> tuple[list[str], list[str], int]:
        told = sorted(one.message for one in tx.list(Outbox) if one.receiver == "fangjl")
        names = [event.name.removeprefix("rectification_") for event in rectifications.history(tx, row.id or 0)]
        return names, told, tx.get(Rectification, row.id).overdues

    names, told, overdues = stores[1].look(seen)
    steps = ["opened", "overdue", "talk_proposed", "failed", "talk_held", "talk_held", "reported", "passed"]
    assert names == steps
    assert overdues == 1
    assert told == sorted(
        [f"rectification_{one}" for one in ("opened", "overdue", "failed", "passed")] + ["talk_held"] * 2
    )
    assert stores[1].look(soundness.problems) == []
    stores[0].run(lambda tx: tx.update(Rectification, row.id, once_key="x"))
    talk = stores[0].look(lambda tx: rectifications.talks(tx, [row.id or 0])[row.id or 0])[0]
    stores[0].run(lambda tx: tx.update(Talk, talk.id, agreed=""))
    assert [line for line in stores[1].look(soundness.problems) if "对不上" in line] == [
        f"整改第 {row.id} 号：记的是 passed，和结束没结束对不上",
        f"约谈第 {talk.id} 号：记的是 held，和记没记下来对不上",
    ]
