"""How much may be sent to whom by which road: the platforms' limits as pure rules over plain values.

    resident   5 customer-service messages in 48 hours after their own message, two of them kept for the end of a
               matter; 3 in a minute after a menu click, a scan or a follow; else a granted subscription message,
               else a template message, else it waits for their next word
    member     see `rules.frequency`

Counts and spans are given from outside (`data/limits/roads.yaml`): the platforms have changed them before. No I/O,
no platform call, no wording.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from redprop_bot.rules.telling import Rank


class Road(StrEnum):
    """How a message reached somebody, or is on its way to."""

    CUSTOM = "custom"  # a customer-service message
    SUBSCRIPTION = "subscription"  # a subscription message, for which a grant was used
    TEMPLATE = "template"  # a template message
    PASSIVE = "passive"  # in front of the reply to the resident's next word
    PHONE = "phone"  # somebody called
    APP = "app"  # WeCom


class Window(StrEnum):
    """What opened the time in which customer-service messages may be sent."""

    TALK = "talk"  # a message of the resident
    TAP = "tap"  # a menu click, a scan, a follow, a tapped line of a menu message


class Why(StrEnum):
    """Why no customer-service message may be sent; stands on the waiting row as its reason."""

    NO_WINDOW = "no_window"
    USED_UP = "used_up"
    KEPT = "kept"  # what is left is kept for the end of a matter
    CLOSED = "closed"  # the account has no such messages, or its day's quota is used


@dataclass(frozen=True, slots=True)
class Terms:
    """What the platform grants: messages and seconds after each kind of act, and how many are kept."""

    talk_count: int = 5
    talk_seconds: int = 48 * 3600
    tap_count: int = 3
    tap_seconds: int = 60
    kept: int = 2

    def count(self, window: Window) -> int:
        """How many messages a fresh window has."""
        return self.talk_count if window == Window.TALK else self.tap_count

    def until(self, window: Window, since: datetime) -> datetime:
        """When a window closes that was opened at that moment; a little early, for the way to the platform."""
        if window == Window.TALK:
            return since + timedelta(seconds=self.talk_seconds - min(60, self.talk_seconds // 10))
        return since + timedelta(seconds=self.tap_seconds - min(3, self.tap_seconds // 10))


@dataclass(frozen=True, slots=True)
class Windows:
    """What is left of both windows of one resident; `until` None: never opened, or closed."""

    talk_left: int = 0
    talk_until: datetime | None = None
    tap_left: int = 0
    tap_until: datetime | None = None


_TAPS: Final = frozenset({"click", "scancode_push", "scancode_waitmsg", "subscribe", "scan"})
_MUTE: Final = frozenset({"unsubscribe"})


def opened_by(*, is_event: bool, event: str = "", tapped: bool = False) -> Window | None:
    """The window that something a resident did opens; `tapped` for a line of a menu message. None: no window."""
    if not is_event:
        return Window.TAP if tapped else Window.TALK
    return Window.TAP if event in _TAPS else None


def closes(*, is_event: bool, event: str) -> bool:
    """Whether it closes every window: who left is not written to."""
    return is_event and event in _MUTE


def spend(windows: Windows, terms: Terms, now: datetime, *, closing: bool) -> tuple[Windows, Window] | Why:
    """Take one message from the window that closes first, or say why none may be sent.

    A minute's window is over before any matter is, so nothing of it is kept.
    """
    talk_open = windows.talk_until is not None and now < windows.talk_until
    tap_open = windows.tap_until is not None and now < windows.tap_until
    if tap_open and windows.tap_left > 0:
        return replace(windows, tap_left=windows.tap_left - 1), Window.TAP
    if talk_open and windows.talk_left > (0 if closing else terms.kept):
        return replace(windows, talk_left=windows.talk_left - 1), Window.TALK
    if not talk_open and not tap_open:
        return Why.NO_WINDOW
    return Why.KEPT if talk_open and windows.talk_left > 0 else Why.USED_UP


def given_back(windows: Windows, terms: Terms, window: Window) -> Windows:
    """A message that was surely not sent is there again; never more than a fresh window has."""
    if window == Window.TALK:
        return replace(windows, talk_left=min(windows.talk_left + 1, terms.talk_count))
    return replace(windows, tap_left=min(windows.tap_left + 1, terms.tap_count))


def others(rank: str, *, granted: bool, template: bool, closed: Collection[str] = ()) -> list[Road]:
    """The roads beside customer-service messages, best first.

    A small update is worth neither a grant, which serves once, nor a template message, of which people complain.
    """
    if rank == Rank.SMALL:
        return []
    open_ = [(Road.SUBSCRIPTION, granted), (Road.TEMPLATE, template)]
    return [road for road, there in open_ if there and road.value not in closed]


def together(texts: Sequence[str], most_bytes: int, separator: str = "\n\n") -> int:
    """How many of these texts, from the first on, fit into one message; at least one."""
    size = 0
    for number, text in enumerate(texts):
        size += len(text.encode()) + (len(separator.encode()) if number else 0)
        if size > most_bytes:
            return max(number, 1)
    return len(texts)
