"""Reading an activity out of a sentence: which day, from when until when, how many people, points, other words.

Only what can be nothing else is a day or a time: 3-5岁 is no date, 9-11点 is none either.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from redprop_bot.understand.numerals import CHINESE, to_int

_SPLIT: Final = re.compile(r"[，,；;。\n]+")
_CUT: Final = "\x00"
"""Stands where a date or an hour was: what is before it and what is behind are two things."""
_DATE: Final = re.compile(
    r"(?:(?P<y>20\d\d)年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?|(?P<iy>20\d\d)[-/.](?P<im>\d{1,2})[-/.](?P<id>\d{1,2})日?"
)
_SHORT_DATE: Final = re.compile(
    r"^\s*(?P<m>\d{1,2})[-/](?P<d>\d{1,2})(?:[日号](?!楼)|(?=\s|$|[（(周星礼上下早晚中凌傍]))"
)
_SPOKEN: Final = re.compile(
    r"(?P<word>今天|明天|后天|大后天)|(?P<next>下)?(?:本|这)?个?(?:周|星期|礼拜)(?P<w>[一二三四五六日天])"
)
_PART: Final = r"凌晨|早上|早晨|上午|中午|下午|晚上|傍晚"
_HOUR: Final = (
    rf"(?P<{{0}}part>{_PART})?\s*(?P<{{0}}h>\d{{{{1,2}}}})"
    r"(?P<{0}mark>\s*[:：点时]\s*(?:(?P<{0}min>\d{{2}}|半)分?)?)"
)
_HOURS: Final = re.compile(
    _HOUR.format("a")
    + r"?[\s\x00]*(?:到|至|-|—|–|~|～)+[\s\x00]*(?:(?P<next>次日|第二天|翌日)|当天)?的?[\s\x00]*"
    + _HOUR.format("b")
)
_START: Final = re.compile(_HOUR.format("a"))
_NUMERAL: Final = re.compile(r"[一二两三四五六七八九十]{1,3}(?=点(?!子|心|名|滴))")
_LABEL: Final = re.compile(
    r"^(?:(?:时间|日期|(?P<place>地点|地址|地方)|(?P<title>名称|主题))(?:[改换]?[为到在成]|是|[:：])\s*"
    r"|(?:时间|日期)(?=\d|[本下这]?周|星期|明|后天)|(?P<there>地点)(?=[\u4e00-\u9fff\d]))"
)
_N: Final = rf"(?:\d{{1,6}}|[{CHINESE}十百]{{1,5}})"
_PEOPLE: Final = re.compile(
    r"(?:名额|人数|上限|限[额定制]?|最多|至多|不超过|招募?(?:志愿者)?|志愿者)(?:改?[成为到]|是|[:：])?\s*"
    rf"(?P<m>{_N})\s*个?(?:[人名位]|志愿者)?(?:以内|左右|封顶)?"
    rf"|(?:需要?|要|招)?(?P<n>{_N})\s*(?:个?名额|个?[人位](?:名额)?|[名个](?:志愿者)?)(?:以内|左右|封顶)?"
)
_POINTS: Final = re.compile(
    rf"(?:每人)?(?:积分|分值|分数)(?:[是为]|[:：])?\s*(?P<m>{_N})\s*分?"
    rf"|(?:积分?|每人|奖励?|记|加|得|送|给|可)*\s*(?P<n>{_N})\s*个?积?分(?:/人|每人|一人)?"
)
_LIMIT: Final = re.compile(
    rf"(?:名额|人数|限额?|积分|最多|不超过|上限)[^\d{CHINESE}十百]{{0,4}}{_N}(?!\s*[岁月日号点栋:：\d])"
    rf"|\d\s*[户组](?![一为号])|{_N}\s*(?:个?名额|位(?![\u4e00-\u9fff])|人(?![\u4e00-\u9fff])|积分|分$)"
)
_WORDS: Final = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3}
_WEEK: Final = {c: n for n, c in enumerate("一二三四五六日")} | {"天": 6}
_LATER: Final = frozenset({"下午", "晚上", "傍晚"})
_NIGHT: Final = frozenset({"晚上"})
_DAY: Final = 1440  # minutes
_EVENING: Final = 18 * 60
"""What begins so late and ends on the next day ends in the small hours: 22点到次日1点."""
_USUAL: Final = timedelta(hours=2)
"""How long something lasts whose end nobody said."""


@dataclass
class Said:
    """What has been read of a sentence: days, minutes from the midnight of the first day, the words left over."""

    day: date | None = None
    last: date | None = None
    begin: int | None = None
    end: int | None = None
    capacity: int | None = None
    points: int | None = None
    title: str = ""
    place: str = ""
    words: tuple[str, ...] = ()

    def stretch(
        self, zone: ZoneInfo, *, before: tuple[datetime, datetime] | None = None
    ) -> tuple[datetime, datetime] | None:
        """From when until when; what is not said stays as it was `before`. None without a day and a time."""
        if self.day is None and self.begin is None:
            return before
        was = before[0].astimezone(zone) if before else None
        day = self.day or (was.date() if was else None)
        begin = self.begin if self.begin is not None else was.hour * 60 + was.minute if was else None
        if day is None or begin is None:
            return None
        starts = _at(day, begin, zone)
        if self.end is None:
            return starts, starts + (before[1] - before[0] if before else _USUAL)
        return starts, _at(self.last or day, self.end % _DAY if self.last else self.end, zone)


def read(text: str, today: date) -> Said:
    """Day and hours in any order, then 30人, 20分; what is none of these are words."""
    said = Said()
    text = _NUMERAL.sub(lambda match: str(to_int(match[0]) or match[0]), text)
    parts = [_unlabelled(said, part.strip()) for part in _SPLIT.split(text) if part.strip()]
    parts = [_dates(said, part, today) for part in parts]
    if said.day is None:
        parts = [_spoken(said, part, today) for part in parts]
    clock = _HOURS if any(_HOURS.search(part) for part in parts) else _START  # 4点半课堂，周六 16:30-18:00
    for part in parts:
        _take(said, part.strip(), clock)
    return said


def _unlabelled(said: Said, part: str) -> str:
    """What stands behind 地点： is the place, whatever else is in it; the words behind other labels remain."""
    label = _LABEL.match(part)
    if label is None:
        return part
    rest = part[label.end() :]
    if label["place"] or label["there"]:
        said.place = rest
    elif label["title"]:
        said.title = rest
    return "" if label["place"] or label["there"] or label["title"] else rest


def _dates(said: Said, part: str, today: date) -> str:
    """Take the dates of numbers out of a part; a second one is the last day."""
    found = list(_DATE.finditer(part)) or [match for match in [_SHORT_DATE.match(part)] if match]
    for match in found:
        group = match.groupdict()
        year, month, number = (
            (group[name] or group.get(f"i{name}") for name in ("y", "m", "d"))
            if ("y" in group)
            else (None, group["m"], group["d"])
        )
        day = _date(year, int(month or 0), int(number or 0), said.day or today)
        if day is None:
            continue
        if said.day is None:
            said.day = day
        elif said.last is None and day >= said.day:
            said.last = day
    for match in reversed(found):
        part = f"{part[: match.start()]}{_CUT}{part[match.end() :]}"
    return part


def _date(year: str | None, month: int, number: int, since: date) -> date | None:
    """A day without its year is the next one."""
    try:
        found = date(int(year or since.year), month, number)
        return found if year or found >= since else found.replace(year=found.year + 1)
    except ValueError:
        return None


def _spoken(said: Said, part: str, today: date) -> str:
    match = _SPOKEN.search(part)
    if match is None or said.day is not None:
        return part
    if match["word"]:
        said.day = today + timedelta(days=_WORDS[match["word"]])
    else:
        monday = today - timedelta(days=today.weekday()) + timedelta(days=7 if match["next"] else 0)
        found = monday + timedelta(days=_WEEK[match["w"]])
        said.day = found if found >= today else found + timedelta(days=7)
    return f"{part[: match.start()]}{_CUT}{part[match.end() :]}"


def _take(said: Said, part: str, clock: re.Pattern[str]) -> None:
    part = " ".join(field for field in part.split(" ") if not _number(said, field.strip(f"{_CUT} ")))
    if said.begin is None and (match := clock.search(part)):
        _hours(said, match)
        part = f"{part[: match.start()]}{_CUT}{part[match.end() :]}"
        _rest(said, part)
    else:
        _rest(said, part)


def _number(said: Said, field: str) -> bool:
    """Take 20人, 名额20, 每人10分; returns whether it was one."""
    if number := _PEOPLE.fullmatch(field):
        said.capacity = to_int(number["m"] or number["n"])
    elif number := _POINTS.fullmatch(field):
        said.points = to_int(number["m"] or number["n"])
    else:
        return False
    return True


def _rest(said: Said, part: str) -> None:
    for piece in part.split(_CUT):
        left = re.sub(r"[（(]\s*(?:周|星期)?[一二三四五六日天]?\s*[）)]", " ", piece).strip(" ：:的在到至-—~～")
        if len(left) >= 2 and not _number(said, left):
            said.words = (*said.words, " ".join(left.split()))


def limit_left(said: Said) -> str:
    """Words that sound like a limit or points and were not read as such; empty when there are none."""
    found = [word for word in (*said.words, said.place) if _LIMIT.search(word)]
    return found[0] if found else ""


def _hours(said: Said, match: re.Match[str]) -> None:
    """下午2点到4点: the second is in the afternoon, too; an end before the beginning is later, or the next day."""
    group = match.groupdict()
    begin = _clock(group["apart"], group["ah"], group["amin"], bare="点" in (group["amark"] or "点"))
    if begin is None:
        return
    if "bh" not in group:
        said.begin = begin
        return
    overnight = said.day is not None and said.last == said.day + timedelta(days=1) and begin >= _EVENING
    part = group["bpart"] or ("凌晨" if group["next"] or overnight else group["apart"])
    end = _clock(part, group["bh"], group["bmin"], bare="点" in group["bmark"])
    if end is None:
        return
    if group["next"] and said.last is None:  # 18:00到次日8:00: not until 20:00
        end += _DAY
    elif end <= begin and said.last is None:
        noon = group["bpart"] is None and end + _DAY // 2 > begin
        end += _DAY // 2 if noon else _DAY
    said.begin, said.end = begin, end


def _clock(part: str | None, hour: str, minute: str | None, *, bare: bool) -> int | None:
    """Minutes of the day; 两点 without 凌晨 is in the afternoon, 晚上12点 is midnight."""
    found, minutes = int(hour), 30 if minute == "半" else int(minute or 0)
    if found > 24 or minutes > 59:
        return None
    if part in _NIGHT and found in (0, 12):
        found = 24
    elif (
        (part in _LATER and found < 12)
        or (part == "中午" and found < 4)
        or (part is None and bare and 1 <= found < 6)
    ):
        found += 12
    return found * 60 + minutes


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), tzinfo=zone) + timedelta(minutes=minute)
