"""How many customer-service messages an Official Account may still send to a person, and until when.

The present rule: 5 in 48 hours after a message of the person, 3 in a minute after a menu tap, a scan or a follow.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from redprop_bot.ports import Clock
from redprop_bot.simulated.server import ApiError

_RULES = {"message": (5, timedelta(hours=48)), "tap": (3, timedelta(minutes=1))}


@dataclass(slots=True)
class _Window:
    left: int
    until: datetime


class Quota:
    """The open windows of every person."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[str, dict[str, _Window]] = {}

    def open(self, person: str, kind: Literal["message", "tap"]) -> None:
        """The person did something: the window of that kind is full again."""
        count, span = _RULES[kind]
        self._windows.setdefault(person, {})[kind] = _Window(count, self._clock.now() + span)

    def close(self, person: str) -> None:
        """The person left."""
        self._windows.pop(person, None)

    def spend(self, person: str) -> None:
        """Take one from the window that closes first; 45015 when none is open, 45047 when all are empty."""
        now = self._clock.now()
        windows = [window for window in self._windows.get(person, {}).values() if window.until > now]
        if not windows:
            raise ApiError(45015, "response out of time limit or subscription is canceled")
        full = [window for window in windows if window.left]
        if not full:
            raise ApiError(45047, "out of response count limit")
        min(full, key=lambda window: window.until).left -= 1
