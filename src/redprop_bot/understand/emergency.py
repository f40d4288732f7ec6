# ruff: noqa: E501 - Chinese signs count twice, and a pattern is read best in one line
"""Danger to life, told loudly or calmly: rules of the content files, each with what must not stand beside it.

Danger goes before form: a question or a "just asking" does not disarm a rule; hearsay of danger stays on the safe side.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from redprop_bot.understand.required import Sieve, each

_WINDOW = 48
_TURN = re.compile("但|可是|不过|只是|就是|另外|然而|谁知|结果|现在|这会")
_SENTENCE = re.compile(r"[。！!？?；;\n]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """All of `signs` in one piece, none of `unless`: an emergency of `category`."""

    name: str
    category: str
    signs: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None = None
    sure: bool | None = None  # True: holds whatever the weights say; False: only if they think of danger, too

    def matches(self, text: str) -> bool:
        """Whether the piece speaks of this danger."""
        if not all(sign.search(text) for sign in self.signs):
            return False
        return self.unless is None or self.unless.search(text) is None


@dataclass(frozen=True, slots=True)
class Guard:
    """What takes a danger back: `harmless` always (演练, 梦见), `past` (去年) unless a word of `now` stands by it.

    `once` is not weighed at all: 上回着火消防车进不来 tells why a blocked way matters.
    """

    harmless: re.Pattern[str] | None = None
    past: re.Pattern[str] | None = None
    now: re.Pattern[str] | None = None
    once: re.Pattern[str] | None = None

    def clears(self, text: str) -> bool:
        """Whether the piece tells of no danger that is there."""
        if self.harmless is not None and self.harmless.search(text):
            return True
        if self.past is None or not self.past.search(text):
            return False
        return self.now is None or not self.now.search(text)


class Alarm:
    """All rules behind one look at the characters: a rule whose signs cannot be there is not tried at all."""

    def __init__(self, rules: Iterable[Rule] = (), guard: Guard | None = None) -> None:
        # What holds whatever the weights say is tried first: behind a rule that they doubt it would not be found.
        self.rules = tuple(sorted(rules, key=lambda rule: rule.sure is not True))
        self._guard = guard or Guard()
        self._sieve = Sieve()
        self._tried: dict[int, tuple[int, Rule]] = {}  # by the bit of the first sign: those of all, and the rule
        for rule in self.rules:
            if not rule.signs:
                continue  # a fault that the loader tells with the others
            bits = [self._sieve.add(sign.pattern) for sign in rule.signs]
            self._tried[bits[0]] = sum(bits), rule
        self._firsts = sum(self._tried)

    def find(self, text: str) -> Rule | None:
        """The first rule that fires, or None."""
        if self._guard.once is not None:
            text = self._guard.once.sub(" ", text)
        for window in _windows(text):
            if self.first(window) is None:
                continue
            for part in (window, behind_turn(window)):
                rule = self.first(part)
                if rule is not None and not self._guard.clears(part):
                    return rule
        return None

    def harmless(self, text: str) -> bool:
        """Whether a text speaks of what is never a danger (演练, 送回家了), whatever else speaks for one."""
        return self._guard.harmless is not None and self._guard.harmless.search(text) is not None

    def first(self, window: str) -> Rule | None:
        """The first rule that matches, whatever takes it back."""
        seen = self._sieve.seen(window)
        for bit in each(seen & self._firsts):
            needed, rule = self._tried[bit]
            if seen & needed == needed and rule.matches(window):
                return rule
        return None


def behind_turn(text: str) -> str:
    """What is said behind 但是: thanks, a drill or last year before it take nothing of it back."""
    turn = _TURN.search(text)
    return text[turn.end() :] if turn else ""


def _windows(text: str) -> list[str]:
    """The text, or its sentences two by two when it is long: signs of danger stand close together."""
    if len(text) <= _WINDOW:
        return [text]
    sentences = [part for part in _SENTENCE.split(text) if part]
    if len(sentences) == 1:
        return [text[i : i + _WINDOW] for i in range(0, len(text), _WINDOW // 2)]
    return [f"{one},{two}"[: 3 * _WINDOW] for one, two in zip(sentences, [*sentences[1:], ""], strict=True)]
