"""示范创建: the marks of a checklist, what stands in the way of passing it, which level comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Mark(StrEnum):
    """What an item is said to be."""

    OPEN = "open"
    MET = "met"
    NOT_MET = "not_met"


class State(StrEnum):
    """Where an application stands; `stopped` was called off by who opened it."""

    OPEN = "open"
    PASSED = "passed"
    STOPPED = "stopped"


class Outcome(StrEnum):
    """What a level decides."""

    PASS = "pass"  # noqa: S105 - no password
    RETURN = "return"


class Figure(StrEnum):
    """What is known of an estate without asking: counts of the past year, or whether something is there."""

    CLOSED = "closed"
    VISITS = "visits"
    MEETINGS = "meetings"
    ACTIVITIES = "activities"
    COMMITTEE = "committee"
    PROPERTY_PARTY = "property_party"


class Marked(Protocol):
    """An item as far as it is judged here."""

    @property
    def mark(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Standing:
    """Titles of the items by what was said of them."""

    met: tuple[str, ...]
    not_met: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def all(self) -> int:
        """How many items there are."""
        return len(self.met) + len(self.not_met) + len(self.open)


def standing(items: Iterable[Marked]) -> Standing:
    """Sort the items by their marks."""
    found: dict[str, list[str]] = {mark: [] for mark in Mark}
    for item in items:
        found[item.mark].append(item.title)
    return Standing(*(tuple(found[mark]) for mark in (Mark.MET, Mark.NOT_MET, Mark.OPEN)))


def judged(value: int | None, least: int) -> Mark:
    """What a figure makes of an item; what is not known stays open: it is neither none nor fine."""
    if value is None:
        return Mark.OPEN
    return Mark.MET if value >= least else Mark.NOT_MET


def following(levels: Sequence[str], level: str) -> str | None:
    """The level after this one; None after the last."""
    at = levels.index(level) + 1
    return levels[at] if at < len(levels) else None
