"""Statements behind digests: open orders of the morning, what is open by community and unit, a resident's month.

What happened in a period stands in `figures`.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import and_, case, func, or_, select, union

from redprop_bot.rules.digests import Row
from redprop_bot.rules.flow import OPEN, RUNNING, Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.rules.tallies import GONE, SOLVED_REASONS
from redprop_bot.store.figures import Place
from redprop_bot.store.tables import Demand, Event, Person, Supporter
from redprop_bot.store.tx import Tx, table_of

_d = table_of(Demand)
_e = table_of(Event)
_p = table_of(Person)
_s = table_of(Supporter)

_LIGHT = (
    _d.c.id, _d.c.no, _d.c.stage, _d.c.intent, _d.c.urgency, _d.c.community_id, _d.c.estate_id, _d.c.due_at,
    _d.c.created_at, _d.c.dispatched_at, _d.c.extended, _d.c.paused_until,
)  # fmt: skip
_SOLVED = or_(
    _d.c.stage == Stage.DONE.value,
    and_(_d.c.stage == Stage.CLOSED.value, _d.c.close_reason.in_(SOLVED_REASONS)),
)


# -- today


def open_in(tx: Tx, community_id: int | None) -> list[Row]:
    """Open orders of a community, or of none, with what a card needs of them; what only waits for stars is not."""
    where = _d.c.community_id.is_(None) if community_id is None else _d.c.community_id == community_id
    return _light(tx, where)


def open_of(tx: Tx, units: Collection[int]) -> list[Row]:
    """Open orders that these units have."""
    return _light(tx, _d.c.handler_id.in_(sorted(units)))


def _light(tx: Tx, where: Any) -> list[Row]:
    stages = sorted(OPEN - {Stage.DONE})
    return cast("list[Row]", tx.rows(select(*_LIGHT).where(where, _d.c.stage.in_(stages))))


# -- a period


def open_now(tx: Tx) -> dict[Place, tuple[int, int]]:
    """How many orders are open, and how many of them late, by community and unit."""
    late = and_(_d.c.due_at < tx.now, _d.c.stage.in_(sorted(RUNNING)))
    place = (_d.c.community_id, _d.c.handler_id)
    statement = select(*place, func.count().label("n"), _sum(late).label("late"))
    rows = tx.rows(statement.where(_d.c.stage.in_(sorted(OPEN - {Stage.DONE}))).group_by(*place))
    return {(row.community_id, row.handler_id): (int(row.n), int(row.late or 0)) for row in rows}


def _within(column: Any, since: datetime, until: datetime) -> Any:
    return and_(column >= since, column < until)


def _sum(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


# -- residents


def listeners(tx: Tx, *, after: int, limit: int) -> list[Person]:
    """Residents who want to hear once a month, by key."""
    where = (_p.c.monthly.is_(True), _p.c.openid.is_not(None), _p.c.following.is_(True), _p.c.id > after)
    return tx.list(Person, *where, order=_p.c.id, limit=limit)


def of_person(tx: Tx, person_id: int, since: datetime, until: datetime, *, limit: int) -> list[Demand]:
    """What somebody reported or supports and is open, or came, was done or ended in the period; newest first."""
    ids = union(
        select(_d.c.id).where(_d.c.reporter_id == person_id),
        select(_s.c.demand_id).where(_s.c.person_id == person_id),
    )
    moved = or_(
        _d.c.stage.in_(sorted(OPEN)),
        _within(_d.c.reported_at, since, until),
        _within(_d.c.done_at, since, until),
        _within(_d.c.closed_at, since, until),
    )
    where = (_d.c.id.in_(ids), moved, _d.c.created_at < until, _d.c.stage.not_in(GONE))
    return tx.list(Demand, *where, order=_d.c.id.desc(), limit=limit)


def solved_at(
    tx: Tx, estates: Sequence[int], since: datetime, until: datetime
) -> dict[int, dict[str | None, int]]:
    """How many matters were done at each estate in a period, by category; nothing confidential is counted."""
    if not estates:
        return {}
    place = (_d.c.estate_id, _d.c.category)
    done = func.coalesce(_d.c.done_at, _d.c.closed_at)
    where = (_d.c.estate_id.in_(estates), _SOLVED, _d.c.intent.not_in(sorted(CONFIDENTIAL)))
    rows = tx.rows(
        select(*place, func.count().label("n")).where(*where, _within(done, since, until)).group_by(*place)
    )
    found: dict[int, dict[str | None, int]] = {}
    for row in rows:
        found.setdefault(row.estate_id, {})[row.category] = int(row.n)
    return found
