"""From when until when a meeting is to be, as a sentence says it."""

import re
from datetime import datetime, time, timedelta
from typing import Final

from redprop_bot.dialogue.turn import Turn
from redprop_bot.understand.numerals import to_int

_PARTS: Final = {"下午": time(14, 30), "晚上": time(19), "今晚": time(19), "明晚": time(19), "上午": time(9, 30)}
"""Hours of a part of the day that nobody said more of."""
_END: Final = re.compile(
    r"(?:点|点半|[:：]\d\d|分)\s*(?:到|至|—+|-|~)\s*(?P<part>上午|中午|下午|晚上)?\s*"
    r"(?P<hour>\d{1,2}|十[一二]|[一二两三四五六七八九十])\s*(?:点|时|[:：])\s*(?P<rest>半|\d{1,2})?"
)
_NOON: Final = 12


def moment(turn: Turn, said: str, code: str, text: str) -> datetime | None:
    """A moment as it was understood; a day without an hour has that of its part, else that of the kind."""
    if not said:
        return None
    zone = turn.tx.content.zone
    found = datetime.fromisoformat(said)
    if len(said) <= len("2026-11-26"):
        usual = turn.tx.content.meetings.kinds[code].at
        at = next((hour for part, hour in _PARTS.items() if part in text), usual)
        found = found.replace(hour=at.hour, minute=at.minute)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def ending(text: str, starts: datetime) -> datetime | None:
    """三点到五点, 9:30至11:30: the end on the same day, before the beginning where it was said so; None unsaid."""
    match = _END.search(text)
    if match is None:
        return None
    hour = to_int(match["hour"]) or 0
    late = match["part"] in ("下午", "晚上") or (match["part"] is None and starts.hour >= _NOON)
    hour += _NOON if late and hour < _NOON else 0
    minute = 30 if match["rest"] == "半" else int(match["rest"] or 0)
    if hour > 24 or minute > 59:
        return None
    return starts.replace(hour=0, minute=0) + timedelta(hours=hour, minutes=minute)


def day_said(turn: Turn, text: str) -> str:
    """The moment that words name, as the understanding reads it; empty when none."""
    heard = turn.reader.read(
        f"会议定在{text}",
        role="secretary",
        now=turn.inbound.created_at.astimezone(turn.tx.content.zone),
        gazetteer=turn.register.gazetteer,
        estate=None,
        asked=None,
    )
    return next((str(act.slots["time"]) for act in heard if act.slots.get("time")), "")
