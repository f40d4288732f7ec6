"""The shape of `data/mediation/`: who may mediate, and by when things are to happen."""

from collections.abc import Mapping

from pydantic import ConfigDict, Field

from redprop_bot.content.readiness import Span
from redprop_bot.content.shapes import Category, Shape


class Mediation(Shape):
    """All of `mediation.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    skills: tuple[str, ...] = Field(min_length=1)
    by_category: Mapping[Category, tuple[str, ...]] = Field(default_factory=dict)
    teams: tuple[str, ...] = ()
    answer: Span
    shown: int = Field(ge=1, le=6)
    follow_days: int = Field(ge=1, le=365)
    reply_days: int = Field(ge=1, le=60)
    keep_days: int = Field(ge=31, le=3650)
