# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Cut a message into the things said in it.

Only candidates are made here: pieces between sentence ends, commas and words such as 另外 or 顺便. Whether neighbours are
one thing or two is decided by the judge, who reads both.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from redprop_bot.understand.features import ADDRESS, ESTATE, ORDER, PHONE, TIME

_HARD = re.compile(r"[。！!？?；;\n]+|[~～]{2,}")
_SIGNS = f"{ADDRESS}{PHONE}{ORDER}{TIME}{ESTATE}"
_IDLE = re.compile(
    rf"(?:[\W_{_SIGNS}\d]|[第其][一二三四五六]|[一二三四五六][是来则]|还有|以及|首先|其次|再有|另外|此外|对了|单子|工单|单号|编号|[号单和跟与及在的住])+"
)
_INTRODUCED = re.compile(
    r"(?:您好|你好|大家好)?[,， ]?(?:本人|我|俺)(?:系|是|叫)(?![来想要说会能])[^,，。；]{0,14}[,，]?[^,，。；]{0,8}(?:业主|居民|住户|租户|租客|房东|家长|教师|老师|工人|干部|职工|老党员|[号栋幢楼室]的?)"
)
_BEGINNING = r"(?:^|(?<=[\s,，。；;:：！!？?]))"
# 第二天, 第三个 count days and things; 第二，/ 第二是 counts what is said.
_NUMBERED = (
    rf"{_BEGINNING}(?:[1-9一二三四五][是来则]|[1-9][、.)）](?!\d)|第[一二三四五](?=[,，、:：是件])|其[一二三])"
)
_FURTHER = re.compile(r"(?<=[^\s,，。；;])还有(?![点些人没一两几多])")
# Spoken without a breath: where another matter may begin; whether it does is for `seams` to say.
_BREATHLESS = re.compile(
    r"(?<=[^\s,，。；;])(?:还有(?![点些人没一两几多])|然后(?=[我俺咱]|楼|门|那|小区)|就是(?=楼|门口)|再有(?!一?[点些次回])|而且(?=楼|门|我们))"
)
_RUN, _LEFT = 14, 8  # characters said before and behind such a word without a stop
_SOFT = re.compile(r"[,，、 ]+|——|…+|\.{2,}")


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `start` up to `end`; `cue` is how it is joined to what went before: "", soft, hard or word; `sign` the signs between."""

    start: int
    end: int
    cue: str = ""

    sign: str = ""

    def idle(self, text: str) -> bool:
        """Nothing is said in it: an address, a number, an ordinal by itself, who somebody is."""
        said = text[self.start : self.end]
        return (_IDLE.fullmatch(said) or _INTRODUCED.fullmatch(said)) is not None


def with_substance(text: str, pieces: list[Piece]) -> list[Piece]:
    """Pieces that say nothing go to the neighbour they belong to: a list goes on (、), a heading (3栋，) opens."""
    out: list[Piece] = []
    waiting: Piece | None = None
    for i, piece in enumerate(pieces):
        if waiting is not None:
            piece = replace(piece, start=waiting.start, cue=waiting.cue, sign=waiting.sign)  # noqa: PLW2901
            waiting = None
        following = pieces[i + 1].cue if i + 1 < len(pieces) else "hard"
        if following == "word" and text[piece.end - 1] in ":：":  # 三样难处：一是…
            waiting = piece
            continue
        if not piece.idle(text):
            out.append(piece)
            continue
        listed = "、" in piece.sign or (piece.cue == "soft" and following == "hard")
        if out and (listed or i + 1 == len(pieces)):
            out[-1] = replace(out[-1], end=piece.end)
        else:
            waiting = piece
    if waiting is not None:
        out.append(waiting)
    return out


class Splitter:
    """Knows the words that open a new thing said: `openers` anywhere, `begins` where a clause begins."""

    def __init__(self, openers: Iterable[str] = (), begins: Iterable[str] = ()) -> None:
        anywhere, beginning = _one_of(openers), rf"{_BEGINNING}{_one_of(begins)}"
        self._opener = re.compile(f"{anywhere}|{beginning}|{_NUMBERED}")

    def pieces(self, text: str) -> list[Piece]:
        """Candidate pieces in order; together they cover everything but the signs between them."""
        cuts: dict[int, tuple[int, str]] = {}
        for match in _SOFT.finditer(text):
            cuts[match.start()] = (match.end(), "soft")
        for match in _HARD.finditer(text):
            cuts[match.start()] = (match.end(), "hard")
        openers = {match.start() for match in self._opener.finditer(text)}
        if text.count("还有") > 1:  # said without a breath, twice: a list, not 里面还有人
            openers |= {match.start() for match in _FURTHER.finditer(text)}
        openers |= _breathless(text, [*sorted(cuts), len(text)])
        out: list[Piece] = []
        start, cue, sign = 0, "", ""
        for at in sorted(openers.union(cuts)):
            if at < start:
                continue
            if at in openers and at not in cuts:
                if at == start:
                    cue = "word"
                    continue
                out.append(Piece(start, at, cue, sign))
                start, cue, sign = at, "word", ""
                continue
            out.append(Piece(start, at, cue, sign))
            start, cue = cuts[at]
            sign = text[at:start]
            if start in openers:
                cue = "word"
        out.append(Piece(start, len(text), cue, sign))
        return [piece for piece in out if text[piece.start : piece.end].strip()]


def _breathless(text: str, ends: list[int]) -> set[int]:
    """Words in the midst of a long run without a stop that may open another matter."""
    found, start = set(), 0
    for end in ends:
        for match in _BREATHLESS.finditer(text, start, end):
            if match.start() - start >= _RUN and end - match.start() >= _LEFT:
                found.add(match.start())
        start = end
    return found


def _one_of(words: Iterable[str]) -> str:
    """A pattern of any of these, the longest first."""
    return f"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True)) or '(?!)'})"
