"""What the console keeps beside the lists themselves: versions of what was edited, saved views, waiting files."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from redprop_bot.store.tables.base import Table, json_map, key, moment, ref


class Edition(Table, table=True):
    """A version of something people edit, as it was from then on; append-only. The newest one holds.

    kind: a table (`responsibility`, `resource` …), or `content` for a data file; `subject` its key or path.
    `data` is the whole of it; for `content` {"text": …}, or {} where the packaged file holds again.
    """

    __tablename__: ClassVar[Any] = "edition"
    __table_args__ = (UniqueConstraint("kind", "subject", "version"), Index(None, "community_id", "id"))
    id: int | None = key()
    kind: str
    subject: str
    version: int
    community_id: int | None = ref("community.id")
    at: datetime = moment(nullable=False)
    by_name: str
    note: str = ""
    data: dict[str, Any] = json_map()


class SavedView(Table, table=True):
    """A choice of filters that somebody gave a name; `owner` is who sits at the console, `query` an address."""

    __tablename__: ClassVar[Any] = "saved_view"
    __table_args__ = (UniqueConstraint("owner", "room", "name"),)
    id: int | None = key()
    owner: str
    room: str
    name: str
    query: str
    created_at: datetime = moment(nullable=False)


class Upload(Table, table=True):
    """A file that was looked at and waits for a yes, or for the rest of its form; forgotten after a day."""

    __tablename__: ClassVar[Any] = "upload"
    token: str = Field(primary_key=True)
    owner: str
    name: str
    content: bytes
    at: datetime = moment(index=True, nullable=False)
