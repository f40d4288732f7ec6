"""红黑榜: places and colours of property companies from their results. Pure, in whole numbers.

Who has the same score shares a place; a place is one more than there are better ones, from the end one more than
there are worse ones. Who has no result, appeals, or was put apart has no place and moves nobody's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final


class State(StrEnum):
    """Where a board stands; `replaced`: a later version is published; `void`: called off before it was."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    VOID = "void"


OPEN: Final = (State.DRAFT, State.REVIEW)
"""It is being made."""
SHOWN: Final = (State.REVIEW, State.PUBLISHED, State.REPLACED, State.WITHDRAWN)
"""Companies have seen their line of it."""


class Apart(StrEnum):
    """Why a line has no place."""

    NO_RESULT = "no_result"
    APPEALED = "appealed"
    DECIDED = "decided"
    SETTLED = "settled"  # was appealed against when it was published, and is not any more


class Outcome(StrEnum):
    """What becomes of an objection."""

    STAND = "stand"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Line:
    """A company on a board. score: hundredths, the mean of its rounds; scored of `parties` parties gave points.

    apart: why it has no place. objection: what the company says, once; outcome and decision: what became of it.
    """

    unit: int
    communities: tuple[int, ...] = ()
    rounds: tuple[int, ...] = ()
    score: int | None = None
    scored: int = 0
    parties: int = 0
    apart: str = ""
    place: int | None = None
    colour: str = ""
    objection: str = ""
    outcome: str = ""
    decision: str = ""


def placed(lines: Iterable[Line], colours: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    """The lines with place and colour, the best first, those apart last."""
    lines = list(lines)
    scores = [line.score for line in lines if line.score is not None and not line.apart]
    found = []
    for line in lines:
        if line.score is None or line.apart:
            found.append(replace(line, place=None, colour=""))
            continue
        place = 1 + sum(score > line.score for score in scores)
        behind = 1 + sum(score < line.score for score in scores)
        hit = next((one["key"] for one in colours if _fits(one, line.score, place, behind)), "")
        found.append(replace(line, place=place, colour=hit))
    return tuple(sorted(found, key=lambda line: (line.place is None, line.place or 0, line.unit)))


def _fits(colour: Mapping[str, Any], score: int, place: int, behind: int) -> bool:
    """Whether every bound of a colour that is there holds; points are whole, scores hundredths."""
    top, bottom, least, below = (colour.get(name) for name in ("top", "bottom", "least", "below"))
    return (
        (top is None or place <= top)
        and (bottom is None or behind <= bottom)
        and (least is None or score >= 100 * least)
        and (below is None or score < 100 * below)
    )


def kept(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The lines as they are stored."""
    return [asdict(line) for line in lines]


def read(stored: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    """The lines as they were stored."""
    return tuple(
        Line(**{**one, "communities": tuple(one["communities"]), "rounds": tuple(one["rounds"])}) for one in stored
    )
