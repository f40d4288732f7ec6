"""阵地 and “附近有什么”: the places around somebody, the nearest first, with what people ask before they go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from redprop_bot.registry import near
from redprop_bot.registry.register import register
from redprop_bot.rules import positions
from redprop_bot.rules.fitting import NEAR, words_in
from redprop_bot.rules.positions import Position
from redprop_bot.store import bookings, fits
from redprop_bot.store.tables import Estate, Place, Post, Resource
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import booking, indexing
from redprop_bot.volunteers.indexing import where_is

_EACH: Final = 20
_MOST: Final = 200
_PAIRS: Final = 10
_AREAS: Final = 40
_LEAST: Final = 2
_EVERYWHERE: Final = frozenset({"社区", "小区", "活动", "服务", "中心", "预约", "一个"})
_ESTATES: Final = 8


@dataclass(frozen=True, slots=True)
class Near:
    """A place and how far it is in kilometres, as far as anybody knows."""

    resource: Resource
    place: Place | None
    km: float | None


def around(
    tx: Tx, here: Position | None, estate: Estate | None, *, sort: str | None = None, most: int
) -> list[Near]:
    """Published places near a position, else near an estate; the nearest first. `sort` is what they must be."""
    reg, rules = register(tx), tx.content.booking
    here = here or near.position(estate)
    areas = [f"g{square}" for square in positions.cells(here, rules.near_km)] if here else []
    if estate is not None:
        areas += [f"e{estate.id}", f"c{estate.community_id}"]
        if here is None:
            areas += [f"e{other.id}" for other, _ in near.around(reg, estate, rules.near_km, most=_ESTATES)]
    keys = [key for of, key in fits.seek(tx, [*areas, "*"], [NEAR], each=_EACH, most=_MOST) if of == "resource"]
    rows = [row for row in fits.rows_of(tx, "resource", keys) if row.status == "published" and _is(tx, row, sort)]
    there = bookings.places(tx, [row.id for row in rows])
    found = []
    for row in rows:
        at = where_is(reg, row, there.get(row.id))
        km = positions.km(here, at) if here is not None and at is not None else None
        if km is None or km <= rules.near_km:
            found.append(Near(row, there.get(row.id), km))
    return sorted(found, key=lambda one: (one.km is None, one.km or 0.0, one.resource.id))[:most]


def _is(tx: Tx, row: Resource, sort: str | None) -> bool:
    """Whether a place is what somebody asks for, by the words of its row."""
    if sort is None:
        return True
    words = tx.content.booking.sorts.get(sort, (sort,))
    return any(word in f"{row.title}{row.note}{row.kind}" for word in (sort, *words))


def sort_in(tx: Tx, text: str) -> str | None:
    """The sort of place that a text asks for."""
    return next(
        (sort for sort, words in tx.content.booking.sorts.items() if any(word in text for word in (sort, *words))),
        None,
    )


def is_open(tx: Tx, resource: Resource) -> bool | None:
    """Whether it is open now; None when its hours do not say."""
    found = booking.hours(resource)
    if found is None:
        return None
    now = tx.now.astimezone(tx.content.zone)
    minute = now.hour * 60 + now.minute
    return any(a <= minute < b for a, b in found.of(now.date(), tx.content.calendar.is_workday))


def line(tx: Tx, one: Near) -> str:
    """A place in one line: what, how far, where, when."""
    says, resource = tx.content.replies.say, one.resource
    state = {True: says("near.open"), False: says("near.closed"), None: ""}[is_open(tx, resource)]
    far = says("near.km", km=f"{one.km:.1f}") if one.km is not None and one.km >= 0.1 else ""
    parts = [resource.title, far, resource.place or "", resource.hours or "", state]
    return "，".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Use:
    """How much a place was used in a stretch of days: bookings that are over, people by booking, people beside."""

    bookings: int
    booked_heads: int
    counted_heads: int


def use(tx: Tx, resource: Resource, first: date, last: date) -> Use:
    """The use of a place from the first local day up to, and without, the last."""
    zone = tx.content.zone
    begin, end = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (first, last))
    days = (first.isoformat(), last.isoformat())
    return Use(*bookings.used(tx, resource.id or 0, begin, end, days))


def free_today(tx: Tx, resource: Resource, day: date) -> str:
    """What is free on a day, in words; empty where it cannot be booked or is full."""
    if not booking.bookable(tx, resource, bookings.place(tx, resource.id or 0)):
        return ""
    return booking.free_words(tx, resource, day)


def called(tx: Tx, community_ids: Sequence[int], text: str, *, settle: bool = True) -> list[Resource]:
    """Published things and places of these communities that a text names, the best named alone.

    A name is the longest row of signs that text and title have in common; what many hold (社区) is none. With
    `settle` what was just entered is found as well.
    """
    if settle:
        indexing.settle(tx)
    pairs = [f"rb{pair}" for pair in words_in(text, tx.content.matching.vocabulary).pairs[:_PAIRS]]
    estates = [e.id for e in register(tx).estates.values() if e.community_id in community_ids]
    areas = [*(f"c{key}" for key in community_ids), *(f"e{key}" for key in estates[:_AREAS]), "*"]
    keys = [key for of, key in fits.seek(tx, areas, pairs, each=_EACH, most=_MOST) if of == "resource"]
    measured = [
        (_common(row.title, text), row) for row in fits.rows_of(tx, "resource", keys) if row.status == "published"
    ]
    most = max((length for length, _row in measured), default=0)
    named = [row for length, row in measured if length == most and length >= _LEAST]
    exact = [row for row in named if row.title in text]
    return sorted(exact or named, key=lambda row: row.id)


def _common(title: str, text: str) -> int:
    """The length of the longest row of signs in common that tells one place from another."""
    spans = (title[a:b] for a in range(len(title)) for b in range(len(title), a + 1, -1))
    return max((len(span) for span in spans if span in text and span not in _EVERYWHERE), default=0)


def tail_in(resource: Resource, text: str) -> str:
    """How a text names a place for short, by the end of its name (槐荫活动室: 活动室); empty when it does not."""
    tails = (resource.title[at:] for at in range(len(resource.title) - 1))
    return next((tail for tail in tails if tail in text and tail not in _EVERYWHERE), "")


def keeps(resource: Resource, person_id: int, posts: Sequence[Post]) -> bool:
    """Whether somebody looks after a place: its owner, its unit's staff, the community's and the street's."""
    return resource.owner_id == person_id or any(
        post.street_id is not None
        or (post.community_id is not None and post.community_id == resource.community_id)
        or (post.organisation_id is not None and post.organisation_id == resource.organisation_id)
        for post in posts
    )
