"""The shape of `data/limits/roads.yaml`: by which roads messages reach people, and how many of each.

Only the shape and its checks; what is chosen when is decided in `rules.budget` and `notify.roads`.
"""

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import Field, field_validator

from redprop_bot.content.shapes import Shape
from redprop_bot.rules.budget import Terms

SLOTS = frozenset({"no", "what", "where", "stage", "handler", "due", "note"})
"""What a field of a template message may show of a matter."""

_FIELD = re.compile(
    r"(thing|number|letter|symbol|character_string|time|date|amount|phone_number|car_number|name|phrase|const)\d{1,3}"
)


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
    """Messages to one member in WeCom."""

    per_minute: int = Field(ge=1)
    per_hour: int = Field(ge=1)


class Template(Shape):
    """A template of the account; without an id it is not used. `fields`: keyword of the template to slot."""

    id: str = ""
    fields: Mapping[str, str] = {}

    @field_validator("fields")
    @classmethod
    def _known(cls, value: Mapping[str, str]) -> Mapping[str, str]:
        for name, slot in value.items():
            if not _FIELD.fullmatch(name):
                raise ValueError(f"{name} 不是模板里的关键词，应为 thing1 这样")
            if slot not in SLOTS:
                raise ValueError(f"{name} 填不了 {slot}，可填 {'、'.join(sorted(SLOTS))}")
        return value


class Roads(Shape):
    """All of the file."""

    account: Literal["auto", "service", "subscription"]
    resident: Resident
    member: Member
    phone_hours: int = Field(ge=1, le=72)
    waiting_days: int = Field(ge=1, le=90)
    subscription: Template
    template: Template

    @property
    def terms(self) -> Terms:
        """The budget of a resident as the rules take it."""
        one = self.resident
        return Terms(one.talk.count, one.talk.seconds, one.tap.count, one.tap.seconds, one.kept)
