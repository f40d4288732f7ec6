"""社区工作者考核: what is counted of a worker, how counts add up, the months and years that they are about.

Counts are whole numbers, times whole minutes; nothing here makes a score or an order of people.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from redprop_bot.rules import months

_KEY: Final = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?", re.ASCII)


class Figure(StrEnum):
    """What events say of a worker."""

    VISITS = "visits"
    HOUSEHOLDS = "households"
    ENTERED = "entered"
    DISPATCHED = "dispatched"
    ANSWERED = "answered"
    HEEDED = "heeded"
    RATED = "rated"
    MEETINGS = "meetings"
    ACTIVITIES = "activities"
    ALARMS = "alarms"
    PRAISE = "praise"


SPLIT: Final = frozenset({Figure.HEEDED, Figure.RATED, Figure.ALARMS})
"""Of which it is told how many were met: heeded, content, acknowledged."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened. minutes: how long it took, where that is asked; met: see `SPLIT`."""

    at: datetime
    amount: int = 1
    minutes: int | None = None
    met: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many, how many of them met, and of the `timed` ones all minutes together."""

    number: int = 0
    met: int = 0
    timed: int = 0
    minutes: int = 0

    def __add__(self, other: "Count") -> "Count":
        """Both together."""
        return Count(
            self.number + other.number,
            self.met + other.met,
            self.timed + other.timed,
            self.minutes + other.minutes,
        )

    @property
    def mean(self) -> int | None:
        """Minutes on average, half a minute up; None where nothing was timed."""
        return (2 * self.minutes + self.timed) // (2 * self.timed) if self.timed else None


def counted(facts: Iterable[Fact]) -> Count:
    """The facts as a count."""
    return sum((_one(fact) for fact in facts), Count())


def _one(fact: Fact) -> Count:
    timed = fact.minutes is not None
    return Count(fact.amount, fact.amount if fact.met else 0, int(timed), fact.minutes or 0)


@dataclass(frozen=True, slots=True)
class Span:
    """A month or a year: from `begin` to before `end`, local days; key `2026-11` or `2026`."""

    key: str
    begin: date
    end: date

    @property
    def yearly(self) -> bool:
        """Whether it is a year."""
        return len(self.key) == 4

    @property
    def title(self) -> str:
        """As people say it: 2026年11月, 2026年."""
        return f"{self.begin.year}年" + ("" if self.yearly else f"{self.begin.month}月")

    @property
    def months(self) -> list["Span"]:
        """The months of a year; a month is its own."""
        found, day = [], self.begin
        while day < self.end:
            found.append(month_of(day))
            day = months.after(day)
        return found

    def over(self, today: date) -> bool:
        """Whether nothing more can happen in it."""
        return self.end <= today


def month_of(day: date) -> Span:
    """The month of a day."""
    return Span(f"{day:%Y-%m}", day.replace(day=1), months.after(day))


def span(key: str) -> Span | None:
    """The month or year with this key; None for what is none."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    if found[2]:
        return month_of(date(int(found[1]), int(found[2]), 1))
    return Span(key, date(int(found[1]), 1, 1), date(int(found[1]) + 1, 1, 1))


def years_before(moment: datetime, years: int) -> datetime:
    """The same moment so many years ago; of the 29th of February the day before."""
    day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
    return moment.replace(year=moment.year - years, day=day)
