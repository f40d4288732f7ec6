"""The clocks of a demand: the terms of its level, overridden by the row of the responsibility list that found it.

How terms are counted is `rules.deadlines`; here they are only brought together with the demand and its row.
"""

from datetime import datetime
from typing import Any, Protocol

from redprop_bot.registry.register import register
from redprop_bot.rules import deadlines
from redprop_bot.store.tables import Demand, Responsibility
from redprop_bot.store.tx import Tx


class Clocked(Protocol):
    """What the clocks depend on, of a demand that is stored or about to be."""

    @property
    def intent(self) -> str: ...  # noqa: D102
    @property
    def urgency(self) -> str | None: ...  # noqa: D102
    @property
    def reported_at(self) -> datetime: ...  # noqa: D102


def row_of(tx: Tx, demand: Demand) -> Responsibility | None:
    """The row by which it was dispatched, as long as it is in force."""
    return register(tx).responsibility(demand.responsibility_id)


def unsent(tx: Tx, demand: Clocked, row: Responsibility | None = None) -> dict[str, Any]:
    """The columns of a demand that nobody has: only the clock to solve runs."""
    due = deadlines.due(
        tx.content.deadlines,
        tx.content.calendar,
        intent=demand.intent,
        urgency=demand.urgency,
        reported_at=demand.reported_at,
        resolve_hours=row.resolve_hours if row else None,
    )
    return {"respond_by": None, "contact_by": None, "due_at": due}


def sent(
    tx: Tx,
    demand: Clocked,
    row: Responsibility | None,
    *,
    dispatched_at: datetime,
    reported_at: datetime | None = None,
) -> dict[str, Any]:
    """The columns of a demand that a unit has since `dispatched_at`; `reported_at` where it begins anew."""
    found = deadlines.clocks(
        tx.content.deadlines,
        tx.content.calendar,
        intent=demand.intent,
        urgency=demand.urgency,
        reported_at=reported_at or demand.reported_at,
        dispatched_at=dispatched_at,
        respond_hours=row.respond_hours if row else None,
        resolve_hours=row.resolve_hours if row else None,
    )
    return {"respond_by": found.respond_by, "contact_by": found.contact_by, "due_at": found.due_at}


def rework(tx: Tx, demand: Demand) -> dict[str, Any]:
    """The columns of a demand that is done again from now on; without a unit nobody has to sign for it."""
    row = row_of(tx, demand)
    due = deadlines.rework_due(
        tx.content.deadlines,
        tx.content.calendar,
        tx.now,
        intent=demand.intent,
        urgency=demand.urgency,
        resolve_hours=row.resolve_hours if row else None,
    )
    if demand.handler_id is None:
        return {"respond_by": None, "contact_by": None, "due_at": due}
    return {**sent(tx, demand, row, dispatched_at=tx.now, reported_at=tx.now), "due_at": due}
