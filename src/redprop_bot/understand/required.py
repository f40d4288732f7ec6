"""Which characters a text must have before a pattern can match it: what makes most rules cost nothing.

Only patterns that `patterns.unsafe` lets pass are read; what is not understood is answered with None, "anything".
"""

import re
from collections.abc import Iterator
from functools import reduce

_COMMON = "的了是不在有人我一上下来里没到着子家大小个他她就都也还出去得门"

_FLAGGED = re.compile(r"\(\?[A-Za-z]")  # flags and names: a letter may then stand for another


class Sieve:
    """Many patterns behind one look at the characters of a text: what cannot be there is not tried."""

    def __init__(self) -> None:
        self._marks: dict[str, int] = {}  # character: the patterns that it may begin to fulfil, a bit each
        self._always = self._bits = 0

    def add(self, source: str) -> int:
        """The bit of a pattern, entered with the characters that it needs."""
        bit, chars = 1 << self._bits, required(source)
        self._bits += 1
        if chars is None:
            self._always |= bit
        for char in chars or ():
            self._marks[char] = self._marks.get(char, 0) | bit
        return bit

    def seen(self, text: str) -> int:
        """The bits of all patterns that may match a text."""
        found, marks = self._always, self._marks
        for char in set(text):
            if char in marks:
                found |= marks[char]
        return found


def each(bits: int) -> Iterator[int]:
    """The bits one by one, in the order in which their patterns were added."""
    while bits:
        bit = bits & -bits
        yield bit
        bits ^= bit


def required(source: str) -> frozenset[str] | None:
    """A set of which every match has at least one character; None when there is none to be named."""
    if _FLAGGED.search(source):
        return None
    chars, at = _either(source, 0)
    return chars if at >= len(source) else None


def _either(source: str, at: int) -> tuple[frozenset[str] | None, int]:
    """Branches up to the bracket that closes them: one of any of them."""
    branches = []
    while True:
        chars, at = _branch(source, at)
        branches.append(chars)
        if at >= len(source) or source[at] != "|":
            break
        at += 1
    if any(chars is None for chars in branches):
        return None, at
    return reduce(frozenset.union, (chars for chars in branches if chars is not None)), at


def _branch(source: str, at: int) -> tuple[frozenset[str] | None, int]:
    """One branch: the part of it that says most."""
    best: frozenset[str] | None = None
    while at < len(source) and source[at] not in "|)":
        chars, at = _part(source, at)
        needed, at = _count(source, at)
        if needed and chars is not None and (best is None or _rank(chars) < _rank(best)):
            best = chars
    return best, at


def _rank(chars: frozenset[str]) -> tuple[int, int]:
    """Few characters, none of them common, keep most texts away."""
    return sum(char in _COMMON for char in chars), len(chars)


def _part(source: str, at: int) -> tuple[frozenset[str] | None, int]:
    char = source[at]
    if char == "\\":
        return None, at + 2
    if char == "[":
        end = source.index("]", at + 2)
        inside = source[at + 1 : end]
        plain = inside[0] != "^" and "\\" not in inside and "-" not in inside
        return (frozenset(inside) if plain else None), end + 1
    if char == "(":
        aside = source.startswith(("(?=", "(?!", "(?<"), at)
        start = at + (3 if source.startswith("(?:", at) else 1)
        chars, end = (None, _close(source, at)) if aside else _either(source, start)
        return chars, end + 1
    return (None if char in ".^$" else frozenset(char)), at + 1


def _close(source: str, at: int) -> int:
    """Where the bracket that opens here is closed."""
    depth, in_class = 0, False
    while True:
        char = source[at]
        if char == "\\":
            at += 1
        elif in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        else:
            depth += (char == "(") - (char == ")")
            if depth == 0:
                return at
        at += 1


def _count(source: str, at: int) -> tuple[bool, int]:
    """Whether what came before must be there, and where the next part begins."""
    if at < len(source) and source[at] == "?":
        return False, _behind_lazy(source, at + 1)
    if at < len(source) and source[at] == "{":
        end = source.index("}", at)
        return not source.startswith(("{0", "{,"), at), _behind_lazy(source, end + 1)
    return True, at


def _behind_lazy(source: str, at: int) -> int:
    """Where the next part begins: a ? behind a count only says that few are tried first."""
    return at + source.startswith("?", at)
