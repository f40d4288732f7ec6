"""Statements about the outbox as people look at it: pages by state, and owing a message once more."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import func, select, update

from redprop_bot.store.tables import Outbox
from redprop_bot.store.tx import Tx, among, table_of, without

_out = table_of(Outbox)

STATES: Final = ("dead", "waiting", "pending", "claimed", "merged", "sent")
MANY: Final = 1000


def page(
    tx: Tx,
    communities: Sequence[int] | None,
    state: str | None,
    *,
    unseen: Collection[int] = (),
    before_id: int | None,
    limit: int,
) -> list[Outbox]:
    """Messages, the newest first, without those about the demands with the keys `unseen`."""
    where: list[Any] = [*without(_out.c.demand_id, unseen)]
    if communities is not None:
        where.append(among(_out.c.community_id, communities))
    if state is not None:
        where.append(_out.c.state == state)
    if before_id is not None:
        where.append(_out.c.id < before_id)
    return tx.list(Outbox, *where, order=_out.c.id.desc(), limit=limit)


def count(tx: Tx, state: str) -> int:
    """How many stand in a state, counted up to MANY."""
    some = select(_out.c.id).where(_out.c.state == state).limit(MANY).subquery()
    return int(tx.scalar(select(func.count()).select_from(some)) or 0)


def message(tx: Tx, message_id: int) -> Outbox | None:
    """The message with this key; locked."""
    return tx.find(Outbox, _out.c.id == message_id, lock=True)


def again(tx: Tx, message_id: int) -> bool:
    """Owe a dead message once more, as if it were new; False when it is not dead (any more)."""
    fresh: dict[str, Any] = {"attempts": 0, "refused": "", "road": None, "spent": None, "claimed_by": None}
    changed = tx.execute(
        update(_out)
        .where(_out.c.id == message_id, _out.c.state == "dead")
        .values(state="pending", not_before=tx.now, created_at=tx.now, claimed_until=None, lead_id=None, **fresh)
    )
    tx.wakes = tx.wakes or bool(changed)
    return bool(changed)
