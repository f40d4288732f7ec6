"""An activity told without the word: 周六上午九点在小广场办一场义诊，名额40. Title and place out of one phrase.

Pure. Only a day and an hour beside words of holding something are one; who may is decided by `organising`.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from redprop_bot.dialogue.activity_words import Said

SPOT: Final = (
    r"(?:花园|广场(?!舞)|活动室|会客厅|多功能厅|大厅|门口|楼下|空地|"
    r"凉亭|架空层|服务站|驿站|院子|球场|食堂|礼堂|图书室)"
)
_BEFORE: Final = re.compile(
    r"(?:(?:我们|咱们?|本)(?:医院|队|社区|单位|支部|学校|银行|店|志愿队|服务队)?|我|社区)?(?:想|要|准备|打算|计划|拟|定[在于])*"
)
_WHO: Final = re.compile(
    r"(?:我们|咱们?|本|我)?\S{0,6}(?:想|要|准备|打算|计划|拟)|(?:我们|咱们?|本)\S{0,4}|社区|我"
)
"""Who holds it, where a day stands behind: 我们医院下周三."""
_HOLDS: Final = re.compile(r"(?:搞|办|举办|组织|开展|举行|安排)(?:一?[场次个]|一下)?")
_ONE: Final = re.compile(r"(?:搞|办|举办|组织|开展|举行|安排)一?[场次]")
_MEANS: Final = re.compile(r"^(?:我们|咱们?|本|我).{0,6}(?:想|准备|打算|计划|拟)")
_KNOWN: Final = re.compile(r"义诊|义剪|义卖|大扫除|讲座|联欢|运动会|比赛|便民服务")
_NO: Final = re.compile(
    r"开.{0,6}会|会议|恳谈|议事|协商|联席|听证|培训会|[?？]|[吗呢]$|[了过]$|有人|[栋幢]|单元|建议|希望|已经?|回访|投诉|反映|扰民|吵|坏|漏|电梯|物业|装修|施工|检修|维修"
)


def told(text: str, said: Said, names: Iterable[str]) -> Said | None:
    """What a sentence without the word 活动 plans; None where it plans none."""
    if said.day is None or said.begin is None or _NO.search(text):
        return None
    limited = said.capacity is not None or said.points is not None
    means = _KNOWN.search(text) or _HOLDS.search(text) or _MEANS.search(text)
    if not _ONE.search(text) and not (limited and means):
        return None
    words = [word for word in said.words if not _WHO.fullmatch(word)]
    if not words:
        return None
    head, *more = words
    place, title = _placed(head[_match_end(_BEFORE, head) :].removeprefix("在"), names)
    if not title and more:
        title, *more = more
    if not (place or _HOLDS.match(title) or _KNOWN.match(title)):
        return None  # 居民建议周六办一场: somebody else's words stand before it
    title = title[_match_end(_HOLDS, title) :].removesuffix("活动")
    if len(title) < 2:
        return None
    return replace(said, title=title, place=said.place or place, words=tuple(more))


def parted(words: str, names: Iterable[str], *, bare: bool = False) -> tuple[str, str]:
    """荷香苑中心花园大扫除: where, and what; `bare`: the name of an estate alone is a place, too."""
    name = next((n for n in sorted(names, key=len, reverse=True) if words.startswith(n)), None)
    if name is None:
        return "", words
    spot = re.match(rf"[^，,\s]{{0,8}}?{SPOT}", words[len(name) :])
    if spot is None and not bare:
        return "", words
    end = len(name) + (spot.end() if spot else 0)
    return words[:end], words[end:].strip(" 的，,")


def _placed(words: str, names: Iterable[str]) -> tuple[str, str]:
    """The same, with a spot of no estate as well: 中心小广场搞大扫除."""
    place, title = parted(words, names, bare=True)
    spot = None if place else re.match(rf"\S{{0,8}}?{SPOT}(?={_HOLDS.pattern}|$)", words)
    return (spot[0], words[spot.end() :]) if spot else (place, title)


def turned(said: Said) -> Said:
    """荷香苑中心花园，大扫除: the place stood first."""
    if said.title or said.place or len(said.words) < 2:
        return said
    first, second = said.words[:2]
    at_end = re.compile(rf"{SPOT}$")
    if at_end.search(first) and not at_end.search(second):
        return replace(said, words=(second, first, *said.words[2:]))
    return said


def _match_end(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(text)
    return match.end() if match else 0
