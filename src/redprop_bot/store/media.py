"""Statements about attachments: those that lie with a platform, from claim to kept; what goes; whose a file is.

Going takes two steps, so that a crash between them loses no file: `leaving` hides the row and keeps the name,
`gone` removes the row when its file is no more.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import and_, delete, select, union_all, update

from redprop_bot.rules.flow import OPEN, Stage
from redprop_bot.store.tables import ActivityPhoto, Attachment, Demand, Goods, Posting, StandardPhoto
from redprop_bot.store.tx import Tx, table_of

LEAVING: Final = "leaving"
PLACE_TIMER: Final = "photo_place"
"""The timer of a picture whose place may be used."""

_a = table_of(Attachment)
_d = table_of(Demand)
_NAMES: Final = (
    _a.c.name,
    table_of(Posting).c.name,
    table_of(ActivityPhoto).c.name,
    table_of(Goods).c.picture,
    table_of(StandardPhoto).c.name,
)
"""Every column that names a file."""


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


def forget_place(tx: Tx, key: int) -> None:
    """Where this picture was taken is noted no longer: it has served, or cannot."""
    tx.execute(update(_a).where(_a.c.id == key).values(latitude=None, longitude=None))


def forget_places(tx: Tx, person_id: int) -> None:
    """Where this person's pictures were taken is noted no longer."""
    tx.execute(update(_a).where(_a.c.by_id == person_id).values(latitude=None, longitude=None))


# -- keeping no longer


def leave(tx: Tx, *, before: datetime, limit: int) -> int:
    """Hide what belongs to demands that ended before a moment; how many. What is still fetched comes later.

    What was merged has ended when that into which it was merged has: until then its pictures are part of an open
    matter.
    """
    ended = _ended(before)
    over = (
        select(_a.c.id)
        .join(_d, _d.c.id == _a.c.demand_id)
        .where(_a.c.state.not_in([LEAVING, "wanted"]), *ended, _d.c.stage != Stage.MERGED.value)
        .order_by(_a.c.id)
        .limit(limit)
    )
    keys = [row.id for row in tx.rows(over)]
    if len(keys) < limit:
        keys += _of_merged(tx, ended, before, limit - len(keys))
    return tx.execute(update(_a).where(_a.c.id.in_(keys)).values(state=LEAVING)) if keys else 0


def _ended(before: datetime) -> tuple[Any, ...]:
    return (_d.c.stage.not_in(sorted(OPEN)), _d.c.closed_at < before)


def _of_merged(tx: Tx, ended: tuple[Any, ...], before: datetime, limit: int) -> list[int]:
    statement = (
        select(_a.c.id, _d.c.merged_into_id)
        .join(_d, _d.c.id == _a.c.demand_id)
        .where(_a.c.state.not_in([LEAVING, "wanted"]), *ended, _d.c.stage == Stage.MERGED.value)
        .order_by(_a.c.id)
    )
    rows: Any = tx.rows(statement)
    last = {into: _last(tx, into) for into in {into for _, into in rows if into is not None}}
    over = {into for into, demand in last.items() if _has_ended(demand, before)}
    return [key for key, into in rows if into is None or into in over][:limit]


def _last(tx: Tx, demand_id: int) -> Demand:
    """Where the chain of mergers ends; nothing is ever merged into what was merged before it."""
    demand = tx.get(Demand, demand_id)
    seen = {demand_id}
    while demand.merged_into_id is not None and demand.merged_into_id not in seen:
        seen.add(demand.merged_into_id)
        demand = tx.get(Demand, demand.merged_into_id)
    return demand


def _has_ended(demand: Demand, before: datetime) -> bool:
    return demand.stage not in OPEN and demand.closed_at is not None and demand.closed_at < before


def leaving(tx: Tx, *, after: int, limit: int) -> list[Attachment]:
    """What is hidden and not gone yet, from a key on."""
    return tx.list(Attachment, _a.c.state == LEAVING, _a.c.id > after, order=_a.c.id, limit=limit)


def gone(tx: Tx, keys: Collection[int]) -> int:
    """Their files are no more: neither are they; how many of them this made go."""
    return tx.execute(delete(_a).where(_a.c.id.in_(list(keys)), _a.c.state == LEAVING)) if keys else 0


def held(tx: Tx, names: Collection[str]) -> set[str]:
    """Which of these files a row names: an attachment (one about to go, too), a posting old or new, a picture."""
    rows = (select(name.label("name")).where(name.in_(list(names))) for name in _NAMES)
    return {row.name for row in tx.rows(union_all(*rows))}


def fetched(tx: Tx, keys: Collection[int]) -> set[int]:
    """Which of these attachments are still wanted: a file of theirs may be about to be named."""
    wanted = select(_a.c.id).where(_a.c.id.in_(list(keys)), _a.c.state == "wanted")
    return {row.id for row in tx.rows(wanted)}
