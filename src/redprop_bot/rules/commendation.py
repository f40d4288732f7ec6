"""评选表彰: what is known of a company, what a condition makes of it, who wins a vote and where it is a tie.

Pure. Rates are compared as whole numbers, never as floats. What is not known is neither met nor not met.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class CompanyFigure(StrEnum):
    """What may be known of a company of a community and year."""

    CAME = "came"
    CLOSED = "closed"
    ON_TIME = "on_time"
    SOLVED = "solved"
    SATISFIED = "satisfied"
    REWORKS = "reworks"
    COMPLAINTS = "complaints"
    FEE_RATE = "fee_rate"
    MEETINGS = "meetings"
    RECTIFIED = "rectified"
    LISTED = "listed"
    STANDARDS = "standards"
    STARS = "stars"


RATES: Final = frozenset(
    {
        CompanyFigure.ON_TIME,
        CompanyFigure.SOLVED,
        CompanyFigure.SATISFIED,
        CompanyFigure.FEE_RATE,
        CompanyFigure.MEETINGS,
    }
)
"""Figures of which a condition names a percentage; of the others it names a count."""


@dataclass(frozen=True, slots=True)
class Known:
    """A figure: a count, or with `of` so many of so many; value None: not known. said: where it comes from."""

    value: int | None
    said: str
    of: int | None = None


class Verdict(StrEnum):
    """What a condition makes of a figure."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


def judged(known: Known, *, least: int | None, most: int | None, from_: int = 1) -> Verdict:
    """Hold a figure against a condition; a rate of fewer than `from_` says too little and stays unknown."""
    value, of = known.value, known.of
    if value is None or (of is not None and of < max(1, from_)):
        return Verdict.UNKNOWN
    scale, value = (1, value) if of is None else (of, value * 100)
    short = least is not None and value < least * scale
    over = most is not None and value > most * scale
    return Verdict.NOT_MET if short or over else Verdict.MET


def together(verdicts: Iterable[str]) -> Verdict:
    """Of several: one not met decides, then one unknown."""
    found = set(verdicts)
    if Verdict.NOT_MET in found:
        return Verdict.NOT_MET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.MET


class Kind(StrEnum):
    """Who is commended: a company by its figures; a person on a staff or a resident only by their own consent."""

    COMPANY = "company"
    STAFF = "staff"
    RESIDENT = "resident"


class State(StrEnum):
    """Where a selection stands: candidates gathered, put to the vote, its result confirmed, called off."""

    GATHERING = "gathering"
    VOTING = "voting"
    CONFIRMED = "confirmed"
    STOPPED = "stopped"


LIVE: Final = (State.GATHERING, State.VOTING)


class Stand(StrEnum):
    """How a candidate stands; only who agreed is voted on."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Placed:
    """A candidate in the result. place: 1 for the most votes, the same for equal ones; tied: with another.

    wins: among those who are commended. Nobody is with no vote.
    """

    number: int
    votes: int
    place: int
    tied: bool
    wins: bool


def result(votes: Mapping[int, int], winners: int) -> list[Placed]:
    """Who won by numbers of candidates, most votes first; a tie at the last place takes all who tie there in."""
    counts = list(votes.values())
    found = []
    for number in sorted(votes, key=lambda n: (-votes[n], n)):
        own = votes[number]
        place = sum(one > own for one in counts) + 1
        found.append(Placed(number, own, place, counts.count(own) > 1 and own > 0, own > 0 and place <= winners))
    return found


def crowded(placed: Sequence[Placed], winners: int) -> list[Placed]:
    """Those who tie at the last place, where more win for it than there are places; else nobody."""
    won = [one for one in placed if one.wins]
    return [one for one in won if one.place == won[-1].place] if len(won) > winners else []
