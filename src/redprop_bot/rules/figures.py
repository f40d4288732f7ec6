"""The figures of a period: counts that add up over units and communities, and the three rates (三率) out of them.

Pure: counts are handed in. A rate is never without its numbers, and there is no rank where they are small:
c9 of the reference.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened in a period.

    came       reported in it                    closed     ended in it
    due        whose term ended in it            on_time    of those, done by then
    asked      to be signed for, of what came    signed     of those, in time
    to_solve   done or past its term, of it      solved     of those, done
    rated      stars given, neighbours' too      content    of those, three and more
    """

    came: int = 0
    closed: int = 0
    due: int = 0
    on_time: int = 0
    asked: int = 0
    signed: int = 0
    to_solve: int = 0
    solved: int = 0
    rated: int = 0
    content: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Those of both."""
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to tell."""
        return not any(getattr(self, f.name) for f in fields(self))


RATES: Final[Mapping[str, tuple[str, str]]] = {
    "response": ("signed", "asked"),
    "solved": ("solved", "to_solve"),
    "satisfied": ("content", "rated"),
}
"""The three rates: which count of which."""


NOTHING: Final = "—"
"""A rate of nothing."""


def total(many: Iterable[Counts]) -> Counts:
    """All of them together."""
    return sum(many, Counts())


def percent(count: int, of: int) -> str:
    """A rate with its numbers, `95%（19/20）`; a dash where there is nothing to divide by."""
    return f"{round(100 * count / of)}%（{count}/{of}）" if of else NOTHING


def rate(counts: Counts, name: str) -> tuple[int, int]:
    """Numerator and denominator of a rate."""
    count, of = RATES[name]
    return getattr(counts, count), getattr(counts, of)


def score(counts: Counts, weights: Mapping[str, int]) -> float | None:
    """The three rates as one number from 0 to 100; None where one of them has nothing to divide by."""
    found = {name: rate(counts, name) for name in RATES}
    if not all(of for _count, of in found.values()):
        return None
    return sum(weights[name] * count / of for name, (count, of) in found.items())


def ranked(
    rows: Mapping[int, Counts], weights: Mapping[str, int], *, least: int
) -> list[tuple[int, Counts, int | None]]:
    """Key, counts and rank: first those with a rank, the best first; then the others, the most orders first.

    A rank needs `least` orders and all three rates, and somebody to be ranked with; who has the same score has the
    same rank.
    """
    scores = {key: score(counts, weights) if counts.came >= least else None for key, counts in rows.items()}
    good = sorted((s for s in scores.values() if s is not None), reverse=True)
    if len(good) < 2:
        scores, good = dict.fromkeys(rows), []

    def order(key: int) -> tuple[bool, float, int, int]:
        own = scores[key]
        return own is None, -(own or 0), -rows[key].came, key

    found = []
    for key in sorted(rows, key=order):
        own = scores[key]
        found.append((key, rows[key], None if own is None else good.index(own) + 1))
    return found
