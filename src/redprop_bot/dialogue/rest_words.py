"""Until when somebody wants to be left alone: 这两周, 下个月, 12月1日."""

import re
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from redprop_bot.understand.slots import when

DAYS: Final = re.compile(r"(?P<n>\d{1,3}|[一二两三四五六七八九十半]{1,3})个?(?P<unit>天|日|周|星期|礼拜|月)")
_COUNT: Final = {c: n for n, c in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_USUAL: Final = re.compile(r"(?:我)?(?:这段时间|最近|这阵子?|这些天|近期|暂时|先|目前|这会儿|忙)?")


def until(span: str, at: datetime, zone: ZoneInfo, usual_days: int) -> datetime | None:
    """Until when a stretch of time that somebody names goes on; None when the words name none."""
    now = at.astimezone(zone)
    today = datetime.combine(now.date(), time(0), zone)
    if _USUAL.fullmatch(span.strip()):
        return at + timedelta(days=usual_days)
    if moments := when.find(span, now):
        return datetime.combine(moments[0].day, time(0), zone)
    if match := DAYS.search(span):
        number = int(match["n"]) if match["n"].isdigit() else _COUNT.get(match["n"], 0)
        if match["n"] == "半":
            return today + timedelta(days=15) if match["unit"] == "月" else None
        days = {"天": 1, "日": 1, "月": 30}.get(match["unit"], 7)
        return today + timedelta(days=number * days + 1) if number else None
    if "下周" in span or "下星期" in span:
        return today + timedelta(days=14 - now.weekday())
    if "周" in span and ("这" in span or "本" in span):
        return today + timedelta(days=7 - now.weekday())
    if "月" in span and any(word in span for word in ("这", "本", "下")):
        months = 2 if "下" in span else 1
        return (today.replace(day=1) + timedelta(days=32 * months)).replace(day=1)
    return None
