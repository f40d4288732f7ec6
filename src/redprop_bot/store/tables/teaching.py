"""What the staff taught: how a message was read, and how they set it right; nothing here tells who said it."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, json_map, key, moment, ref


class Correction(Table, table=True):
    """A labelled example: `text` without persons, places and phones, the labels as they are right.

    `heard` is how it had been read: intent, category, urgency, and the unit that had it first. `unit` is the one
    that the secretary gave it to instead, None where that was not changed. One row for each demand.
    """

    __tablename__: ClassVar[Any] = "correction"
    __table_args__ = (UniqueConstraint("demand_id"), Index(None, "at"))
    id: int | None = key()
    demand_id: int = ref("demand.id", nullable=False)
    community_id: int | None = ref("community.id", index=True)
    at: datetime = moment(nullable=False)
    role: str
    text: str
    intent: str
    category: str | None = None
    urgency: str | None = None
    unit: str | None = None
    heard: dict[str, Any] = json_map()
