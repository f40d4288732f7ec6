"""A small world whose figures fit into a head: one community, two units, twenty-odd orders."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.support import rows

from redprop_bot.registry.register import changed
from redprop_bot.store.tables import Supporter
from redprop_bot.store.tx import Tx


@dataclass
class Keys:
    """Who is who."""

    here: int
    there: int
    estate: int
    good: int
    small: int


def small_world(tx: Tx) -> Keys:
    """和顺物业 has 20 orders of this month, 永宁物业 two; one last month, one last year, one elsewhere."""
    here, there = rows.community(tx).id, rows.community(tx, "白杨社区").id
    estate, good, small = rows.estate(tx, here).id, rows.unit(tx).id, rows.unit(tx, "永宁物业").id
    changed(tx)
    keys = Keys(here, there, estate, good, small)
    for n in range(20):
        _closed(tx, keys, n)
    _order(
        tx, keys, small, stage="dispatched", due_at=tx.now - timedelta(hours=1), respond_by=tx.now - timedelta(1)
    )
    _order(tx, keys, small, stage="merged")
    _order(
        tx, keys, good, reported_at=tx.now - timedelta(days=35), stage="closed", closed_at=tx.now - timedelta(29)
    )
    _order(tx, keys, good, reported_at=tx.now - timedelta(days=365), stage="withdrawn")
    rows.demand(tx, community_id=there, category="noise")
    return keys


def _closed(tx: Tx, keys: Keys, n: int) -> None:
    """Closed today: 18 of 20 signed in time, 16 with stars of which 12 good, 15 in time."""
    made = _order(
        tx,
        keys,
        keys.good,
        stage="closed",
        building="3" if n < 12 else "5",
        category="elevator" if n < 15 else "noise",
        respond_by=tx.now + timedelta(hours=1 if n < 18 else -1),
        due_at=tx.now + timedelta(hours=2 if n < 15 else -2),
        done_at=tx.now,
        closed_at=tx.now,
        close_reason="solved",
        stars=None if n >= 16 else 5 if n < 12 else 2,
    )
    rows.happen(tx, made, "accepted", "accept")
    if n == 0:
        tx.insert(Supporter, demand_id=made.id, person_id=rows.person(tx).id, at=tx.now, stars=4)


def _order(tx: Tx, keys: Keys, unit: int, **values: Any) -> Any:
    given = {
        "community_id": keys.here,
        "estate_id": keys.estate,
        "handler_id": unit,
        "category": "elevator",
    } | values
    at = given.get("reported_at", tx.now)
    if "no" not in given and "reported_at" in given:
        given["no"] = f"D{at.astimezone(tx.content.zone):%Y%m%d}-{len(given):04d}"
    return rows.demand(tx, **given)
