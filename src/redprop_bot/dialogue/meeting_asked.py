"""Answers to what was asked about a meeting: when, why not, who instead, who does it."""

from typing import Any

from redprop_bot.dialogue import meeting_changes, meeting_decisions, meeting_guests
from redprop_bot.dialogue.turn import Turn


def answered(turn: Turn, asked: dict[str, Any], text: str, chosen: str | None) -> bool:
    """Take the answer; returns whether it was one."""
    kind = str(asked["kind"])
    if kind == "meeting_when":
        return meeting_changes.when_answered(turn, asked, text)
    if kind == "meeting_cancel":
        return meeting_changes.cancel_answered(turn, asked, text)
    if kind == "meeting_owner":
        return meeting_decisions.owner_answered(turn, asked, text, chosen)
    return meeting_guests.asked_answered(turn, asked, text)
