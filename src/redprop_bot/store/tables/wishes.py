"""Wishes (微心愿): what somebody would like, who makes it come true, and the word of both sides that it has.

Its history is `event` with the subject `wish`.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, key, moment, number, ref


class Wish(Table, table=True):
    """One wish; status proposed | published | refused | claimed | delivered | fulfilled | withdrawn.

    `text` is as it was said, for those who keep the wishes; `shown` is what everybody may read. `wisher_id` is who
    confirms it: who wished, or who wished for a neighbour. Whoever gives says `delivered_at`, the other side
    `received_at`; with both it is fulfilled.
    """

    __tablename__: ClassVar[Any] = "wish"
    __table_args__ = (
        UniqueConstraint("no"),
        Index(None, "status", "id"),
        Index(None, "community_id", "status", "id"),
        Index(None, "wisher_id", "id"),
        Index(None, "claimer_id", "status"),
        Index(None, "claimer_unit_id", "status"),
    )
    id: int | None = key()
    no: str
    community_id: int | None = ref("community.id")
    estate_id: int | None = ref("estate.id")
    text: str
    shown: str
    wisher_id: int | None = ref("person.id")
    visit_id: int | None = number()
    status: str = "proposed"
    claimer_id: int | None = ref("person.id")
    claimer_unit_id: int | None = ref("organisation.id")
    claimed_at: datetime | None = moment()
    delivered_at: datetime | None = moment()
    received_at: datetime | None = moment()
    thanks: str | None = None
    created_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    version: int = 1
