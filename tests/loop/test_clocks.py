"""Which clocks run for a demand: all of a unit's, or only the one to solve while nobody has it."""

from tests.loop import cells

from redprop_bot.loop.acts import perform
from redprop_bot.rules.flow import Act
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store


def _reopened(tx: Tx, **values: object) -> Demand:
    closed = cells.scene(tx).demands["closed"]
    tx.update(Demand, closed.id, respond_by=None, contact_by=None, **values)
    return perform(tx, closed, Act.REOPEN, cells.actor("secretary"), {"reason": "还是老样子"})


def test_nobody_is_late_to_sign_for_what_nobody_has(town_store: Store) -> None:
    """Reopened without ever having had a unit: no sign-for term, or the figures would blame somebody for it."""
    again = town_store.run(lambda tx: _reopened(tx, handler_id=None))
    assert (again.stage, again.respond_by, again.contact_by) == ("new", None, None)
    assert again.due_at is not None


def test_a_unit_that_does_it_again_signs_for_it_again(town_store: Store) -> None:
    """Its twin: all three clocks run anew."""
    again = town_store.run(_reopened)
    assert again.stage == "dispatched"
    assert None not in (again.respond_by, again.contact_by, again.due_at)
