"""Visits (三访三问): where a grid worker was, and the numbers of what people told them there."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, json_list, key, moment, ref


class Visit(Table, table=True):
    """One visit as it was told; `kind` is a code of `data/visits`, `matters` the numbers that came of it.

    `resident_id` is who was visited, where exactly one person who talks with us lives there.
    """

    __tablename__: ClassVar[Any] = "visit"
    __table_args__ = (
        UniqueConstraint("no"),
        CheckConstraint("households >= 1", name="somebody"),
        Index(None, "community_id", "id"),
        Index(None, "community_id", "visited_at"),
        Index(None, "worker_id", "id"),
    )
    id: int | None = key()
    no: str
    community_id: int | None = ref("community.id")
    estate_id: int | None = ref("estate.id")
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    kind: str
    households: int = 1
    text: str
    worker_id: int | None = ref("person.id")
    worker_name: str
    resident_id: int | None = ref("person.id")
    visited_at: datetime = moment(nullable=False)
    matters: list[str] = json_list()
    brought: int = 0  # how many these are
    created_at: datetime = moment(nullable=False)
