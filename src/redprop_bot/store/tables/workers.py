"""社区工作者考核: what was written down about a worker. What they did is read where it happened."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, json_map, key, moment, ref


class WorkerEvent(Table, table=True):
    """Something about a worker, only added, gone when its years are over; kind graded | assessed | answered.

    period: 2026-11 or 2026, empty for a grade. number: 1, and one more for each that sets the one before right; an
    answer has that of what it answers. data: the figures as they were, or post and grade before and after.
    """

    __tablename__: ClassVar[Any] = "worker_event"
    __table_args__ = (UniqueConstraint("person_id", "community_id", "kind", "period", "number"), Index(None, "at"))
    id: int | None = key()
    person_id: int = ref("person.id", nullable=False)
    community_id: int = ref("community.id", nullable=False)
    kind: str
    period: str = ""
    number: int
    level: str | None = None
    text: str = ""
    data: dict[str, Any] = json_map()
    by_id: int | None = ref("person.id")
    by_name: str
    at: datetime = moment(nullable=False)
