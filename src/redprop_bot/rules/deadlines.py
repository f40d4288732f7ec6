"""When something is due: the table of terms that a community edits, and the clocks of an order.

Pure rules: no I/O and no clock of its own; moments are handed in. How the table is read from its file lives in
`deadline_table`, how working time is counted in `workdays`; who is reminded, and when, does not live here.

    intent, urgency ──▶ level (red, orange, yellow, blue) ──▶ Terms ──▶ Clocks
                        a responsibility row's hours ─────────────────────▲

Contract: interfaces.md 6 "Time" and 7 "Clocks"; the shipped numbers are c9 of the reference.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args

from redprop_bot.errors import Invalid
from redprop_bot.rules.flow import RUNNING
from redprop_bot.rules.workdays import Shifts, WorkCalendar, utc

Level = Literal["red", "orange", "yellow", "blue"]
ClockKind = Literal["calendar", "working"]
Unit = Literal["min", "h", "wd", "d"]

LEVELS: tuple[Level, ...] = get_args(Level)

LONGEST_HOURS = 24 * 366
UNIT_HOURS: Mapping[Unit, float] = {"min": 1 / 60, "h": 1, "wd": 24, "d": 24}


@dataclass(frozen=True, slots=True)
class Duration:
    """A term as written.

    `15min` and `2h` follow the clock they are used with; `1wd` is always working days, `14d` calendar days.
    """

    amount: float
    unit: Unit

    def after(self, moment: datetime, calendar: WorkCalendar, clock: ClockKind = "calendar") -> datetime:
        """The moment when the term that starts at `moment` ends."""
        if self.unit == "wd":
            return calendar.add_days(moment, self.amount)
        if self.unit == "d":
            return utc(moment) + timedelta(days=self.amount)
        return _count(calendar, clock, moment, self.amount * UNIT_HOURS[self.unit])

    def __str__(self) -> str:
        return f"{self.amount:g}{self.unit}"


@dataclass(frozen=True, slots=True)
class Terms:
    """The three terms of an order, and the clock that minutes and hours follow."""

    clock: ClockKind
    sign_for: Duration
    first_contact: Duration
    solve: Duration


@dataclass(frozen=True, slots=True)
class LevelTerms:
    """The terms of a level and of the intents that differ within it."""

    terms: Terms
    intents: Mapping[str, Terms] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeadlineTable:
    """Everything in `data/deadlines/`: one field per promise. Extensions are whole working days."""

    shifts: Shifts
    levels: Mapping[Level, LevelTerms]
    rework: Duration
    return_normal: Duration
    return_complex: Duration
    extension_secretary: int
    extension_street: int
    auto_close: Duration
    reopen: Duration
    pause: Duration
    place_question: Duration

    def terms(self, intent: str, urgency: str | None) -> Terms:
        """The terms that hold for such an order."""
        own = self.levels[level(intent, urgency)]
        return own.intents.get(intent, own.terms)


@dataclass(frozen=True, slots=True)
class Clocks:
    """The due moments of an order in UTC: sign for, first contact, solve."""

    respond_by: datetime
    contact_by: datetime
    due_at: datetime


def level(intent: str, urgency: str | None) -> Level:
    """The level of an order; danger outranks the kind of matter."""
    if urgency == "emergency":
        return "red"
    if urgency == "urgent":
        return "orange"
    return "blue" if intent in ("consult", "suggestion") else "yellow"


def clocks(
    table: DeadlineTable,
    calendar: WorkCalendar,
    *,
    intent: str,
    urgency: str | None,
    reported_at: datetime,
    dispatched_at: datetime,
    respond_hours: float | None = None,
    resolve_hours: float | None = None,
) -> Clocks:
    """The clocks of an order at its dispatch; a row's hours override the table.

    Terms of the table lie inside the order's: none outlasts `due_at`, unless that had passed at the dispatch.
    """
    terms = table.terms(intent, urgency)
    due_at = due(
        table, calendar, intent=intent, urgency=urgency, reported_at=reported_at, resolve_hours=resolve_hours
    )

    def inside(term: Duration) -> datetime:
        end = term.after(dispatched_at, calendar, terms.clock)
        return min(end, due_at) if due_at > dispatched_at else end

    respond_by = (
        inside(terms.sign_for)
        if respond_hours is None
        else _row_term(calendar, urgency, dispatched_at, respond_hours, "respond_hours")
    )
    return Clocks(respond_by, inside(terms.first_contact), due_at)


def due(
    table: DeadlineTable,
    calendar: WorkCalendar,
    *,
    intent: str,
    urgency: str | None,
    reported_at: datetime,
    resolve_hours: float | None = None,
) -> datetime:
    """The solve clock alone, for an order that nobody has yet."""
    if resolve_hours is not None:
        return _row_term(calendar, urgency, reported_at, resolve_hours, "resolve_hours")
    terms = table.terms(intent, urgency)
    return terms.solve.after(reported_at, calendar, terms.clock)


def is_late(stage: str, due_at: datetime | None, now: datetime) -> bool:
    """Whether the clock to solve runs and has run out."""
    return stage in RUNNING and due_at is not None and due_at < now


def rework_due(
    table: DeadlineTable,
    calendar: WorkCalendar,
    reopened_at: datetime,
    *,
    intent: str,
    urgency: str | None,
    resolve_hours: float | None = None,
) -> datetime:
    """The solve clock after a reopening: the rework term, or the ordinary one where that is shorter."""
    ordinary = due(
        table, calendar, intent=intent, urgency=urgency, reported_at=reopened_at, resolve_hours=resolve_hours
    )
    return min(ordinary, table.rework.after(reopened_at, calendar))


def return_until(
    table: DeadlineTable,
    calendar: WorkCalendar,
    dispatched_at: datetime,
    complex: bool = False,  # noqa: A002, FBT001, FBT002 - the word of the contract
) -> datetime:
    """The last moment at which the unit may return the order."""
    window = table.return_complex if complex else table.return_normal
    return window.after(dispatched_at, calendar)


def extended(calendar: WorkCalendar, due_at: datetime, days: int) -> datetime:
    """The due moment so many working days later; who may grant how many is `table.extension_*`."""
    if not 1 <= days <= 366:
        raise Invalid(field="days")
    return calendar.add_days(due_at, days)


def resumed(
    table: DeadlineTable,
    calendar: WorkCalendar,
    due_at: datetime,
    *,
    paused_at: datetime,
    resumed_at: datetime,
    intent: str,
    urgency: str | None,
) -> datetime:
    """The solve clock after a pause: what was left when it began is left when it ends."""
    paused_at = utc(paused_at)
    if due_at <= paused_at or resumed_at <= paused_at:
        return utc(due_at)
    if table.terms(intent, urgency).clock == "calendar":
        return utc(due_at) + (resumed_at - paused_at)
    return max(utc(due_at), calendar.add(resumed_at, calendar.between(paused_at, due_at)))


def _count(calendar: WorkCalendar, clock: ClockKind, moment: datetime, hours: float) -> datetime:
    if clock == "working":
        return calendar.add(moment, hours)
    return utc(moment) + timedelta(hours=hours)


def _row_term(calendar: WorkCalendar, urgency: str | None, moment: datetime, hours: float, name: str) -> datetime:
    if not 0 <= hours <= LONGEST_HOURS:
        raise Invalid(field=name)
    # Fixed by the contract, whatever the table says about its own clocks.
    clock: ClockKind = "calendar" if urgency in ("emergency", "urgent") else "working"
    return _count(calendar, clock, moment, hours)
