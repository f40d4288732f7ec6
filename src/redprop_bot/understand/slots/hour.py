# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Clock times: how they are said, and which minute of the day they mean. On which day is told in `when`."""

import re
from datetime import datetime

from redprop_bot.understand.numerals import NUMBER, to_int

PART = "凌晨|清晨|早上|早晨|早起|大清早|清早|上午|中午|下午|午后|傍晚|晚上|晚间|夜里|夜间|半夜|深夜|后半夜|夜|早|晚|头晌|后晌|晌午|上昼|下昼|晏昼|一早"
# 一点没动 is no hour, 一点半 is
_ONE = r"(?:(?<!一[点點])|(?<=十一[点點])|(?=[半钟整多左到开前后过来]|以[前后]|[，,。 ]|$|[0-9一二三四五零]))"
# 晚上一点光没有 is not a bit of it; 下午一点没人 is the hour
_NOT_A_BIT = r"(?!(?<=[早晚夜][上间里]一[点點])(?:[都也儿]|[\u4e00-\u9fff]{1,2}[都也]?(?:没|不[亮热通来])))"
CLOCK = re.compile(
    rf"(?P<p>{PART})?[的, ]?(?P<h>[01]?\d|2[0-4]|{NUMBER}{{1,3}})(?:(?:(?<=[0-9])时(?![候间段常限效刻代期令差])|[点點](?!半(?:课堂|托管|班)|钟?名|赞|单|子|建议|意见|要求|问题|希望|疑问|看法|诉求)(?<![早晚快慢大小好轻多少高低远近有差剩]一[点點])(?(p){_NOT_A_BIT}|{_ONE}))(?P<half>半|[一三]刻)?(?:(?P<m>[0-5]?\d|(?!两){NUMBER}{{1,3}})(?:分)?(?!个|天|号|楼|次))?|[:：](?P<m2>[0-5]\d))"
)


def minute_of(match: re.Match[str], around: str) -> int | None:
    """The minute of the day that a match of `CLOCK` means, 0 to 1440; `around` may say the part of the day."""
    hour = to_int(match["h"])
    if hour is None or hour > 24:
        return None
    minute = to_int(match["m"] or match["m2"] or "") or 0
    if match["half"]:
        minute = {"半": 30, "一刻": 15, "三刻": 45}[match["half"]]
    if minute > 59:
        return None
    part = match["p"] or around
    if (
        (hour < 12 and any(p in part for p in ("下午", "午后", "傍晚", "后晌", "下昼")))
        or (5 <= hour < 12 and "晚" in part)  # 晚上一点半 is in the night
        or (hour < 12 and ("半夜" in part or "夜" in part) and hour >= 6)
        or (hour in (1, 2) and ("中午" in part or "晌午" in part))
    ):
        hour += 12
    elif hour == 12 and any(p in part for p in ("半夜", "夜", "晚", "凌晨")):
        hour = 24
    return hour * 60 + minute


def past_midnight(match: re.Match[str], around: str) -> bool:
    """Whether an early hour is said of the night of a day and so falls on the next: 昨晚一点, 周五半夜三点."""
    said = (match["p"] or "") + around
    return any(p in said for p in ("晚", "夜")) and not any(p in said for p in ("凌晨", "早", "晨"))


def likely_half(minute: int, *, said_part: bool, now: datetime, today_only: bool) -> int:
    """八点 without a part of day: what lies nearest; meetings and work are not held at three in the night."""
    if said_part or minute >= 13 * 60:
        return minute
    if today_only:
        present = now.hour * 60 + now.minute
        if minute + 720 <= present + 240 and present >= 12 * 60 and minute < present - 180:
            return minute + 720
        return minute
    return minute + 720 if minute < 7 * 60 else minute
