"""预约: a stretch of time of a room, or a thing for some days, for one who asks; never more at once than is there.

    book     published, bookable, in the future, inside the hours, not too long, room for all, free ──▶ booked
    cancel   by who booked it or its keepers, before its end ──▶ cancelled; the stretch is free again

Whoever books holds the resource first, so that of two bookings at the same moment the second sees the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.notify import outbox, words
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.registry.register import register
from redprop_bot.rules import opening, quiet
from redprop_bot.rules.deadlines import UNIT_HOURS, Duration
from redprop_bot.rules.opening import Opening
from redprop_bot.rules.telling import Weight
from redprop_bot.store import bookings, messages, numbers
from redprop_bot.store.tables import Booking, Person, Place, Resource
from redprop_bot.store.tx import Tx

REMIND: Final = "booking_remind"
PURPOSE_LENGTH: Final = 100
NAME_LENGTH: Final = 32
MOST_HEADS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be booked, by whom and for when; `person` None: by the keepers, for `name`."""

    start: datetime
    end: datetime
    by_name: str
    person: Person | None = None
    name: str | None = None
    heads: int = 1
    purpose: str = ""


def book(tx: Tx, resource: Resource, wish: Wish) -> Booking:
    """Book it. Raises Conflict (not to be booked, taken, too many) or Invalid (time, heads)."""
    resource = bookings.held(tx, resource.id or 0)
    place = bookings.place(tx, resource.id or 0)
    if not bookable(tx, resource, place):
        raise Conflict("booking_not_here", no=resource.no)
    _checked(tx, resource, place, wish)
    if wish.person is not None:
        mine = bookings.of_person(tx, wish.person.id or 0)
        same = [one for one in mine if one.resource_id == resource.id]
        if twice := [one for one in same if one.starts_at < wish.end and wish.start < one.ends_at]:
            raise Conflict("booking_twice", **about(tx, resource, twice[0]))
        if len(mine) >= tx.content.booking.most_open:
            raise Conflict("booking_many", most=tx.content.booking.most_open)
    if _most_at_once(bookings.at(tx, resource.id or 0, wish.start, wish.end)) >= (place.quantity if place else 1):
        raise Conflict(
            "booking_taken",
            no=resource.no,
            free=free_words(tx, resource, wish.start.astimezone(tx.content.zone).date()),
        )
    made = tx.insert(
        Booking,
        no=numbers.take(tx, "B", tx.now, tx.content.zone),
        resource_id=resource.id,
        community_id=resource.community_id,
        person_id=wish.person.id if wish.person else None,
        name=wish.name or (wish.person.name if wish.person else None),
        purpose=wish.purpose,
        heads=wish.heads,
        starts_at=wish.start,
        ends_at=wish.end,
        created_at=tx.now,
    )
    _plan(tx, made)
    _tell_keepers(tx, resource, made, "booking_made", but=made.person_id)
    return made


def cancel(
    tx: Tx, booking: Booking, *, by: str, person_id: int | None, reason: str = "", keeper: bool = False
) -> Booking:
    """Give it back. Raises Forbidden (somebody else's), Conflict (cancelled, over)."""
    booking = tx.get(Booking, booking.id or 0, lock=True)
    if not keeper and (person_id is None or booking.person_id != person_id):
        raise Forbidden("booking_foreign", no=booking.no)
    if booking.state != "booked":
        raise Conflict("booking_cancelled", no=booking.no)
    if booking.ends_at <= tx.now:
        raise Conflict("booking_over", no=booking.no)
    messages.cancel(tx, f"booking:{booking.id}:remind")
    done = tx.update(
        Booking,
        booking.id,
        state="cancelled",
        cancelled_at=tx.now,
        cancelled_by=by,
        reason=reason[:200] or None,
        version=booking.version + 1,
    )
    resource = tx.get(Resource, booking.resource_id)
    if keeper and booking.person_id not in (None, person_id):
        _tell(tx, tx.get(Person, booking.person_id or 0), resource, done, "booking_called_off")
    elif not keeper:
        _tell_keepers(tx, resource, done, "booking_given_back", but=person_id)
    return done


def bookable(tx: Tx, resource: Resource, place: Place | None) -> bool:
    """Whether it can be booked: as was said of it; else what is nobody's own and not for walking in (食堂)."""
    if resource.status != "published":
        return False
    if place is not None and place.bookable is not None:
        return place.bookable
    if resource.kind in tx.content.booking.walk_in:
        return False
    return resource.owner_id is None or resource.organisation_id is not None


def hours(resource: Resource) -> Opening | None:
    """When it is open, as far as its words say."""
    return opening.read(resource.hours)


def is_lent(tx: Tx, resource: Resource) -> bool:
    """Whether it is taken away for days, and not used where it is for hours."""
    return resource.kind in tx.content.booking.lend_kinds


def _checked(tx: Tx, resource: Resource, place: Place | None, wish: Wish) -> None:
    rules, zone = tx.content.booking, tx.content.zone
    longest = _span(rules.lent if is_lent(tx, resource) else rules.longest)
    if wish.end <= wish.start:
        raise Invalid("booking_backwards", field="ends_at")
    if wish.start < tx.now:
        raise Invalid("booking_past", field="starts_at")
    if wish.start > tx.now + timedelta(days=rules.days_ahead):
        raise Invalid("booking_early", field="starts_at", days=rules.days_ahead)
    length = wish.end - wish.start
    if length > longest or length > bookings.LONGEST - timedelta(days=1):
        raise Invalid("booking_long", field="ends_at", longest=_length_words(longest))
    if length < _span(rules.shortest):
        raise Invalid("booking_short", field="ends_at", shortest=_length_words(_span(rules.shortest)))
    _room_for(place, wish)
    found, is_workday = hours(resource), tx.content.calendar.is_workday
    start, end = wish.start.astimezone(zone), wish.end.astimezone(zone)
    if found is not None and not found.holds(start, end, is_workday):
        raise Invalid("booking_closed", field="starts_at", hours=resource.hours or "")


def _room_for(place: Place | None, wish: Wish) -> None:
    if not 1 <= wish.heads <= MOST_HEADS:
        raise Invalid("booking_heads", field="heads")
    if place is not None and place.capacity is not None and wish.heads > place.capacity:
        raise Invalid("booking_full", field="heads", capacity=place.capacity)
    if len(wish.purpose) > PURPOSE_LENGTH:
        raise Invalid("too_long", field="purpose", limit=PURPOSE_LENGTH)
    if wish.name is not None and len(wish.name) > NAME_LENGTH:
        raise Invalid("too_long", field="name", limit=NAME_LENGTH)


def _most_at_once(taken: Sequence[Booking]) -> int:
    """How many of these stand at once where most do."""
    return max((sum(o.starts_at <= one.starts_at < o.ends_at for o in taken) for one in taken), default=0)


def _span(term: Duration) -> timedelta:
    return timedelta(hours=term.amount * UNIT_HOURS[term.unit])


def _length_words(length: timedelta) -> str:
    if length >= timedelta(days=1):
        return f"{length.days}天"
    minutes = int(length.total_seconds() // 60)
    return f"{minutes // 60}小时" if minutes % 60 == 0 else f"{minutes}分钟"


# -- what is free


def free(tx: Tx, resource: Resource, day: date) -> list[tuple[int, int]]:
    """The stretches of a local day that can still be booked: minutes of the day; what has passed is none."""
    zone, found = tx.content.zone, hours(resource)
    place = bookings.place(tx, resource.id or 0)
    start = datetime.combine(day, time(0), zone)
    taken = bookings.at(tx, resource.id or 0, start, start + timedelta(days=1))
    quantity = place.quantity if place else 1
    stretches = found.of(day, tx.content.calendar.is_workday) if found else [(0, 1440)]
    marks = {minute for stretch in stretches for minute in stretch}
    marks |= {_minute(at, start) for one in taken for at in (one.starts_at, one.ends_at)}
    now = _minute(tx.now, start)
    edges = sorted(marks | {now})
    left: list[tuple[int, int]] = []
    for a, b in pairwise(edges):
        inside = any(begin <= a and b <= end for begin, end in stretches) and a >= now
        used = sum(_minute(one.starts_at, start) <= a < _minute(one.ends_at, start) for one in taken)
        if inside and used < quantity:
            left = [*left[:-1], (left[-1][0], b)] if left and left[-1][1] == a else [*left, (a, b)]
    return left


def _minute(at: datetime, midnight: datetime) -> int:
    return min(max(int((at - midnight).total_seconds() // 60), 0), 1440)


def free_words(tx: Tx, resource: Resource, day: date) -> str:
    """What is free on a local day, as people read it; empty when nothing is.

    Where no hours are known nobody is told of midnight: all is free, or what lies between bookings.
    """
    left = free(tx, resource, day)
    start = datetime.combine(day, time(0), tx.content.zone)
    if hours(resource) is None and left == [(_minute(tx.now, start), 1440)]:
        return tx.content.replies.say("booking.all_free")
    return opening.spoken(left)


# -- telling


def when(tx: Tx, booking: Booking) -> str:
    """The stretch as people say it: 明天 14:00–16:00, 12月3日（周四）09:00–12月5日（周六）09:00."""
    zone = tx.content.zone
    start, end = booking.starts_at.astimezone(zone), booking.ends_at.astimezone(zone)
    until = f"{end:%H:%M}" if start.date() == end.date() else words.day(end, tx.now, zone)
    return f"{words.day(start, tx.now, zone)}–{until}"


def about(tx: Tx, resource: Resource, booking: Booking) -> dict[str, str]:
    """The slots of every message about a booking."""
    return {
        "no": booking.no,
        "title": resource.title,
        "place": resource.place or "",
        "when": when(tx, booking),
        "heads": str(booking.heads) if booking.heads > 1 else "",
        "purpose": words.quoted(booking.purpose, PURPOSE_LENGTH),
        "who": booking.name or RESIDENT_NAME,
        "reason": words.quoted(booking.reason or ""),
    }


def remind(tx: Tx, booking_id: int) -> None:
    """Tell who booked it that it is soon, unless it was given back."""
    booking = tx.get(Booking, booking_id)
    if booking.state != "booked" or booking.starts_at <= tx.now or booking.person_id is None:
        return
    _tell(tx, tx.get(Person, booking.person_id), tx.get(Resource, booking.resource_id), booking, "booking_soon")


def _plan(tx: Tx, booking: Booking) -> None:
    """The reminder, some hours before; where that is at night, in the evening before."""
    limits, zone = tx.content.limits, tx.content.zone
    at = booking.starts_at - _span(tx.content.booking.remind)
    if quiet.is_quiet(at, zone, limits.quiet_from, limits.quiet_until):
        at = quiet.evening_before(at, zone, limits.quiet_from)
    if booking.person_id is not None and at > tx.now:
        messages.plan(tx, f"booking:{booking.id}:remind", REMIND, at, booking.id)


def keepers(tx: Tx, resource: Resource) -> list[Person]:
    """Who looks after a place: its owner, the unit's managers; for what is the community's, its office."""
    reg = register(tx)
    if resource.owner_id is not None:
        return [tx.get(Person, resource.owner_id)]
    if resource.organisation_id is not None:
        return reg.managers(resource.organisation_id) or reg.staff(resource.organisation_id)
    clerks = [
        reg.people[post.person_id]
        for post in reg.all_posts
        if post.duty == "clerk" and post.community_id is not None and post.community_id == resource.community_id
    ]
    return clerks or reg.secretaries(resource.community_id)


def _tell_keepers(tx: Tx, resource: Resource, booking: Booking, message: str, *, but: int | None) -> None:
    for person in keepers(tx, resource):
        if person.id != but:
            _tell(tx, person, resource, booking, message)


def _tell(tx: Tx, person: Person, resource: Resource, booking: Booking, message: str) -> None:
    draft = outbox.Draft(
        key=f"{booking.no}:{booking.version}:{message}",
        message=message,
        text=tx.content.replies.say(f"tell.{message}", **about(tx, resource, booking)),
        weight=Weight.PLAIN,
        subject="booking",
        subject_id=booking.id,
    )
    outbox.queue(tx, [(person, draft)])
