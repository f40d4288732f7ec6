"""From when until when a meeting is to be, and by when something is to be done, as a sentence says it."""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Final

from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Invalid
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.numerals import to_int

_PARTS: Final = {"下午": time(14, 30), "晚上": time(19), "今晚": time(19), "明晚": time(19), "上午": time(9, 30)}
"""Hours of a part of the day that nobody said more of."""
_END: Final = re.compile(
    r"(?:点|点半|[:：]\d\d|分)\s*(?:到|至|—+|-|~)\s*(?P<part>上午|中午|下午|晚上)?\s*"
    r"(?P<hour>\d{1,2}|十[一二]|[一二两三四五六七八九十])\s*(?:点|时|[:：])\s*(?P<rest>半|\d{1,2})?"
)
_NOON: Final = 12
_DAY: Final = re.compile(r"(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")
_BY: Final = re.compile(r"\d{1,2}[日号]?\s*(?:之?前|以前|完成|办好|办完|修好)")
_WORKING: Final = re.compile(r"[\d一二三四五六七八九十两俩仨]\s?个?工作日")
_MONTHS: Final = re.compile(r"(?P<n>\d{1,2}|[一二两三四五六])个月(?:之?内|以内|[，,。]|$)")
_YEARLY: Final = {"元旦": (1, 1), "五一": (5, 1), "劳动节": (5, 1), "国庆": (10, 1), "国庆节": (10, 1)}
_BEFORE: Final = re.compile(
    r"(?<![\d一二三四五六七八九十两几半])(?P<day>元旦|五一|劳动节|国庆节?|春节|过年|元宵节?|清明节?|端午节?|中秋节?|除夕|腊月\S{1,3}|正月\S{1,3}|[大小]年|昨[天日]"
    r"|前天|放?[寒暑]假|开学|入冬|供暖|汛期|雨季|(?:上|这|本|下)?个?(?:周|星期|礼拜)[一二三四五六日天末]?|节|(?<![今去本全青少])年)(?:之前|以前|前)(?![几些后半往台\d一二三四])"
)


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


def must_exist(text: str, said: str, now: datetime) -> None:
    """Refuse a day that no calendar has; raises Invalid. What else is said of it would be read as of today."""
    year = datetime.fromisoformat(said).year if said else now.year
    for match in _DAY.finditer(text):
        try:
            date(year, int(match["month"]), int(match["day"]))
        except ValueError:
            raise Invalid("no_such_day", field="starts_at", name=match[0]) from None


def due_said(turn: Turn, heard: Heard) -> datetime | None:
    """Until when: the day that was said, at the end of its working hours; only 工作日 are working days.

    A day that is over is refused where it is the day by which, and not meant where something happened on it. A day
    that was said and not understood is asked for: another one would be promised in its place.
    """
    zone, now = turn.tx.content.zone, turn.tx.now
    text = heard.text or turn.inbound.text  # of several parts, this one
    said = str(heard.slots.get("time") or "")
    must_exist(text, said, now.astimezone(zone))
    before = _BEFORE.search(text)
    if before is not None and before["day"] in _YEARLY:
        return _day_before(*_YEARLY[before["day"]], now.astimezone(zone))
    if said:
        found = datetime.fromisoformat(said)
        if len(said) <= len("2026-11-26"):
            found = found.replace(hour=18)
        found = found if found.tzinfo else found.replace(tzinfo=zone)
        if found <= now and (before is not None or _BY.search(text)):
            raise Invalid("resolution_due", field="due_at")
        return found if found > now else None
    if (day := _DAY.search(text)) and not heard.slots.get("days"):
        raise Invalid("no_such_day", field="due_at", name=day[0])
    if (days := heard.slots.get("days")) is not None:
        if _WORKING.search(text):
            return turn.tx.content.calendar.add_days(now, int(days))
        return _calendar_days(text, int(days), now.astimezone(zone))
    if before is not None:
        raise Invalid("which_day", field="due_at", name=before[0])
    return None


def _calendar_days(text: str, days: int, now: datetime) -> datetime:
    """两周内, 10天内: nobody who says so leaves out the Sundays; 一个月内 ends on the day of the same number."""
    day = now.date() + timedelta(days=days)
    months = _MONTHS.search(text)
    if months is not None:
        ahead = now.month - 1 + (to_int(months["n"]) or 0)
        year, month = now.year + ahead // 12, ahead % 12 + 1
        day = date(year, month, min(now.day, monthrange(year, month)[1]))
    return datetime.combine(day, time(18), now.tzinfo)


def _day_before(month: int, day: int, now: datetime) -> datetime:
    """The end of the working hours of the day before the next such day."""
    found = [
        datetime(year, month, day, 18, tzinfo=now.tzinfo) - timedelta(days=1) for year in (now.year, now.year + 1)
    ]
    return next((one for one in found if one > now), found[-1])
