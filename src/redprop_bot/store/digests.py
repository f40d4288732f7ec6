"""Statements behind digests: open orders of the morning, the counts of a period, a resident's month.

Counts are made once for everybody, by community and unit; whoever needs some adds them up.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import and_, case, exists, func, or_, select, union

from redprop_bot.rules.digests import Row
from redprop_bot.rules.figures import Counts
from redprop_bot.rules.flow import CONTENT_STARS, OPEN, RUNNING, Act, Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store.tables import Demand, Event, Person, Supporter
from redprop_bot.store.tx import Tx, table_of

_d = table_of(Demand)
_e = table_of(Event)
_p = table_of(Person)
_s = table_of(Supporter)

Place = tuple[int | None, int | None]
"""Community and unit of an order."""

_LIGHT = (
    _d.c.id, _d.c.no, _d.c.stage, _d.c.intent, _d.c.urgency, _d.c.estate_id, _d.c.due_at, _d.c.created_at,
    _d.c.dispatched_at, _d.c.extended, _d.c.paused_until,
)  # fmt: skip
_SOLVED = or_(
    _d.c.stage == Stage.DONE.value,
    and_(_d.c.stage == Stage.CLOSED.value, _d.c.close_reason.in_(("solved", "no_answer"))),
)
_GONE = (Stage.WITHDRAWN.value, Stage.MERGED.value)


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


def counts(tx: Tx, since: datetime, until: datetime) -> dict[Place, Counts]:
    """What happened from `since` to before `until`, by community and unit."""
    late = and_(_d.c.due_at < tx.now, _d.c.stage.in_(sorted(RUNNING)))
    signed = exists().where(
        _e.c.subject == "demand",
        _e.c.subject_id == _d.c.id,
        _e.c.act == Act.ACCEPT.value,
        _e.c.at <= _d.c.respond_by,
    )
    taken = _d.c.stage.in_((Stage.ACCEPTED.value, Stage.DONE.value, Stage.CLOSED.value))
    live = _d.c.stage.not_in(_GONE)
    asked = and_(_d.c.respond_by.is_not(None), live, or_(taken, _d.c.respond_by < tx.now))
    found: dict[Place, Counts] = {}
    came = {
        "came": func.count(),
        "asked": _sum(asked),
        "signed": _sum(and_(asked, signed)),
        "to_solve": _sum(or_(_SOLVED, late)),
        "solved": _sum(_SOLVED),
    }
    _add(tx, found, came, _within(_d.c.reported_at, since, until), _d.c.stage != "merged")
    _add(tx, found, {"closed": func.count()}, _within(_d.c.closed_at, since, until), _d.c.stage == "closed")
    done = func.coalesce(_d.c.done_at, _d.c.closed_at)
    due = {"due": func.count(), "on_time": _sum(and_(done.is_not(None), done <= _d.c.due_at))}
    ended = or_(_d.c.due_at < tx.now, done.is_not(None))
    counting = _d.c.stage.not_in((*_GONE, Stage.SUSPENDED.value))
    _add(tx, found, due, _within(_d.c.due_at, since, until), ended, counting)
    stars = {"rated": func.count(), "content": _sum(_d.c.stars >= CONTENT_STARS)}
    rated = (_d.c.stars.is_not(None), _within(_d.c.closed_at, since, until))
    _add(tx, found, stars, *rated)
    others = {"rated": func.count(), "content": _sum(_s.c.stars >= CONTENT_STARS)}
    beside = _s.join(_d, _d.c.id == _s.c.demand_id)
    _add(tx, found, others, _s.c.stars.is_not(None), _within(_d.c.closed_at, since, until), source=beside)
    return found


def _add(tx: Tx, found: dict[Place, Counts], what: dict[str, Any], *where: Any, source: Any = _d) -> None:
    place = (_d.c.community_id, _d.c.handler_id)
    columns = [column.label(name) for name, column in what.items()]
    for row in tx.rows(select(*place, *columns).select_from(source).where(*where).group_by(*place)):
        more = Counts(**{name: int(getattr(row, name) or 0) for name in what})
        key = (row.community_id, row.handler_id)
        found[key] = found.get(key, Counts()) + more


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
    where = (_d.c.id.in_(ids), moved, _d.c.created_at < until, _d.c.stage.not_in(_GONE))
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
