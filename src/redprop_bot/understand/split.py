# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Cut a message into the things said in it.

Only candidates are made here: pieces between sentence ends, commas and words such as 另外 or 顺便. Whether neighbours are
one thing or two is decided by the judge, who reads both.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_HARD = re.compile(r"[。！!？?；;\n]+|[~～]{2,}")
_SOFT = re.compile(r"[,，、 ]+|——|…+|\.{2,}")


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `start` up to `end`; `cue` is how it is joined to what went before: "", soft, hard or word."""

    start: int
    end: int
    cue: str = ""


class Splitter:
    """Knows the words that open a new thing said."""

    def __init__(self, openers: Iterable[str] = ()) -> None:
        body = "|".join(sorted(map(re.escape, openers), key=len, reverse=True))
        self._opener = re.compile(rf"(?:{body})") if body else None
        self._numbered = re.compile(
            r"(?:^|(?<=[\s,，。；;:：！!？?]))(?:[1-9一二三四五][是来则]|[1-9][、.)）](?!\d)|第[一二三四五]|其[一二三])"
        )

    def pieces(self, text: str) -> list[Piece]:
        """Candidate pieces in order; together they cover everything but the signs between them."""
        cuts: dict[int, tuple[int, str]] = {}
        for match in _SOFT.finditer(text):
            cuts[match.start()] = (match.end(), "soft")
        for match in _HARD.finditer(text):
            cuts[match.start()] = (match.end(), "hard")
        openers: dict[int, str] = {}
        if self._opener:
            openers = {m.start(): m[0] for m in self._opener.finditer(text)}
        for match in self._numbered.finditer(text):
            openers.setdefault(match.start(), match[0])
        out: list[Piece] = []
        start, cue = 0, ""
        for at in sorted({*cuts, *openers}):
            if at < start:
                continue
            if at in openers and at not in cuts:
                if at == start:
                    cue = "word"
                    continue
                out.append(Piece(start, at, cue))
                start, cue = at, "word"
                continue
            out.append(Piece(start, at, cue))
            start, cue = cuts[at]
            if start in openers:
                cue = "word"
        out.append(Piece(start, len(text), cue))
        return [piece for piece in out if text[piece.start : piece.end].strip()]
