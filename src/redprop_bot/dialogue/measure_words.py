"""What words about a measure say of it: that it is done, or only how far it is.

还没完成, 下周能完成, 完成了一半 speak of the end and do not tell of it. A measure booked as done by mistake
is told to residents, so only a clause that says nothing against it counts.
"""

import re
from datetime import date
from typing import Final

_PERCENT: Final = re.compile(r"(?:百分之\s*)?(?P<n>\d{1,3})\s*(?:%|％|个百分点)|百分之\s*(?P<m>\d{1,3})")
_END: Final = re.compile(r"办完|完成|做完|办好|做好|弄好|搞定|竣工|完工")
_HALF: Final = re.compile(r"过半|一半了|(?:完成|做完|办好|做好)了?一半")
_TENTHS: Final = re.compile(r"(?:完成|做完|做好|办好)了?(?P<n>[一二三四五六七八九])成")
_CLAUSE: Final = re.compile(r"[，,。；;！!？?\n]")
_HOW: Final = r"(?:全部|全都|都|完全|彻底|真正|按时|按期|如期|最后|最终|完全部|开始|可以|全面)?"
_NOT_YET: Final = re.compile(  # what stands somewhere before the word
    r"没有|还没|没能|还未|尚未|未能|不能|不可能|无法|没法|没办法|下周|下个?月|下星期|下礼拜|明天|后天|明年|大后天"
    r"|预计|预期|估计|争取|力争|有望|打算|准备|(?<![按照])计划(?!内|的)|才能|才可以|还要|还得|还需|还差|差一点|差点"
)
_JUST_BEFORE: Final = re.compile(  # what means it only directly before the word
    rf"(?:没|未|不|别|能|能够|可|会|将|快|快要|就要|要|待|等|才|再|[没不未]到){_HOW}(?:就|能|会|要|可以|可)?{_HOW}$"
)
_DAY: Final = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?")
_SOON: Final = re.compile(  # what means it unless a 了 follows
    rf"(?:月底|年底|月末|周末|(?<![提目门以])前|以前|内){_HOW}$"
)
_ALREADY: Final = re.compile(r"已经?|(?<![能会要可])就(?!能|会|要|可)")
_AFTER: Final = re.compile(
    r"了?(?:不了|多少|一半|过半|大半|近半|一小半|小半|一部分|部分|大部分|差不多|得差不多|[一二两三四五六七八九几]成|百分|\d"
    r"|[了没]?没有?|吗|嘛|没$|的话|之前|以前|前|时间|日期|情况|进度|度|率|还|需要|不)"
)
_PAST: Final = re.compile(r"了|啦|咯|喽")
_HALF_WAY: Final = 50
_FAR: Final = 183
"""A day that is farther off than this was the last one of that name."""


def speaks_of(said: str) -> bool:
    """Whether words tell how far something is or speak of its end, either way."""
    return _PERCENT.search(said) is not None or _END.search(said) is not None


def names_percent(said: str) -> bool:
    """Whether a number of percent stands in words."""
    return _PERCENT.search(said) is not None


def percent_in(said: str) -> int | None:
    """How far it is, as it was said."""
    match = _PERCENT.search(said)
    if match is not None:
        number = int(match["n"] or match["m"])
        return None if number == 100 and not is_done(said, None) else number
    if match := _TENTHS.search(said):
        return 10 * ("一二三四五六七八九".index(match["n"]) + 1)
    return _HALF_WAY if _HALF.search(said) else None


def is_done(said: str, today: date | None) -> bool:
    """Whether a clause says that it is done, and nothing in it says that it is not yet."""
    return any(
        not _open(clause[: match.start()], clause[match.end() :], today)
        for clause in _CLAUSE.split(said)
        for match in (*_END.finditer(clause), *re.finditer(r"100\s*[%％]|百分之(?:百|100)", clause))
    )


def _open(head: str, tail: str, today: date | None) -> bool:
    if _AFTER.match(tail):
        return True
    already = list(_ALREADY.finditer(head))
    near = head[already[-1].end() :] if already else head
    if _NOT_YET.search(near) or _JUST_BEFORE.search(near):
        return True
    if already or _PAST.match(tail):
        return False
    return _SOON.search(head) is not None or (today is not None and _ahead(head, today))


def _ahead(head: str, today: date) -> bool:
    """Whether the last day that is named lies ahead: 12月25日办好, said on the 1st."""
    found = list(_DAY.finditer(head))
    if not found:
        return False
    try:
        day = date(today.year, int(found[-1]["month"]), int(found[-1]["day"]))
    except ValueError:
        return False
    if (today - day).days > _FAR:
        day = day.replace(year=today.year + 1, day=min(day.day, 28))
    return day > today
