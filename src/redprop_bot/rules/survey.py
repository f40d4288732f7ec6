"""电话回访: which of the orders closed in a month somebody is called about.

Pure. Every order has a place in a line that only its number, its community and the month decide: who draws again,
or late when some of the orders are open again, comes to the same ones.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Why(StrEnum):
    """Why somebody is called."""

    UNHAPPY = "unhappy"  # said that it was not right, or it was done again
    REPORTED_FOR = "reported_for"  # somebody else reported it for them (代报)
    DRAWN = "drawn"


class Result(StrEnum):
    """What came of a call; `OPEN` is none yet."""

    OPEN = "open"
    SATISFIED = "satisfied"
    UNHAPPY = "unhappy"
    NOT_REACHED = "not_reached"


STILL: Final = (Result.OPEN, Result.NOT_REACHED)
"""Who may still be called: nobody has spoken with them."""


@dataclass(frozen=True, slots=True)
class Closed:
    """An order that was closed: whether it must be asked about, and whether there is a number to call."""

    id: int
    no: str
    must: Why | None
    phone: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of the calls of some lists: `closed` orders, of them `picked`, and the results."""

    closed: int = 0
    picked: int = 0
    satisfied: int = 0
    unhappy: int = 0
    not_reached: int = 0

    @property
    def reached(self) -> int:
        """How many were spoken with."""
        return self.satisfied + self.unhappy

    @property
    def open(self) -> int:
        """How many nobody has tried to call yet."""
        return self.picked - self.reached - self.not_reached


def draw(seed: str, orders: Sequence[Closed], percent: float) -> list[tuple[Closed, Why]]:
    """All that must be asked about, then so many of a hundred of all, drawn among the others.

    Of the others those come first who left a number, for the rest can hardly be called.
    """
    must = [(order, order.must) for order in orders if order.must is not None]
    others = sorted(
        (order for order in orders if order.must is None), key=lambda one: (not one.phone, _place(seed, one.no))
    )
    number = math.ceil(round(len(orders) * percent / 100, 6))
    return [*must, *((order, Why.DRAWN) for order in others[:number])]


def _place(seed: str, no: str) -> bytes:
    return hashlib.blake2b(f"{seed}:{no}".encode(), digest_size=16).digest()


def total(many: Iterable[Counted]) -> Counted:
    """Several lists together."""
    found = Counted()
    for one in many:
        found = Counted(
            found.closed + one.closed,
            found.picked + one.picked,
            found.satisfied + one.satisfied,
            found.unhappy + one.unhappy,
            found.not_reached + one.not_reached,
        )
    return found
