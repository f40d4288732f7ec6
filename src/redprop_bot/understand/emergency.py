# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Danger to life, told loudly or calmly: rules of the content files, each with what must not stand beside it.

Danger goes before form: a question or a "just asking" does not disarm a rule; hearsay of danger stays on the safe side.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WINDOW = 48
_SENTENCE = re.compile(r"[。！!？?；;\n]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """All of `signs` in one piece, none of `unless`: an emergency of `category`."""

    name: str
    category: str
    signs: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None = None

    def matches(self, text: str) -> bool:
        """Whether the piece speaks of this danger."""
        if not all(sign.search(text) for sign in self.signs):
            return False
        return self.unless is None or self.unless.search(text) is None


class Alarm:
    """All rules, and the words that make any of them harmless (演练, 宣传片, 梦见)."""

    def __init__(self, rules: Iterable[Rule] = (), harmless: re.Pattern[str] | None = None) -> None:
        self.rules = tuple(rules)
        self._harmless = harmless

    def find(self, text: str) -> Rule | None:
        """The first rule that fires, or None."""
        for window in _windows(text):
            for rule in self.rules:
                if rule.matches(window):
                    if self._harmless is None or not self._harmless.search(window):
                        return rule
                    break
        return None


def _windows(text: str) -> list[str]:
    """The text, or its sentences two by two when it is long: signs of danger stand close together."""
    if len(text) <= _WINDOW:
        return [text]
    sentences = [part for part in _SENTENCE.split(text) if part]
    if len(sentences) == 1:
        return [text[i : i + _WINDOW] for i in range(0, len(text), _WINDOW // 2)]
    return [f"{one},{two}"[: 3 * _WINDOW] for one, two in zip(sentences, [*sentences[1:], ""], strict=True)]
