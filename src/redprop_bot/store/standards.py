"""Statements about 示范创建: applications, their items, what their levels decided, the counts of a past year."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, func, select

from redprop_bot.store.tables import (
    Activity,
    Event,
    Meeting,
    StandardApplication,
    StandardItem,
    StandardPhoto,
    Visit,
)
from redprop_bot.store.tx import T, Tx, among, table_of

SUBJECT = "standard"
_a, _i, _e = table_of(StandardApplication), table_of(StandardItem), table_of(Event)
_f = table_of(StandardPhoto)
_meeting, _activity, _visit = table_of(Meeting), table_of(Activity), table_of(Visit)


def one(tx: Tx, key: int, *, lock: bool = False) -> StandardApplication | None:
    """The application with this key; with `lock` nobody else changes it before this job ends."""
    return tx.find(StandardApplication, _a.c.id == key, lock=lock)


def page(
    tx: Tx,
    *,
    communities: Sequence[int] | None,
    estate_id: int | None = None,
    standard: str | None = None,
    state: str | None = None,
    before_id: int | None = None,
    limit: int,
) -> list[StandardApplication]:
    """Applications of these communities (None: all), the newest first."""
    where: list[Any] = [] if communities is None else [_a.c.community_id.in_(list(communities))]
    for column, value in ((_a.c.estate_id, estate_id), (_a.c.standard, standard), (_a.c.state, state)):
        if value is not None:
            where.append(column == value)
    if before_id is not None:
        where.append(_a.c.id < before_id)
    return tx.list(StandardApplication, *where, order=_a.c.id.desc(), limit=limit)


def items(tx: Tx, keys: Sequence[int]) -> dict[int, list[StandardItem]]:
    """The items of these applications, by application, in their order."""
    return _apart(tx, StandardItem, _i.c.application_id, keys, order=_i.c.position)


def decided(tx: Tx, keys: Sequence[int]) -> dict[int, list[Event]]:
    """What happened to these applications, by application, oldest first."""
    return _apart(tx, Event, _e.c.subject_id, keys, _e.c.subject == SUBJECT, order=_e.c.id)


def photos(tx: Tx, keys: Sequence[int]) -> dict[int, list[StandardPhoto]]:
    """The pictures of these applications, by application, in the order in which they were added."""
    return _apart(tx, StandardPhoto, _f.c.application_id, keys, order=_f.c.id)


def _apart(
    tx: Tx, model: type[T], column: Any, keys: Sequence[int], *where: Any, order: Any
) -> dict[int, list[T]]:
    """Rows by the application that a column names, each in order; every key has its list."""
    found: dict[int, list[T]] = {key: [] for key in keys}
    if keys:
        for row in tx.list(model, among(column, list(keys)), *where, order=order):
            found[getattr(row, column.name)].append(row)
    return found


def photo(tx: Tx, application_id: int, photo_id: int) -> StandardPhoto | None:
    """One of them."""
    return tx.find(StandardPhoto, _f.c.application_id == application_id, _f.c.id == photo_id)


def drop_photo(tx: Tx, row: StandardPhoto) -> None:
    """It is shown no more; the sweep of loose files removes what it was."""
    tx.execute(delete(_f).where(_f.c.id == row.id))


# -- what is known without asking


def held_meetings(tx: Tx, community_id: int, begin: datetime, end: datetime) -> int:
    """Meetings of a community that were held."""
    return _count(
        tx,
        _meeting,
        _meeting.c.community_id == community_id,
        _meeting.c.state == "held",
        _meeting.c.starts_at >= begin,
        _meeting.c.starts_at < end,
    )


def held_activities(tx: Tx, community_id: int, begin: datetime, end: datetime) -> int:
    """Activities of a community that are over."""
    return _count(
        tx,
        _activity,
        _activity.c.community_id == community_id,
        _activity.c.state == "over",
        _activity.c.starts_at >= begin,
        _activity.c.starts_at < end,
    )


def visits_at(tx: Tx, estate_id: int, begin: datetime, end: datetime) -> int:
    """Visits that were logged at an estate."""
    return _count(
        tx, _visit, _visit.c.estate_id == estate_id, _visit.c.visited_at >= begin, _visit.c.visited_at < end
    )


def _count(tx: Tx, table: Table, *where: Any) -> int:
    return int(tx.scalar(select(func.count()).select_from(table).where(*where)) or 0)
