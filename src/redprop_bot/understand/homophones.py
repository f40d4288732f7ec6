# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Voice input writes 店梯 for 电梯: repair by sound against the words of the house, never touching a word that stands.

A window is repaired when its characters sound like a word of the house, the segmenter saw no word there (only loose
characters or a wrong seam), and the window begins and ends where words begin and end.
"""

from collections.abc import Iterable, Mapping

from redprop_bot.understand import pinyin
from redprop_bot.understand.normalise import Replacer
from redprop_bot.understand.words import Segmenter


class Repairer:
    """Listed slips first, then slips found by sound; both keep the length."""

    def __init__(self, listed: Mapping[str, str], domain: Iterable[str], segmenter: Segmenter) -> None:
        self._listed = Replacer(listed)
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
        starts = [0]
        for token in tokens:
            starts.append(starts[-1] + len(token))
        out: list[str] = []
        i = 0
        while i < len(tokens):
            word, used = self._window(tokens, i, text, starts)
            out.append(word)
            i += used
        return "".join(out)

    def _window(self, tokens: list[str], i: int, text: str, starts: list[int]) -> tuple[str, int]:
        for j in range(min(len(tokens), i + 4), i, -1):
            size = starts[j] - starts[i]
            if size not in self._sizes:
                continue
            window = text[starts[i] : starts[j]]
            if window in self._words or not self._loose(tokens[i:j]):
                continue
            word = self._domain.get(pinyin.key(window))
            if word:
                return word, j - i
        return tokens[i], 1

    def _loose(self, tokens: list[str]) -> bool:
        """Nothing there that stands as a word of its own: a lone character is among them."""
        return len(tokens) > 1 and any(len(token) == 1 for token in tokens)
