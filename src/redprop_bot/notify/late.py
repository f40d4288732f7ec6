"""Words that were made for one day and are read on another: what was 明天10:01 yesterday is 今天10:01.

A queued message says its days as of the morning for which it was made. Where it is sent, shown or read aloud on a
later day, its own days are said anew; words of somebody in it, 师傅明天来, get the day on which they were said.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from redprop_bot.content import Content
from redprop_bot.ports import Form
from redprop_bot.rules import quiet
from redprop_bot.store.tables import Outbox

_NEAR: Final = ("今天", "明天", "后天")
_OWN: Final = re.compile(rf"(?:{'|'.join(_NEAR)})(?=\d\d:\d\d)")
_SAID: Final = re.compile(r"[昨今明后][天日]|[昨今明]晚|[今明]早")
_SLOT: Final = "#"
_MARK: Final = "waiting.earlier"


def anew(text: str, made: datetime, read: datetime, zone: ZoneInfo, *, whole: bool = False) -> str:
    """A text made for one moment as it is true at another; `whole` names the days so that they stay true."""
    first, today = made.astimezone(zone).date(), read.astimezone(zone).date()
    if first == today and not whole:
        return text

    def said(match: re.Match[str]) -> str:
        day = first + timedelta(days=_NEAR.index(match[0]))
        away = (day - today).days
        return _NEAR[away] if not whole and 0 <= away < len(_NEAR) else _date(day)

    return _OWN.sub(said, text)


def payload_anew(payload: Mapping[str, Any], say: Callable[[str], str]) -> dict[str, Any]:
    """What a message shows, said anew."""
    found: dict[str, Any] = {
        name: say(payload[name]) for name in ("text", "head", "title", "desc") if payload.get(name)
    }
    if payload.get("rows"):
        found["rows"] = [[name, say(str(value))] for name, value in payload["rows"]]
    return {**payload, **found}


def words_now(
    content: Content, message: Outbox, text: str, now: datetime, *, whole: bool = False, marks: bool = True
) -> str:
    """Words of a queued message as they are true now."""
    zone = content.zone
    told = anew(text, made_for(content, message), now, zone, whole=whole)
    day = message.created_at.astimezone(zone).date()
    if not marks or day == now.astimezone(zone).date() or not _SAID.search(_OWN.sub("", told)):
        return told
    before, _, after = content.replies.say(_MARK, day=_SLOT).partition(_SLOT)
    marked = after in told  # of messages that went together, each has its own day
    return told if marked else f"{before}{_date(day)}{after}{told}"


def payload_now(content: Content, message: Outbox, payload: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The payload of a queued message as it is true now; the day of a card's words stands in its first line."""
    if message.form == Form.CARD_UPDATE:
        return dict(payload)
    told = payload_anew(payload, lambda text: words_now(content, message, text, now, marks=False))
    for name in ("text", "head", "desc" if payload.get("desc") else "title"):
        if payload.get(name):
            told[name] = words_now(content, message, payload[name], now)
    return told


def is_late(content: Content, message: Outbox, now: datetime) -> bool:
    """Whether the day for which it was made is over."""
    return made_for(content, message).astimezone(content.zone).date() != now.astimezone(content.zone).date()


def made_for(content: Content, message: Outbox) -> datetime:
    """The moment as of which the days of a queued message are said."""
    limits = content.limits
    return quiet.not_before(
        message.created_at, message.weight, content.zone, limits.quiet_from, limits.quiet_until
    )


def _date(day: date) -> str:
    return f"{day.month}月{day.day}日"
