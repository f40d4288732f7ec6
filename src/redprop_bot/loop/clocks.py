"""The clocks of a demand: the terms of its matter, overridden by the row of the list that found it.

How terms are counted is `rules.deadlines`; here they are only brought together with the demand, its row, the hours
of those who work on it, and with what has moved them: days that were granted, pauses that are over.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from redprop_bot.loop.short_clocks import shortened
from redprop_bot.registry.register import register
from redprop_bot.registry.working_time import Placed, about, calendar
from redprop_bot.rules import deadlines
from redprop_bot.rules.deadlines import Duration
from redprop_bot.store.tables import Demand, Responsibility
from redprop_bot.store.tx import Tx

UNPAUSED: dict[str, Any] = {"paused_at": None, "paused_until": None, "stage_before": None}
"""What every act leaves behind that takes a demand out of its pause."""


class Clocked(Placed, Protocol):
    """What the clocks depend on, of a demand that is stored or about to be."""

    @property
    def intent(self) -> str: ...  # noqa: D102
    @property
    def urgency(self) -> str | None: ...  # noqa: D102
    @property
    def reported_at(self) -> datetime: ...  # noqa: D102
    @property
    def begun_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def granted_days(self) -> int | None: ...  # noqa: D102
    @property
    def paused_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def pauses(self) -> Sequence[Any]: ...  # noqa: D102
    @property
    def control_by(self) -> datetime | None: ...  # noqa: D102


def row_of(tx: Tx, demand: Demand) -> Responsibility | None:
    """The row by which it was dispatched, as long as it is in force."""
    return register(tx).responsibility(demand.responsibility_id)


def unsent(tx: Tx, demand: Clocked, row: Responsibility | None = None) -> dict[str, Any]:
    """The columns of a demand that nobody has: only the clocks that start with the report run."""
    clock = _Clock(tx, demand, None, row)
    return clock.short(clock.unsent(), demand.reported_at)


def sent(
    tx: Tx,
    demand: Clocked,
    row: Responsibility | None,
    *,
    dispatched_at: datetime,
    unit_id: int,
    going_on: bool = False,
) -> dict[str, Any]:
    """The columns of a demand that a unit has since `dispatched_at`; `going_on` ends its pause."""
    clock = _Clock(tx, demand, unit_id, row)
    if going_on:
        clock.pauses = pauses_so_far(tx, demand)
        clock.stood_still = clock.pauses[-1:] if demand.paused_at is not None else []
    return clock.short(clock.all(dispatched_at), dispatched_at)


def rework(tx: Tx, demand: Demand) -> dict[str, Any]:
    """The columns of a demand that is done again from now on; without a unit nobody has to sign for it."""
    anew = {"begun_at": tx.now, "pauses": [], "granted_days": None}
    anew |= {"contacted_at": None, "controlled_at": None, "due_decided": False}
    clock = _Clock(tx, demand, demand.handler_id, row_of(tx, demand), begun_at=tx.now, fresh=True)
    columns = clock.unsent() if demand.handler_id is None else clock.all(tx.now)
    return {**anew, **clock.short(columns, tx.now)}


def from_now(tx: Tx, demand: Demand) -> dict[str, Any]:
    """The columns of a demand that has turned out to be another kind of hurry just now."""
    clock = _Clock(tx, demand, demand.handler_id, row_of(tx, demand), begun_at=tx.now)
    columns = clock.unsent() if demand.handler_id is None else clock.all(tx.now)
    return clock.short(columns, tx.now)


def pauses_so_far(tx: Tx, demand: Clocked) -> list[Any]:
    """The pauses of a demand, the present one as if it ended now."""
    now = [] if demand.paused_at is None else [[demand.paused_at.isoformat(), tx.now.isoformat()]]
    return [*demand.pauses, *now]


def going_on(tx: Tx, demand: Demand) -> dict[str, Any]:
    """The columns of a demand whose clocks run again: what was left of each when it stopped is left now."""
    if demand.paused_at is None:
        return dict(UNPAUSED)
    clock = _Clock(tx, demand, demand.handler_id, row_of(tx, demand))
    last = pauses_so_far(tx, demand)[-1:]
    terms = clock.terms
    return {
        **UNPAUSED,
        "pauses": pauses_so_far(tx, demand),
        "respond_by": clock.moved(demand.respond_by, terms.sign_for, last, by_row=clock.respond_hours is not None),
        "contact_by": clock.moved(demand.contact_by, terms.first_contact, last),
        "control_by": clock.moved(demand.control_by, terms.control or terms.solve, last),
        "due_at": clock.moved(demand.due_at, terms.solve, last, by_row=clock.resolve_hours is not None),
    }


class _Clock:
    """The clocks of one demand in the hands of one unit."""

    def __init__(
        self,
        tx: Tx,
        demand: Clocked,
        unit_id: int | None,
        row: Responsibility | None,
        *,
        begun_at: datetime | None = None,
        fresh: bool = False,
    ) -> None:
        self.tx, self.table, self.demand = tx, tx.content.deadlines, demand
        self.calendar = calendar(tx, demand, unit_id)
        self.about = about(tx, demand, unit_id)
        self.respond_hours = row.respond_hours if row else None
        self.resolve_hours = row.resolve_hours if row else None
        self.terms = self.table.terms(demand.intent, demand.urgency, self.about)
        self.begun_at = begun_at or demand.begun_at
        self.pauses = [] if fresh else list(demand.pauses)
        self.stood_still: list[Any] = []
        self.control_by = None if fresh else demand.control_by
        self.granted = None if fresh else demand.granted_days

    def all(self, dispatched_at: datetime) -> dict[str, Any]:
        found = deadlines.clocks(
            self.table,
            self.calendar,
            intent=self.demand.intent,
            urgency=self.demand.urgency,
            reported_at=self.begun_at or self.demand.reported_at,
            dispatched_at=dispatched_at,
            respond_hours=self.respond_hours,
            resolve_hours=self.resolve_hours,
            about=self.about,
        )
        since = [pause for pause in self.pauses if datetime.fromisoformat(pause[1]) > dispatched_at]
        signed = self.respond_hours is not None
        return {
            "respond_by": self.moved(found.respond_by, self.terms.sign_for, since, by_row=signed),
            "contact_by": self.moved(found.contact_by, self.terms.first_contact, since),
            "control_by": self.control(),
            "due_at": self.solve(),
        }

    def unsent(self) -> dict[str, Any]:
        return {"respond_by": None, "contact_by": None, "control_by": self.control(), "due_at": self.solve()}

    def short(self, columns: dict[str, Any], at: datetime) -> dict[str, Any]:
        """These columns, as far as an emergency does not shorten what begins at `at`."""
        return shortened(self.tx, self.demand, columns, at=at, calendar=self.calendar)

    def control(self) -> datetime | None:
        """By when a danger is under control: as was said once, whoever has it by now; None where there is none.

        What turns out to be one later counts from then.
        """
        term = self.terms.control
        if term is None:
            return None
        if self.control_by is not None:
            return self.moved(self.control_by, term, self.stood_still)
        known = getattr(self.demand, "id", None) is not None
        start = self.tx.now if known else self.demand.reported_at
        return term.after(start, self.calendar, self.terms.clock)

    def solve(self) -> datetime:
        """By when it is solved: as the terms say, then as it was extended and paused."""
        start = self.begun_at or self.demand.reported_at
        given: dict[str, Any] = {
            "intent": self.demand.intent,
            "urgency": self.demand.urgency,
            "resolve_hours": self.resolve_hours,
            "about": self.about,
        }
        if self.begun_at is not None:
            due = deadlines.rework_due(self.table, self.calendar, start, **given)
        else:
            due = deadlines.due(self.table, self.calendar, reported_at=start, **given)
        if self.granted:
            due = deadlines.extended(self.calendar, due, self.granted)
        since = [pause for pause in self.pauses if datetime.fromisoformat(pause[1]) > start]
        moved = self.moved(due, self.terms.solve, since, by_row=self.resolve_hours is not None)
        assert moved is not None
        return moved

    def moved(
        self, due: datetime | None, term: Duration, pauses: Sequence[Any], *, by_row: bool = False
    ) -> datetime | None:
        """A due moment after these pauses."""
        clock = deadlines.counting(self.terms, term, self.demand.urgency, by_row=by_row)
        for start, end in pauses:
            if due is not None:
                due = deadlines.resumed(
                    self.calendar,
                    due,
                    paused_at=datetime.fromisoformat(start),
                    resumed_at=datetime.fromisoformat(end),
                    clock=clock,
                )
        return due
