"""调解: where a case stands, what may be done there, and the figures. Pure.

open ──ask──▶ asked ──take──▶ running ──offer──▶ offered ──both yes──▶ agreed ──30 days──▶ kept
 ▲             │                │  ▲                │                     │
 └──── pass ───┘                │  └──── no ────────┘                     └──▶ broken ──again──▶ running
                                └──▶ failed                      withdrawn: from everywhere before agreed
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol


class Case(StrEnum):
    """Where a mediation stands."""

    OPEN = "open"
    ASKED = "asked"
    RUNNING = "running"
    OFFERED = "offered"
    AGREED = "agreed"
    KEPT = "kept"
    BROKEN = "broken"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


_C = Case
BEFORE: Final = frozenset({_C.OPEN, _C.ASKED, _C.RUNNING, _C.OFFERED})
"""Nothing is signed yet."""
LIVE: Final = BEFORE | {_C.AGREED, _C.BROKEN}
"""Somebody still has to do something."""
MAY: Final[dict[str, frozenset[Case]]] = {
    "ask": frozenset({_C.OPEN, _C.ASKED}),
    "replace": frozenset({_C.OPEN, _C.ASKED, _C.RUNNING, _C.OFFERED}),  # ask, where who mediated is gone
    "take": frozenset({_C.ASKED}),
    "pass": frozenset({_C.ASKED, _C.RUNNING}),
    "date": frozenset({_C.RUNNING, _C.OFFERED}),
    "note": frozenset({_C.RUNNING, _C.OFFERED}),
    "offer": frozenset({_C.RUNNING, _C.OFFERED}),
    "yes": frozenset({_C.OFFERED}),
    "no": frozenset({_C.OFFERED}),
    "fail": frozenset({_C.RUNNING, _C.OFFERED, _C.BROKEN}),
    "withdraw": BEFORE,
    "kept": frozenset({_C.AGREED}),
    "again": frozenset({_C.BROKEN, _C.FAILED, _C.WITHDRAWN}),
}
"""The stages in which a step may be done."""


class Counted(Protocol):
    """What the figures need of a case."""

    @property
    def stage(self) -> str: ...  # noqa: D102
    @property
    def agreed_at(self) -> object | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Figures:
    """How many were opened, still run, were signed, kept, broken, failed, withdrawn; `success` in percent.

    Success is what was signed and not broken, of all that came to an end other than by being withdrawn.
    """

    opened: int
    running: int
    agreed: int
    kept: int
    broken: int
    failed: int
    withdrawn: int
    success: int | None


def figures(cases: Iterable[Counted]) -> Figures:
    """The figures of some cases."""
    found = list(cases)

    def count(*stages: Case) -> int:
        return sum(case.stage in stages for case in found)

    agreed = count(_C.AGREED, _C.KEPT, _C.BROKEN)
    good, ended = count(_C.AGREED, _C.KEPT), agreed + count(_C.FAILED)
    return Figures(
        opened=len(found),
        running=count(*BEFORE),
        agreed=agreed,
        kept=count(_C.KEPT),
        broken=count(_C.BROKEN),
        failed=count(_C.FAILED),
        withdrawn=count(_C.WITHDRAWN),
        success=round(100 * good / ended) if ended else None,
    )
