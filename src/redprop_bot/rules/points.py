"""积分 as rules: the accounts of the house, what presence is worth, how much the caps leave.

Pure: tables and sums are handed in. What is booked, and that it adds up, is `volunteers.ledger`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

KINDS: Final = ("activity", "assist", "wish", "report_for", "hand")
"""Kinds by which points are earned; each has a row in `data/points/points.yaml`."""


class House(StrEnum):
    """The other side of every booking; all accounts together are always zero."""

    ISSUED = "issued"  # where earned points come from
    SHOP = "shop"  # where spent points go
    LAPSED = "lapsed"  # what belonged to somebody who wished to be forgotten
    JOINED = "joined"  # on the way between two rows of one person


class Book(StrEnum):
    """How an entry came about: recorded by the machine, or added by hand with an approver."""

    MACHINE = "machine"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Earned:
    """What a person has earned so far: from one source, of one kind today, today, this year."""

    source: int
    kind: int
    day: int
    year: int


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that may be earned of each; None: no limit."""

    source: int | None
    kind: int | None
    day: int
    year: int


def granted(points: int, earned: Earned, caps: Caps) -> int:
    """How many of these points the caps leave, at least 0."""
    room = [caps.day - earned.day, caps.year - earned.year]
    if caps.source is not None:
        room.append(caps.source - earned.source)
    if caps.kind is not None:
        room.append(caps.kind - earned.kind)
    return max(0, min(points, *room))


@dataclass(frozen=True, slots=True)
class Attended:
    """Somebody's time at an activity from `starts` to `ends`; `left` is None when they did not check out."""

    starts: datetime
    ends: datetime
    came: datetime
    left: datetime | None


def share(attended: Attended, *, grace_minutes: int, without_check_out: float) -> float:
    """The part of an activity that somebody was there for, 0 to 1; a few minutes at both ends do not matter.

    Of a short one, whose few minutes are most of it, at least half must have been spent there.
    """
    if attended.left is None:
        return without_check_out
    whole = (attended.ends - attended.starts).total_seconds()
    came, left = max(attended.came, attended.starts), min(attended.left, attended.ends)
    late = (came - attended.starts).total_seconds()
    early = (attended.ends - left).total_seconds()
    there = (left - came).total_seconds()
    if max(late, early) <= grace_minutes * 60 and there >= whole / 2:
        return 1.0
    return max(0.0, there / whole)


def worth(points: int | None, per_hour: int, attended: Attended, part: float) -> int:
    """Points for a part of an activity: of its own number, else by the hour; rounded, half a point up."""
    hours = (attended.ends - attended.starts).total_seconds() / 3600
    whole = points if points is not None else per_hour * hours
    return int(whole * part + 0.5)


_FOR: Final = re.compile(r"(?:帮|替|代)(?P<who>[^，。,；;]{1,14}?)(?:报|反映|说|问|上报)(?:一下|一声|个|件|一件)?")
_OWN: Final = frozenset("我俺咱")


def for_another(text: str) -> bool:
    """Whether somebody reports for somebody else (帮TA报): 帮3栋王奶奶报个事."""
    match = _FOR.search(text[:60])
    return match is not None and match["who"].strip()[:1] not in _OWN


# -- patterns that a secretary is asked to look at


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody's time at something, with what it was."""

    person_id: int
    came: datetime
    left: datetime
    what: str


def crowded(times: Sequence[Presence], *, within: timedelta, hours: float) -> list[tuple[int, list[Presence]]]:
    """Who has more hours recorded within a span than it can hold, with the times that say so."""
    found: list[tuple[int, list[Presence]]] = []
    by_person: dict[int, list[Presence]] = {}
    for one in times:
        by_person.setdefault(one.person_id, []).append(one)
    for person, own in by_person.items():
        for first in own:
            until = first.came + within
            inside = [one for one in own if one.came < until and one.left > first.came]
            total = sum((min(one.left, until) - max(one.came, first.came)).total_seconds() for one in inside)
            if total >= hours * 3600:
                found.append((person, inside))
                break
    return found


@dataclass(frozen=True, slots=True)
class ByHand:
    """One wish for points by hand."""

    at: datetime
    by: str
    points: int
    reason: str


def clusters(asked: Sequence[ByHand], *, within: timedelta, least: int) -> list[tuple[ByHand, int]]:
    """Who has entered the same again and again within a short time: the first of them, and how many."""
    groups: dict[tuple[str, int, str], list[ByHand]] = {}
    for one in sorted(asked, key=lambda one: one.at):
        groups.setdefault((one.by, one.points, one.reason), []).append(one)
    found: list[tuple[ByHand, int]] = []
    for group in groups.values():
        most = max(range(len(group)), key=lambda n: _followers(group, n, within))
        number = _followers(group, most, within)
        if number >= least:
            found.append((group[most], number))
    return found


def _followers(group: Sequence[ByHand], n: int, within: timedelta) -> int:
    return sum(group[n].at <= one.at <= group[n].at + within for one in group)
