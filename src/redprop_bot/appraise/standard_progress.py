"""How far an application is: what its levels have decided, out of its history, and how its items stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from redprop_bot.rules import standards as rules
from redprop_bot.rules.standards import Standing
from redprop_bot.store import standards
from redprop_bot.store.tables import Event, StandardApplication, StandardItem, StandardPhoto
from redprop_bot.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Decision:
    """What a level decided in a round; `decided_by` is who did where somebody else wrote it down."""

    level: str
    name: str
    round: int
    passed: bool
    reason: str
    by: str
    decided_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Whole:
    """An application with its items and everything that was decided, oldest first."""

    application: StandardApplication
    items: Sequence[StandardItem]
    decisions: Sequence[Decision]
    photos: Sequence[StandardPhoto] = ()

    @property
    def standing(self) -> Standing:
        """The items by their marks."""
        return rules.standing(self.items)

    @property
    def passed(self) -> list[Decision]:
        """The levels that have passed it in this round, in their order."""
        return [one for one in self.decisions if one.passed and one.round == self.application.round]

    @property
    def back(self) -> Decision | None:
        """What sent it back last, while it has not been handed in again."""
        sent = [one for one in self.decisions if not one.passed]
        return sent[-1] if sent and not self.passed else None


def wholes(tx: Tx, found: Iterable[StandardApplication]) -> list[Whole]:
    """These applications with what hangs on them, read at once."""
    rows = list(found)
    keys = [one.id or 0 for one in rows]
    items, history = standards.items(tx, keys), standards.decided(tx, keys)
    shown = standards.photos(tx, keys)
    return [
        Whole(one, items[key], _decisions(history[key]), shown[key]) for one, key in zip(rows, keys, strict=True)
    ]


def _decisions(history: Iterable[Event]) -> list[Decision]:
    return [
        Decision(
            level=event.data["level"],
            name=event.data["level_name"],
            round=event.data["round"],
            passed=event.name == "standard_passed",
            reason=event.data["reason"],
            by=event.by_name,
            decided_by=event.data["for"],
            at=event.at,
        )
        for event in history
        if event.name in ("standard_passed", "standard_returned")
    ]
