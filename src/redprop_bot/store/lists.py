"""Statements about the resource list, the service list and tasks."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import or_

from redprop_bot.store import numbers
from redprop_bot.store.tables import Resource, Service, Task
from redprop_bot.store.tx import Tx, table_of

_task = table_of(Task)
Offer = TypeVar("Offer", Resource, Service)


def open_tasks(tx: Tx, communities: Iterable[int | None], *, limit: int = 50) -> list[Task]:
    """What waits in these communities, oldest first; None stands for what belongs to none."""
    wanted = list(communities)
    inside: Any = _task.c.community_id.in_([i for i in wanted if i is not None])
    if None in wanted:
        inside = or_(inside, _task.c.community_id.is_(None))
    return tx.list(
        Task,
        _task.c.status == "open",
        inside,
        order=_task.c.id,
        limit=limit,
    )


def task_by_tail(tx: Tx, digits: str) -> list[Task]:
    """Recent tasks whose number ends in these digits, open ones and newer ones first."""
    return tx.list(
        Task,
        _task.c.no.in_(numbers.recent(tx, "T", digits)),
        order=(_task.c.status.desc(), _task.c.id.desc()),
        limit=5,
    )


def by_no(tx: Tx, model: type[Offer], no: str, *, lock: bool = True) -> Offer | None:
    """The entry with this number; locked unless it is only looked at."""
    return tx.find(model, table_of(model).c.no == no, lock=lock)


def offered_by(tx: Tx, person_id: int, *, limit: int = 20) -> list[Resource | Service]:
    """What somebody offers or has offered, newest first; what the secretary refused is not."""
    found: list[Resource | Service] = []
    for model in (Resource, Service):
        table = table_of(model)
        mine = (table.c.owner_id == person_id, table.c.status != "refused")
        found += tx.list(model, *mine, order=table.c.id.desc(), limit=limit)
    return found


def published_resources(tx: Tx, community_id: int | None, *, limit: int = 200) -> list[Resource]:
    """What everybody there may use, oldest first."""
    table = table_of(Resource)
    home = or_(table.c.community_id == community_id, table.c.community_id.is_(None))
    return tx.list(Resource, table.c.status == "published", home, order=table.c.id, limit=limit)


def page(
    tx: Tx,
    model: type[Offer],
    *,
    communities: Sequence[int] | None,
    status: str | None,
    q: str | None,
    before_id: int | None,
    limit: int,
) -> list[Offer]:
    """A page of a list, newest first."""
    table = table_of(model)
    where: list[Any] = []
    if communities is not None:
        where.append(or_(table.c.community_id.in_(communities), table.c.community_id.is_(None)))
    if status is not None:
        where.append(table.c.status == status)
    if q:
        where.append(table.c.title.icontains(q, autoescape=True))
    if before_id is not None:
        where.append(table.c.id < before_id)
    return tx.list(model, *where, order=table.c.id.desc(), limit=limit)
