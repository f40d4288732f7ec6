"""Meetings as pure rules: days of a quarter, quorum and majority, how far a resolution is, topics that are alike.

Moments and numbers are handed in; who may convene and what happens then is `council`, how long before what must
be known is `data/meetings/`.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil, floor
from typing import Final, Literal
from zoneinfo import ZoneInfo

from redprop_bot.rules.bigrams import pairs_of, runs
from redprop_bot.rules.flow import Stage
from redprop_bot.rules.projects import ProjectStage

Part = Literal[
    "secretary",
    "street",
    "grid",
    "property",
    "committee",
    "party",
    "department",
    "partner",
    "volunteer_team",
    "involved",
]
"""As what somebody is invited."""


class MeetingState(StrEnum):
    """How far a meeting is."""

    PROPOSED = "proposed"  # a date that nobody has agreed to yet
    CALLED = "called"
    HELD = "held"
    CANCELLED = "cancelled"


class Answer(StrEnum):
    """What somebody invited says."""

    ATTEND = "attend"
    DEPUTY = "deputy"
    DECLINE = "decline"


class Choice(StrEnum):
    """A vote."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


# -- quarters


def quarter_number(moment: datetime, zone: ZoneInfo) -> int:
    """20264: the quarter that a moment lies in."""
    local = moment.astimezone(zone)
    return local.year * 10 + (local.month + 2) // 3


def quarter_name(number: int) -> str:
    """2026年第四季度."""
    return f"{number // 10}年第{'一二三四'[number % 10 - 1]}季度"


def first_day(number: int) -> date:
    """The first day of a quarter."""
    return date(number // 10, 3 * (number % 10) - 2, 1)


def day_of_quarter(number: int, day: int) -> date:
    """The so-manieth day of a quarter, counted from 1."""
    return first_day(number) + timedelta(days=day - 1)


# -- votes


def needed(seats: int, quorum: float) -> int:
    """How many of the seats must be there: more than half where half is asked for, else at least the share."""
    return floor(seats * quorum) + 1 if quorum == 0.5 else ceil(round(seats * quorum, 6))


def passes(yes: int, voted: int) -> bool:
    """More than half of those who voted, abstentions included."""
    return yes * 2 > voted


# -- resolutions

_WAY: Final = (
    Stage.NEW,
    Stage.TABLED,
    Stage.RETURNED,
    Stage.DISPATCHED,
    Stage.SUSPENDED,
    Stage.ACCEPTED,
    Stage.DONE,
    Stage.MERGED,
    Stage.WITHDRAWN,
    Stage.CLOSED,
)


def furthest_behind(stages: Iterable[str]) -> str:
    """The stage of a resolution: that of the order which has come least far; closed where it made none."""
    return min(stages, key=lambda stage: _WAY.index(Stage(stage)), default=Stage.CLOSED.value)


def stage_of_measure(stage: str, percent: int) -> str:
    """A measure as if it were an order: handed out, at work, closed, or not done any more."""
    if stage == ProjectStage.DONE:
        return Stage.CLOSED.value
    if stage == ProjectStage.CANCELLED:
        return Stage.WITHDRAWN.value
    return (Stage.ACCEPTED if percent else Stage.DISPATCHED).value


# -- topics

_ALIKE: Final = 0.5
_OR_NOT: Final = re.compile(r"(\w)[不没]\1")
_NO: Final = re.compile(
    r"不(?:同意|赞成|支持|建议|要|想|让|准|许|该|应|再|装|建|设|搞|用|收|涨)|反对|取消|拒绝|禁止|停止|别(?!的|墅|处|人)"
)
_SPOT: Final = re.compile(
    r"[\d一二三四五六七八九十]+(?=号|栋|幢|座|单元|楼|期)|[东西南北](?=门|区|侧|边|头|院|广场|楼)"
)
_DIGITS: Final = str.maketrans("一二三四五六七八九", "123456789")


def alike(one: str, other: str) -> bool:
    """Whether two topics ask for the same: half of the pairs of the shorter stand in the longer.

    Never where one says no to what the other wants, or they speak of other numbers or sides: 3号楼, 东门.
    """
    if _against(one) != _against(other) or _elsewhere(one, other):
        return False
    mine, theirs = _pairs(one), _pairs(other)
    least = min(len(mine), len(theirs))
    return least > 1 and len(mine & theirs) / least >= _ALIKE


def _against(text: str) -> bool:
    return _NO.search(_OR_NOT.sub("", text)) is not None


def _elsewhere(one: str, other: str) -> bool:
    """Whether both say where, and not the same."""
    places = ({found.translate(_DIGITS) for found in _SPOT.findall(text)} for text in (one, other))
    mine, theirs = places
    return bool(mine) and bool(theirs) and mine != theirs


def _pairs(text: str) -> set[str]:
    return {pair for run in runs(text) for pair in pairs_of(run)}


# -- dates


def overlaps(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    """Whether two spans share a moment."""
    return one[0] < other[1] and other[0] < one[1]


def free_day(days: Sequence[date], taken: Iterable[date]) -> date | None:
    """The first of some days on which nothing is."""
    busy = set(taken)
    return next((day for day in days if day not in busy), None)
