"""Reading a booking from words: which day, from when until when, how many people, what for."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from redprop_bot.rules import opening
from redprop_bot.understand.numerals import NUMBER, to_int
from redprop_bot.understand.slots import when

_HEADS: Final = re.compile(rf"(?P<n>{NUMBER}{{1,5}})\s*(?:多)?(?:个|位|名)?(?:人|位|名)(?!民)")
_HOURS: Final = re.compile(rf"(?P<n>{NUMBER}{{1,2}})个?(?P<half>半)?(?:小时|钟头)|(?P<only>半个?(?:小时|钟头))")
_DAYS: Final = re.compile(rf"(?P<n>{NUMBER}{{1,2}})天(?!后|之后|以后|前)")
_ISO_RANGE: Final = re.compile(
    r"(?P<a>20\d\d-\d\d?-\d\d?[ T]\d\d?:\d\d)\s*(?:至|到|[-—–~～])\s*(?P<b>20\d\d-\d\d?-\d\d?[ T]\d\d?:\d\d)"
)
_FILLER: Final = re.compile(
    r"(?:时间|地点|用途|人数|大概|大约|左右|我们?|要|用来|用于|用|从|在|到|的|，|,|。|：|:|、|;|；|\s)+"
)
_TOGETHER: Final = (
    r"(?:(?:用来|来|去|给[^，,。]{1,6})?(?:开个?[^，,。？?]{0,4}会|聚|[办搞过]个?|排练|练|彩排|上课|讲课|跳舞|唱歌|合唱|打牌|下棋|书法"
    r"|讲座|座谈|培训|议事|团建|放电影|做个?活动)[^。？?]{0,16}?)"
)
_ROOM_WANTED: Final = re.compile(
    r"(?:你好[，,]?)?(?P<when>[^，,。？?]{0,16}?)[，,]?(?:我们?)?(?:社团|舞队|合唱队|书法班)?"
    r"(?:想要?|要|需要|能不能|可不可以|可以|能|请帮我们?|帮我们?|麻烦){1,2}(?:申请|预[约订定]|找|借|租|用|订|约){1,2}(?:一下)?"
    r"(?:一?[个间处块])?(?:社区|小区|你们|咱们)?的?"
    rf"(?:(?:会议室|活动室|场地)(?P<what>[，,]?{_TOGETHER})?|(?:地方|房间|教室|场所)[，,]?(?P<why>{_TOGETHER}))"
    r"(?:可以|行)?[吗么吧嘛啊]?[？?。！!]{0,2}"
)
_ASKS_OR_BLAMES: Final = re.compile(r"[不没谁哪几]|什么|怎么|凭|投诉|举报|反映|建议")
_MORNING, _EVENING = time(9), time(18)
"""When a thing is fetched and brought back where only days are said."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said: days in order, minutes of the day where clock times were said, a length."""

    days: tuple[date, ...]
    minutes: tuple[int, int | None] | None
    last: int | None  # the minute that was said of the second day
    length: timedelta | None
    heads: int
    purpose: str
    zone: ZoneInfo
    whole: tuple[datetime, datetime] | None = None

    @property
    def day(self) -> date | None:
        """The first day."""
        return self.days[0] if self.days else None

    def stretch(self, *, lent: bool) -> tuple[datetime, datetime] | None:
        """From when until when; None as long as that is not said."""
        if self.whole is not None:
            return self.whole
        if not self.days:
            return None
        begin, end = self.minutes if self.minutes is not None else (None, None)
        start = self._at(self.days[0], begin) if begin is not None else None
        if start is not None and end is not None and len(self.days) == 1:
            return start, self._at(self.days[0], end)
        if start is not None and self.length is not None:
            return start, start + self.length
        if not lent:
            return None
        start = start or datetime.combine(self.days[0], _MORNING, self.zone)
        if self.length is not None:
            return start, start + self.length
        if len(self.days) == 1:
            return None
        evening = datetime.combine(self.days[1], _EVENING, self.zone)
        return start, evening if self.last is None else self._at(self.days[1], self.last)

    def _at(self, day: date, minute: int) -> datetime:
        return datetime.combine(day, time(0), self.zone) + timedelta(minutes=minute)

    def with_kept(self, *, heads: int, purpose: str) -> "Said":
        """The same with what was said before, where this says nothing of it."""
        return replace(self, heads=self.heads if self.heads > 1 else heads, purpose=self.purpose or purpose)


def read(text: str, now: datetime, zone: ZoneInfo, title: str, *, day: date | None = None) -> Said:
    """What a text says about a booking; `title` is the name of the place in it, `day` one said before."""
    if match := _ISO_RANGE.search(text):
        pair = _whole(match, zone)
        if pair is not None:
            rest = _rest(text.replace(match[0], " "), title)
            return Said((pair[0].date(),), None, None, None, _heads(text), rest, zone, pair)
    heads, text = _heads(text), _HEADS.sub(lambda match: " " * len(match[0]), text)  # 11点15个人 is eleven
    moments = when.find(text, now)
    ranges = opening.stretches(text)
    minutes: tuple[int, int | None] | None = ranges[0] if ranges else None
    if minutes is None and moments and moments[0].minute is not None:
        minutes = (moments[0].minute, None)
    days = [moment.day for moment in moments if not (moment.alone and day is not None)]
    if not days and day is not None:
        days = [day]
    if not days and minutes is not None:
        days = [now.astimezone(zone).date()]
    named = tuple(dict.fromkeys(days))
    length = _length(text)
    spans = [(moment.start, moment.end) for moment in moments]
    last = moments[1].minute if len(moments) > 1 else None
    return Said(named, minutes, last, length, heads, _rest(_without(text, spans), title), zone)


def room_wanted(text: str) -> str | None:
    """想借个会议室开会: when and what for, where any room will do; None for all else."""
    match = _ROOM_WANTED.fullmatch(text)
    if match is None or _ASKS_OR_BLAMES.search(match["when"]):
        return None
    return " ".join(filter(None, (match["when"], (match["what"] or match["why"] or "").strip("，,"))))


def _whole(match: re.Match[str], zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    try:
        found = [
            datetime.strptime(match[n].replace("T", " "), "%Y-%m-%d %H:%M").replace(tzinfo=zone)
            for n in ("a", "b")
        ]
    except ValueError:
        return None
    return found[0], found[1]


def _length(text: str) -> timedelta | None:
    if match := _HOURS.search(text):
        if match["only"]:
            return timedelta(minutes=30)
        hours = to_int(match["n"]) or 0
        return timedelta(hours=hours, minutes=30 if match["half"] else 0) if hours else None
    if match := _DAYS.search(text):
        days = to_int(match["n"]) or 0
        return timedelta(days=days) if days else None
    return None


def _heads(text: str) -> int:
    match = _HEADS.search(text)
    return (to_int(match["n"]) or 1) if match else 1


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    signs = list(text)
    for begin, end in spans:
        signs[begin:end] = " " * (end - begin)
    return "".join(signs)


_TIMES: Final = re.compile(
    r"(?:凌晨|早上|上午|中午|下午|傍晚|晚上)?\s*(?:\d{1,2}[:：]\d{2}|[\d一二两三四五六七八九十]{1,3}[点时](?:半|[一三]刻|\d{1,2}分?)?)"
    r"(?:\s*[至到\-—–~～]\s*)?"
)


def _rest(text: str, title: str) -> str:
    """What is left is what it is for."""
    for pattern in (_HEADS, _HOURS, _DAYS, _TIMES):
        text = pattern.sub(" ", text)
    if title:
        text = text.replace(title, " ")
    text = re.sub(r"^(?:[至到\-—–~～\s]|凌晨|早上|上午|中午|下午|傍晚|晚上)+", "", text.strip())
    parts = [part for part in _FILLER.split(text) if len(part) > 1]
    return "".join(parts)[:60]
