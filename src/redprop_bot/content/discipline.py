"""The shapes of `data/discipline/`: by when companies put things right, and what is proposed where they do not.

Only shapes and their checks; what is done with the values is decided in `appraise`.
"""

from pydantic import Field, ValidationInfo, field_validator

from redprop_bot.content.shapes import Shape


class RectificationTerms(Shape):
    """All of `rectification.yaml`. days, longest, remind, check, extension: calendar days.

    talk_overdue: a missed deadline proposes a talk. talk_failures: so does every failed re-check from this one on.
    """

    days: int = Field(ge=1, le=365)
    longest: int = Field(ge=1, le=365)
    remind: int = Field(ge=1, le=30)
    check: int = Field(ge=1, le=30)
    extension: int = Field(ge=1, le=180)
    talk_overdue: bool
    talk_failures: int = Field(ge=1, le=20)

    @field_validator("longest")
    @classmethod
    def _holds_days(cls, longest: int, info: ValidationInfo) -> int:
        if longest < info.data.get("days", 0):
            raise ValueError("不能小于 days")
        return longest

    @field_validator("remind")
    @classmethod
    def _before_the_end(cls, remind: int, info: ValidationInfo) -> int:
        if remind >= info.data.get("days", remind + 1):
            raise ValueError("要小于 days")
        return remind
