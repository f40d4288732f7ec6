"""Statements behind the public pages: what a community or an estate has open, what it has finished, the figures.

Only rows are selected here; what of a row may be shown to everybody is decided by the pages. Lists are walks along
indexes that hold only such rows, a page at a time.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, func, literal, select, text, tuple_

from redprop_bot.rules import tallies
from redprop_bot.rules.flow import RUNNING
from redprop_bot.store import figures as sums
from redprop_bot.store.tables import Demand
from redprop_bot.store.tables.loop import CLOSED_ROWS, OPEN_ROWS
from redprop_bot.store.tx import Tx, table_of

_d = table_of(Demand)
_OPEN: Any = text(OPEN_ROWS)
_CLOSED: Any = text(CLOSED_ROWS)


@dataclass(frozen=True, slots=True)
class Place:
    """Whose board it is: a community, or one of its estates."""

    community_id: int
    estate_id: int | None = None

    @property
    def where(self) -> Any:
        """The condition on demands."""
        if self.estate_id is not None:
            return _d.c.estate_id == self.estate_id
        return _d.c.community_id == self.community_id

    @property
    def summed(self) -> str:
        """What the sums of figures call it."""
        return tallies.place(self.community_id) if self.estate_id is None else tallies.estate(self.estate_id)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one place: since a moment, and at present.

    reported, closed: in the period; what was merged into another counts once. open, late: now.
    rated, content: ratings in the period, neighbours' included.
    """

    reported: int
    closed: int
    open: int
    late: int
    rated: int
    content: int


def results(
    tx: Tx, place: Place, intents: Collection[str], *, limit: int, after: tuple[datetime, int] | None = None
) -> list[Demand]:
    """What was closed last, newest first, below the moment and key `after`; withdrawn and merged are none."""
    where = [_CLOSED, place.where, _d.c.intent.in_(sorted(intents)), _d.c.closed_at.is_not(None)]
    if after is not None:
        where.append(tuple_(_d.c.closed_at, _d.c.id) < tuple_(*_bound(after)))
    return tx.list(Demand, *where, order=(_d.c.closed_at.desc(), _d.c.id.desc()), limit=limit)


def _bound(after: tuple[datetime, int]) -> tuple[Any, Any]:
    return literal(after[0], _d.c.closed_at.type), literal(after[1], _d.c.id.type)


def open_matters(
    tx: Tx, place: Place, intents: Collection[str], *, limit: int, before: int | None = None
) -> list[Demand]:
    """What somebody still has to do something about, newest first, below the key `before`."""
    where = [_OPEN, place.where, _d.c.intent.in_(sorted(intents))]
    if before is not None:
        where.append(_d.c.id < before)
    return tx.list(Demand, *where, order=_d.c.id.desc(), limit=limit)


def figures(tx: Tx, place: Place, begin: date, end: date) -> Figures:
    """Counts of everything that was said to the place, also of what is not listed one by one.

    The period, local days from `begin` to before `end`, is read from sums; only what is open is counted by rows.
    """
    counts = sums.total(tx, sums.Asked([place.summed], begin, end))
    late = case((and_(_d.c.stage.in_(sorted(RUNNING)), _d.c.due_at < tx.now), 1))
    is_open, is_late = tx.first(select(func.count(), func.count(late)).where(_OPEN, place.where))
    return Figures(counts.came, counts.closed, is_open, is_late, counts.rated, counts.content)
