"""The shape of `data/meetings/kinds.yaml`: the kinds of meeting with their terms, and how quarters are watched.

Only shapes and their checks; what is done with the values is decided in `council`.
"""

from collections.abc import Mapping
from datetime import time
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from redprop_bot.content.shapes import Shape
from redprop_bot.rules.meetings import Part


class MeetingKind(Shape):
    """One kind. `street`: who is invited when the street convenes it."""

    name: str = Field(min_length=2, max_length=16)
    words: tuple[str, ...] = Field(min_length=1)
    invite: tuple[Part, ...] = Field(min_length=1)
    street: tuple[Part, ...] = ()
    plan: Literal["quarter", "none"] = "none"
    notice: int = Field(ge=0, le=60)
    topics: int = Field(ge=0, le=60)
    fixed: int = Field(ge=0, le=30)
    quorum: float = Field(gt=0, le=1)
    votes: bool
    at: time
    minutes: int = Field(ge=10, le=720)
    closes: Literal["secretary", "street"]
    resolve: int = Field(ge=1, le=250)
    public: bool

    @field_validator("at", mode="before")
    @classmethod
    def _time(cls, raw: Any) -> Any:
        # YAML reads 21:00 as 1260 when it is not quoted
        return f"{raw // 60:02d}:{raw % 60:02d}" if isinstance(raw, int) else raw


class Meetings(Shape):
    """All of `kinds.yaml`."""

    kinds: Mapping[str, MeetingKind] = Field(min_length=1)
    propose_day: int = Field(ge=1, le=80)
    propose_until: int = Field(ge=1, le=80)
    remind_day: int = Field(ge=1, le=90)
    alarm_day: int = Field(ge=1, le=90)
    remind_hours: int = Field(ge=1, le=240)
    minutes_days: tuple[int, ...] = Field(min_length=1, max_length=5)
    support: int = Field(ge=1)
    rooms: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> "Meetings":
        if self.remind_day >= self.alarm_day:
            raise ValueError("remind_day 要早于 alarm_day")
        if list(self.minutes_days) != sorted(set(self.minutes_days)):
            raise ValueError("minutes_days 要从小到大")
        return self

    def named(self, text: str) -> str | None:
        """The code of the kind that a text is or speaks of; the longest of the words that fit decides."""
        if text in self.kinds:
            return text
        said = [
            (len(word), code)
            for code, kind in self.kinds.items()
            for word in (kind.name, *kind.words)
            if word in text
        ]
        return max(said)[1] if said else None
