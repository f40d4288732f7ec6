"""How far a project is, what of it is late, where its bars stand on a picture of time. Pure; moments in UTC."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from redprop_bot.rules import months


class ProjectStage(StrEnum):
    """Where a project or a measure stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Step(Protocol):
    """What is asked of a measure."""

    @property
    def stage(self) -> str: ...  # noqa: D102
    @property
    def percent(self) -> int: ...  # noqa: D102
    @property
    def starts_at(self) -> datetime: ...  # noqa: D102
    @property
    def due_at(self) -> datetime: ...  # noqa: D102


def percent(measures: Sequence[Step]) -> int:
    """How far a project is: the mean of its measures, those that were cancelled left out; never 100 too early."""
    counted = [m.percent for m in measures if m.stage != ProjectStage.CANCELLED]
    if not counted:
        return 0
    return sum(counted) // len(counted)


def is_late(step: Step, now: datetime) -> bool:
    """Whether a measure is open past its day."""
    return step.stage == ProjectStage.OPEN and step.due_at < now


@dataclass(frozen=True, slots=True)
class Span:
    """A bar on the picture: where it begins, how long it is, how much of it is done, each a part of the whole."""

    left: float
    width: float
    done: float


@dataclass(frozen=True, slots=True)
class Scale:
    """The days that a picture shows, from the first to the last, both included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def at(self, moment: datetime) -> float:
        """Where a moment lies, as a part of the whole; what lies outside is at the border."""
        local = moment.astimezone(self.zone).replace(tzinfo=None)
        begin = datetime.combine(self.first, datetime.min.time())
        return min(1.0, max(0.0, (local - begin) / timedelta(days=self.days)))

    def span(self, step: Step) -> Span:
        """The bar of a measure; never so short that nobody sees it."""
        left, right = self.at(step.starts_at), self.at(step.due_at)
        width = max(right - left, 0.004)
        return Span(min(left, 1 - width), width, width * step.percent / 100)

    @property
    def months(self) -> list[tuple[str, float]]:
        """Names and places of the beginnings of months; the first day has the name of its month."""
        found, day = [(f"{self.first.month}月", 0.0)], self.first.replace(day=1)
        while (day := months.after(day)) <= self.last:
            found.append(
                (f"{day.month}月" if day.month > 1 else f"{day.year}年", (day - self.first).days / self.days)
            )
        return found


def scale(steps: Sequence[Step], zone: ZoneInfo, *also: datetime) -> Scale:
    """The days that hold all steps and some moments besides."""
    moments = [m for step in steps for m in (step.starts_at, step.due_at)] + list(also)
    days = [m.astimezone(zone).date() for m in moments]
    return Scale(min(days), max(days), zone)
