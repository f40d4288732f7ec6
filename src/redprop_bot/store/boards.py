"""Statements behind the public pages: what a community or an estate has open, what it has finished, the figures.

Only rows are selected here; what of a row may be shown to everybody is decided by the pages. Lists are walks along
indexes that hold only such rows, a page at a time.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, literal, select, text, tuple_, union_all

from redprop_bot.rules.flow import CONTENT_STARS, OPEN, RUNNING, Stage
from redprop_bot.store.tables import Demand, Supporter
from redprop_bot.store.tables.loop import CLOSED_ROWS, OPEN_ROWS
from redprop_bot.store.tx import Tx, table_of

_d = table_of(Demand)
_s = table_of(Supporter)
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


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one place: since a moment, and at present.

    reported, closed: in the period. open, late: now. rated, content: ratings in the period, neighbours' included.
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


def figures(tx: Tx, place: Place, since: datetime) -> Figures:
    """Counts of everything that was said to the place, also of what is not listed one by one."""

    def count(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    counted = tx.first(
        select(
            count(_d.c.reported_at >= since),
            count(and_(_d.c.stage == Stage.CLOSED.value, _d.c.closed_at >= since)),
            count(_d.c.stage.in_(sorted(OPEN))),
            count(and_(_d.c.stage.in_(sorted(RUNNING)), _d.c.due_at < tx.now)),
        ).where(place.where)
    )
    rated = tx.first(_ratings(place, since, count))
    return Figures(*map(int, counted), *map(int, rated))


def _ratings(place: Place, since: datetime, count: Any) -> Any:
    here = and_(place.where, _d.c.closed_at >= since)
    own = select(_d.c.stars.label("stars")).where(here, _d.c.stars.is_not(None))
    joined = _s.join(_d, _d.c.id == _s.c.demand_id)
    theirs = select(_s.c.stars.label("stars")).select_from(joined).where(here, _s.c.stars.is_not(None))
    every = union_all(own, theirs).subquery()
    return select(func.count(), count(every.c.stars >= CONTENT_STARS)).select_from(every)
