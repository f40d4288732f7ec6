"""Digests (汇总): what one person is told at once at their hour — which days, about which period, in which order.

Pure rules: days, rows and figures are handed in. How the file is read lives in `digest_table`, what is counted in
`figures`; who is told and how, in `notify`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from redprop_bot.rules.deadlines import LEVELS, is_late, level
from redprop_bot.rules.flow import RUNNING, Stage
from redprop_bot.rules.spans import Standing
from redprop_bot.rules.workdays import WorkCalendar


class Every(StrEnum):
    """How often: each on a working day, the longer ones on the first of their period."""

    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class To(StrEnum):
    """Who gets one."""

    SECRETARY = "secretary"
    GRID = "grid"
    MANAGER = "manager"
    STREET = "street"
    RESIDENTS = "residents"  # only who asked for it


class Section(StrEnum):
    """What may stand in one: of today, of a period, of a resident's month."""

    OVERDUE = "overdue"
    RETURNED = "returned"
    DUE_TODAY = "due_today"
    PROMISED = "promised"
    NEW = "new"
    WAITING = "waiting"
    FLOW = "flow"
    RATES = "rates"
    UNITS = "units"
    COMMUNITIES = "communities"
    WHISTLES = "whistles"
    CALLS = "calls"
    OWN = "own"
    ESTATE = "estate"


TODAY = (
    Section.OVERDUE,
    Section.RETURNED,
    Section.DUE_TODAY,
    Section.PROMISED,
    Section.NEW,
    Section.WAITING,
)
"""The most pressing first: an order stands in the first that fits, so that the numbers add up.

The last holds no orders: it is what waits for a yes of who reads the card.
"""
PERIOD = (Section.FLOW, Section.RATES, Section.UNITS, Section.COMMUNITIES, Section.WHISTLES, Section.CALLS)
MONTH = (Section.OWN, Section.ESTATE)


@dataclass(frozen=True, slots=True)
class Digest:
    """One entry of `data/digests/`; `name` is what is remembered as sent."""

    name: str
    every: Every
    at: time
    to: tuple[To, ...]
    message: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Digests:
    """All of `data/digests/`: how rates are weighed, from how many orders on there is a rank, and the entries."""

    entries: tuple[Digest, ...]
    weights: Mapping[str, int]
    rank_from: int
    shown: int  # so many numbers stand beside a count


@dataclass(frozen=True, slots=True)
class Period:
    """What a digest is about: from `begin` to before `end`, and the one before that ends where it begins."""

    key: str
    begin: datetime
    end: datetime
    before: datetime


# -- days


def falls_on(every: Every, day: date, calendar: WorkCalendar) -> bool:
    """Whether one is sent that day: a working day, for the longer ones the first of the period."""
    if not calendar.is_workday(day):
        return False
    if every == Every.WORKDAY:
        return True
    first = _begin(every, day)
    return not any(calendar.is_workday(first + timedelta(days=n)) for n in range((day - first).days))


def moment(digest: Digest, day: date, zone: ZoneInfo) -> datetime:
    """When it is sent that day."""
    return datetime.combine(day, digest.at, zone)


def period(digest: Digest, day: date, calendar: WorkCalendar, zone: ZoneInfo) -> Period:
    """What the one of that day is about: since the last card, or the week, month or quarter that has ended."""
    if digest.every == Every.WORKDAY:
        last = _workday_before(day, calendar)
        return Period(
            f"{day:%Y-%m-%d}",
            moment(digest, last, zone),
            moment(digest, day, zone),
            moment(digest, _workday_before(last, calendar), zone),
        )
    end = _begin(digest.every, day)
    # A week of holidays alone has no report of its own: the next one tells of it as well.
    begin = _begin(digest.every, _workday_before(end, calendar))
    before = _begin(digest.every, _workday_before(begin, calendar))
    marks = [datetime.combine(one, time(0), zone) for one in (begin, end, before)]
    return Period(_key(digest.every, begin), *marks)


def _begin(every: Every, day: date) -> date:
    """The first day of the period that a day lies in."""
    if every == Every.WEEK:
        return day - timedelta(days=day.weekday())
    month = day.month if every == Every.MONTH else 3 * ((day.month - 1) // 3) + 1
    return date(day.year, month, 1)


def day_before(moment: datetime) -> date:
    """The day before a local midnight: the last of a period that ends there."""
    return (moment - timedelta(days=1)).date()


def _workday_before(day: date, calendar: WorkCalendar) -> date:
    local = datetime.combine(day, time(0), calendar.zone)
    return calendar.subtract(local, timedelta(microseconds=1)).astimezone(calendar.zone).date()


def _key(every: Every, begin: date) -> str:
    if every == Every.WEEK:
        year, week, _ = begin.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{begin:%Y-%m}" if every == Every.MONTH else f"{begin.year}-Q{(begin.month + 2) // 3}"


# -- today


class Row(Standing, Protocol):
    """What the card of the day needs of an open order."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def community_id(self) -> int | None: ...  # noqa: D102
    @property
    def no(self) -> str: ...  # noqa: D102
    @property
    def extended(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Today:
    """The moments that decide: now, since when an order is new, when today and the next working day are over."""

    now: datetime
    since: datetime
    tonight: datetime
    soon: datetime


def today(now: datetime, since: datetime, calendar: WorkCalendar) -> Today:
    """The moments of a day; `since` is the last card."""
    local = now.astimezone(calendar.zone)
    tonight = datetime.combine(local.date() + timedelta(days=1), time(0), calendar.zone)
    next_day = calendar.add(tonight, timedelta(microseconds=1)).astimezone(calendar.zone).date()
    return Today(now, since, tonight, datetime.combine(next_day + timedelta(days=1), time(0), calendar.zone))


Came = Callable[[Row], datetime]
"""Since when an order is theirs who read the card: it is new on the first one after that."""


def section_of(row: Row, at: Today, came: Came) -> Section | None:
    """Where an order stands on the card."""
    if is_late(row.stage, row.due_at, at.now):
        return Section.OVERDUE
    if row.stage == Stage.RETURNED:
        return Section.RETURNED
    if row.stage == Stage.SUSPENDED:
        return Section.PROMISED if _by(row.paused_until, at.tonight) else None
    if row.stage not in RUNNING:
        return None
    if _by(row.due_at, at.tonight):
        return Section.DUE_TODAY
    if row.extended and _by(row.due_at, at.soon):
        return Section.PROMISED
    return Section.NEW if came(row) >= at.since else None


def _by(moment: datetime | None, end: datetime) -> bool:
    return moment is not None and moment < end


def sorted_out(
    rows: Iterable[Row], at: Today, sections: Sequence[Section], came: Came
) -> dict[Section, list[Row]]:
    """The orders of each section, the most urgent first; sections without any are left out."""
    found: dict[Section, list[Row]] = {section: [] for section in TODAY if section in sections}
    for row in rows:
        section = section_of(row, at, came)
        if section in found:
            found[section].append(row)
    for orders in found.values():
        orders.sort(key=lambda row: (LEVELS.index(level(row.intent, row.urgency)), row.due_at or at.soon, row.id))
    return {section: orders for section, orders in found.items() if orders}
