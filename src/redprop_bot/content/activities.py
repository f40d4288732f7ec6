"""The shape of `data/activities/activities.yaml`: kinds of activities, the terms of check-in, posts of volunteers.

Only shapes and their checks; what is done with the values is decided in `volunteers`.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from redprop_bot.content.shapes import Shape

Name = Annotated[str, Field(min_length=2, max_length=12)]


class AttendanceTerms(Shape):
    """When and how one may check in and out."""

    opens_minutes: int = Field(ge=0, le=720)
    leaves_minutes: int = Field(ge=0, le=720)
    code_seconds: int = Field(ge=20, le=600)
    within_metres: int = Field(ge=20, le=3000)
    wrong_codes: int = Field(ge=3, le=50)


class Verify(Shape):
    """How long a code of verification holds, how often it may be wrong, for how many days one may say “not me”."""

    minutes: int = Field(ge=5)
    tries: int = Field(ge=2, le=10)
    apart_days: int = Field(ge=1, le=365)


class Activities(Shape):
    """All of `activities.yaml`."""

    kinds: Mapping[str, Name] = Field(min_length=1)
    most_hours: int = Field(ge=1, le=24 * 31)
    most_people: int = Field(ge=1)
    remind_hours: tuple[Annotated[int, Field(ge=1, le=24 * 14)], ...]
    kept_days: int = Field(ge=90, le=3650)
    attendance: AttendanceTerms
    posts: tuple[Name, ...] = ()
    verify: Verify

    def kind_name(self, kind: str) -> str:
        """What people call a kind; one that is not on the list is its own name."""
        return self.kinds.get(kind, kind)
