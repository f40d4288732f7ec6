"""Statements about 红黑榜: versions of boards, and which stand."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, or_, select

from redprop_bot.rules.ranking import State
from redprop_bot.store import events
from redprop_bot.store.tables import Event, Ranking
from redprop_bot.store.tx import Tx, table_of

SUBJECT = "ranking"
_r = table_of(Ranking)


def one(tx: Tx, key: int) -> Ranking | None:
    """The version with this key."""
    return tx.find(Ranking, _r.c.id == key)


def held(tx: Tx, key: int) -> Ranking:
    """The version as it is now; nobody else changes it before this job ends."""
    return tx.get(Ranking, key, lock=True)


def page(
    tx: Tx, *, states: Collection[str] | None = None, before_id: int | None = None, limit: int
) -> list[Ranking]:
    """Versions, the newest first; states None: all."""
    where: list[Any] = [] if states is None else [_r.c.state.in_([str(state) for state in states])]
    if before_id is not None:
        where.append(_r.c.id < before_id)
    return tx.list(Ranking, *where, order=_r.c.id.desc(), limit=limit)


def last_number(tx: Tx, same: str) -> int:
    """The number of the newest version of a board; 0 where there is none."""
    return int(tx.scalar(select(func.max(_r.c.number)).where(_r.c.same == same)) or 0)


def published(tx: Tx, same: str) -> Ranking | None:
    """The version of a board that stands."""
    return tx.find(Ranking, _r.c.same == same, _r.c.state == State.PUBLISHED.value)


def standing(tx: Tx, street_id: int | None, *, limit: int) -> list[Ranking]:
    """What stands on boards of a street, the newest period first."""
    where = or_(_r.c.street_id == street_id, _r.c.street_id.is_(None))
    return tx.list(Ranking, _r.c.state == State.PUBLISHED.value, where, order=_r.c.id.desc(), limit=limit)


def history(tx: Tx, key: int) -> list[Event]:
    """What happened to a version, oldest first."""
    return events.of(tx, SUBJECT, key)
