"""When something is due: the table of terms that a community edits, and the clocks of an order.

Pure rules: no I/O and no clock of its own; the content loader loads the mapping, moments are handed in.
How working time is counted lives in `workdays`; who is reminded, and when, does not live here.

    intent, urgency ──▶ level (red, orange, yellow, blue) ──▶ Terms ──▶ Clocks
                        a responsibility row's hours ─────────────────────▲

Contract: interfaces.md 6 "Time" and 7 "Clocks"; the shipped numbers are c9 of the reference.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any, Literal, get_args

from redprop_bot.errors import ContentError, Fault, Invalid
from redprop_bot.rules.workdays import LineOf, Shifts, WorkCalendar, fault, shift_fault, utc

Level = Literal["red", "orange", "yellow", "blue"]
ClockKind = Literal["calendar", "working"]
Unit = Literal["min", "h", "wd", "d"]

LEVELS: tuple[Level, ...] = get_args(Level)

_LONGEST_HOURS = 24 * 366
_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(min|h|wd|d)")
_SHIFT = re.compile(r"(\d{1,2}):(\d{2})\s*[-–~]\s*(\d{1,2}):(\d{2})")
_UNIT_HOURS: Mapping[Unit, float] = {"min": 1 / 60, "h": 1, "wd": 24, "d": 24}


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
        return _count(calendar, clock, moment, self.amount * _UNIT_HOURS[self.unit])

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


def parse_duration(text: Any) -> Duration:
    """Read `15min`, `2h`, `1wd`, `14d`; ValueError with what is wrong."""
    match = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"{text!r} 不是时长，写成 15min、2h、1wd（工作日）或 14d（自然日）")
    amount, unit = float(match[1]), match[2]
    duration = Duration(amount, next(known for known in get_args(Unit) if known == unit))
    if not 0 < amount * _UNIT_HOURS[duration.unit] <= _LONGEST_HOURS:
        raise ValueError(f"{text!r} 应大于 0，不超过 366 天")
    return duration


def parse_deadlines(
    raw: Mapping[str, Any],
    where: str,
    line_of: LineOf | None = None,
    *,
    intents: Collection[str] | None = None,
) -> DeadlineTable:
    """Read the mapping of a deadlines file; ContentError with every fault.

    `line_of` gets the key path of what is wrong; for a missing key, that of the mapping it is missing from.
    `intents`, where given, are the only ones that may have terms of their own.
    """
    reader = _Reader(where, line_of, intents)
    table = reader.table(raw)
    if reader.faults:
        raise ContentError(reader.faults)
    return table


def _count(calendar: WorkCalendar, clock: ClockKind, moment: datetime, hours: float) -> datetime:
    if clock == "working":
        return calendar.add(moment, hours)
    return utc(moment) + timedelta(hours=hours)


def _row_term(calendar: WorkCalendar, urgency: str | None, moment: datetime, hours: float, name: str) -> datetime:
    if not 0 <= hours <= _LONGEST_HOURS:
        raise Invalid(field=name)
    # Fixed by the contract, whatever the table says about its own clocks.
    clock: ClockKind = "calendar" if urgency in ("emergency", "urgent") else "working"
    return _count(calendar, clock, moment, hours)


_Path = tuple[str, ...]

_STAND_IN = Duration(0, "d")  # keeps the reading going after a fault; never leaves this file
_TERM_KEYS = ("sign_for", "first_contact", "solve")
_TABLE_KEYS = (
    "shifts",
    "levels",
    "rework",
    "return",
    "extension",
    "auto_close",
    "reopen",
    "pause",
    "place_question",
)


class _Reader:
    """Reads on after a fault and collects them all."""

    def __init__(self, where: str, line_of: LineOf | None, intents: Collection[str] | None) -> None:
        self.where, self.line_of, self.known_intents = where, line_of, intents
        self.faults: list[Fault] = []

    def wrong(self, path: _Path, what: str) -> None:
        self.faults.append(fault(self.where, path, what, self.line_of))

    def table(self, raw: Any) -> DeadlineTable:
        root = self.mapping(raw, (), _TABLE_KEYS)
        back = self.section(root, "return", ("normal", "complex"))
        more = self.section(root, "extension", ("secretary", "street"))
        table = DeadlineTable(
            shifts=self.shifts(root),
            levels=self.levels(root),
            rework=self.duration(root, (), "rework"),
            return_normal=self.duration(back, ("return",), "normal"),
            return_complex=self.duration(back, ("return",), "complex"),
            extension_secretary=self.whole_days(more, "secretary"),
            extension_street=self.whole_days(more, "street"),
            auto_close=self.duration(root, (), "auto_close"),
            reopen=self.duration(root, (), "reopen"),
            pause=self.duration(root, (), "pause"),
            place_question=self.duration(root, (), "place_question"),
        )
        self.ordered(table.return_normal, table.return_complex, ("return", "complex"), "应不短于 normal")
        if "secretary" in more and "street" in more and table.extension_street < table.extension_secretary:
            self.wrong(("extension", "street"), "应不少于 secretary")
        return table

    def mapping(
        self, raw: Any, path: _Path, needed: Collection[str], free: Collection[str] = ()
    ) -> Mapping[str, Any]:
        """The mapping itself, or an empty one; says which keys are missing and which nobody knows."""
        if not isinstance(raw, Mapping):
            self.wrong(path, "应为“名称: 值”的形式")
            return {}
        for key in raw:
            if key not in needed and key not in free:
                self.wrong((*path, str(key)), f"没有这一项，可用的有 {'、'.join((*needed, *free))}")
        for key in needed:
            if key not in raw:
                self.wrong(path, f"缺少 {key}")
        return raw

    def section(self, root: Mapping[str, Any], key: str, needed: Collection[str]) -> Mapping[str, Any]:
        return self.mapping(root[key], (key,), needed) if key in root else {}

    def levels(self, root: Mapping[str, Any]) -> Mapping[Level, LevelTerms]:
        rows = self.section(root, "levels", LEVELS)
        return {name: self.one_level(rows[name], ("levels", name)) for name in LEVELS if name in rows}

    def one_level(self, raw: Any, path: _Path) -> LevelTerms:
        row = self.mapping(raw, path, ("clock", *_TERM_KEYS), ("intents",))
        stand_in = Terms("calendar", _STAND_IN, _STAND_IN, _STAND_IN)
        terms = self.terms(row, path, stand_in)
        own = row.get("intents", {})
        if not isinstance(own, Mapping):
            self.wrong((*path, "intents"), "应为“意图: {solve: 时长}”的形式")
            own = {}
        return LevelTerms(terms, {str(name): self.own_terms(own, name, path, terms) for name in own})

    def own_terms(self, rows: Mapping[str, Any], name: str, path: _Path, terms: Terms) -> Terms:
        here = (*path, "intents", str(name))
        if self.known_intents is not None and name not in self.known_intents:
            self.wrong(here, "没有这个意图")
        return self.terms(self.mapping(rows[name], here, (), ("clock", *_TERM_KEYS)), here, terms)

    def terms(self, row: Mapping[str, Any], path: _Path, base: Terms) -> Terms:
        found = {key: self.duration(row, path, key) for key in _TERM_KEYS if key in row}
        terms = replace(base, clock=self.clock(row, path, base.clock), **found)
        for key in ("sign_for", "first_contact"):
            if {key, "solve"} & found.keys():
                self.ordered(getattr(terms, key), terms.solve, (*path, key), "应不长于 solve", late=True)
        return terms

    def clock(self, row: Mapping[str, Any], path: _Path, base: ClockKind) -> ClockKind:
        for kind in get_args(ClockKind):
            if row.get("clock", base) == kind:
                return kind  # type: ignore[no-any-return]
        self.wrong((*path, "clock"), f"{row['clock']!r} 应为 calendar（自然时）或 working（工作时）")
        return base

    def duration(self, row: Mapping[str, Any], path: _Path, key: str) -> Duration:
        if key not in row:
            return _STAND_IN  # told by `mapping`
        try:
            return parse_duration(row[key])
        except ValueError as error:
            self.wrong((*path, key), str(error))
            return _STAND_IN

    def whole_days(self, row: Mapping[str, Any], key: str) -> int:
        duration = self.duration(row, ("extension",), key)
        if duration is not _STAND_IN and (duration.unit != "wd" or duration.amount % 1):
            self.wrong(("extension", key), "应为整数个工作日，例如 5wd")
        return int(duration.amount)

    def ordered(self, short: Duration, long: Duration, path: _Path, what: str, *, late: bool = False) -> None:
        """Compares what has one unit; between units the calendar decides, not the table."""
        if _STAND_IN in (short, long) or short.unit != long.unit or short.amount <= long.amount:
            return
        self.wrong(path, f"{short if late else long} {what}")

    def shifts(self, root: Mapping[str, Any]) -> Shifts:
        raw = root.get("shifts")
        if not isinstance(raw, list):
            if "shifts" in root:
                self.wrong(("shifts",), "应为班次列表，例如 [08:30-12:00, 13:30-18:00]")
            return ()
        shifts = [_shift(item) for item in raw]
        for index, shift in enumerate(shifts):
            if shift is None:
                self.wrong(("shifts", str(index)), f"{raw[index]!r} 不是班次，写成 08:30-12:00")
        good = tuple(shift for shift in shifts if shift)
        if len(good) == len(raw) and (what := shift_fault(good)):
            self.wrong(("shifts",), what)
        return good


def _shift(item: Any) -> tuple[time, time] | None:
    match = _SHIFT.fullmatch(item.strip().replace("：", ":")) if isinstance(item, str) else None
    if match is None:
        return None
    hour, minute, end_hour, end_minute = map(int, match.groups())
    if (end_hour, end_minute) == (24, 0):
        end_hour = 0
    try:
        return time(hour, minute), time(end_hour, end_minute)
    except ValueError:
        return None
