"""Weighted patterns from the content files: each adds its weight to one label of one head when it matches.

A pattern may not repeat without bound, so that no message makes it backtrack: `.{0,12}` instead of `.*`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from redprop_bot.understand.required import Sieve, each

_BOUND = 40
_GROUP = re.compile("〔([^〔〕]{1,12})〕")
_COUNT = re.compile(r"\{(\d*)(,?)(\d*)\}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """When `regex` matches a piece said by one of `roles` (empty: anyone), `label` of `head` gains `weight`."""

    regex: re.Pattern[str]
    head: str
    label: str
    weight: float
    roles: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What stands in an explanation."""
        return f"/{self.regex.pattern}/→{self.label}{self.weight:+g}"


def spelt_out(source: str, groups: Mapping[str, str]) -> tuple[str, str | None]:
    """A pattern with what 〔名字〕 in it stands for in its place, and why it is refused, or None."""
    strange = [name for name in _GROUP.findall(source) if name not in groups]
    spelt = _GROUP.sub(lambda found: f"(?:{groups.get(found[1], '')})", source)
    return spelt, f"没有〔{strange[0]}〕这组词" if strange else unsafe(spelt)


def unsafe(source: str) -> str | None:
    """Why the pattern is refused, or None: unbounded or nested repetition, or no regular expression at all."""
    bare = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "x", source)
    if re.search(r"[*+]", bare):
        return "不能用 * 和 +，请写成 {0,12} 这样有上限的重复"
    for count in _COUNT.finditer(bare):
        low, comma, high = count.groups()
        if comma and not high:
            return "重复要有上限，例如 {0,12}"
        if int(high or low or 0) > _BOUND:
            return f"重复最多 {_BOUND} 次"
    if re.search(r"\)\{", bare):
        return "括号后面不能再重复"
    try:
        re.compile(source)
    except re.error as error:
        return f"不是合法的正则：{error}"
    return None


class PatternSet:
    """All patterns, sorted by head."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._heads: dict[str, int] = {}  # the bits of its patterns
        self._sieve = Sieve()
        self._patterns: dict[int, Pattern] = {}
        for pattern in patterns:
            bit = self._sieve.add(pattern.regex.pattern)
            self._patterns[bit] = pattern
            self._heads[pattern.head] = self._heads.get(pattern.head, 0) | bit

    def __iter__(self) -> Iterator[Pattern]:
        return iter(self._patterns.values())

    def hits(self, head: str, text: str, role: str) -> list[Pattern]:
        """The patterns of a head that match a text said by a role."""
        likely = map(self._patterns.__getitem__, each(self._sieve.seen(text) & self._heads.get(head, 0)))
        return [p for p in likely if (not p.roles or role in p.roles) and p.regex.search(text) is not None]
