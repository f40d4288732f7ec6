"""Statements about visits, and who lives where they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select

from redprop_bot.store.tables import Person, Visit
from redprop_bot.store.tx import Tx, table_of

_visit, _person = table_of(Visit), table_of(Person)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many visits and households one worker has at one estate, of one kind."""

    worker_id: int | None
    worker: str
    estate_id: int | None
    kind: str
    visits: int
    households: int
    matters: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which visits: of these communities (None: of all), from `begin` to before `end`."""

    communities: Sequence[int] | None
    begin: datetime | None = None
    end: datetime | None = None
    worker_id: int | None = None
    estate_id: int | None = None
    kind: str | None = None

    def where(self) -> list[ColumnElement[bool]]:
        """As conditions."""
        found: list[Any] = []
        if self.communities is not None:
            found.append(_visit.c.community_id.in_(list(self.communities)))
        if self.begin is not None:
            found.append(_visit.c.visited_at >= self.begin)
        if self.end is not None:
            found.append(_visit.c.visited_at < self.end)
        for column, value in (
            (_visit.c.worker_id, self.worker_id),
            (_visit.c.estate_id, self.estate_id),
            (_visit.c.kind, self.kind),
        ):
            if value is not None:
                found.append(column == value)
        return found


def by_no(tx: Tx, no: str) -> Visit | None:
    """The visit with this number."""
    return tx.find(Visit, _visit.c.no == no)


def remove(tx: Tx, visit: Visit) -> None:
    """It never was; what was reported with it stays."""
    tx.execute(delete(_visit).where(_visit.c.id == visit.id))


def page(tx: Tx, wanted: Wanted, *, before_id: int | None = None, limit: int) -> list[Visit]:
    """Visits, newest first."""
    below = [_visit.c.id < before_id] if before_id is not None else []
    return tx.list(Visit, *wanted.where(), *below, order=_visit.c.id.desc(), limit=limit)


def tallies(tx: Tx, wanted: Wanted) -> list[Tally]:
    """Counts per worker, estate and kind, by name: who knocked at most doors is nobody's rank."""
    columns = (_visit.c.worker_id, _visit.c.worker_name, _visit.c.estate_id, _visit.c.kind)
    households = func.sum(_visit.c.households)
    statement = (
        select(*columns, func.count(), households, func.sum(_visit.c.brought))
        .where(*wanted.where())
        .group_by(*columns)
        .order_by(_visit.c.worker_name, _visit.c.estate_id, _visit.c.kind)
    )
    return [
        Tally(worker_id, worker, estate_id, kind, int(times), int(homes), int(matters))
        for worker_id, worker, estate_id, kind, times, homes, matters in tx.rows(statement)
    ]


def residents_at(
    tx: Tx, *, estate_id: int, building: str, unit: str | None, room: str, limit: int = 3
) -> list[Person]:
    """Residents who told us that they live there."""
    at = [_person.c.estate_id == estate_id, _person.c.building == building, _person.c.room == room]
    if unit is not None:
        at.append(_person.c.unit == unit)
    return tx.list(Person, *at, _person.c.openid.is_not(None), order=_person.c.id, limit=limit)


def residents_with(tx: Tx, phone: str, *, limit: int = 3) -> list[Person]:
    """Residents who gave this phone."""
    return tx.list(
        Person, _person.c.phone == phone, _person.c.openid.is_not(None), order=_person.c.id, limit=limit
    )
