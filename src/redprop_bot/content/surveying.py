"""The shape of `data/survey/`: which of the orders closed in a month are asked about by telephone.

Only the shape and its checks; what is done with the values is decided in `appraise`.
"""

from datetime import time

from pydantic import Field, field_validator

from redprop_bot.content.shapes import Shape


class SurveyTerms(Shape):
    """How many of a hundred are drawn, which are asked in any case, and at what hour the list is given."""

    percent: float = Field(ge=0, le=100)
    unhappy: bool
    reported_for: bool
    at: time

    @field_validator("at", mode="before")
    @classmethod
    def _time(cls, raw: object) -> object:
        # YAML reads 8:50 as 530 when it is not quoted
        return f"{raw // 60:02d}:{raw % 60:02d}" if isinstance(raw, int) else raw
