"""The shape of `data/points/points.yaml`: how points are earned, the caps, what the secretary is asked to look at.

Only shapes and their checks; what is booked is decided in `volunteers.ledger`.
"""

from collections.abc import Mapping

from pydantic import Field, field_validator

from redprop_bot.content.shapes import Shape
from redprop_bot.rules.points import KINDS


class PointKind(Shape):
    """One way to earn points."""

    name: str = Field(min_length=2, max_length=12)
    per_hour: int | None = Field(default=None, ge=0, le=100)
    points: int | None = Field(default=None, ge=0, le=1000)
    day: int | None = Field(default=None, ge=0)


class PointCaps(Shape):
    """The most that one activity, one day, one year may bring."""

    activity: int = Field(ge=1)
    day: int = Field(ge=1)
    year: int = Field(ge=1)


class HoursIn(Shape):
    """So many points' worth of hours within so few hours."""

    hours: int = Field(ge=1, le=24)
    points_of_hours: int = Field(ge=2, le=48)


class Identical(Shape):
    """So many entries of one hand, alike to the letter, within so many minutes."""

    entries: int = Field(ge=2)
    minutes: int = Field(ge=1)


class Watch(Shape):
    """Patterns that are shown to the secretary."""

    hours_in: HoursIn
    identical: Identical


class Points(Shape):
    """All of `points.yaml`."""

    kinds: Mapping[str, PointKind]
    caps: PointCaps
    by_hand: int = Field(ge=1)
    full_after_minutes: int = Field(ge=0, le=120)
    without_check_out: float = Field(ge=0, le=1)
    objection_days: int = Field(ge=1, le=60)
    ranking: tuple[str, ...] = ()
    watch: Watch

    @field_validator("kinds")
    @classmethod
    def _all_kinds(cls, kinds: Mapping[str, PointKind]) -> Mapping[str, PointKind]:
        if lost := [code for code in KINDS if code not in kinds]:
            raise ValueError(f"缺少 {'、'.join(lost)}")
        if extra := [code for code in kinds if code not in KINDS]:
            raise ValueError(f"没有 {'、'.join(extra)} 这一种")
        return kinds
