"""Statements of the sweep: orders to look at, what has fired, whom to nudge. Their cost grows with what is due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam, delete, func, select, update

from redprop_bot.rules.flow import OPEN
from redprop_bot.rules.reminders import Key
from redprop_bot.store.prepared import Prepared
from redprop_bot.store.tables import Demand, Event, Nudge, Reminder
from redprop_bot.store.tables.base import Utc
from redprop_bot.store.tx import Tx, table_of

_d = table_of(Demand)
_e = table_of(Event)
_r = table_of(Reminder)
_n = table_of(Nudge)

_DUE = Prepared(
    select(_d)
    .where(_d.c.remind_at <= bindparam("now_", type_=Utc))
    .order_by(_d.c.remind_at, _d.c.id)
    .limit(bindparam("limit_"))
    .with_for_update(skip_locked=True)
)
_NEXT = Prepared(
    update(_d).where(_d.c.id == bindparam("id_")).values(remind_at=bindparam("remind_at_", type_=Utc))
)
_PROGRESSED = Prepared(
    select(_e.c.id)
    .where(
        _e.c.subject == "demand",
        _e.c.subject_id == bindparam("id_"),
        _e.c.name == "progressed",
        _e.c.at >= bindparam("since_", type_=Utc),
    )
    .limit(1)
)
_RIPE = Prepared(
    select(_n.c.person_id)
    .where(_n.c.ripe_at <= bindparam("now_", type_=Utc))
    .group_by(_n.c.person_id)
    .order_by(func.min(_n.c.id))
    .limit(bindparam("limit_"))
)
_TAKE = Prepared(
    delete(_n)
    .where(_n.c.person_id == bindparam("person_"), _n.c.ripe_at <= bindparam("now_", type_=Utc))
    .returning(*_n.c)
)
_LATER = Prepared(
    update(_n)
    .where(_n.c.person_id == bindparam("person_"), _n.c.ripe_at <= bindparam("now_", type_=Utc))
    .values(ripe_at=bindparam("until_", type_=Utc))
)

_MORNING = Prepared(
    update(_n)
    .where(_n.c.ripe_at <= bindparam("now_", type_=Utc), _n.c.weight == "plain")
    .values(ripe_at=bindparam("until_", type_=Utc))
)


def due(tx: Tx, *, limit: int) -> list[Demand]:
    """Orders whose moment has come, oldest first; locked, and without those that another sweep has."""
    return cast("list[Demand]", tx.rows(_DUE, {"now_": tx.now, "limit_": limit}))


def fired(tx: Tx, demand_ids: Collection[int]) -> dict[int, set[Key]]:
    """What has fired for these orders."""
    found: dict[int, set[Key]] = {i: set() for i in demand_ids}
    statement = select(_r.c.demand_id, _r.c.rule, _r.c.due_at, _r.c.turn).where(_r.c.demand_id.in_(demand_ids))
    for row in tx.rows(statement) if demand_ids else ():
        found[row.demand_id].add((row.rule, row.due_at, row.turn))
    return found


def fire(tx: Tx, marks: Sequence[Mapping[str, Any]], nudges: Sequence[Mapping[str, Any]]) -> None:
    """Remember what has fired, and whom it is to reach; in one transaction, so that neither is without the other.

    `marks` with a key that is there raise: whoever holds the order's lock has read them.
    """
    tx.insert_many(Reminder, marks)
    tx.insert_many(Nudge, nudges)


def look_again(tx: Tx, moments: Mapping[int, datetime | None]) -> None:
    """When each of these orders is looked at next; None: not before somebody changes it."""
    if moments:
        tx.statements += 1
        rows = [{"id_": key, "remind_at_": moment} for key, moment in moments.items()]
        _NEXT.run_many(tx.connection, rows)


def look_at_all(tx: Tx) -> int:
    """Have every open order looked at now: the rules or the working time have changed."""
    return tx.execute(update(_d).where(_d.c.stage.in_(sorted(OPEN))).values(remind_at=tx.now))


def progressed(tx: Tx, demand_id: int, since: datetime) -> bool:
    """Whether somebody told any progress of an order since a moment."""
    return tx.scalar(_PROGRESSED, {"id_": demand_id, "since_": since}) is not None


def ripe_people(tx: Tx, *, limit: int) -> list[int]:
    """People for whom something is ripe, those first who have waited longest."""
    return [row.person_id for row in tx.rows(_RIPE, {"now_": tx.now, "limit_": limit})]


def take(tx: Tx, person_id: int) -> list[Nudge]:
    """Everything that is ripe for a person, which is then theirs no more: of two sweeps one gets each."""
    rows = tx.rows(_TAKE, {"person_": person_id, "now_": tx.now})
    return cast("list[Nudge]", sorted(rows, key=lambda row: row.id))


def put_off(tx: Tx, person_id: int, until: datetime) -> None:
    """Try this person again later."""
    tx.execute(_LATER, {"person_": person_id, "now_": tx.now, "until_": until})


def put_off_plain(tx: Tx, until: datetime) -> None:
    """What is ripe and wakes nobody is ripe later."""
    tx.execute(_MORNING, {"now_": tx.now, "until_": until})


def demands(tx: Tx, ids: Collection[int]) -> dict[int, Demand]:
    """These orders by key."""
    return {cast("int", row.id): row for row in tx.list(Demand, _d.c.id.in_(ids))}
