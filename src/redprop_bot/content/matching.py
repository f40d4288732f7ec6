"""The shapes of `data/matching/` and `data/booking/`: how people are brought together, and how places are booked.

Only shapes and their checks; what is done with the values is decided in `volunteers`.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, field_validator

from redprop_bot.content.shapes import Category, Shape
from redprop_bot.rules.deadline_table import parse_duration
from redprop_bot.rules.deadlines import Duration
from redprop_bot.rules.fitting import PARTS, Measures, Vocabulary

Span = Annotated[Duration, BeforeValidator(parse_duration)]
Word = Annotated[str, Field(min_length=1, max_length=12)]


class _Timed(Shape):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Matching(_Timed):
    """All of `matching.yaml`."""

    weights: Mapping[str, int]
    least: int = Field(ge=0, le=100)
    near_km: float = Field(gt=0, le=50)
    rested_days: int = Field(ge=1, le=366)
    most_helping: int = Field(ge=1, le=50)
    answer: Span
    wait: Span
    at_once: int = Field(ge=1, le=5)
    most_asked: int = Field(ge=1, le=50)
    rest_days: int = Field(ge=1, le=366)
    automatic: tuple[Category, ...]
    things: tuple[Word, ...]
    words: Mapping[Category, tuple[Annotated[tuple[Word, ...], Field(min_length=1)], ...]]
    empty: tuple[Word, ...] = ()

    @field_validator("weights")
    @classmethod
    def _all_parts(cls, weights: Mapping[str, int]) -> Mapping[str, int]:
        if set(weights) != set(PARTS):
            raise ValueError(f"要写 {'、'.join(PARTS)} 这几样，不多不少")
        if min(weights.values()) < 0 or sum(weights.values()) != 100:
            raise ValueError("几样加起来要是 100，每样不小于 0")
        return weights

    @property
    def vocabulary(self) -> Vocabulary:
        """The words as the rules take them."""
        return Vocabulary(self.words, frozenset(self.empty))

    @property
    def measures(self) -> Measures:
        """The weights as the rules take them."""
        return Measures(self.weights, self.near_km, self.rested_days, self.most_helping)


class BookingRules(_Timed):
    """All of `booking.yaml`."""

    most_open: int = Field(ge=1, le=100)
    days_ahead: int = Field(ge=1, le=366)
    longest: Span
    lent: Span
    shortest: Span
    remind: Span
    kinds: tuple[str, ...]
    lend_kinds: tuple[str, ...]
    walk_in: tuple[str, ...]
    keep_days: int = Field(ge=1, le=3650)
    near_km: float = Field(gt=0, le=20)
    most_near: int = Field(ge=1, le=20)
    sorts: Mapping[str, tuple[Word, ...]] = {}
