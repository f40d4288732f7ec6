"""Which row of the responsibility list (责任清单) answers for a demand.

A row names a category, optionally an estate and optionally words of the matter. Rows that do not fit are out;
of those that fit, the most specific wins: words of the matter before the estate (a water company's 停水 row beats
the property company's row for all plumbing of one estate), then the longer word, then the older row.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class Row(Protocol):
    """What a row of the list must have."""

    @property
    def id(self) -> int | None:
        """Key of the row; older rows have smaller ones."""

    @property
    def category(self) -> str:
        """Category label."""

    @property
    def estate_id(self) -> int | None:
        """The one estate it holds for, or None for all."""

    @property
    def match(self) -> Sequence[str]:
        """Words of the matter, one of which must occur, or none."""


R = TypeVar("R", bound="Row")


def choose(rows: Iterable[R], *, category: str, estate_id: int | None, text: str) -> R | None:
    """The row that answers, or None."""
    fitting = [
        row
        for row in rows
        if row.category == category
        and (row.estate_id is None or row.estate_id == estate_id)
        and (not row.match or _longest(row.match, text))
    ]
    return max(fitting, key=lambda row: _rank(row, text), default=None)


def _longest(words: Sequence[str], text: str) -> int:
    return max((len(word) for word in words if word in text), default=0)


def _rank(row: Row, text: str) -> tuple[bool, bool, int, int]:
    return bool(row.match), row.estate_id is not None, _longest(row.match, text), -(row.id or 0)
