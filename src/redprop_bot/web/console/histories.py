"""The history of an order to a company, or of a case against one, as pages of the console show it."""

from collections.abc import Mapping, Sequence
from typing import Any

from redprop_bot.web.console import slips
from redprop_bot.web.console.room import Desk


def timeline(desk: Desk, subject: str, events: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The newest first: what, in which words, until when, on which side and by whom, as far as that is shown."""
    return [_event(desk, subject, one) for one in reversed(events)]


def _event(desk: Desk, subject: str, event: Mapping[str, Any]) -> dict[str, str]:
    side = desk.content.replies.say(f"discipline.side.{event['side']}")
    return {
        "what": desk.content.labels.told(subject, event["name"])[1],
        "text": event["text"],
        "due": slips.when(desk, event["due_at"]),
        "by": side if event["by"] is None or event["side"] == "clock" else f"{side}　{event['by']}",
        "at": slips.when(desk, event["at"]),
    }
