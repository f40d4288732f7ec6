"""Statements about places, bookings and how much places are used."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, func, or_, select, update

from redprop_bot.store import numbers
from redprop_bot.store.tables import Booking, Place, PlaceUse, Resource
from redprop_bot.store.tx import Tx, dialect_insert, table_of

_b, _p, _u, _r = table_of(Booking), table_of(Place), table_of(PlaceUse), table_of(Resource)
LONGEST: Final = timedelta(days=62)
"""No booking is longer: so far back a look into the calendar begins."""


def held(tx: Tx, resource_id: int) -> Resource:
    """The resource, and nobody else books it before this job ends."""
    return tx.get(Resource, resource_id, lock=True)


def by_no(tx: Tx, no: str, *, lock: bool = False) -> Booking | None:
    """The booking with this number."""
    return tx.find(Booking, _b.c.no == no, lock=lock)


def resource(tx: Tx, no: str) -> Resource | None:
    """The resource with this number."""
    return tx.find(Resource, _r.c.no == no)


def by_tail(tx: Tx, person_id: int, digits: str) -> list[Booking]:
    """Bookings of somebody that still stand and whose number ends so, the next one first."""
    mine = (_b.c.person_id == person_id, _b.c.state == "booked", _b.c.no.in_(numbers.recent(tx, "B", digits)))
    return tx.list(Booking, *mine, order=_b.c.starts_at)


def at(tx: Tx, resource_id: int, start: datetime, end: datetime) -> list[Booking]:
    """What stands in a stretch of time, in order."""
    return tx.list(
        Booking,
        _b.c.resource_id == resource_id,
        _b.c.state == "booked",
        _b.c.starts_at < end,
        _b.c.starts_at > start - LONGEST,
        _b.c.ends_at > start,
        order=(_b.c.starts_at, _b.c.id),
    )


def of_person(tx: Tx, person_id: int) -> list[Booking]:
    """What somebody has booked and not yet used up, the next one first."""
    mine = (_b.c.person_id == person_id, _b.c.state == "booked", _b.c.ends_at > tx.now)
    return tx.list(Booking, *mine, order=(_b.c.ends_at, _b.c.id), limit=50)


def page(
    tx: Tx,
    *,
    communities: Sequence[int] | None,
    organisation_id: int | None,
    resource_id: int | None,
    begin: datetime | None,
    end: datetime | None,
    state: str | None,
    before_id: int | None,
    limit: int,
) -> list[Booking]:
    """A page of bookings, newest first; with `organisation_id` of what that unit keeps."""
    where: list[Any] = []
    if communities is not None:
        where.append(or_(_b.c.community_id.in_(communities), _b.c.community_id.is_(None)))
    if organisation_id is not None:
        where.append(_b.c.resource_id.in_(select(_r.c.id).where(_r.c.organisation_id == organisation_id)))
    if resource_id is not None:
        where.append(_b.c.resource_id == resource_id)
    if begin is not None:
        where.append(_b.c.ends_at > begin)
    if end is not None:
        where.append(_b.c.starts_at < end)
    if state is not None:
        where.append(_b.c.state == state)
    if before_id is not None:
        where.append(_b.c.id < before_id)
    return tx.list(Booking, *where, order=_b.c.id.desc(), limit=limit)


# -- places


def place(tx: Tx, resource_id: int) -> Place | None:
    """What is known of a place beyond its row."""
    return tx.find(Place, _p.c.resource_id == resource_id)


def places(tx: Tx, resource_ids: Sequence[int]) -> dict[int, Place]:
    """The same for many, by resource."""
    if not resource_ids:
        return {}
    return {row.resource_id: row for row in tx.list(Place, _p.c.resource_id.in_(resource_ids))}


def keep_place(tx: Tx, resource_id: int, **values: Any) -> None:
    """Remember what is known of a place; what is not given stays."""
    if not values:
        return
    row = tx.insert_new(Place, resource_id=resource_id, **values)
    if row is None:
        there = place(tx, resource_id)
        assert there is not None
        tx.update(Place, there.id, **values)


def listed(tx: Tx, community_ids: Sequence[int], *, limit: int) -> list[Resource]:
    """Published resources of these communities and of all together, by title: places and the like."""
    kinds = [*tx.content.booking.kinds, *tx.content.booking.lend_kinds]
    here = or_(_r.c.community_id.in_(community_ids), _r.c.community_id.is_(None))
    known = or_(_r.c.kind.in_(kinds), _r.c.id.in_(select(_p.c.resource_id)))
    return tx.list(Resource, _r.c.status == "published", here, known, order=(_r.c.title, _r.c.id), limit=limit)


# -- use


def count_use(tx: Tx, resource_id: int, day: str, heads: int, by_name: str) -> None:
    """So many people used it on a day; said again it is set right."""
    values = {"resource_id": resource_id, "day": day, "heads": heads, "by_name": by_name, "at": tx.now}
    statement = dialect_insert(_u, tx.connection.dialect.name).values(**values)
    anew = {name: values[name] for name in ("heads", "by_name", "at")}
    tx.execute(statement.on_conflict_do_update(index_elements=["resource_id", "day"], set_=anew))


def used(tx: Tx, resource_id: int, begin: datetime, end: datetime, days: tuple[str, str]) -> tuple[int, int, int]:
    """How often a place was booked for a time that is over by now, by how many; how many were counted without."""
    over = (
        _b.c.resource_id == resource_id,
        _b.c.state == "booked",
        _b.c.starts_at >= begin,
        _b.c.starts_at < end,
        _b.c.ends_at <= tx.now,
    )
    booked = tx.first(select(func.count(), func.coalesce(func.sum(_b.c.heads), 0)).where(*over))
    counted = (_u.c.resource_id == resource_id, _u.c.day >= days[0], _u.c.day < days[1])
    others = tx.scalar(select(func.coalesce(func.sum(_u.c.heads), 0)).where(*counted))
    return int(booked[0]), int(booked[1]), int(others)


def forget_names(tx: Tx, before: datetime) -> None:
    """What is over since then says how many came, and no longer who and what for."""
    old = (_b.c.ends_at < before, _b.c.name.is_not(None))
    tx.execute(update(_b).where(*old).values(person_id=None, name=None, purpose="", reason=None))


def clashing() -> Select[Any]:
    """Pairs of bookings of a thing there is one of that stand at the same time: there should be none."""
    other = _b.alias("other")
    same = (
        _b.join(other, (other.c.resource_id == _b.c.resource_id) & (other.c.id > _b.c.id))
        .join(_r, _r.c.id == _b.c.resource_id)
        .outerjoin(_p, _p.c.resource_id == _b.c.resource_id)
    )
    return (
        select(_b.c.no, other.c.no.label("other"), _r.c.no.label("resource"))
        .select_from(same)
        .where(
            _b.c.state == "booked",
            other.c.state == "booked",
            func.coalesce(_p.c.quantity, 1) == 1,
            other.c.starts_at < _b.c.ends_at,
            other.c.ends_at > _b.c.starts_at,
        )
        .order_by(_b.c.id)
    )
