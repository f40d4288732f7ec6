"""Statements by which somebody is forgotten in wishes, visits, the shop, cards; and by which words grow old."""

from datetime import datetime

from sqlalchemy import or_, select, update

from redprop_bot.store.tables import Redemption, ThanksCard, Visit, Wish
from redprop_bot.store.tx import Tx, table_of

_w, _v, _r, _c = table_of(Wish), table_of(Visit), table_of(Redemption), table_of(ThanksCard)

OLD = ""
"""What stands in place of words that were kept long enough."""


def given(tx: Tx, person_id: int) -> list[Wish]:
    """Wishes of theirs, or that they give, which somebody works on just now."""
    theirs = or_(_w.c.wisher_id == person_id, _w.c.claimer_id == person_id)
    return tx.list(Wish, theirs, _w.c.status.in_(("claimed", "delivered")), order=_w.c.id, limit=5)


def held(tx: Tx, person_id: int) -> list[str]:
    """Codes with which they may still pick something up."""
    mine = select(_r.c.code).where(_r.c.person_id == person_id, _r.c.state == "held").limit(5)
    return [row.code for row in tx.rows(mine)]


def wishes(tx: Tx, person_id: int) -> list[Wish]:
    """All that they wished."""
    return tx.list(Wish, _w.c.wisher_id == person_id, order=_w.c.id)


def visits(tx: Tx, person_id: int) -> list[Visit]:
    """Where they were visited."""
    return tx.list(Visit, _v.c.resident_id == person_id, order=_v.c.id)


def rest(tx: Tx, person_id: int) -> None:
    """Who gave what they gave, and cards about them."""
    gave = _w.c.claimer_id == person_id, _w.c.status == "fulfilled"
    tx.execute(update(_w).where(*gave).values(claimer_id=None))
    tx.execute(_c.delete().where(_c.c.person_id == person_id))


def grow_old(tx: Tx, *, visits_before: datetime, wishes_before: datetime) -> None:
    """What was said on visits, and around wishes that have ended, is kept so long; numbers and counts stay."""
    words = {"text": OLD, "unit": None, "room": None, "resident_id": None}
    tx.execute(update(_v).where(_v.c.created_at < visits_before, _v.c.text != OLD).values(**words))
    ended = _w.c.status.in_(("fulfilled", "refused", "withdrawn")), _w.c.updated_at < wishes_before
    tx.execute(update(_w).where(*ended, _w.c.text != OLD).values(text=OLD, thanks=None))
