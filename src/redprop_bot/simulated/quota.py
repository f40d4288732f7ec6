"""How many messages an Official Account may still send to a person and until when; how often it may call an API.

The present rule: 5 messages in 48 hours after a message of the person, 3 in a minute after a menu tap, a scan or a
follow, each of these by itself. A day of calls begins at midnight in Shanghai. The texts of 45009 and 45011 vary.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from redprop_bot.ports import Clock
from redprop_bot.simulated.server import ApiError, Payload, need

Trigger = Literal["message", "menu", "scan", "subscribe"]

_TAP = (3, timedelta(minutes=1))
_RULES: dict[str, tuple[int, timedelta]] = {
    "message": (5, timedelta(hours=48)),
    "menu": _TAP,
    "scan": _TAP,
    "subscribe": _TAP,
}
_ZONE = ZoneInfo("Asia/Shanghai")
_USUAL = 100_000


@dataclass(slots=True)
class _Window:
    left: int
    until: datetime


class Quota:
    """The open windows of every person."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[str, dict[str, _Window]] = {}

    def open(self, person: str, kind: Trigger) -> None:
        """The person did something: the window of that kind is full again."""
        count, span = _RULES[kind]
        self._windows.setdefault(person, {})[kind] = _Window(count, self._clock.now() + span)

    def close(self, person: str) -> None:
        """The person left."""
        self._windows.pop(person, None)

    def left(self, person: str) -> int:
        """How many messages may still be sent."""
        return sum(window.left for window in self._open(person))

    def spend(self, person: str) -> None:
        """Take one from the window that closes first; 45015 when none is open, 45047 when all are empty."""
        windows = self._open(person)
        if not windows:
            raise ApiError(45015, "response out of time limit or subscription is canceled")
        full = [window for window in windows if window.left]
        if not full:
            raise ApiError(45047, "out of response count limit")
        min(full, key=lambda window: window.until).left -= 1

    def _open(self, person: str) -> list[_Window]:
        now = self._clock.now()
        return [window for window in self._windows.get(person, {}).values() if window.until > now]


class Calls:
    """How often each API was called today and in this minute; `daily` and `minute` are the limits, by API."""

    def __init__(self, clock: Clock) -> None:
        self.daily = {"token": 2000, "stable_token": 500_000, "menu/create": 1000}
        self.minute = {"stable_token": 10_000}
        self._clock = clock
        self._made: Counter[tuple[str, str]] = Counter()

    def spend(self, api: str) -> None:
        """Count a call; 45009 or 45011 when it is one too many."""
        now = self._clock.now().astimezone(_ZONE)
        day, minute = (api, f"{now:%Y-%m-%d}"), (api, f"{now:%Y-%m-%d %H:%M}")
        if self._made[day] >= self.daily.get(api, _USUAL):
            raise ApiError(45009, "reach max api daily quota limit")
        if api in self.minute and self._made[minute] >= self.minute[api]:
            raise ApiError(45011, "api minute-quota reach limit, must slower, retry next minute")
        self._made[day] += 1
        self._made[minute] += 1

    def told(self, payload: Payload) -> dict[str, object]:
        """`openapi/quota/get`."""
        path = need(payload, "cgi_path", str, 76003)
        if not path.startswith("/cgi-bin/"):
            raise ApiError(76003, "invalid cgi_path")
        api = path.removeprefix("/cgi-bin/")
        daily = self.daily.get(api, _USUAL)
        used = self._made[api, f"{self._clock.now().astimezone(_ZONE):%Y-%m-%d}"]
        return {"quota": {"daily_limit": daily, "used": used, "remain": max(daily - used, 0)}}
