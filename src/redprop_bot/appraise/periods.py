"""Periods that figures are about: a month, a quarter, a year, or any days; what stands beside them.

A period that still runs ends with today, and is held against as many days of the others.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from redprop_bot.errors import Invalid

LONGEST: Final = 366
_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
_YEAR: Final = re.compile(r"20\d\d", re.ASCII)
_QUARTER: Final = re.compile(r"(20\d\d)-Q([1-4])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """From `begin` to before `end`, local days; `whole` is where it would end if it were over.

    months: its length if it is a month (1), a quarter (3) or a year (12), 0 for any days.
    """

    begin: date
    end: date
    whole: date
    months: int

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    @property
    def running(self) -> bool:
        """Whether more of it is to come."""
        return self.end < self.whole

    @property
    def kind(self) -> str:
        """What it is: month, quarter, year, or days."""
        return {1: "month", 3: "quarter", 12: "year"}.get(self.months, "days")

    @property
    def key(self) -> str:
        """What it is asked for by: `2026-11`, `2026-Q4`, `2026`; empty for any days."""
        if self.months == 1:
            return f"{self.begin:%Y-%m}"
        if self.months == 12:
            return str(self.begin.year)
        return f"{self.begin.year}-Q{(self.begin.month + 2) // 3}" if self.months else ""

    @property
    def title(self) -> str:
        """As people say it: 2026年11月, 2026年四季度, 2026年, 2026年11月3日到11月9日."""
        if self.months == 1:
            return f"{self.begin.year}年{self.begin.month}月"
        if self.months == 12:
            return f"{self.begin.year}年"
        if self.months:
            return f"{self.begin.year}年{'一二三四'[self.begin.month // 3]}季度"
        begin, last = self.begin, self.last
        year = f"{last.year}年" if last.year != begin.year else ""
        end = f"到{year}{last.month}月{last.day}日" if last != begin else ""
        return f"{begin.year}年{begin.month}月{begin.day}日{end}"

    @property
    def before(self) -> "Period":
        """The one before it: as many months back, or as many days."""
        if self.months:
            return self._back(self.months)
        length = self.end - self.begin
        return Period(self.begin - length, self.begin, self.begin, 0)

    @property
    def last_year(self) -> "Period":
        """The same a year ago."""
        return self._back(12)

    @property
    def after(self) -> str:
        """The key of the one after it; empty for any days and while it runs."""
        return "" if not self.months or self.running else _of(self.whole, self.months, self.whole).key

    def _back(self, months: int) -> "Period":
        begin, whole = _months_back(self.begin, months), _months_back(self.whole, months)
        end = _months_back(self.end, months) if self.running else whole
        return Period(begin, max(end, begin + timedelta(days=1)), whole, self.months)


def asked(key: str, begin: str, end: str, today: date) -> Period:
    """A month, quarter or year by its key, else days from `begin` to `end`, else this month. Raises Invalid."""
    if begin or end:
        return _days(begin or end, end or begin)
    if not key:
        return running(today, 1)
    found = _MONTH.fullmatch(key)
    if found:
        return _of(date(int(found[1]), int(found[2]), 1), 1, today)
    if _YEAR.fullmatch(key):
        return _of(date(int(key), 1, 1), 12, today)
    found = _QUARTER.fullmatch(key)
    if found is None:
        raise Invalid("period", field="period")
    return _of(date(int(found[1]), 3 * int(found[2]) - 2, 1), 3, today)


def running(today: date, months: int) -> Period:
    """The month (1), quarter (3) or year (12) that runs today."""
    return _of(today, months, today)


def ended(today: date, months: int) -> Period:
    """The last month (1), quarter (3) or year (12) that is over."""
    return _of(running(today, months).begin - timedelta(days=1), months, today)


def within(period: Period, months: int) -> list[Period]:
    """The months (1), quarters (3) or the year (12) that a month, quarter or year that is over is made of."""
    found, day = [], period.begin
    while day < period.end:
        found.append(_of(day, months, date.max))
        day = found[-1].whole
    return found


def ended_by_key(key: str) -> Period:
    """All of a month, quarter or year, for what is only asked of one that is over. Raises Invalid."""
    return asked(key, "", "", date.max)


def _of(day: date, months: int, today: date) -> Period:
    begin = date(day.year, day.month - (day.month - 1) % months, 1)
    whole = _months_back(begin, -months)
    running = begin <= today < whole
    return Period(begin, today + timedelta(days=1) if running else whole, whole, months)


def _days(begin: str, end: str) -> Period:
    try:
        first, behind = date.fromisoformat(begin), date.fromisoformat(end) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise Invalid("moment", field="from") from None
    if not first < behind <= first + timedelta(days=LONGEST) or not 2000 <= first.year < 2100:
        raise Invalid("period", field="from")
    return Period(first, behind, behind, 0)


def _months_back(day: date, months: int) -> date:
    """The same day of a month so many before; the last of that month where it has no such day."""
    count = day.year * 12 + day.month - 1 - months
    first = date(count // 12, count % 12 + 1, 1)
    nearly = first + timedelta(days=day.day - 1)
    return nearly if nearly.month == first.month else nearly.replace(day=1) - timedelta(days=1)
