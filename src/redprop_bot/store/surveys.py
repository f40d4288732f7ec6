"""Statements about the lists of who to call: what they are drawn from, what they hold, what came of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from redprop_bot.rules.flow import CONTENT_STARS, Stage
from redprop_bot.rules.survey import STILL, Counted, Result
from redprop_bot.store.tables import Demand, Person, Supporter, Survey, SurveyCall, Visit
from redprop_bot.store.tx import Tx, table_of, without

_d, _p, _s, _v = table_of(Demand), table_of(Person), table_of(Supporter), table_of(Visit)
_list, _call = table_of(Survey), table_of(SurveyCall)


def closed(tx: Tx, community_id: int | None, begin: datetime, end: datetime) -> list[Any]:
    """Orders of a community that were closed then and still are.

    Each with id, no, text, phone (whether there is one), unhappy: low stars of whoever rated, or done again.
    """
    low = select(_s.c.id).where(_s.c.demand_id == _d.c.id, _s.c.stars < CONTENT_STARS).exists()
    unhappy = or_(_d.c.stars < CONTENT_STARS, _d.c.reworks > 0, low)
    phone = or_(_d.c.phone.is_not(None), _p.c.phone.is_not(None))
    place = _d.c.community_id.is_(None) if community_id is None else _d.c.community_id == community_id
    statement = (
        select(_d.c.id, _d.c.no, _d.c.text, _d.c.reported_at, phone.label("phone"), unhappy.label("unhappy"))
        .select_from(_d.outerjoin(_p, _p.c.id == _d.c.reporter_id))
        .where(place, _d.c.stage == Stage.CLOSED.value, _d.c.closed_at >= begin, _d.c.closed_at < end)
        .order_by(_d.c.id)
    )
    return tx.rows(statement)


def brought(tx: Tx, community_id: int | None, since: datetime) -> set[str]:
    """Numbers of what visits since then brought back."""
    place = _v.c.community_id.is_(None) if community_id is None else _v.c.community_id == community_id
    rows = tx.rows(select(_v.c.matters).where(place, _v.c.created_at >= since, _v.c.brought > 0))
    return {no for row in rows for no in row.matters}


def add(tx: Tx, survey: dict[str, Any], picked: Sequence[tuple[int, str]]) -> Survey | None:
    """Enter a list with its orders and why each stands on it; None when it was drawn already."""
    made = tx.insert_new(Survey, **survey)
    if made is None:
        return None
    calls = [{"survey_id": made.id, "demand_id": key, "why": why} for key, why in picked]
    tx.insert_many(SurveyCall, calls)
    return made


def one(tx: Tx, survey_id: int) -> Survey | None:
    """The list with this key."""
    return tx.find(Survey, _list.c.id == survey_id)


def page(
    tx: Tx, communities: Sequence[int] | None, *, month: str | None = None, before_id: int | None, limit: int
) -> list[Survey]:
    """Lists, the newest first; of all communities where None."""
    where: list[Any] = [] if communities is None else [_list.c.community_id.in_(list(communities))]
    if month is not None:
        where.append(_list.c.month == month)
    if before_id is not None:
        where.append(_list.c.id < before_id)
    return tx.list(Survey, *where, order=_list.c.id.desc(), limit=limit)


def calls(
    tx: Tx,
    survey_id: int,
    *,
    state: str | None = None,
    after: int | None = None,
    limit: int | None = None,
    unseen: Collection[int] = (),
) -> list[tuple[SurveyCall, Demand]]:
    """The calls of a list with their orders but those `unseen`, in the order they were picked."""
    where = [_call.c.survey_id == survey_id, *without(_call.c.demand_id, unseen)]
    where += [_call.c.state == state] if state else []
    if after is not None:
        where.append(_call.c.id > after)
    found = tx.list(SurveyCall, *where, order=_call.c.id, limit=limit)
    demands = {row.id: row for row in tx.list(Demand, _d.c.id.in_([one.demand_id for one in found]))}
    return [(one, demands[one.demand_id]) for one in found]


def newest_of(tx: Tx, demand_id: int) -> SurveyCall | None:
    """The newest call about an order."""
    found = tx.list(SurveyCall, _call.c.demand_id == demand_id, order=_call.c.id.desc(), limit=1)
    return found[0] if found else None


def still(tx: Tx, communities: Sequence[int | None], *, limit: int) -> list[tuple[SurveyCall, Demand]]:
    """Calls of these communities that nobody has made yet, those of the newest list first."""
    known = [key for key in communities if key is not None]
    place: Any = _list.c.community_id.in_(known)
    if None in communities:
        place = or_(place, _list.c.community_id.is_(None))
    keys = (
        select(_call.c.id)
        .select_from(_call.join(_list, _list.c.id == _call.c.survey_id))
        .where(place, _call.c.state.in_([state.value for state in STILL]))
        .order_by(_list.c.id.desc(), _call.c.id)
        .limit(limit)
    )
    found = [tx.get(SurveyCall, int(row[0])) for row in tx.rows(keys)]
    return [(one, tx.get(Demand, one.demand_id)) for one in found]


def record(tx: Tx, call: SurveyCall, **values: Any) -> bool:
    """Write what came of it; False when somebody spoke with them meanwhile."""
    mine = and_(_call.c.id == call.id, _call.c.state.in_([state.value for state in STILL]))
    return bool(tx.execute(update(_call).where(mine).values(**values)))


def untried(tx: Tx, survey_id: int) -> int:
    """How many of a list nobody has tried to call."""
    statement = select(func.count()).where(_call.c.survey_id == survey_id, _call.c.state == Result.OPEN.value)
    return int(tx.scalar(statement) or 0)


def counted(tx: Tx, months: Sequence[str]) -> dict[int | None, Counted]:
    """By community, what came of the lists of these months."""
    lists = tx.rows(
        select(_list.c.community_id, func.sum(_list.c.closed))
        .where(_list.c.month.in_(list(months)))
        .group_by(_list.c.community_id)
    )
    results = tx.rows(
        select(_list.c.community_id, _call.c.state, func.count())
        .select_from(_call.join(_list, _list.c.id == _call.c.survey_id))
        .where(_list.c.month.in_(list(months)))
        .group_by(_list.c.community_id, _call.c.state)
    )
    by_state: dict[int | None, dict[str, int]] = {}
    for community, state, number in results:
        by_state.setdefault(community, {})[state] = int(number)
    return {community: _counts(int(number or 0), by_state.get(community, {})) for community, number in lists}


def counts_of(tx: Tx, survey: Survey) -> Counted:
    """What came of one list."""
    rows = tx.rows(
        select(_call.c.state, func.count()).where(_call.c.survey_id == survey.id).group_by(_call.c.state)
    )
    return _counts(survey.closed, {state: int(number) for state, number in rows})


def _counts(closed_: int, states: dict[str, int]) -> Counted:
    results = (Result.SATISFIED, Result.UNHAPPY, Result.NOT_REACHED)
    return Counted(closed_, sum(states.values()), *(states.get(state.value, 0) for state in results))
