"""The stage table of a demand (需求): which act leads from which stage to which.

This is the only place that compares stages. What is not in `FLOW` is refused with 409 and changes nothing.
Who may act stands in `roles`; by when, in `deadlines`.
"""

from enum import StrEnum
from typing import Final

from redprop_bot.errors import Conflict


class Stage(StrEnum):
    """Where a demand stands; the Chinese names are in `docs/glossary.md` and `data/replies/`."""

    NEW = "new"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    DONE = "done"
    CLOSED = "closed"
    RETURNED = "returned"
    TABLED = "tabled"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Act(StrEnum):
    """The verbs of the loop: the same in chat, on cards, on pages and in the API."""

    ORDER = "order"
    DISPATCH = "dispatch"
    ASSIGN = "assign"
    ACCEPT = "accept"
    RETURN = "return"
    PROGRESS = "progress"
    FULFIL = "fulfil"
    EXTEND = "extend"
    GRANT = "grant"
    PAUSE = "pause"
    RESUME = "resume"
    RATE = "rate"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    URGE = "urge"
    SUPPLEMENT = "supplement"
    ASSIST = "assist"
    MERGE = "merge"
    ESCALATE = "escalate"
    CORRECT = "correct"
    CLOSE = "close"
    EXPIRE = "expire"  # time: nobody rated for 14 days


OPEN: Final = frozenset(
    {Stage.NEW, Stage.DISPATCHED, Stage.ACCEPTED, Stage.RETURNED, Stage.TABLED, Stage.SUSPENDED, Stage.DONE}
)

RUNNING: Final = OPEN - {Stage.DONE, Stage.SUSPENDED}
"""Stages in which the clock to solve runs."""

AT_WORK: Final = frozenset({Stage.DISPATCHED, Stage.ACCEPTED})
"""Stages in which a unit has it in hand, taken or not."""

CONTENT_STARS: Final = 3
"""From so many stars on somebody is content; fewer reopen the order."""

IMPOSED_AT: Final = 3
"""From this dispatch on the unit cannot return the order."""

SAME: Final = "same"  # the act happens, the stage stays
BACK: Final = "back"  # the stage before the pause


def _rows(act: Act, stages: frozenset[Stage] | set[Stage], to: str) -> dict[tuple[Act, Stage], str]:
    return {(act, stage): to for stage in stages}


FLOW: Final[dict[tuple[Act, Stage], str]] = {
    **_rows(
        Act.DISPATCH,
        {Stage.NEW, Stage.RETURNED, Stage.TABLED, Stage.SUSPENDED, Stage.DISPATCHED, Stage.ACCEPTED},
        Stage.DISPATCHED,
    ),
    **_rows(Act.ASSIGN, AT_WORK, SAME),
    **_rows(Act.ACCEPT, {Stage.DISPATCHED}, Stage.ACCEPTED),
    **_rows(Act.RETURN, AT_WORK, Stage.RETURNED),
    **_rows(Act.PROGRESS, AT_WORK, Stage.ACCEPTED),  # on a dispatched order it accepts first
    **_rows(Act.FULFIL, AT_WORK, Stage.DONE),  # likewise
    **_rows(Act.EXTEND, AT_WORK, SAME),
    **_rows(Act.GRANT, AT_WORK, SAME),
    **_rows(Act.PAUSE, AT_WORK, Stage.SUSPENDED),
    **_rows(Act.RESUME, {Stage.SUSPENDED}, BACK),
    **_rows(Act.RATE, {Stage.DONE, Stage.CLOSED}, Stage.CLOSED),  # one or two stars reopen instead
    **_rows(Act.REOPEN, {Stage.DONE, Stage.CLOSED}, Stage.DISPATCHED),
    **_rows(Act.WITHDRAW, {Stage.NEW, Stage.DISPATCHED, Stage.ACCEPTED, Stage.RETURNED}, Stage.WITHDRAWN),
    **_rows(Act.URGE, OPEN, SAME),
    **_rows(Act.SUPPLEMENT, OPEN, SAME),
    **_rows(Act.ASSIST, OPEN, SAME),
    **_rows(Act.MERGE, OPEN, Stage.MERGED),
    **_rows(Act.ESCALATE, OPEN, Stage.TABLED),
    **_rows(Act.CORRECT, OPEN, SAME),
    **_rows(Act.CLOSE, OPEN, Stage.CLOSED),
    **_rows(Act.EXPIRE, {Stage.DONE}, Stage.CLOSED),
}


def is_open(stage: str) -> bool:
    """Whether somebody still has to do something about it."""
    return stage in OPEN


def next_stage(act: Act, stage: str, *, before: str | None = None) -> Stage:
    """The stage after `act`; `before` is the stage that a pause interrupted. Raises Conflict."""
    to = FLOW.get((act, Stage(stage)))
    if to is None:
        raise Conflict("stage", act=act.value, stage=stage)
    if to == SAME:
        return Stage(stage)
    if to == BACK:
        return Stage(before or Stage.DISPATCHED)
    return Stage(to)


def can(act: Act, stage: str) -> bool:
    """Whether the stage allows the act."""
    return (act, Stage(stage)) in FLOW
