"""The shapes of `data/menus/clicks.yaml` and `scenes.yaml`: what a menu button and a code's scene stand for.

Only shapes and their checks; what is then done is decided in `dialogue.happenings`.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from redprop_bot.content.shapes import Shape
from redprop_bot.errors import Fault


class Click(Shape):
    """A menu button: a wording, or as if something of this intent had been said."""

    reply: str | None = None
    intent: str | None = None

    @model_validator(mode="after")
    def _one(self) -> "Click":
        if (self.reply is None) == (self.intent is None):
            raise ValueError("reply 和 intent 写一样，不能都写")
        return self


class Clicks(Shape):
    """By EventKey, in lower case."""

    clicks: Mapping[str, Click]


class Scenes(Shape):
    """By the beginning of a scene, the longest that fits first."""

    scenes: Mapping[str, Literal["estate", "order", "activity", "meeting"]] = Field(min_length=1)

    def read(self, scene: str) -> tuple[str, str]:
        """What a scene opens, and the rest of it; without a known beginning it may be an estate's name."""
        for head in sorted(self.scenes, key=len, reverse=True):
            if scene.startswith(head):
                return self.scenes[head], scene.removeprefix(head)
        return "estate", scene


def unknown_targets(clicks: Clicks, replies: Any, intents: Mapping[str, str]) -> list[Fault]:
    """Clicks that lead nowhere."""
    return [
        Fault(
            "data/menus/clicks.yaml",
            f"“{key}” 指向没有的{'话' if click.reply else '意图'} {click.reply or click.intent}",
        )
        for key, click in clicks.clicks.items()
        if (click.reply is not None and click.reply not in replies)
        or (click.intent is not None and click.intent not in intents)
    ]
