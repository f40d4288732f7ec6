"""Activities as rules: the codes that change, the window in which one may check in and out, the way of a scene.

Pure: secrets, moments and terms are handed in. What happens then is `volunteers.attendance`.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

DIGITS: Final = 6
STATES: Final = ("planned", "published", "cancelled", "over")


class Way(StrEnum):
    """How somebody was seen to be there."""

    CODE = "code"
    SCENE = "scene"
    PLACE = "place"
    ORGANISER = "organiser"


def code(secret: bytes, no: str, at: datetime, seconds: int) -> str:
    """The six digits of an activity at a moment; they change every so many seconds."""
    turn = int(at.timestamp()) // seconds
    digest = hmac.new(secret, f"attendance:{no}:{turn}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def left_of(at: datetime, seconds: int) -> int:
    """For how many seconds the code of this moment is still shown."""
    return seconds - int(at.timestamp()) % seconds


def holds(said: str, secret: bytes, no: str, at: datetime, seconds: int) -> bool:
    """Whether these digits are those of the moment, or of the turn before: typing takes its time."""
    turns = (at, at - timedelta(seconds=seconds))
    return any(hmac.compare_digest(said.encode(), code(secret, no, one, seconds).encode()) for one in turns)


def may_come(at: datetime, starts: datetime, ends: datetime, opens_minutes: int) -> bool:
    """Whether one may check in at this moment."""
    return starts - timedelta(minutes=opens_minutes) <= at <= ends


def may_leave(at: datetime, ends: datetime, leaves_minutes: int) -> bool:
    """Whether one may still check out at this moment."""
    return at <= ends + timedelta(minutes=leaves_minutes)
