"""Danger to life, told loudly or calmly: rules of the content files, each with what must not stand beside it.

Danger goes before form: a question or a "just asking" does not disarm a rule; hearsay of danger stays on the safe side.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass


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
        for rule in self.rules:
            if rule.matches(text):
                return None if self._harmless is not None and self._harmless.search(text) else rule
        return None
