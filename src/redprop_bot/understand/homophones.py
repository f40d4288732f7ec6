# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Voice input writes 店梯 for 电梯: repair by sound against the words of the house, never touching a word that stands.

A window is repaired when its characters sound like a word of the house, the segmenter saw no word there (only loose
characters or a wrong seam), and the window begins and ends where words begin and end. What is written rightly and only
sounds like such a word (楼上漏到我家, 楼道) is listed, and stands.
"""

import re
from collections.abc import Iterable, Mapping

from redprop_bot.understand import pinyin
from redprop_bot.understand.normalise import Replacer
from redprop_bot.understand.words import Segmenter


class Repairer:
    """Listed slips first, then slips found by sound; both keep the length."""

    def __init__(
        self, listed: Mapping[str, str], domain: Iterable[str], segmenter: Segmenter, stands: Iterable[str] = ()
    ) -> None:
        stands = list(stands)
        self._listed = Replacer({**listed, **{text: text for text in stands}})
        self._stands = re.compile("|".join(map(re.escape, stands))) if stands else None
        self._segmenter = segmenter
        self._domain = {pinyin.key(word): word for word in domain if 2 <= len(word) <= 5}
        self._words = frozenset(self._domain.values())
        self._sizes = frozenset(map(len, self._words))

    def repair(self, text: str) -> str:
        """The text with slips repaired; the length stays."""
        text = self._listed.replace(text)
        if not self._domain:
            return text
        tokens = self._segmenter.cut(text)
        sounds = [*map(pinyin.sound, text)]
        for found in self._stands.finditer(text) if self._stands else ():
            sounds[found.start() : found.end()] = found[0]
        out: list[str] = []
        i = start = 0
        while i < len(tokens):
            word, used = self._window(tokens, i, text, start, sounds)
            out.append(word)
            i += used
            start += len(word)
        return "".join(out)

    def _window(self, tokens: list[str], i: int, text: str, start: int, sounds: list[str]) -> tuple[str, int]:
        """The longest run of two to four tokens, a lone character among them, that sounds like a word; or one token."""
        first, end, lone = tokens[i], start, False
        best = first, 1
        for used, token in enumerate(tokens[i : i + 4], 1):
            end += len(token)
            lone = lone or len(token) == 1
            if used == 1 or not lone or end - start not in self._sizes:
                continue
            word = self._domain.get(" ".join(sounds[start:end]))
            if word and text[start:end] not in self._words:
                best = word, used
        return best
