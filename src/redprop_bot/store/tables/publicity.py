"""What is public beside the orders: what a unit has posted, the numbers to call, the codes on the posters.

Nothing about persons belongs into these columns; what comes in is looked at before (`registry.posting`).
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from redprop_bot.store.tables.base import Table, key, moment, number, ref


class Posting(Table, table=True):
    """One version of something that was posted (公示件): a price list, an account, a promise.

    kind: fees | accounts | commitment | notice. state: published | replaced | withdrawn. All versions of one thing
    share `series`, the key of the first. `name` is the file in our own files, `label` what it was called.
    """

    __tablename__: ClassVar[Any] = "posting"
    __table_args__ = (Index(None, "community_id", "state", "id"), Index(None, "series", "id"), Index(None, "name"))
    id: int | None = key()
    series: int | None = number()
    version: int = 1
    community_id: int = ref("community.id", nullable=False)
    estate_id: int | None = ref("estate.id")  # None: for the whole community
    organisation_id: int | None = ref("organisation.id")  # None: by the community itself
    kind: str
    title: str
    note: str = ""
    state: str = "published"
    by_name: str
    at: datetime = moment(nullable=False)
    ended_at: datetime | None = moment()
    name: str | None = None
    label: str | None = None
    content_type: str | None = None
    size: int | None = None


class PhoneLine(Table, table=True):
    """A number that everybody may call: of a unit, or of the community itself; never a person's."""

    __tablename__: ClassVar[Any] = "phone_line"
    __table_args__ = (UniqueConstraint("community_id", "label"),)
    id: int | None = key()
    community_id: int = ref("community.id", nullable=False)
    organisation_id: int | None = ref("organisation.id")
    label: str
    number: str
    hours: str = ""


class SceneCode(Table, table=True):
    """What the platform's code for a scene holds; there are 100 000 for ever, so each is asked for once."""

    __tablename__: ClassVar[Any] = "scene_code"
    scene: str = Field(primary_key=True)
    url: str
    at: datetime = moment(nullable=False)
