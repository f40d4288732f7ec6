"""示范创建: applications of estates for a standard, and their items. What each level decided stands in `event`."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, json_list, key, moment, ref


class StandardApplication(Table, table=True):
    """An estate held against a standard as it was when this was opened; state open | passed | stopped.

    level: the one whose turn it is, or was last. round: 1, and one more whenever a level sends it back.
    open_key: estate and standard while it is open, so that there is one at most.
    """

    __tablename__: ClassVar[Any] = "standard_application"
    __table_args__ = (UniqueConstraint("open_key"), Index(None, "community_id", "id"), Index(None, "estate_id"))
    id: int | None = key()
    standard: str
    title: str
    estate_id: int = ref("estate.id", nullable=False)
    community_id: int = ref("community.id", nullable=False)
    levels: list[dict[str, Any]] = json_list()
    least: int
    level: str
    round: int = 1
    state: str = "open"
    open_key: str | None = None
    submitted_by_id: int | None = ref("person.id")
    opened_by: str
    opened_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    finished_at: datetime | None = moment()


class StandardItem(Table, table=True):
    """One item: mark open | met | not_met. value, said: what is known, and how it is told; `at` as of when.

    by_name is who marked it; empty where the figure did.
    """

    __tablename__: ClassVar[Any] = "standard_item"
    __table_args__ = (UniqueConstraint("application_id", "position"),)
    id: int | None = key()
    application_id: int = ref("standard_application.id", nullable=False)
    position: int
    key: str
    title: str
    evidence: str
    figure: str = ""
    least: int = 1
    value: int | None = None
    said: str = ""
    mark: str = "open"
    note: str = ""
    links: list[str] = json_list()
    by_name: str = ""
    at: datetime = moment(nullable=False)


class StandardPhoto(Table, table=True):
    """A picture that proves an item, in our own files under `name`; the community and the street see it."""

    __tablename__: ClassVar[Any] = "standard_photo"
    __table_args__ = (Index(None, "application_id", "id"), Index(None, "name"))
    id: int | None = key()
    application_id: int = ref("standard_application.id", nullable=False)
    position: int
    at: datetime = moment(nullable=False)
    by_name: str
    name: str
    content_type: str
    size: int
