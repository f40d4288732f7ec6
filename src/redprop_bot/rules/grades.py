"""考评: points become a score and stars. Whole numbers only, so that anybody gets the same with paper and pencil.

    points of an item, percent of a part, score   hundredths, each rounded once, half up
    percent = 100 × points ÷ full marks of the items that count
    score   = Σ weight × percent ÷ Σ weight, over the parts that are there

A part that is missing is left out with its weight, and says why; nothing is put in its place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final

HUNDRED: Final = 100
SHORTER: Final[Mapping[str, int]] = {"months": 1, "quarters": 3}
"""Figures that are the mean of shorter periods: how many months one of those has."""


class State(StrEnum):
    """Where a round stands; `settled`: an appeal was decided, `void`: called off before there was a result."""

    OPEN = "open"
    PUBLISHED = "published"
    APPEALED = "appealed"
    SETTLED = "settled"
    VOID = "void"


RESULTS: Final = (State.PUBLISHED, State.APPEALED, State.SETTLED)
"""There is a result. While an appeal runs, it stands."""


class Outcome(StrEnum):
    """What becomes of an appeal."""

    STAND = "stand"
    CORRECT = "correct"


class Figure(StrEnum):
    """What the system fills in: rates of `rules.figures`, and results of shorter periods."""

    RESPONSE = "response"
    SOLVED = "solved"
    SATISFIED = "satisfied"
    ON_TIME = "on_time"
    MONTHS = "months"
    QUARTERS = "quarters"


class Missing(StrEnum):
    """Why a part does not count."""

    SILENT = "silent"  # nobody scored
    FEW = "few"  # fewer than it takes
    NO_SAMPLE = "no_sample"  # nothing happened that could be counted


@dataclass(frozen=True, slots=True)
class Damping:
    """So many cases at such a percentage are added to every sample (贝叶斯平滑)."""

    size: int
    percent: int


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a part. points: hundredths; None where it does not count.

    how: mean (of `of` ballots) | rate (`good` of `of`, damped) | rounds (mean of `of` results).
    was: the points before an appeal corrected them.
    """

    key: str
    title: str
    full: int
    points: int | None
    how: str
    of: int
    good: int = 0
    was: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one party gave, or the figures; `scorers` ballots, `least` are needed.

    missing: why it does not count. size, prior: what the rates of the figures were mixed with.
    """

    key: str
    name: str
    weight: int
    lines: tuple[Line, ...]
    scorers: int = 0
    least: int = 1
    missing: str = ""
    size: int = 0
    prior: int = 0

    @property
    def full(self) -> int:
        """Full marks of the lines that count."""
        return sum(line.full for line in self.lines if line.points is not None)

    @property
    def points(self) -> int:
        """What they add up to, in hundredths."""
        return sum(line.points for line in self.lines if line.points is not None)

    @property
    def percent(self) -> int:
        """Points of a hundred, in hundredths; 0 where it is missing."""
        return half_up(HUNDRED * self.points, self.full) if self.full and not self.missing else 0


def half_up(count: int, of: int) -> int:
    """A quotient of whole numbers, not negative, rounded half up."""
    return (2 * count + of) // (2 * of)


def given(key: str, title: str, full: int, ballots: Sequence[int]) -> Line:
    """An item that people scored: the mean of their whole points."""
    points = half_up(HUNDRED * sum(ballots), len(ballots)) if ballots else None
    return Line(key, title, full, points, "mean", len(ballots))


def rated(key: str, title: str, full: int, count: tuple[int, int], damping: Damping) -> Line:
    """An item that is a rate: `count` is good and of how many. Of nothing there is no rate, and no prior."""
    good, of = count
    if not of:
        return Line(key, title, full, None, "rate", 0)
    above = full * (HUNDRED * good + damping.size * damping.percent)
    return Line(key, title, full, half_up(above, of + damping.size), "rate", of, good)


def averaged(key: str, title: str, full: int, scores: Sequence[int]) -> Line:
    """An item that is the mean of results of shorter periods, in hundredths."""
    if not scores:
        return Line(key, title, full, None, "rounds", 0)
    return Line(key, title, full, half_up(full * sum(scores), HUNDRED * len(scores)), "rounds", len(scores))


def weights(parts: Iterable[Part]) -> tuple[int, int]:
    """The weight that is there, and all of it."""
    parts = list(parts)
    return sum(part.weight for part in parts if not part.missing), sum(part.weight for part in parts)


def score(parts: Iterable[Part]) -> int | None:
    """Hundredths, 0 to 10000; None where no part is there."""
    there = [part for part in parts if not part.missing]
    weight = sum(part.weight for part in there)
    return half_up(sum(part.weight * part.percent for part in there), weight) if weight else None


def stars(score: int, steps: Sequence[int]) -> int:
    """5 to 1: `steps` are the least points of five, four, three and two stars."""
    return next((5 - n for n, step in enumerate(steps) if score >= HUNDRED * step), 5 - len(steps))


def enough(parts: Iterable[Part], least: int) -> bool:
    """Whether the parts that are there weigh at least so many percent of all."""
    there, all_ = weights(parts)
    return bool(there) and HUNDRED * there >= least * all_


def corrected(parts: Sequence[Part], wanted: Mapping[tuple[str, str], int]) -> tuple[Part, ...]:
    """The parts with other points (hundredths) in these lines, by part and line; the old ones stay beside."""
    return tuple(
        replace(
            part,
            lines=tuple(
                replace(line, points=wanted[part.key, line.key], was=line.points)
                if (part.key, line.key) in wanted
                else line
                for line in part.lines
            ),
        )
        for part in parts
    )


def kept(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """The working as it is stored."""
    return [asdict(part) for part in parts]


def read(stored: Iterable[Mapping[str, Any]]) -> tuple[Part, ...]:
    """The working as it was stored."""
    return tuple(Part(**{**part, "lines": tuple(Line(**line) for line in part["lines"])}) for part in stored)
