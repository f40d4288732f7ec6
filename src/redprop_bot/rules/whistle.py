"""吹哨: the three kinds with their clocks, which kind is meant, and the figures of a quarter.

Pure rules: moments, rows and the table of `data/whistle/` are handed in. Who may blow is `roles`, what a blow does
is `loop.whistle`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from redprop_bot.rules.deadlines import ClockKind, Duration
from redprop_bot.rules.workdays import WorkCalendar


class WhistleState(StrEnum):
    """Where the call of one unit stands."""

    CALLED = "called"
    CLAIMED = "claimed"
    DECLINED = "declined"
    DONE = "done"
    VOID = "void"  # the demand ended before anybody had to answer


KINDS = ("routine", "emergency", "special")


@dataclass(frozen=True, slots=True)
class KindTerms:
    """One kind: how long until it must be answered, until it is tabled after that, until it must be done."""

    name: str
    clock: ClockKind
    answer: Duration
    table: Duration
    solve: Duration
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moments:
    """The due moments of one blow in UTC."""

    answer_by: datetime
    table_by: datetime
    limit_at: datetime


def moments(terms: KindTerms, calendars: Sequence[WorkCalendar], at: datetime) -> Moments:
    """The clocks that start at a blow; `calendars` are those of the units that are called.

    All are called together and have one clock: each has its whole term, whoever opens last.
    """
    found = [_moments(terms, calendar, at) for calendar in calendars]
    return Moments(
        max(one.answer_by for one in found),
        max(one.table_by for one in found),
        max(one.limit_at for one in found),
    )


def _moments(terms: KindTerms, calendar: WorkCalendar, at: datetime) -> Moments:
    answer_by = terms.answer.after(at, calendar, terms.clock)
    table_by = terms.table.after(answer_by, calendar, terms.clock)
    return Moments(answer_by, table_by, max(terms.solve.after(at, calendar, terms.clock), answer_by))


def latest(term: Duration, clock: ClockKind, calendars: Sequence[WorkCalendar], at: datetime) -> datetime:
    """When a term that starts at `at` has ended for the last of those who are called."""
    return max(term.after(at, calendar, clock) for calendar in calendars)


def kind_of(text: str, urgency: str | None, kinds: Mapping[str, KindTerms]) -> str:
    """Which kind is meant: by its words, else by the danger of the matter, else routine."""
    for code in ("special", "emergency"):
        if any(word in text for word in kinds[code].words):
            return code
    return "emergency" if urgency == "emergency" else "routine"


# -- quarters


def quarter_bounds(year: int, number: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Begin (included) and end (excluded) of a quarter. Raises ValueError."""
    if not (2000 <= year <= 2100 and 1 <= number <= 4):
        raise ValueError("no such quarter")
    after = (year + 1, 1) if number == 4 else (year, 3 * number + 1)
    return datetime(year, 3 * number - 2, 1, tzinfo=zone), datetime(*after, 1, tzinfo=zone)


def quarter_of(moment: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """Year and number of the quarter that a moment lies in."""
    local = moment.astimezone(zone)
    return local.year, (local.month + 2) // 3


def quarter_before(year: int, number: int) -> tuple[int, int]:
    """The one before."""
    return (year, number - 1) if number > 1 else (year - 1, 4)


# -- figures


class Called(Protocol):
    """What the figures need of one call."""

    @property
    def organisation_id(self) -> int: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def answer_by(self) -> datetime: ...  # noqa: D102
    @property
    def answered_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def limit_at(self) -> datetime: ...  # noqa: D102
    @property
    def done_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def tabled_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def stars(self) -> int | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of some calls; `stars` is the mean of the `rated` ones. What ended before its time counts nowhere."""

    called: int
    answered: int
    in_time: int
    claimed: int
    declined: int
    done: int
    done_in_time: int
    tabled: int
    rated: int
    stars: float | None


def figures(rows: Iterable[Called]) -> Figures:
    """The figures of some calls."""
    real = [row for row in rows if row.state != WhistleState.VOID]
    given = [row.stars for row in real if row.stars is not None]
    return Figures(
        called=len(real),
        answered=sum(row.answered_at is not None for row in real),
        in_time=sum(row.answered_at is not None and row.answered_at <= row.answer_by for row in real),
        claimed=sum(row.state in (WhistleState.CLAIMED, WhistleState.DONE) for row in real),
        declined=sum(row.state == WhistleState.DECLINED for row in real),
        done=sum(row.done_at is not None for row in real),
        done_in_time=sum(row.done_at is not None and row.done_at <= row.limit_at for row in real),
        tabled=sum(row.tabled_at is not None for row in real),
        rated=len(given),
        stars=round(sum(given) / len(given), 1) if given else None,
    )


def by_unit(rows: Sequence[Called]) -> dict[int, Figures]:
    """The figures of each unit, in the order in which the units were first called."""
    groups: dict[int, list[Called]] = {}
    for row in rows:
        groups.setdefault(row.organisation_id, []).append(row)
    return {unit: figures(group) for unit, group in groups.items()}
