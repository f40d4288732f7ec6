"""Bring a message into one script without moving a single character.

`Text.norm` has the length of `Text.raw`, so that a span found in one can be cut out of the other: places, parties
and reasons are handed on in the speaker's own words.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

LIMIT = 3000  # characters read of a message: what matters in a longer one stands at its ends
_HEAD = 2400

# OpenCC leaves 著 alone because 著名 is right as it is; in what people type it is mostly 着.
_KEEP_ZHU = frozenset("名作称述者书录译")
_ZHU_AFTER = frozenset("显土原巨编卓昭论专名较合遗译")
_CIRCLED = frozenset("①②③④⑤⑥⑦⑧⑨⑩")
_RUN = re.compile(r"([^0-9０-９零〇一二三四五六七八九⭐🌟★])\1{3,}", re.DOTALL)  # five stars are five
_DROP = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060\ufe00-\ufe0f\ufeff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Text:
    """A message as cleaned (`raw`) and as compared (`norm`): same length, same positions."""

    raw: str
    norm: str


@cache
def _simplified() -> Mapping[str, str]:
    """The one-to-one character table of OpenCC (Apache-2.0), read from the installed package."""
    table: dict[str, str] = {}
    text = resources.files("opencc").joinpath("dictionary/TSCharacters.txt").read_text("utf-8")
    for line in text.splitlines():
        old, _, new = line.partition("\t")
        if len(old) == 1 and new and len(new.split()[0]) == 1:
            table[old] = new.split()[0]
    table.update({"裏": "里", "妳": "你", "牠": "它", "祂": "他", "週": "周", "佔": "占", "嚐": "尝", "份": "份"})
    table.pop("著", None)
    return table


@cache
def fold(char: str) -> str:
    """One character in simplified, half-width, lower case; anything that would change the length stays."""
    if char in _CIRCLED:
        return char  # ①一单元 must not become unit 11
    new = unicodedata.normalize("NFKC", char)
    if len(new) != 1 or not new.strip():
        new = char if len(new) != 1 else " "
    lower = new.lower()
    new = lower if len(lower) == 1 else new
    return _simplified().get(new, new)


def clean(text: str) -> str:
    """Without control signs and half surrogates, runs of one sign cut to three, length bounded."""
    if len(text) > LIMIT * 4:
        text = text[: LIMIT * 3] + text[-LIMIT:]
    text = _RUN.sub(r"\1\1\1", _DROP.sub("", text)).strip()
    if len(text) > LIMIT:
        text = text[:_HEAD] + text[_HEAD - LIMIT :]
    return text


def _repair_zhu(norm: str) -> str:
    out = list(norm)
    for i, c in enumerate(out):
        if c != "著":
            continue
        after = norm[i + 1] if i + 1 < len(norm) else ""
        before = norm[i - 1] if i else ""
        if after not in _KEEP_ZHU and before not in _ZHU_AFTER:
            out[i] = "着"
    return "".join(out)


def normalise(text: str, dialect: "Replacer | None" = None) -> Text:
    """Clean and fold a message; `dialect` replaces words of equal length."""
    raw = clean(text)
    norm = "".join(map(fold, raw))
    if "著" in norm:
        norm = _repair_zhu(norm)
    if dialect is not None:
        norm = dialect.replace(norm)
    return Text(raw, norm)


class Replacer:
    """Replaces words by words of the same length, longest first, in one pass."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = {old: new for old, new in words.items() if len(old) == len(new)}
        body = "|".join(sorted(map(re.escape, self._words), key=len, reverse=True))
        self._pattern = re.compile(body) if body else None

    def replace(self, text: str) -> str:
        """The text with every known word replaced."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda found: self._words[found[0]], text)
