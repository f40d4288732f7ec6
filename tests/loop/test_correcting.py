"""What a correction does to who has an order, by which row, and until when."""

from datetime import timedelta

import pytest
from tests.loop import cells
from tests.loop.test_reminding import reported

from redprop_bot.loop.acts import perform
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Act
from redprop_bot.store import soundness
from redprop_bot.store.tables import Demand, Outbox
from redprop_bot.store.worker import Store


def do(store: Store, demand: Demand, act: Act, who: str, **fields: object) -> Demand:
    return store.run(lambda tx: perform(tx, demand, act, cells.actor(who), fields))


def row_hours(store: Store, demand: Demand) -> tuple[float | None, float | None] | None:
    """The hours of the row by which it was dispatched; None where there is none."""
    row = store.look(lambda tx: register(tx).responsibility(demand.responsibility_id))
    return (row.respond_hours, row.resolve_hours) if row is not None else None


def test_another_category_of_the_same_company_has_its_own_row_and_clocks(town_store: Store) -> None:
    """The hour and the day of a lift hold for no rubbish, and hold for what turns out to be a lift."""
    (made,) = town_store.run(lambda tx: reported(tx, category="elevator"))
    assert row_hours(town_store, made) == (1, 24)
    rubbish = do(town_store, made, Act.CORRECT, "secretary", category="sanitation")
    assert (rubbish.handler_id, row_hours(town_store, rubbish)) == (made.handler_id, (None, None))
    assert rubbish.due_at > made.due_at
    lift = do(town_store, rubbish, Act.CORRECT, "secretary", category="elevator")
    assert row_hours(town_store, lift) == (1, 24)
    assert (lift.respond_by, lift.due_at) == (made.respond_by, made.due_at)


def test_where_no_row_fits_the_company_keeps_it_without_one(town_store: Store) -> None:
    """The hours of a row that is not about it are nobody's promise."""
    (made,) = town_store.run(lambda tx: reported(tx, category="elevator"))
    other = do(town_store, made, Act.CORRECT, "secretary", category="parking")
    assert (other.handler_id, other.responsibility_id) == (made.handler_id, None)
    assert other.due_at > made.due_at


@pytest.mark.parametrize("before", [(), ("accept",), ("accept", "fulfil"), ("pause",), ("escalate",), ("return",)])
def test_what_turns_out_to_be_a_complaint_is_as_one_that_just_came(town_store: Store, before: tuple) -> None:
    """Wherever it stands: nobody has it, the secretary alone is told, and the store agrees with itself."""
    fields = {"pause": {"reason": "等料", "until": town_store.clock.now() + timedelta(days=5)}}
    fields |= {"escalate": {"reason": "没钱"}, "return": {"reason": "不归我们"}}
    (made,) = town_store.run(reported)
    for name in before:
        who = "secretary" if name in ("pause", "escalate") else "handler"
        made = do(town_store, made, Act(name), who, **fields.get(name, {}))
    known = {row.id for row in town_store.look(lambda tx: tx.list(Outbox))}
    now = do(town_store, made, Act.CORRECT, "grid", intent="complaint")
    assert (now.stage, now.handler_id, now.assignee_id, now.responsibility_id) == ("new", None, None, None)
    assert (now.released, now.respond_by, now.return_until, now.done_at) == (False, None, None, None)
    rows = [row for row in town_store.look(lambda tx: tx.list(Outbox)) if row.id not in known]
    told = {(row.receiver, row.message) for row in rows if row.message != "card_update"}
    assert ("qinsj", "complaint") in told
    assert {message for who, message in told if who in ("fangjl", "shaojl", "dingsf")} <= {"taken_back"}
    assert town_store.look(soundness.problems) == []


def test_a_complaint_that_was_released_stays_with_the_unit_as_a_plain_report(town_store: Store) -> None:
    """The secretary gave it to them; what it is called by now takes it from nobody."""
    (made,) = town_store.run(lambda tx: reported(tx, category="elevator"))
    do(town_store, made, Act.CORRECT, "secretary", intent="complaint")
    given = do(town_store, made, Act.DISPATCH, "secretary", to="康居物业")
    plain = do(town_store, made, Act.CORRECT, "secretary", intent="demand.report")
    assert given.released
    assert (plain.handler_id, plain.stage, plain.released) == (given.handler_id, "dispatched", False)
