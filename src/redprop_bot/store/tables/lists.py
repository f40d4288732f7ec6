"""The resource list (资源清单), the service list (服务清单), and tasks for the secretary.

Resources are things and places, services are people's time and skill; both are offered, then published.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, json_map, key, moment, ref


class _Offer(Table):
    id: int | None = key()
    no: str
    kind: str = "other"
    title: str
    note: str = ""
    community_id: int | None = ref("community.id", index=True)
    estate_id: int | None = ref("estate.id")
    place: str | None = None
    owner_id: int | None = ref("person.id")
    organisation_id: int | None = ref("organisation.id")
    owner: str | None = None
    hours: str | None = None
    status: str = "proposed"
    created_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    version: int = 1


class Resource(_Offer, table=True):
    """A thing or a place that can be used; status proposed | published | refused | withdrawn."""

    __tablename__: ClassVar[Any] = "resource"
    __table_args__ = (UniqueConstraint("no"), Index(None, "status", "id"))


class Service(_Offer, table=True):
    """Somebody's time and skill; status as for a resource."""

    __tablename__: ClassVar[Any] = "service"
    __table_args__ = (UniqueConstraint("no"), Index(None, "status", "id"))


class Task(Table, table=True):
    """Something a secretary must look at that is not (yet) a demand: status open | done."""

    __tablename__: ClassVar[Any] = "task"
    __table_args__ = (UniqueConstraint("no"), Index(None, "community_id", "status", "id"))
    id: int | None = key()
    no: str
    kind: str
    community_id: int | None = ref("community.id")
    person_id: int | None = ref("person.id")
    text: str
    slots: dict[str, Any] = json_map()
    status: str = "open"
    answer: str | None = None
    created_at: datetime = moment(nullable=False)
    done_at: datetime | None = moment()
