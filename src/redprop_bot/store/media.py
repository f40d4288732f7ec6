"""Statements about attachments that still lie with a platform: claimed, kept, refused, expired, put off."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import and_, select, update

from redprop_bot.store.tables import Attachment
from redprop_bot.store.tx import Tx, table_of

_a = table_of(Attachment)


def claim(tx: Tx, *, limit: int, lease: timedelta, only: int | None = None) -> list[Attachment]:
    """Take attachments whose time has come, oldest first; until the lease is over nobody else takes them."""
    due = [_a.c.state == "wanted", _a.c.not_before <= tx.now]
    if only is not None:
        due.append(_a.c.id == only)
    free = select(_a.c.id).where(*due).order_by(_a.c.id).limit(limit).with_for_update(skip_locked=True).cte("free")
    statement = (
        update(_a)
        .where(_a.c.id.in_(select(free.c.id)))
        .values(not_before=tx.now + lease, attempts=_a.c.attempts + 1)
        .returning(*_a.c)
    )
    return cast("list[Attachment]", sorted(tx.rows(statement), key=lambda row: row.id))


def over(tx: Tx, *, before: datetime) -> list[Attachment]:
    """Attachments from before a moment that are still wanted are expired now; gives them."""
    statement = update(_a).where(_a.c.state == "wanted", _a.c.at < before).values(state="expired").returning(*_a.c)
    return cast("list[Attachment]", tx.rows(statement))


def settle(tx: Tx, item: Attachment, **values: Any) -> bool:
    """Write what became of a claimed attachment; False when somebody else settled it meanwhile."""
    mine = and_(_a.c.id == item.id, _a.c.state == "wanted")
    return bool(tx.execute(update(_a).where(mine).values(**values)))


def put_off(tx: Tx, item: Attachment, until: datetime, error: str) -> None:
    """Try again later."""
    settle(tx, item, not_before=until, error=error[:200])


def get(tx: Tx, key: int) -> Attachment | None:
    """One attachment."""
    return tx.find(Attachment, _a.c.id == key)
