"""Statements behind lists of demands and their figures: what hangs on many, counts of a period; see `sifting`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import and_, case, func, or_, select, union_all
from sqlmodel import SQLModel

from redprop_bot.rules.flow import CONTENT_STARS, Act, Stage
from redprop_bot.store.media import LEAVING
from redprop_bot.store.sifting import Scope, late
from redprop_bot.store.tables import Attachment, Demand, Event, Helper, Supporter
from redprop_bot.store.tx import Tx, table_of

T = TypeVar("T", bound=SQLModel)

_d = table_of(Demand)
_e = table_of(Event)
_s = table_of(Supporter)


def suspended(tx: Tx, scope: Scope, *, limit: int = 200) -> list[Demand]:
    """What is suspended (挂账), the first that somebody has to look at first."""
    where = [_d.c.stage == Stage.SUSPENDED.value, *scope.where()]
    return tx.list(Demand, *where, order=(_d.c.paused_until, _d.c.id), limit=limit)


def stuck(tx: Tx, scope: Scope, *, limit: int = 200) -> list[Demand]:
    """The long-stuck list: what is past the day of its next look, for the agenda and the board."""
    return [demand for demand in suspended(tx, scope, limit=limit) if is_stuck(demand, tx.now)]


def is_stuck(demand: Demand, now: datetime) -> bool:
    """Whether its next look is overdue."""
    return demand.stage == Stage.SUSPENDED and demand.paused_until is not None and demand.paused_until < now


def pause_reasons(tx: Tx, ids: Collection[int]) -> dict[int, str]:
    """Why each of these was suspended the last time."""
    where = (_e.c.subject == "demand", _e.c.subject_id.in_(ids), _e.c.name == "paused")
    rows = tx.list(Event, *where, order=_e.c.id) if ids else []
    return {row.subject_id: row.note for row in rows}


# -- what hangs on demands


def histories(tx: Tx, ids: Collection[int]) -> dict[int, list[Event]]:
    """What happened to each demand, in order."""
    rows = tx.list(Event, _e.c.subject == "demand", _e.c.subject_id.in_(ids), order=_e.c.id) if ids else []
    found: dict[int, list[Event]] = {}
    for row in rows:
        found.setdefault(row.subject_id, []).append(row)
    return found


def helpers(tx: Tx, ids: Collection[int]) -> dict[int, list[Helper]]:
    """Who helps beside the lead unit."""
    return _hanging(tx, Helper, ids)


def attachments(tx: Tx, ids: Collection[int]) -> dict[int, list[Attachment]]:
    """Pictures and other media."""
    found = _hanging(tx, Attachment, ids)
    return {key: [one for one in rows if one.state != LEAVING] for key, rows in found.items()}


def supporters(tx: Tx, ids: Collection[int]) -> dict[int, list[Supporter]]:
    """Who reported the same thing after the first."""
    return _hanging(tx, Supporter, ids)


def _hanging(tx: Tx, model: type[T], ids: Collection[int]) -> dict[int, list[T]]:
    table = table_of(model)
    rows = tx.list(model, table.c.demand_id.in_(ids), order=table.c.id) if ids else []
    found: dict[int, list[T]] = {}
    for row in rows:
        found.setdefault(cast("Any", row).demand_id, []).append(row)
    return found


def numbers(tx: Tx, ids: Collection[int]) -> dict[int, str]:
    """The numbers of demands by key."""
    rows: Any = tx.rows(select(_d.c.id, _d.c.no).where(_d.c.id.in_(ids))) if ids else []
    return {int(key): str(no) for key, no in rows}


# -- what other cities' programs ask for


def requests(
    tx: Tx,
    scope: Scope,
    *,
    intents: Collection[str],
    since: datetime,
    until: datetime,
    categories: Collection[str] = (),
    stages: Collection[str] = (),
    nos: Collection[str] = (),
    limit: int,
) -> list[Demand]:
    """Demands of these intents, newest first; by number regardless of the period. An empty filter takes all."""
    where = [_d.c.intent.in_(sorted(intents)), *scope.where()]
    if nos:
        where.append(_d.c.no.in_(nos))
    else:
        where += [_d.c.reported_at >= since, _d.c.reported_at <= until]
    if categories:
        where.append(_d.c.category.in_(categories))
    if stages:
        where.append(_d.c.stage.in_(sorted(stages)))
    return tx.list(Demand, *where, order=_d.c.id.desc(), limit=limit)


# -- ratings


def rated(tx: Tx, scope: Scope, *, before_id: int | None, limit: int) -> list[Demand]:
    """Demands that the reporter or a supporter rated, newest first."""
    by_others = select(_s.c.demand_id).where(_s.c.stars.is_not(None))
    where = [or_(_d.c.stars.is_not(None), _d.c.id.in_(by_others)), *scope.where()]
    if before_id is not None:
        where.append(_d.c.id < before_id)
    return tx.list(Demand, *where, order=_d.c.id.desc(), limit=limit)


# -- figures


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Demands reported in a period; `response`, `solved`, `satisfied` are the three rates (三率).

    response   accepted before the sign-for term, of those accepted or past it
    solved     fulfilled or closed as solved, of those plus what is past its term now
    satisfied  ratings of three stars and more, neighbours' included, of all ratings
    """

    total: int
    late: int
    response: Share
    solved: Share
    satisfied: Share


def counts(tx: Tx, column: str, scope: Scope, since: datetime, until: datetime) -> dict[str | None, int]:
    """How many demands reported in a period, by one column."""
    statement = select(_d.c[column], func.count()).where(*_period(scope, since, until)).group_by(_d.c[column])
    rows: Any = tx.rows(statement)
    return {key: int(number) for key, number in rows}


def figures(tx: Tx, scope: Scope, since: datetime, until: datetime) -> Figures:
    """The figures of a period."""
    signed = (
        select(_e.c.subject_id, func.min(_e.c.at).label("at"))
        .where(_e.c.subject == "demand", _e.c.act == Act.ACCEPT.value)
        .group_by(_e.c.subject_id)
        .subquery()
    )
    overdue = late(tx)
    solved = or_(
        _d.c.stage == Stage.DONE.value,
        and_(_d.c.stage == Stage.CLOSED.value, _d.c.close_reason.in_(("solved", "no_answer"))),
    )
    asked = _d.c.respond_by.is_not(None)
    statement = (
        select(
            func.count(),
            _sum(overdue),
            _sum(and_(asked, signed.c.at <= _d.c.respond_by)),
            _sum(and_(asked, or_(signed.c.at.is_not(None), _d.c.respond_by < tx.now))),
            _sum(solved),
            _sum(or_(solved, overdue)),
        )
        .select_from(_d.outerjoin(signed, signed.c.subject_id == _d.c.id))
        .where(*_period(scope, since, until))
    )
    total, late_now, *rest = (int(value or 0) for value in tuple(tx.first(statement)))
    return Figures(
        total, late_now, Share(rest[0], rest[1]), Share(rest[2], rest[3]), _satisfied(tx, scope, since, until)
    )


def _satisfied(tx: Tx, scope: Scope, since: datetime, until: datetime) -> Share:
    period = _period(scope, since, until)
    own = select(_d.c.stars.label("stars")).where(_d.c.stars.is_not(None), *period)
    others = (
        select(_s.c.stars.label("stars"))
        .select_from(_s.join(_d, _d.c.id == _s.c.demand_id))
        .where(_s.c.stars.is_not(None), *period)
    )
    given = union_all(own, others).subquery()
    good, of = tuple(tx.first(select(_sum(given.c.stars >= CONTENT_STARS), func.count()).select_from(given)))
    return Share(int(good or 0), int(of or 0))


def _sum(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _period(scope: Scope, since: datetime, until: datetime) -> list[Any]:
    return [_d.c.reported_at >= since, _d.c.reported_at < until, *scope.where()]
