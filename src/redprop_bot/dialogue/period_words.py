"""Which days somebody asks figures of: 上个月, 三季度, 本周, 昨天的日报. Pure: words and today in, days out."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from redprop_bot.understand.numerals import to_int

_N: Final = "一二三四五六七八九十"
_MONTH: Final = re.compile(
    r"(?:(?P<last>去年)|今年)?(?P<n>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?(?![\d底初中日号])"
)
_QUARTER: Final = re.compile(r"(?:(?P<last>去年)|今年)?第?(?P<n>[1-4一二三四])季度?")
_HALF: Final = re.compile(r"(?:(?P<last>去年)|今年)?(?P<n>[上下])半年")


@dataclass(frozen=True, slots=True)
class Said:
    """Days from `begin` to before `end`, and how they are called."""

    name: str
    begin: date
    end: date


def period_said(text: str, today: date) -> Said | None:
    """The period of which words speak, as far as it has gone; None where they name none."""
    for find in (_month, _quarter, _half, _fixed):
        if (found := find(text, today)) is not None:
            end = min(found.end, today + timedelta(days=1))
            return Said(found.name, found.begin, end) if found.begin < end else found
    return None


def year_before(said: Said) -> Said:
    """The same days a year earlier."""
    return Said("去年同期", _earlier(said.begin), _earlier(said.end))


def _earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _month(text: str, today: date) -> Said | None:
    match = _MONTH.search(text)
    if match is None:
        return None
    number = to_int(match["n"]) or 1
    year = _year(today, match["last"] is not None, date(today.year, number, 1))
    return _months(year, number, 1, f"{number}月" if year == today.year else f"{year}年{number}月")


def _quarter(text: str, today: date) -> Said | None:
    match = _QUARTER.search(text)
    if match is None:
        return None
    number = to_int(match["n"]) or 1
    year = _year(today, match["last"] is not None, date(today.year, 3 * number - 2, 1))
    name = f"{_N[number - 1]}季度"
    return _months(year, 3 * number - 2, 3, name if year == today.year else f"{year}年{name}")


def _half(text: str, today: date) -> Said | None:
    match = _HALF.search(text)
    if match is None:
        return None
    month = 1 if match["n"] == "上" else 7
    year = _year(today, match["last"] is not None, date(today.year, month, 1))
    return _months(year, month, 6, f"{match['n']}半年" if year == today.year else f"{year}年{match['n']}半年")


def _fixed(text: str, today: date) -> Said | None:
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    third = 3 * ((today.month - 1) // 3) + 1
    quarter = today.replace(month=third, day=1)
    earlier = (quarter - timedelta(days=1)).replace(day=1)
    day, week = timedelta(days=1), timedelta(days=7)
    named: tuple[tuple[str, Said], ...] = (
        (r"前天", Said("前天", today - 2 * day, today - day)),
        (r"昨天|昨日", Said("昨天", today - day, today)),
        (r"今天|今日|当天|日报", Said("今天", today, today + day)),
        (r"上+个?(?:周|星期|礼拜)", Said("上周", monday - week, monday)),
        (r"[本这]个?(?:周|星期|礼拜)|周报", Said("本周", monday, monday + week)),
        (r"上个?月", _months(before.year, before.month, 1, "上个月")),
        (r"上个?季度?", _months(earlier.year, earlier.month - 2, 3, "上季度")),
        (r"[本这]个?季度?|季报", _months(quarter.year, quarter.month, 3, "本季度")),
        (r"去年|上一?年", _months(today.year - 1, 1, 12, f"{today.year - 1}年")),
        (r"今年|本年|全年|年度|年报|一年", _months(today.year, 1, 12, "今年")),
        (r"[本这当]个?月|月报", _months(first.year, first.month, 1, f"{first.month}月")),
    )
    return next((said for words, said in named if re.search(words, text)), None)


def _year(today: date, last: bool, begin: date) -> int:  # noqa: FBT001 - a mark of the words
    """A month or quarter that has not begun is last year's."""
    return today.year - (last or begin > today)


def _months(year: int, month: int, number: int, name: str) -> Said:
    behind = month + number
    end = date(year + 1, behind - 12, 1) if behind > 12 else date(year, behind, 1)
    return Said(name, date(year, month, 1), end)
