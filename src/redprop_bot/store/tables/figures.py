"""Figures rolled up by day and month, what each demand has added to them, and which are to be counted anew."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from redprop_bot.store.tables.base import BigKey, Table, json_map, key, moment, number


class Figure(Table, table=True):
    """Counts of one place in one period; see `rules.tallies` for what a place and a face are.

    grain: d (a day) | m (a month); `day` is its first day, `2026-11-25`. Sums of what `tally` says, nothing else.
    """

    __tablename__: ClassVar[Any] = "figure"
    __table_args__ = ({"sqlite_with_rowid": False},)
    place: str = Field(primary_key=True)
    face: str = Field(primary_key=True)
    grain: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    came: int = 0
    closed: int = 0
    due: int = 0
    on_time: int = 0
    asked: int = 0
    signed: int = 0
    to_solve: int = 0
    solved: int = 0
    rated: int = 0
    content: int = 0


class Tally(Table, table=True):
    """What one demand has added to the figures, so that it can be taken back; `again_at`: when time changes it."""

    __tablename__: ClassVar[Any] = "tally"
    __table_args__ = (Index(None, "again_at"),)
    demand_id: int = Field(primary_key=True, sa_type=BigKey)
    added: dict[str, Any] = json_map()
    again_at: datetime | None = moment()


class Recount(Table, table=True):
    """A demand that has changed since it was counted; the database itself writes these rows (`triggers`)."""

    __tablename__: ClassVar[Any] = "recount"
    id: int | None = key()
    demand_id: int = number(nullable=False)
