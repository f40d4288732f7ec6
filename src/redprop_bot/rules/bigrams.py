"""Chinese text as pairs of characters, so that it can be found without a dictionary.

A dictionary decides anew with each edition where words end, and what was indexed by the old one is lost; pairs do
not change. A wish of two or more characters is the pairs in a row, which is the same as finding it in the text;
of one character, that character. Nothing is stored or looked up here.
"""

import unicodedata
from dataclasses import dataclass
from operator import add

LONGEST = 40
"""Characters of a wish that are used; the rest could only make it rarer."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What of a text goes into the index: its pairs in order, and each of its characters once."""

    pairs: tuple[str, ...]
    singles: tuple[str, ...]


def tokens(text: str) -> Tokens:
    """The tokens of a text."""
    found = runs(text)
    pairs: list[str] = []
    for run in found:
        pairs += pairs_of(run)
    return Tokens(tuple(pairs), tuple(dict.fromkeys("".join(found))))


def wish(text: str) -> list[tuple[str, ...]]:
    """What must all be in a text: each a row of pairs, or one character. Empty when nothing is asked for."""
    return [pairs_of(run) or (run,) for run in dict.fromkeys(runs(text[:LONGEST]))]


def holds(text: str, asked: str) -> bool:
    """Whether all that is asked for stands in a text, as the index of its tokens would say."""
    there = runs(text)
    return all(any(run in one for one in there) for run in runs(asked[:LONGEST]))


def pairs_of(run: str) -> tuple[str, ...]:
    """Neighbouring characters, two by two."""
    return tuple(map(add, run, run[1:]))


def runs(text: str) -> list[str]:
    """Letters, digits and characters without what stands between them; width and case do not count."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join([sign if sign.isalnum() else " " for sign in plain]).split()
