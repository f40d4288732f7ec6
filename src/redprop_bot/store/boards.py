"""Statements behind the public pages: what a community has open, what it has finished, and the figures.

Only rows are selected here; what of a row may be shown to everybody is decided by the pages.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, select, union_all

from redprop_bot.rules.flow import CONTENT_STARS, OPEN, RUNNING, Stage
from redprop_bot.store.tables import Demand, Supporter
from redprop_bot.store.tx import Tx, table_of

_d = table_of(Demand)
_s = table_of(Supporter)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one community: since a moment, and at present.

    reported, closed: in the period. open, late: now. rated, content: ratings in the period, neighbours' included.
    """

    reported: int
    closed: int
    open: int
    late: int
    rated: int
    content: int


def results(tx: Tx, community_id: int, intents: Collection[str], *, limit: int) -> list[Demand]:
    """What was closed last, newest first; withdrawn and merged ones are no results."""
    return tx.list(
        Demand,
        _d.c.community_id == community_id,
        _d.c.intent.in_(sorted(intents)),
        _d.c.stage == Stage.CLOSED.value,
        order=(_d.c.closed_at.desc(), _d.c.id.desc()),
        limit=limit,
    )


def open_matters(tx: Tx, community_id: int, intents: Collection[str], *, limit: int) -> list[Demand]:
    """What somebody still has to do something about, newest first."""
    return tx.list(
        Demand,
        _d.c.community_id == community_id,
        _d.c.intent.in_(sorted(intents)),
        _d.c.stage.in_(sorted(OPEN)),
        order=_d.c.id.desc(),
        limit=limit,
    )


def figures(tx: Tx, community_id: int, since: datetime) -> Figures:
    """Counts of everything that was said to the community, also of what is not listed one by one."""

    def count(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    counted = tx.first(
        select(
            count(_d.c.reported_at >= since),
            count(and_(_d.c.stage == Stage.CLOSED.value, _d.c.closed_at >= since)),
            count(_d.c.stage.in_(sorted(OPEN))),
            count(and_(_d.c.stage.in_(sorted(RUNNING)), _d.c.due_at < tx.now)),
        ).where(_d.c.community_id == community_id)
    )
    rated = tx.first(_ratings(community_id, since, count))
    return Figures(*map(int, counted), *map(int, rated))


def _ratings(community_id: int, since: datetime, count: Any) -> Any:
    here = and_(_d.c.community_id == community_id, _d.c.closed_at >= since)
    own = select(_d.c.stars.label("stars")).where(here, _d.c.stars.is_not(None))
    joined = _s.join(_d, _d.c.id == _s.c.demand_id)
    theirs = select(_s.c.stars.label("stars")).select_from(joined).where(here, _s.c.stars.is_not(None))
    every = union_all(own, theirs).subquery()
    return select(func.count(), count(every.c.stars >= CONTENT_STARS)).select_from(every)
