"""Statements about rulings on returns (先例)."""

from redprop_bot.store.tables import Precedent
from redprop_bot.store.tx import Tx, table_of

LOOKED_AT = 100
"""So many of the newest rulings on one category are compared."""

_p = table_of(Precedent)


def recent(tx: Tx, community_id: int | None, category: str) -> list[Precedent]:
    """The newest rulings of a community on a category."""
    return tx.list(
        Precedent,
        _p.c.community_id == community_id,
        _p.c.category == category,
        order=_p.c.id.desc(),
        limit=LOOKED_AT,
    )
