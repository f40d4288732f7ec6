"""Statements about what the staff taught."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from redprop_bot.store.tables import Correction, Demand, Event
from redprop_bot.store.tx import Tx, table_of

_c = table_of(Correction)
_e = table_of(Event)


def of_demand(tx: Tx, demand_id: int) -> Correction | None:
    """What was taught by this demand; locked."""
    return tx.find(Correction, _c.c.demand_id == demand_id, lock=True)


def keep(tx: Tx, demand: Demand, values: Mapping[str, Any]) -> None:
    """Write down what was taught, in place of what was written before."""
    assert demand.id is not None
    known = of_demand(tx, demand.id)
    if known is None:
        tx.insert(Correction, demand_id=demand.id, community_id=demand.community_id, at=tx.now, **values)
        return
    assert known.id is not None
    tx.update(Correction, known.id, community_id=demand.community_id, at=tx.now, **values)


def drop(tx: Tx, demand_id: int) -> None:
    """It was read rightly after all."""
    tx.execute(_c.delete().where(_c.c.demand_id == demand_id))


def listed(tx: Tx, community_id: int | None = None) -> list[Correction]:
    """Everything that was taught, of one community or of all, in the order of the demands."""
    where = [] if community_id is None else [_c.c.community_id == community_id]
    return tx.list(Correction, *where, order=_c.c.demand_id)


def forget(tx: Tx, before: datetime) -> int:
    """Drop what was taught before a moment; returns how many."""
    return tx.execute(_c.delete().where(_c.c.at < before))


def first_heard(tx: Tx, demand_id: int) -> Mapping[str, Any]:
    """How the report was read when it came; empty where that was not kept."""
    born = tx.list(Event, _e.c.subject == "demand", _e.c.subject_id == demand_id, order=_e.c.id, limit=1)
    found = born[0].data.get("heard") if born else None
    return found if isinstance(found, Mapping) else {}
