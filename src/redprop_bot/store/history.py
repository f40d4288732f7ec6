"""The one door through the guard of the history (`triggers`): covering words and names, dropping old sign-ins.

Open within one transaction only, and never seen open by another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from redprop_bot.store.tables import Event, Revision
from redprop_bot.store.triggers import DOOR, PASSES
from redprop_bot.store.tx import Tx, table_of

_e, _r = table_of(Event), table_of(Revision)
_BATCH = 500


@contextmanager
def _open(tx: Tx) -> Iterator[None]:
    with tx.savepoint():
        tx.put(Revision, DOOR, value=1)
        yield
        tx.execute(_r.delete().where(_r.c.name == DOOR))


def of_demand(tx: Tx, demand_id: int) -> list[Event]:
    """Everything that happened to a demand, oldest first."""
    return tx.list(Event, _e.c.subject == "demand", _e.c.subject_id == demand_id, order=_e.c.id)


def cover(tx: Tx, event: Event, *, note: str, data: dict[str, Any], by_id: int | None, by_name: str) -> None:
    """The same event in other words; what happened, to what and when stays."""
    with _open(tx):
        tx.update(Event, event.id, note=note, data=data, by_id=by_id, by_name=by_name)


def forget_access(tx: Tx, before: datetime) -> int:
    """Who signed in before a moment is known no longer; how many rows went."""
    old = _e.c.subject == PASSES, _e.c.at < before
    keys = [row.id for row in tx.list(Event, *old, order=_e.c.id, limit=_BATCH)]
    if not keys:
        return 0
    with _open(tx):
        return tx.execute(_e.delete().where(_e.c.id.in_(keys), _e.c.subject == PASSES))
