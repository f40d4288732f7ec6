"""黑名单 and 退出 at the same moment, by two processes: each step once; db check sees what is off."""

from datetime import timedelta

import pytest
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.golden.script import ROSTER
from tests.support.together import at_once
from tests.support.told import told

from redprop_bot.appraise import sanctions as steps
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.scorers import Hand
from redprop_bot.clock.kinds import ABOVE
from redprop_bot.errors import Conflict
from redprop_bot.loop import due
from redprop_bot.ports import FrozenClock
from redprop_bot.registry.register import register
from redprop_bot.store import sanctions, soundness
from redprop_bot.store.tables import Sanction
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
    """Opened, answered, decided, stepped, stopped, over: of two the second is refused or changes nothing."""

    def open_(name: str, estate: str | None):
        def job(tx: Tx) -> int:
            reg = register(tx)
            where = reg.estate_names[estate].id if estate else None
            kind, unit = tx.content.sanctions.of(name), reg.organisation_names["万和物业"].id or 0
            return steps.open_case(tx, ALL, kind, unit=unit, estate_id=where, reason="检查").id or 0

        return job

    def both(job) -> list[type[BaseException]]:
        found = at_once(*(lambda store=store: store.run(job) for store in stores))
        return [type(error) for error in found if error is not None]

    assert both(open_("退出", "槐荫里")) == [Conflict]
    assert both(open_("黑名单", None)) == [Conflict]
    listing, leaving = stores[0].look(lambda tx: sanctions.page(tx, organisations=None, limit=9))
    unit = Hand(Reviewer("方经理"), frozenset({leaving.organisation_id}))
    assert both(lambda tx: steps.answer(tx, leaving, unit, text="愿意改")) == [Conflict]
    assert both(lambda tx: steps.decide(tx, leaving, ALL, go=True, reason="定了")) == [Conflict]
    taken = {"on": clock.at.date(), "text": "开了"}
    assert both(lambda tx: steps.step(tx, leaving, ALL, **taken)) == []  # two steps are two steps
    assert both(lambda tx: steps.stop(tx, leaving, ALL, reason="不走了")) == [Conflict]
    clock.at = listing.answer_until + timedelta(minutes=1)
    assert both(lambda tx: due.sweep(tx, ABOVE)) == []
    assert both(lambda tx: steps.decide(tx, listing, ALL, go=True, reason="定了")) == [Conflict]
    clock.at += timedelta(days=366)
    assert both(lambda tx: due.sweep(tx, ABOVE)) == []

    def seen(tx: Tx, row: Sanction) -> list[str]:
        return [event.name.removeprefix("sanction_") for event in sanctions.history(tx, row.id or 0)]

    first, second = (stores[1].look(lambda tx, row=row: seen(tx, row)) for row in (leaving, listing))
    assert first == ["opened", "answered", "began", "stepped", "stepped", "stopped"]
    assert second == ["opened", "listed", "done"]
    heard_by = stores[1].look(lambda tx: [one.message for one in told(tx) if one.receiver == "fangjl"])
    names = [one.removeprefix("sanction_") for one in heard_by if one.startswith("sanction_")]
    assert names == [*("opened", "opened", "began", "stepped", "stepped", "stopped", "listed", "over")]
    heard = stores[1].look(lambda tx: [one.receiver for one in told(tx) if one.message == "sanction_heard"])
    assert heard == ["gaozr"]
    assert stores[1].look(soundness.problems) == []
    stores[0].run(lambda tx: tx.update(Sanction, listing.id, open_key="x"))
    assert [line for line in stores[1].look(soundness.problems) if "对不上" in line] == [
        f"黑名单、退出第 {listing.id} 号：记的是 done，和结束没结束对不上"
    ]
