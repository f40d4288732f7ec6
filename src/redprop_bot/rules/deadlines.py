"""When something is due: the table of terms that a community edits, and the clocks of an order.

Pure rules: no I/O and no clock of its own; moments are handed in. How the table is read from its file lives in
`deadline_table`, how working time is counted in `workdays`; who is reminded, and when, does not live here.

    intent, urgency ──▶ level (red, orange, yellow, blue) ──▶ Terms ──▶ Clocks
    category, estate, unit, complex ──▶ special rows ───────────▲        ▲
                        a responsibility row's hours ────────────────────┘

Contract: interfaces.md 6 "Time" and 7 "Clocks"; the shipped numbers are c9 of the reference.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    """The terms of an order, and the clock that minutes and hours follow; `control` where there is danger."""

    clock: ClockKind
    sign_for: Duration
    first_contact: Duration
    solve: Duration
    control: Duration | None = None  # until the danger is over, done or not


@dataclass(frozen=True, slots=True)
class LevelTerms:
    """The terms of a level and of the intents that differ within it."""

    terms: Terms
    intents: Mapping[str, Terms] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """What else terms may depend on: codes of the taxonomy, names of the register."""

    category: str | None = None
    estate: str | None = None
    unit: str | None = None
    complex: bool = False


ANYTHING = About()


@dataclass(frozen=True, slots=True)
class Special:
    """Terms of single matters: what must hold, and what is different then."""

    conditions: tuple[tuple[str, str | bool], ...]
    clock: ClockKind | None
    terms: Mapping[str, Duration]

    def fits(self, level: Level, intent: str, about: About) -> bool:
        """Whether all conditions hold."""
        held = {
            "level": level,
            "intent": intent,
            "category": about.category,
            "estate": about.estate,
            "unit": about.unit,
            "complex": about.complex,
        }
        return all(held[name] == value for name, value in self.conditions)

    @property
    def rank(self) -> tuple[int, bool, bool]:
        """The more conditions the stronger; then the unit's row before the estate's before any other."""
        names = {name for name, _ in self.conditions}
        return len(names), "unit" in names, "estate" in names


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
    control_words: tuple[str, ...] = ()
    special: tuple[Special, ...] = ()

    def terms(self, intent: str, urgency: str | None, about: About = ANYTHING) -> Terms:
        """The terms of such an order: each from the strongest special row that has it, else the level's."""
        here = level(intent, urgency)
        own = self.levels[here]
        terms = own.intents.get(intent, own.terms)
        for row in sorted((r for r in self.special if r.fits(here, intent, about)), key=lambda r: r.rank):
            terms = replace(terms, clock=row.clock or terms.clock, **row.terms)
        return terms


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
    about: About = ANYTHING,
) -> Clocks:
    """The clocks of an order at its dispatch; a row's hours override the table.

    Terms of the table lie inside the order's: none outlasts `due_at`, unless that had passed at the dispatch.
    """
    terms = table.terms(intent, urgency, about)
    due_at = due(
        table,
        calendar,
        intent=intent,
        urgency=urgency,
        reported_at=reported_at,
        resolve_hours=resolve_hours,
        about=about,
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
    about: About = ANYTHING,
) -> datetime:
    """The solve clock alone, for an order that nobody has yet."""
    if resolve_hours is not None:
        return _row_term(calendar, urgency, reported_at, resolve_hours, "resolve_hours")
    terms = table.terms(intent, urgency, about)
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
    about: About = ANYTHING,
) -> datetime:
    """The solve clock after a reopening: the rework term, or the ordinary one where that is shorter."""
    ordinary = due(
        table,
        calendar,
        intent=intent,
        urgency=urgency,
        reported_at=reopened_at,
        resolve_hours=resolve_hours,
        about=about,
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


def counting(terms: Terms, term: Duration, urgency: str | None, *, by_row: bool = False) -> ClockKind:
    """How the time of one clock runs: as the term is written, or as the contract says for the hours of a row."""
    if by_row:
        return _row_clock(urgency)
    if term.unit in ("wd", "d"):
        return "working" if term.unit == "wd" else "calendar"
    return terms.clock


def resumed(
    calendar: WorkCalendar, due_at: datetime, *, paused_at: datetime, resumed_at: datetime, clock: ClockKind
) -> datetime:
    """A due moment after a pause: what was left of the clock when it stopped is left when it goes on.

    A clock that had run out when the pause began stays run out.
    """
    due_at, paused_at, resumed_at = utc(due_at), utc(paused_at), utc(resumed_at)
    if due_at <= paused_at or resumed_at <= paused_at:
        return due_at
    if clock == "calendar":
        return due_at + (resumed_at - paused_at)
    return max(due_at, calendar.add(resumed_at, calendar.between(paused_at, due_at)))


def _count(calendar: WorkCalendar, clock: ClockKind, moment: datetime, hours: float) -> datetime:
    if clock == "working":
        return calendar.add(moment, hours)
    return utc(moment) + timedelta(hours=hours)


def _row_term(calendar: WorkCalendar, urgency: str | None, moment: datetime, hours: float, name: str) -> datetime:
    if not 0 <= hours <= LONGEST_HOURS:
        raise Invalid(field=name)
    return _count(calendar, _row_clock(urgency), moment, hours)


def _row_clock(urgency: str | None) -> ClockKind:
    # Fixed by the contract, whatever the table says about its own clocks.
    return "calendar" if urgency in ("emergency", "urgent") else "working"
