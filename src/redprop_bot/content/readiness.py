"""The shapes of `data/whistle/` and `data/emergency_mode/`: clocks of a whistle, and what changes in an emergency.

Only shapes and their checks; what is done with the values is decided in `loop.whistle` and `loop.emergency`.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, field_validator

from redprop_bot.content.shapes import Category, Shape
from redprop_bot.rules.deadline_table import parse_duration
from redprop_bot.rules.deadlines import Duration
from redprop_bot.rules.whistle import KINDS, KindTerms

Span = Annotated[Duration, BeforeValidator(parse_duration)]


class _Timed(Shape):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Kind(_Timed):
    """One kind of whistle."""

    name: str = Field(min_length=1, max_length=8)
    clock: Literal["calendar", "working"]
    answer: Span
    table: Span
    solve: Span
    words: tuple[str, ...] = ()

    @property
    def terms(self) -> KindTerms:
        """As the rules take it."""
        return KindTerms(self.name, self.clock, self.answer, self.table, self.solve, self.words)


class Whistle(_Timed):
    """All of `whistle.yaml`: the three kinds, and what a unit that cannot come may choose as its reason."""

    kinds: Mapping[str, Kind]
    decline_reasons: tuple[str, ...] = Field(min_length=1, max_length=9)
    most_units: int = Field(ge=1, le=50)

    @field_validator("kinds")
    @classmethod
    def _all_kinds(cls, kinds: Mapping[str, Kind]) -> Mapping[str, Kind]:
        # Of the field alone, so that it is told beside the faults of the others.
        if lost := [code for code in KINDS if code not in kinds]:
            raise ValueError(f"缺少 {'、'.join(lost)}")
        if extra := [code for code in kinds if code not in KINDS]:
            raise ValueError(f"没有 {'、'.join(extra)} 这一种")
        return kinds

    @property
    def terms(self) -> Mapping[str, KindTerms]:
        """The kinds as the rules take them."""
        return {code: kind.terms for code, kind in self.kinds.items()}


class ShortClocks(_Timed):
    """The clocks of affected matters while an emergency lasts; calendar time."""

    sign_for: Span
    first_contact: Span
    solve: Span


class Help(_Timed):
    """What becomes of a resident's 需要帮助."""

    category: Category
    urgency: Literal["emergency", "urgent"]


class EmergencyMode(_Timed):
    """All of `mode.yaml`."""

    categories: tuple[Category, ...] = Field(min_length=1)
    clocks: ShortClocks
    receipt: Span
    usual: Span
    longest: Span
    residents_at_night: bool
    help: Help
    most_elders: int = Field(ge=1, le=2000)
