"""党组织和工作覆盖: rates of what a register says of companies, committees and estates.

Pure: plain values are handed in. A rate counts only what is known; who is missing and what is not said stand
beside it by name, so that somebody knows what to do next. What is not said is counted neither as there nor as not.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from redprop_bot.rules import written

BRANCHES: Final = frozenset({"branch", "joint"})
"""A Party organisation of its own or shared; an instructor is the work of the Party without an organisation."""

NO: Final = "no"
YES: Final = "yes"
_SAID: Final = {"是": YES, "yes": YES, "true": YES, "√": YES, "否": NO, "no": NO, "false": NO, "×": NO}


@dataclass(frozen=True, slots=True)
class Terms:
    """From how many members a company should have an organisation; marks of a committee's share in per cent."""

    members: int
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """A company that serves estates. members: None where the register says none."""

    name: str
    party: str
    members: int | None = None


@dataclass(frozen=True, slots=True)
class Committee:
    """A committee; None is not said. reviewed: a day, yes, no."""

    name: str
    seats: int | None = None
    party_seats: int | None = None
    reviewed: str | None = None

    @property
    def counted(self) -> bool:
        """Whether the register says its seats and how many of them are of Party members."""
        return bool(self.seats) and self.party_seats is not None


@dataclass(frozen=True, slots=True)
class Home:
    """An estate, and whether it has a committee and a branch of its own; None is not said."""

    name: str
    committee: bool | None = None
    branch: bool | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Who is missing or not said, and why: a code; `count` of `of` where there are numbers."""

    name: str
    why: str
    count: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many known ones, who is missing among these, of whom nothing is said.

    code: organised covered due branch committee seats mark reviewed; percent: which mark.
    """

    code: str
    count: int
    of: int
    missing: tuple[Gap, ...] = ()
    unknown: tuple[Gap, ...] = ()
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a register holds of a place. loose: what stands there in words that lead to no unit or estate."""

    companies: Sequence[Company] = ()
    committees: Sequence[Committee] = ()
    homes: Sequence[Home] = ()
    loose: Mapping[str, Sequence[Gap]] = field(default_factory=dict)


def rates(found: Found, terms: Terms) -> list[Rate]:
    """All rates of a place, in the order in which they are told."""
    companies, committees, homes = found.companies, found.committees, found.homes
    counted = [one for one in committees if one.counted]
    unsaid = tuple(Gap(one.name, "no_seats") for one in committees if not one.counted)
    served = tuple(found.loose.get("company", ()))
    of_committees = tuple(found.loose.get("committee", ()))
    return [
        _whole("organised", companies, lambda one: one.party in BRANCHES, _unorganised, served),
        _whole("covered", companies, lambda one: one.party != "none", _unorganised, served),
        _due(companies, terms.members),
        _three("branch", ((one.name, one.branch) for one in homes)),
        _three("committee", ((one.name, one.committee) for one in homes), of_committees),
        Rate("seats", sum(_party(one) for one in counted), sum(one.seats or 0 for one in counted), (), unsaid),
        *(_mark(counted, unsaid, percent) for percent in terms.marks),
        _three("reviewed", ((one.name, is_reviewed(one.reviewed)) for one in committees)),
    ]


def _whole(
    code: str,
    companies: Sequence[Company],
    fits: Callable[[Company], bool],
    why: Callable[[Company], str],
    unknown: tuple[Gap, ...],
) -> Rate:
    missing = tuple(Gap(one.name, why(one)) for one in companies if not fits(one))
    return Rate(code, len(companies) - len(missing), len(companies), missing, unknown)


def _unorganised(company: Company) -> str:
    return company.party if company.party == "instructor" else "none"


def _due(companies: Sequence[Company], least: int) -> Rate:
    """应建尽建: of the companies with enough members, how many have one. Who has one need not say its members."""
    due = [one for one in companies if one.members is not None and one.members >= least]
    missing = tuple(Gap(one.name, "due") for one in due if one.party not in BRANCHES)
    unknown = (one for one in companies if one.members is None and one.party not in BRANCHES)
    return Rate(
        "due", len(due) - len(missing), len(due), missing, tuple(Gap(one.name, "no_members") for one in unknown)
    )


def _three(code: str, known: Iterable[tuple[str, bool | None]], more: tuple[Gap, ...] = ()) -> Rate:
    """A rate of what may be so, not so, or not said."""
    told = list(known)
    missing = tuple(Gap(name, f"no_{code}") for name, so in told if so is False)
    count = sum(so is True for _, so in told)
    unknown = tuple(Gap(name, f"{code}_unsaid") for name, so in told if so is None)
    return Rate(code, count, count + len(missing), missing, unknown + more)


def _mark(counted: Sequence[Committee], unsaid: tuple[Gap, ...], percent: int) -> Rate:
    below = tuple(
        Gap(one.name, "below", _party(one), one.seats or 0)
        for one in counted
        if 100 * _party(one) < percent * (one.seats or 0)
    )
    return Rate("mark", len(counted) - len(below), len(counted), below, unsaid, percent)


def _party(one: Committee) -> int:
    return one.party_seats or 0


def is_reviewed(reviewed: str | None) -> bool | None:
    """Whether the candidates were reviewed; None is not said."""
    return None if reviewed is None else reviewed != NO


# -- the joint review as it is written


def reviewed_of(value: Any) -> str | None:
    """A day as 2026-05-12, yes or no, from whatever a file or a form holds; None for nothing; else ValueError."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = unicodedata.normalize("NFKC", str(value)).strip().lower()
    if not text or text in _SAID:
        return _SAID.get(text)
    day = written.day(text)
    if day is None:
        raise ValueError(value)
    return day.isoformat()
