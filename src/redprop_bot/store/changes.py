"""What has changed since a moment, whichever process changed it: for pages that are open."""

from typing import Any, NamedTuple

from sqlalchemy import func, select

from redprop_bot.store.tables import Demand, Event
from redprop_bot.store.tx import Tx, table_of

_e, _d = table_of(Event), table_of(Demand)

LOOK_BACK = 200
"""Keys are given before a transaction commits: of two the later may be seen first, so some are looked at again."""


class Change(NamedTuple):
    """An event of a demand: its key and act, and what says whether the demand is there for somebody."""

    key: int
    id: int
    no: str
    act: str
    community_id: int | None
    handler_id: int | None
    intent: str
    released: bool


def newest(tx: Tx) -> int:
    """The key of the newest event."""
    return int(tx.scalar(select(func.max(_e.c.id))) or 0)


def since(tx: Tx, key: int, *, most: int = 500) -> list[Change]:
    """Events of demands from `LOOK_BACK` before a key on."""
    statement = (
        select(
            _e.c.id,
            _d.c.id.label("demand"),
            _d.c.no,
            _e.c.act,
            _d.c.community_id,
            _d.c.handler_id,
            _d.c.intent,
            _d.c.released,
        )
        .select_from(_e.join(_d, _d.c.id == _e.c.subject_id))
        .where(_e.c.id > key - LOOK_BACK, _e.c.subject == "demand")
        .order_by(_e.c.id)
        .limit(most + LOOK_BACK)
    )
    rows: Any = tx.rows(statement)
    return [Change(int(k), int(d), str(no), str(a), c, h, str(i), bool(r)) for k, d, no, a, c, h, i, r in rows]
