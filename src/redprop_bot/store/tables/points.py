"""The ledger of points (积分): what was booked, what each person has, what waits for a second pair of eyes.

A row of `point_entry` is both sides of a booking: a person's account moves by `delta`, the house's account
`against` by as much the other way. Rows are added, never changed (`store.triggers`); `point_balance` is their sum.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from redprop_bot.store.tables.base import BigKey, Table, key, moment, ref


class PointBalance(Table, table=True):
    """What a person has; changed only together with an entry, never below zero."""

    __tablename__: ClassVar[Any] = "point_balance"
    __table_args__ = (CheckConstraint("balance >= 0", name="not_negative"),)
    person_id: int = Field(
        primary_key=True, foreign_key="person.id", sa_type=BigKey, sa_column_kwargs={"autoincrement": False}
    )
    balance: int = 0
    named: bool = False  # agreed that their name stands on the quarterly list


class PointEntry(Table, table=True):
    """One booking. `against`: issued | shop | lapsed | joined. ledger: machine | hand.

    `key` is the same for every try of the same booking. `source` says what it is for (`activity:A…`, `demand:D…`);
    `day` is the local date that caps are counted by. `reverses_id` names the entry that this one takes back.
    """

    __tablename__: ClassVar[Any] = "point_entry"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("delta <> 0", name="moves"),
        Index(None, "person_id", "id"),
        Index(None, "person_id", "day"),
        Index(None, "source"),
        Index(None, "community_id", "id"),
    )
    id: int | None = key()
    key: str
    at: datetime = moment(nullable=False)
    day: str
    community_id: int | None = ref("community.id")
    person_id: int = ref("person.id", nullable=False)
    delta: int
    against: str
    kind: str
    ledger: str
    source: str
    reason: str
    by_id: int | None = ref("person.id")
    by_name: str
    approved_by: str | None = None
    reverses_id: int | None = ref("point_entry.id")


class PointRequest(Table, table=True):
    """Points that somebody wants to give by hand: state open | approved | refused; another person decides."""

    __tablename__: ClassVar[Any] = "point_request"
    __table_args__ = (Index(None, "community_id", "state", "id"),)
    id: int | None = key()
    at: datetime = moment(nullable=False)
    community_id: int | None = ref("community.id")
    person_id: int = ref("person.id", nullable=False)
    points: int
    reason: str
    by_id: int | None = ref("person.id")
    by_name: str
    state: str = "open"
    decided_by: str | None = None
    decided_at: datetime | None = moment()
    version: int = 1
