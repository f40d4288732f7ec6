# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""What a speaker counts off: 一是…二是…, ①…②…, 一、…二、…: one thing said for each number.

Only the cutting is done here. Numbers behind a statement (退单，一是没配件，二是…) count reasons, not things; a list
needs an opening that announces it, or none at all.
"""

import re
from dataclasses import dataclass

_NUMERALS = {
    c: i
    for i, row in enumerate(("一1①头", "二2②", "三3③", "四4④", "五5⑤", "六6⑥", "七7⑦", "八8⑧"), 1)
    for c in row
}
_STARTS = r"(?:^|(?<=[\s,，。；;:：！!？?）)]))"
_KINDS = (
    re.compile(r"(?P<n>[①②③④⑤⑥⑦⑧])"),
    re.compile(rf"{_STARTS}(?P<n>[一二三四五六1-6])(?:是|则)"),
    re.compile(rf"{_STARTS}(?P<n>[一二三四五六])(?:、|[.．:：])(?![一二三四五六七八九十栋号幢])"),
    re.compile(rf"{_STARTS}[(（](?P<n>[一二三四五六1-6])[)）]"),
    re.compile(rf"{_STARTS}(?P<n>[1-6])(?:[、.．)）])(?![0-9])"),
    re.compile(rf"{_STARTS}第(?P<n>[一二三四五六])(?:[,，:：、]|[个件条点样桩]事?[,，:：]?(?:是|就是)?)"),
    # 第一热水器漏电，第二隔壁在敲墙; 第一天 and 第二个月 count time, 第一栋 places.
    re.compile(
        rf"{_STARTS}第(?P<n>[一二三四五六])(?![天个次回栋幢号单楼层年季度周月位名届批遍期眼者步条款件点样])"
    ),
    re.compile(rf"{_STARTS}(?:第(?=[^头]))?(?P<n>[头一二三四])一?[样件桩](?!事?(?:[了都也不]|没))"),
    re.compile(rf"{_STARTS}其(?P<n>[一二三四五六])"),
    re.compile(rf"{_STARTS}(?P<n>[一二三四])来"),
)
_ANNOUNCED = re.compile(
    r"[两三四五六几俩仨2-6][个件条点样桩处]|[:：]\s*$|问题|难处|难题|如下|建议|反映|诉求|情况|想说|要说|毛病|心愿|事儿?[,，。:： ]*$"
)
_FEW = 4  # characters: a heading such as 书记好
_SENTENCE = re.compile(r"[。！!？?\n]+")
_SAYS = 6


@dataclass(frozen=True, slots=True)
class Item:
    """Characters `start` up to `end` belong to one number; up to `said` it is told, behind stands what is said of all."""

    start: int
    said: int
    end: int


def items(text: str) -> list[Item]:
    """The items of the first list in a text, in order; empty when nothing is counted off."""
    for kind in _KINDS:
        found = _series(list(kind.finditer(text)))
        if len(found) < 2:
            continue
        head = re.sub(r"[\W_]+", "", text[: found[0].start()])
        if len(head) <= _FEW or _ANNOUNCED.search(text[: found[0].start()]):
            return _items(text, found)
    return []


def _series(marks: list[re.Match[str]]) -> list[re.Match[str]]:
    """The marks that count on from one."""
    out: list[re.Match[str]] = []
    for mark in marks:
        if _NUMERALS.get(mark["n"]) == len(out) + 1:
            out.append(mark)
    return out


def _items(text: str, marks: list[re.Match[str]]) -> list[Item]:
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    out = [Item(mark.end(), end, end) for mark, end in zip(marks, ends, strict=True)]
    last = out[-1]
    close = _SENTENCE.search(text, min(last.start + _SAYS, last.end))
    out[-1] = Item(last.start, close.start() if close else last.end, last.end)
    return out
