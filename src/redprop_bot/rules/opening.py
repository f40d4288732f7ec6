"""When a place is open or somebody has time, read from the words people write: 工作日 8:30-17:30；周六上午.

Pure. Days are 0 (Monday) to 6 and two that a calendar decides, `WORKDAY` and `RESTDAY`; times are minutes of
the day. Words that say nothing of days or hours give None: nothing is known then, nor refused because of it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

WORKDAY: Final = 7
RESTDAY: Final = 8
HOLIDAY: Final = 9
"""A day from Monday to Friday that is off: what 节假日休息 says of a place that is open every day."""
_ALL: Final = frozenset(range(7))
_DAY: Final = {
    **{sign: place for place, sign in enumerate("一二三四五六日")},
    **{str(place + 1): place for place in range(7)},
    "天": 6,
}
_SPAN: Final = r"\s*(?:至|到|[-—–~～])+\s*"
_WEEK: Final = r"(?:周|星期|礼拜)"
_DAYS: Final = re.compile(
    rf"(?P<both>{_WEEK}六[日天])"
    rf"|{_WEEK}(?P<list>[一二三四五六日天](?:、?[一二三四五六日天](?![点时十楼层号]))+)"
    rf"|{_WEEK}(?P<a>[一二三四五六日天1-7])(?:{_SPAN}{_WEEK}?(?P<b>[一二三四五六日天](?![点时])|[1-7](?![\d点:：])))?"
    r"|(?P<work>工作日|平时)|(?P<rest>周末|双休日|(?P<holiday>(?:法定)?节假日)|礼拜天|休息日)|(?P<all>每天|每日|天天|全周|每晚)"
)
_ONES: Final = "零一二三四五六七八九"
_HOURS: Final = {
    **{("" if tens == 0 else "十" if tens == 1 else "二十") + (_ONES[ones] if ones else ""): 10 * tens + ones
       for tens in range(3) for ones in range(10) if 0 < 10 * tens + ones <= 24},
    "两": 2,
}  # fmt: skip
_NUMBER: Final = "|".join(sorted(_HOURS, key=len, reverse=True))
_PART: Final = r"(?:凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|早|晚)"
_TIME: Final = (
    rf"(?P<p{{0}}>{_PART})?\s*(?P<h{{0}}>\d{{{{1,2}}}}|{_NUMBER})"
    r"(?:[:：](?P<m{0}>[0-5]\d)|[点时點](?P<q{0}>半|[一三]刻|[0-5]?\d(?=分?))?分?)?"
)
_RANGE: Final = re.compile(_TIME.format(1) + rf"{_SPAN}(?P<next>次日|第二天|翌日)?的?" + _TIME.format(2))
_PARTS: Final = {
    "全天": (0, 1440), "24小时": (0, 1440), "二十四小时": (0, 1440), "早上": (360, 720), "上午": (480, 720),
    "中午": (690, 840), "下午": (720, 1080), "傍晚": (1020, 1140), "晚上": (1080, 1320), "晚间": (1080, 1320),
    "每晚": (1080, 1320),
}  # fmt: skip
_PART_WORD: Final = re.compile("|".join(_PARTS))
_CLOSED: Final = re.compile(r"(?:休息|闭馆|不开|关门|除外|休)")
_OPEN: Final = re.compile(r"[不无](?:休息|闭馆|关门|休)")
_NOON: Final = re.compile(r"(?:中午|午间)不?午?休息?|午休")  # how long that is nobody says
_QUARTERS: Final = {"半": 30, "一刻": 15, "三刻": 45}
_AFTERNOON: Final = ("下午", "傍晚", "晚上", "晚")


@dataclass(frozen=True, slots=True)
class Opening:
    """Stretches of the week: each is days and the minutes from, until."""

    stretches: tuple[tuple[frozenset[int], int, int], ...]
    closed: frozenset[int] = frozenset()

    def of(self, day: date, is_workday: Callable[[date], bool]) -> list[tuple[int, int]]:
        """The stretches of a day, joined and in order."""
        kind = WORKDAY if is_workday(day) else RESTDAY
        kinds = {day.weekday(), kind, *((HOLIDAY,) if kind == RESTDAY and day.weekday() < 5 else ())}
        if self.closed & kinds:
            return []
        found = sorted((a, b) for days, a, b in self.stretches if days & kinds)
        joined: list[tuple[int, int]] = []
        for begin, end in found:
            if joined and begin <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((begin, end))
        return joined

    def holds(self, start: datetime, end: datetime, is_workday: Callable[[date], bool]) -> bool:
        """Whether a stretch of local time lies inside; of several days only its two ends must."""
        if start.date() != (end - timedelta(seconds=1)).date():
            return self._at(start, is_workday) and self._at(end, is_workday)
        a, b = _minute(start), _minute(end) or 1440
        return any(begin <= a and b <= until for begin, until in self.of(start.date(), is_workday))

    def _at(self, moment: datetime, is_workday: Callable[[date], bool]) -> bool:
        minute = _minute(moment)
        return any(begin <= minute <= until for begin, until in self.of(moment.date(), is_workday))

    def meets(self, other: "Opening") -> bool:
        """Whether there is a day of the week on which both have time."""
        return any(
            _weekdays(days) & _weekdays(others) and a < d and c < b
            for days, a, b in self.stretches
            for others, c, d in other.stretches
        )


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _weekdays(days: frozenset[int]) -> frozenset[int]:
    named = {WORKDAY: frozenset(range(5)), RESTDAY: frozenset((5, 6)), HOLIDAY: frozenset[int]()}
    return frozenset().union(*(named.get(day, frozenset((day,))) for day in days))


@lru_cache(maxsize=2048)  # the same few wordings, again and again
def read(text: str | None) -> Opening | None:
    """The stretches that a text names; None where it names none."""
    if not text:
        return None
    days: frozenset[int] | None = None
    fresh, bare = False, False  # whether the days were just begun, and whether they have hours yet
    found: list[tuple[frozenset[int], int, int]] = []
    closed: frozenset[int] = frozenset()
    for kind, value in _pieces(text):
        if kind == "days":
            assert isinstance(value, frozenset)
            if bare and not fresh and days is not None:
                found.append((days, 0, 1440))
            days = (days or frozenset()) | value if fresh else value
            fresh, bare = True, True
        elif kind == "break":
            fresh = False
        elif kind == "closed":
            never = days or frozenset()
            closed |= never & {HOLIDAY} or never & {WORKDAY, RESTDAY}
            found = [(kept, a, b) for was, a, b in found if (kept := was - never)]
            fresh, bare = False, False
        elif kind == "open":
            if bare and days is not None:  # 节假日不休息: the same hours
                found += [(days, a, b) for a, b in dict.fromkeys((a, b) for _days, a, b in found)]
                bare = not found
            fresh = False
        else:
            assert isinstance(value, tuple)
            found += _nights(days if days is not None else _ALL, *value)
            fresh, bare = False, False
    if bare and days is not None:
        found.append((days, 0, 1440))
    return Opening(tuple(found), closed) if found else None


def _nights(days: frozenset[int], begin: int, end: int) -> list[tuple[frozenset[int], int, int]]:
    """A stretch; what is past midnight is the next day's, as far as that is a day of the week."""
    if end <= 1440:
        return [(days, begin, end)]
    after = frozenset((day + 1) % 7 for day in days if day < WORKDAY)
    return [(days, begin, 1440), *([(after, 0, min(end - 1440, 1440))] if after and end > 1440 else [])]


def _pieces(text: str) -> Iterator[tuple[str, frozenset[int] | tuple[int, int] | None]]:
    """Days, stretches, closing words and breaks in the order of the text."""
    place = 0
    while place < len(text):
        if match := _DAYS.match(text, place):
            yield "days", _days(match)
            if match[0] == "每晚":
                yield "hours", _PARTS["每晚"]
        elif (match := _RANGE.match(text, place)) and (stretch := _stretch(match)):
            yield "hours", stretch
        elif match := _NOON.match(text, place):
            yield "break", None
        elif match := _OPEN.match(text, place):
            yield "open", None
        elif match := _PART_WORD.match(text, place):
            yield "hours", _PARTS[match[0]]
        elif match := _CLOSED.match(text, place):
            yield "closed", None
        else:
            if text[place] not in "、和及与 ":
                yield "break", None
            place += 1
            continue
        place = match.end()


def _days(match: re.Match[str]) -> frozenset[int]:
    if match["work"]:
        return frozenset((WORKDAY,))
    if match["rest"]:
        return frozenset((RESTDAY, HOLIDAY)) if match["holiday"] else frozenset((RESTDAY,))
    if match["all"]:
        return _ALL
    if match["both"]:
        return frozenset((5, 6))
    if match["list"]:
        return frozenset(_DAY[sign] for sign in match["list"] if sign in _DAY)
    first = _DAY[match["a"]]
    if match["b"] is None:
        return frozenset((first,))
    last = _DAY[match["b"]]
    return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))


def stretches(text: str) -> list[tuple[int, int]]:
    """Every stretch from one clock time to another that a text names, in order: minutes of the day."""
    found = [_stretch(match) for match in _RANGE.finditer(text)]
    return [stretch for stretch in found if stretch and stretch[1] <= 1440]


def _stretch(match: re.Match[str]) -> tuple[int, int] | None:
    """两点到四点 is in the afternoon, 9-11点 in the morning; two bare numbers without any sign are no clock."""
    if not any(match[name] for name in ("m1", "q1", "m2", "q2", "p1", "p2")) and not re.search(
        "[点时點]", match[0]
    ):
        return None
    begin = _clock(match["p1"], match["h1"], match["m1"] or match["q1"])
    past = bool(match["next"]) or (match["p2"] == "凌晨" and match["p1"] != "凌晨")
    part = match["p2"] or ("凌晨" if past else match["p1"])
    end = _clock(part, match["h2"], match["m2"] or match["q2"])
    if begin is None or end is None:
        return None
    if past:  # 20:00-次日2:00
        return begin, end + 1440
    if end <= begin and end + 720 <= 1440:
        end += 720
    return (begin, end) if begin < end <= 1440 else None


def _clock(part: str | None, hour: str, minute: str | None) -> int | None:
    found = int(hour) if hour.isdigit() else _HOURS[hour]
    if found > 24:
        return None
    if (part in _AFTERNOON and found < 12) or (part is None and 1 <= found < 6):
        found += 12
    return found * 60 + (_QUARTERS.get(minute) or int(minute) if minute else 0)


def spoken(minutes: Sequence[tuple[int, int]]) -> str:
    """Stretches as people read them: 08:30–11:30、14:00–17:00."""
    return "、".join(f"{a // 60:02d}:{a % 60:02d}–{b // 60:02d}:{b % 60:02d}" for a, b in minutes)
