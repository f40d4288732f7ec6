"""Statements about whistles."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from redprop_bot.store.tables import Demand, WhistleCall
from redprop_bot.store.tx import Tx, table_of, without

_call = table_of(WhistleCall)
_demand = table_of(Demand)


def of_demand(tx: Tx, demand_id: int) -> list[WhistleCall]:
    """All calls of a demand, oldest first."""
    return tx.list(WhistleCall, _call.c.demand_id == demand_id, order=_call.c.id)


def waiting_for(tx: Tx, units: Iterable[int], states: Sequence[str] = ("called", "claimed")) -> list[WhistleCall]:
    """Calls of these units in these states, newest first; those that still ask something of them if not said."""
    return tx.list(
        WhistleCall,
        _call.c.organisation_id.in_(sorted(units)),
        _call.c.state.in_(list(states)),
        order=_call.c.id.desc(),
        limit=100,
    )


def of_ids(tx: Tx, ids: Sequence[int]) -> list[WhistleCall]:
    """These calls, oldest first; who asks holds their demand."""
    return tx.list(WhistleCall, _call.c.id.in_(list(ids)), order=_call.c.id)


def page(
    tx: Tx,
    *,
    communities: Sequence[int] | None,
    begin: datetime | None = None,
    end: datetime | None = None,
    organisation_id: int | None = None,
    state: str | None = None,
    before_id: int | None = None,
    limit: int | None = None,
    unseen: Collection[int] = (),
) -> list[WhistleCall]:
    """Calls of these communities (None: of all) that were made from `begin` to before `end`, newest first."""
    where: list[Any] = [*without(_call.c.demand_id, unseen)]
    if communities is not None:
        where.append(_call.c.community_id.in_(list(communities)))
    if begin is not None:
        where.append(_call.c.called_at >= begin)
    if end is not None:
        where.append(_call.c.called_at < end)
    if organisation_id is not None:
        where.append(_call.c.organisation_id == organisation_id)
    if state is not None:
        where.append(_call.c.state == state)
    if before_id is not None:
        where.append(_call.c.id < before_id)
    return tx.list(WhistleCall, *where, order=_call.c.id.desc(), limit=limit)


def numbers(tx: Tx, demand_ids: Iterable[int]) -> dict[int, str]:
    """Numbers of demands by key."""
    wanted = sorted(set(demand_ids))
    if not wanted:
        return {}
    rows = tx.rows(select(_demand.c.id, _demand.c.no).where(_demand.c.id.in_(wanted)))
    return {row.id: row.no for row in rows}
