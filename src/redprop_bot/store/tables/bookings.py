"""Places (阵地) and bookings: what can be gone to or booked, who has it when, how much it is used."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, text

from redprop_bot.store.tables.base import Table, json_list, key, moment, ref


class Place(Table, table=True):
    """What is known of a resource beyond its row: position, room for how many, how many there are of it.

    `bookable` None: by who owns it, see `volunteers.booking`. Hours are those of the resource.
    """

    __tablename__: ClassVar[Any] = "place"
    __table_args__ = (UniqueConstraint("resource_id"),)
    id: int | None = key()
    resource_id: int = ref("resource.id", nullable=False)
    lat: float | None = None
    lng: float | None = None
    capacity: int | None = None
    quantity: int = 1
    services: list[str] = json_list()
    bookable: bool | None = None


class Booking(Table, table=True):
    """A stretch of time of a resource that somebody has: state booked | cancelled. Ends are not part of it."""

    __tablename__: ClassVar[Any] = "booking"
    __table_args__ = (
        UniqueConstraint("no"),
        Index(None, "resource_id", "state", "starts_at"),
        Index(None, "person_id", "state", "ends_at"),
        Index(None, "community_id", "id"),
        Index(
            "ix_booking_named",
            "ends_at",
            sqlite_where=text("name IS NOT NULL"),
            postgresql_where=text("name IS NOT NULL"),
        ),
    )
    id: int | None = key()
    no: str
    resource_id: int = ref("resource.id", nullable=False)
    community_id: int | None = ref("community.id")
    person_id: int | None = ref("person.id")
    name: str | None = None
    purpose: str = ""
    heads: int = 1
    starts_at: datetime = moment(nullable=False)
    ends_at: datetime = moment(nullable=False)
    state: str = "booked"
    created_at: datetime = moment(nullable=False)
    cancelled_at: datetime | None = moment()
    cancelled_by: str | None = None
    reason: str | None = None
    version: int = 1


class PlaceUse(Table, table=True):
    """How many people used a place on a day without booking it, as its keepers counted them."""

    __tablename__: ClassVar[Any] = "place_use"
    __table_args__ = (UniqueConstraint("resource_id", "day"),)
    id: int | None = key()
    resource_id: int = ref("resource.id", nullable=False)
    day: str
    heads: int
    by_name: str
    at: datetime = moment(nullable=False)
