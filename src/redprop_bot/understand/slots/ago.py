"""How long ago or how soon, counted from the message: 三天前, 两周后, 半小时前, 一个半钟头以后, 一刻钟后."""

import re
from datetime import date, datetime, timedelta

from redprop_bot.understand.numerals import NUMBER, to_int

_SIDE = r"(?:之|以)?(?P<s>前|后)"
_DAYS = re.compile(rf"(?P<n>{NUMBER}{{1,2}})天{_SIDE}(?!的)")
_WEEKS = re.compile(rf"(?P<n>{NUMBER})个?(?:礼拜|星期|周){_SIDE}(?!的)")
_CLOCK = re.compile(
    rf"(?<![每第几前后来{NUMBER[1:-1]}])(?P<n>半|{NUMBER}{{1,2}})(?P<half>个半)?个?多?(?P<u>小时|钟头|刻钟|分钟)(?:之|以)?(?P<s>前(?![后面])|后(?!面))"
)
_AHEAD = re.compile(
    rf"(?<![超不路经通])(?:再?过|还有)(?P<n>半|{NUMBER}{{1,2}})(?P<half>个半)?个?(?P<u>小时|钟头|刻钟|分钟)(?![了前后又])"
)
_AFTER_WHAT = re.compile(r"[完好过了装修停断开关交报弄走吃泡泼撤换]$")  # 修好半小时后 counts from the mending
_AGAIN = re.compile(r"[,，]?(?:又|再次|还是|依旧|仍|就又|自动)")
_MINUTES = {"小时": 60, "钟头": 60, "刻钟": 15, "分钟": 1}


def days(text: str, today: date) -> list[tuple[int, int, date]]:
    """Where a number of days or weeks before or after today is told, and the day."""
    found = []
    for pattern, unit in ((_DAYS, 1), (_WEEKS, 7)):
        for match in pattern.finditer(text):
            count = to_int(match["n"])
            if count is not None:
                ahead = count * unit * (1 if match["s"] == "后" else -1)
                found.append((match.start(), match.end(), today + timedelta(days=ahead)))
    return found


def clock(text: str, now: datetime) -> list[tuple[int, int, datetime]]:
    """Where hours or minutes before or after now are told; what counts from another event is left out."""
    found = []
    for match in (*_CLOCK.finditer(text), *_AHEAD.finditer(text)):
        back = match.groupdict().get("s") == "前"
        if not back and (_AFTER_WHAT.search(text[: match.start()]) or _AGAIN.match(text, match.end())):
            continue
        count = 0.5 if match["n"] == "半" else to_int(match["n"])
        if count is None:
            continue
        ahead = timedelta(minutes=(count + (0.5 if match["half"] else 0)) * _MINUTES[match["u"]])
        found.append((match.start(), match.end(), now - ahead if back else now + ahead))
    return found
