"""Working time: which days and hours count, and how to add, subtract and measure them.

Pure rules: no I/O, no clock, no database; the day table is handed in. What a deadline is lives in
`deadlines`.

    is_workday ──▶ spans of a day (UTC, cached) ──▶ add · subtract · between · next_open · is_open

Moments go in with a zone and come out in UTC. A shift is open from its first to its last instant, both
included: a term that uses up a day exactly ends at that day's close, not at the next morning's opening.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

from redprop_bot.errors import ConfigError, Fault

Shifts = tuple[tuple[time, time], ...]
LineOf = Callable[[tuple[str, ...]], int]

DEFAULT_SHIFTS: Shifts = ((time(8, 30), time(12)), (time(13, 30), time(18)))
NO_EXTRA: Mapping[date, bool] = MappingProxyType({})

_ONE_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)
_MIDNIGHT = time(0)
_IDLE_DAYS = 400
_FARTHEST_DAYS = 20 * 366
_CACHED_DAYS = 20_000

_Spans = tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class WorkCalendar:
    """Working time of one place.

    `shifts` are local times, in order and apart; an end of 00:00 is the midnight that ends the day, so a
    night shift is written as two. `is_workday` answers for local dates and must always answer the same.
    Raises ValueError for shifts that cannot be, for moments without a zone and for terms beyond 20 years;
    ConfigError where 400 days in a row have no working time.
    """

    zone: ZoneInfo
    shifts: Shifts
    is_workday: Callable[[date], bool]
    _days: dict[date, _Spans] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse shifts that are empty, overlap or stand out of order."""
        if what := shift_fault(self.shifts):
            raise ValueError(what)

    @cached_property
    def day_length(self) -> timedelta:
        """Working time of one full working day."""
        return sum((_minute(end, last=True) - _minute(start) for start, end in self.shifts), timedelta())

    def add(self, moment: datetime, hours: float | timedelta) -> datetime:
        """The moment when so much working time has passed; a closed moment counts from the next opening."""
        moment, left = utc(moment), _amount(hours)
        for opens, closes in self._walk(self._date(moment - _INSTANT), _ONE_DAY):
            start = max(opens, moment)
            if start <= closes:
                if left <= closes - start:
                    return start + left
                left -= closes - start
        raise AssertionError  # the walk never ends quietly

    def subtract(self, moment: datetime, hours: float | timedelta) -> datetime:
        """The mirror of `add`: from a closed moment it counts back from the last close."""
        moment, left = utc(moment), _amount(hours)
        for opens, closes in self._walk(self._date(moment), -_ONE_DAY):
            end = min(closes, moment)
            if end >= opens:
                if left <= end - opens:
                    return end - left
                left -= end - opens
        raise AssertionError  # the walk never ends quietly

    def add_days(self, moment: datetime, n: float) -> datetime:
        """So many full working days later."""
        return self.add(moment, self.day_length * n)

    def between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from `a` to `b`; negative when `b` comes first."""
        a, b = utc(a), utc(b)
        if b < a:
            return -self.between(b, a)
        day, last, total = self._date(a), self._date(b), timedelta()
        while day <= last:
            for opens, closes in self._spans(day):
                total += max(min(closes, b) - max(opens, a), timedelta())
            day += _ONE_DAY
        return total

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself if open, else the next opening."""
        return self.add(moment, 0)

    def is_open(self, moment: datetime) -> bool:
        """Whether the moment lies in a shift, its last instant included."""
        moment = utc(moment)
        days = {self._date(moment - _INSTANT), self._date(moment)}  # a shift may end at midnight
        return any(opens <= moment <= closes for day in days for opens, closes in self._spans(day))

    def _date(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _walk(self, day: date, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
        idle = 0
        for _ in range(_FARTHEST_DAYS):
            spans = self._spans(day)
            idle = 0 if spans else idle + 1
            if idle >= _IDLE_DAYS:
                raise ConfigError([Fault("data/holidays", f"{day} 前后连续 {_IDLE_DAYS} 天没有工作日")])
            yield from spans if step > timedelta() else reversed(spans)
            day += step
        raise ValueError(f"more working time than {_FARTHEST_DAYS} days hold")

    def _spans(self, day: date) -> _Spans:
        known = self._days.get(day)
        if known is None:
            if len(self._days) >= _CACHED_DAYS:
                self._days.clear()
            known = self._days[day] = tuple(self._open_spans(day)) if self.is_workday(day) else ()
        return known

    def _open_spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        closed_until = datetime.min.replace(tzinfo=UTC)
        for start, end in self.shifts:
            # On the day the clocks go forward a local time may not exist; what is left of the shift counts.
            opens = max(self._moment(day, start), closed_until)
            closes = self._moment(day + _ONE_DAY if end == _MIDNIGHT else day, end)
            if opens < closes:
                yield opens, closes
                closed_until = closes

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)


def work_calendar(
    zone: ZoneInfo,
    shifts: Shifts = DEFAULT_SHIFTS,
    extra: Mapping[date, bool] = NO_EXTRA,
    *,
    daily: bool = False,
) -> WorkCalendar:
    """The Chinese calendar with a community's own table above it; a later change of `extra` is not seen.

    `daily` is for those who work every day, holidays included.
    """
    return WorkCalendar(zone, shifts, _every_day if daily else partial(chinese_workday, extra=dict(extra)))


def _every_day(_day: date) -> bool:
    return True


def chinese_workday(day: date, extra: Mapping[date, bool] = NO_EXTRA) -> bool:
    """Whether people work that day: own table, else the published one, else Monday to Friday."""
    own = extra.get(day)
    return _published(day) if own is None else own


@lru_cache(maxsize=8192)
def _published(day: date) -> bool:
    import chinese_calendar  # noqa: PLC0415 - not needed to start

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # outside the published years
        return day.weekday() < 5


@lru_cache(maxsize=1)
def known_until() -> date:
    """The last day of the last year whose holidays are published; later days are guessed by weekday."""
    from chinese_calendar import constants  # noqa: PLC0415 - not needed to start

    return date(max(constants.holidays).year, 12, 31)


def shift_fault(shifts: Shifts) -> str:
    """What is wrong with these shifts, or nothing."""
    if not shifts:
        return "至少要有一个班次"
    if any(_minute(start) >= _minute(end, last=True) for start, end in shifts):
        return "班次的结束应晚于开始（跨夜的写成两段）"
    if any(_minute(end, last=True) > _minute(start) for (_, end), (start, _) in pairwise(shifts)):
        return "班次应按先后排列，不能重叠"
    return ""


def fault(where: str, path: tuple[str, ...], what: str, line_of: LineOf | None) -> Fault:
    """A fault at a key path of a file, with its line where the loader knows it (KeyError: it does not)."""
    line = ""
    with suppress(KeyError):
        line = f":{line_of(path)}" if line_of and path else ""
    return Fault(f"{where}{line} {'.'.join(path)}".rstrip(), what)


def utc(moment: datetime) -> datetime:
    """The same moment in UTC; ValueError where it has no zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return moment.astimezone(UTC)


def _amount(hours: float | timedelta) -> timedelta:
    amount = hours if isinstance(hours, timedelta) else timedelta(hours=hours)
    if amount < timedelta():
        raise ValueError("working time is counted forward; subtract goes back")
    return amount


def _minute(at: time, *, last: bool = False) -> timedelta:
    if last and at == _MIDNIGHT:
        return _ONE_DAY
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
