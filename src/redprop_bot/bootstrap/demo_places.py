"""Places of the demo with their hours and bookings (`data/demo/places.yaml`), by steps of the lists and the room.

Only where the resource list is empty: what a visitor has entered or booked since is theirs.
"""

import math
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from redprop_bot.bootstrap.demo_quiet import quietly
from redprop_bot.loop import offers
from redprop_bot.registry import demo
from redprop_bot.registry.register import register
from redprop_bot.store import bookings, lists
from redprop_bot.store.tables import Resource
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import booking

FILE: Final = "data/demo/places.yaml"
_BY: Final = "演示数据"
_DEGREE: Final = 111_000
"""Metres of a degree of latitude."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Booked(_Shape):
    days: int
    begins: time
    hours: int
    name: str
    heads: int
    purpose: str = ""


class _Place(_Shape):
    community: str
    estate: str
    title: str
    kind: str
    place: str
    hours: str | None = None
    north: int = 0
    east: int = 0
    capacity: int | None = None
    quantity: int = 1
    services: tuple[str, ...] = ()
    booked: tuple[_Booked, ...] = ()
    used: int = 0


class _Places(_Shape):
    places: tuple[_Place, ...] = ()


def load_places(tx: Tx, root: Path) -> None:
    """Enter them; `root` holds `data/`. Raises ContentError, and Refused for what cannot be."""
    if lists.page(tx, Resource, communities=None, status=None, q=None, before_id=None, limit=1):
        return
    with quietly(tx):
        for one in demo.read(root / FILE, TypeAdapter(_Places)).places:
            _enter(tx, one)


def _enter(tx: Tx, one: _Place) -> None:
    reg = register(tx)
    estate = reg.estate(one.estate)
    offer = offers.Offer(
        "R",
        one.title,
        kind=one.kind,
        community_id=next((key for key, c in reg.communities.items() if c.name == one.community), None),
        estate_id=estate.id if estate else None,
        place=one.place,
        owner=one.community,
        hours=one.hours,
        status="published",
    )
    made = offers.enter(tx, offer)
    lat = lng = None
    if estate is not None and estate.lat is not None and estate.lng is not None:
        lat = round(estate.lat + one.north / _DEGREE, 5)
        lng = round(estate.lng + one.east / (_DEGREE * math.cos(math.radians(estate.lat))), 5)
    more = {"capacity": one.capacity, "quantity": one.quantity, "services": list(one.services)}
    bookings.keep_place(tx, made.id or 0, lat=lat, lng=lng, **more)
    today = tx.now.astimezone(tx.content.zone).date()
    for slot in one.booked:
        starts = datetime.combine(today + timedelta(days=slot.days), slot.begins, tzinfo=tx.content.zone)
        ends = starts + timedelta(hours=slot.hours)
        wish = booking.Wish(starts, ends, _BY, name=slot.name, heads=slot.heads, purpose=slot.purpose)
        booking.book(tx, tx.get(Resource, made.id or 0), wish)
    if one.used:
        bookings.count_use(tx, made.id or 0, (today - timedelta(days=1)).isoformat(), one.used, _BY)
