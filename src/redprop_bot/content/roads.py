"""The shape of `data/limits/roads.yaml`: by which roads messages reach people, and how many of each.

Only the shape and its checks; what is chosen when is decided in `rules.budget` and `notify.roads`.
"""

from typing import Literal

from pydantic import Field

from redprop_bot.content.shapes import Shape
from redprop_bot.rules.budget import Terms


class Window(Shape):
    """So many messages in so many seconds."""

    count: int = Field(ge=0, le=100)
    seconds: int = Field(ge=1)


class Resident(Shape):
    """Customer-service messages to residents."""

    talk: Window
    tap: Window
    kept: int = Field(ge=0)


class Member(Shape):
    """Messages to one member in WeCom; `kept` of a minute's are for what is pressing."""

    per_minute: int = Field(ge=1)
    kept: int = Field(default=0, ge=0)
    per_hour: int = Field(ge=1)


class Roads(Shape):
    """All of the file."""

    account: Literal["auto", "service", "subscription"]
    resident: Resident
    member: Member
    phone_hours: int = Field(ge=1, le=72)
    waiting_days: int = Field(ge=1, le=90)

    @property
    def terms(self) -> Terms:
        """The budget of a resident as the rules take it."""
        one = self.resident
        return Terms(one.talk.count, one.talk.seconds, one.tap.count, one.tap.seconds, one.kept)
