"""Statements about the trail: everything that happened, whatever it happened to, the newest first."""

from collections.abc import Sequence
from typing import Any

from redprop_bot.store.tables import Event
from redprop_bot.store.tx import Tx, among, table_of

_e = table_of(Event)


def page(tx: Tx, communities: Sequence[int] | None, *, before_id: int | None, limit: int) -> list[Event]:
    """A page of events."""
    where: list[Any] = []
    if communities is not None:
        where.append(among(_e.c.community_id, communities))
    if before_id is not None:
        where.append(_e.c.id < before_id)
    return tx.list(Event, *where, order=_e.c.id.desc(), limit=limit)
