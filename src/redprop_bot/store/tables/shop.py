"""The shop (公益超市): what points can be redeemed for, each move of its stock, and who redeemed what.

`goods.stock` is the sum of its `stock_move` rows, which are added and never changed; neither stock nor a balance
of points can be stored below zero.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text

from redprop_bot.store.tables.base import Table, key, moment, ref

WAITS = "state = 'held'"


class Goods(Table, table=True):
    """A thing on the shelf; without a community everybody's. `picture` is the name of a kept file."""

    __tablename__: ClassVar[Any] = "goods"
    __table_args__ = (
        CheckConstraint("stock >= 0", name="not_negative"),
        CheckConstraint("points >= 1", name="costs"),
        Index(None, "community_id", "id"),
        Index(None, "picture"),
    )
    id: int | None = key()
    title: str
    community_id: int | None = ref("community.id")
    points: int
    stock: int = 0
    note: str = ""
    picture: str | None = None
    picture_size: int | None = None  # in bytes
    active: bool = True
    created_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    version: int = 1


class Redemption(Table, table=True):
    """Points given for goods; state held | picked | cancelled. `code` is shown to the clerk."""

    __tablename__: ClassVar[Any] = "redemption"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("quantity >= 1", name="something"),
        Index("uq_redemption_code", "code", unique=True, sqlite_where=text(WAITS), postgresql_where=text(WAITS)),
        Index(None, "person_id", "id"),
        Index(None, "community_id", "state", "id"),
        Index(None, "goods_id"),
    )
    id: int | None = key()
    key: str
    goods_id: int = ref("goods.id", nullable=False)
    community_id: int | None = ref("community.id")
    person_id: int = ref("person.id", nullable=False)
    title: str
    quantity: int
    points: int
    code: str
    state: str = "held"
    at: datetime = moment(nullable=False)
    ended_at: datetime | None = moment()
    ended_by: str | None = None


class StockMove(Table, table=True):
    """One move of a stock; reason entered | counted | redeemed | cancelled. Added, never changed."""

    __tablename__: ClassVar[Any] = "stock_move"
    __table_args__ = (
        UniqueConstraint("redemption_id", "reason"),
        CheckConstraint("delta <> 0", name="moves"),
        Index(None, "goods_id", "id"),
    )
    id: int | None = key()
    goods_id: int = ref("goods.id", nullable=False)
    redemption_id: int | None = ref("redemption.id")
    delta: int
    reason: str
    by_name: str
    at: datetime = moment(nullable=False)
