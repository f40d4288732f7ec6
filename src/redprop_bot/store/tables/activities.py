"""Activities, who signs up, who came. Where somebody was when they checked in is not kept anywhere."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, key, moment, ref


class Activity(Table, table=True):
    """Something that people do together: state planned | published | cancelled | over.

    capacity None: as many as come. points None: by the hour. `closed_at`: who did not check out was counted.
    """

    __tablename__: ClassVar[Any] = "activity"
    __table_args__ = (
        UniqueConstraint("no"),
        Index(None, "community_id", "starts_at"),
        Index(None, "state", "starts_at"),
    )
    id: int | None = key()
    no: str
    title: str
    kind: str = "volunteer"
    note: str = ""
    community_id: int | None = ref("community.id")
    organisation_id: int | None = ref("organisation.id")
    organiser_id: int | None = ref("person.id", index=True)
    organiser: str
    place: str = ""
    lat: float | None = None
    lng: float | None = None
    starts_at: datetime = moment(nullable=False)
    ends_at: datetime = moment(nullable=False)
    capacity: int | None = None
    points: int | None = None
    state: str = "planned"
    head_count: int | None = None
    cancel_reason: str | None = None
    created_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    version: int = 1


class SignUp(Table, table=True):
    """Somebody's place at an activity: state going | waiting | left. `misses`: wrong codes they said there."""

    __tablename__: ClassVar[Any] = "sign_up"
    __table_args__ = (
        UniqueConstraint("activity_id", "person_id"),
        Index(None, "activity_id", "state", "at", "id"),
        Index(None, "person_id", "state"),
    )
    id: int | None = key()
    activity_id: int = ref("activity.id", nullable=False)
    person_id: int = ref("person.id", nullable=False)
    state: str
    at: datetime = moment(nullable=False)
    misses: int = 0


class Attendance(Table, table=True):
    """That somebody came, once an activity. way: code | scene | place | organiser.

    booked: what it was worth has been counted, which may be nothing; `entry_id` is what was booked for it.
    """

    __tablename__: ClassVar[Any] = "attendance"
    __table_args__ = (UniqueConstraint("activity_id", "person_id"), Index(None, "person_id", "id"))
    id: int | None = key()
    activity_id: int = ref("activity.id", nullable=False)
    person_id: int = ref("person.id", nullable=False)
    came_at: datetime = moment(nullable=False)
    left_at: datetime | None = moment()
    way: str
    entry_id: int | None = ref("point_entry.id")
    booked: bool = False
    corrected_by: str | None = None
    reason: str | None = None


class ActivityPhoto(Table, table=True):
    """A picture of an activity, in our own files under `name`; who took part sees it, nobody else."""

    __tablename__: ClassVar[Any] = "activity_photo"
    __table_args__ = (Index(None, "activity_id", "id"), Index(None, "name"))
    id: int | None = key()
    activity_id: int = ref("activity.id", nullable=False)
    at: datetime = moment(nullable=False)
    by_name: str
    name: str
    content_type: str
    size: int
