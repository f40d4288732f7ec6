"""积分台账: the only place where points are booked; rows are added, corrected by counter-entries, never changed.

    award      the house → a person, cut to what the caps leave
    spend      a person → the shop; refused where it is not enough
    counter    takes an entry back, once, to the point
    ask        points by hand: they wait until somebody else has approved them

Every booking has a key that is the same for every try: whoever tries again gets the entry that is there. Balance
and entry change in one transaction, after the row of the balance was taken: nothing is booked beside it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.loop.actor import Actor
from redprop_bot.rules.points import Book, Caps, Earned, House, granted
from redprop_bot.store import messages, one_person, points
from redprop_bot.store.tables import PointEntry, PointRequest
from redprop_bot.store.tx import Tx

MACHINE_NAME: Final = "系统记录"
REASON_LIMIT: Final = 60


@dataclass(frozen=True, slots=True)
class Booking:
    """What is to be booked. `source` is what it is for, as `activity:A20261126-0001`; `reason` is for people.

    `key` is the same for every try and unique otherwise, as `attendance:17`. `day`: by default today.
    """

    key: str
    person_id: int
    points: int
    kind: str
    source: str
    reason: str
    community_id: int | None = None
    day: date | None = None
    by_id: int | None = None
    by_name: str = MACHINE_NAME
    approved_by: str | None = None


def balance(tx: Tx, person_id: int) -> int:
    """What a person has, never below 0."""
    return points.balance(tx, person_id)


def award(tx: Tx, booking: Booking) -> PointEntry | None:
    """Give earned points, as many as the caps leave; None where they leave none. Raises Invalid."""
    _must_be_positive(booking.points)
    points.in_turn(tx, booking.person_id)
    if done := points.by_key(tx, booking.key):
        return done
    left = granted(booking.points, _earned(tx, booking), _caps(tx, booking))
    if left == 0:
        return None
    book = Book.HAND if booking.kind == "hand" else Book.MACHINE
    return _book(tx, booking, left, House.ISSUED, book)


def spend(tx: Tx, booking: Booking, *, against: House = House.SHOP) -> PointEntry:
    """Take points for something; raises Conflict `points_short`, with `have`, where it is not enough."""
    _must_be_positive(booking.points)
    points.in_turn(tx, booking.person_id)
    if done := points.by_key(tx, booking.key):
        return done
    return _book(tx, booking, -booking.points, against, Book.MACHINE)


def counter(tx: Tx, entry: PointEntry, reason: str, *, by: Actor | None = None) -> PointEntry:
    """Take an entry back, whole; the entry that did so where it was done before.

    Raises Conflict: of a counter-entry (`points_reversal`), or where the points are spent (`points_short`).
    """
    assert entry.id is not None
    if entry.reverses_id is not None:
        raise Conflict("points_reversal")
    holder = one_person.holder(tx, entry.person_id)
    for key in sorted({entry.person_id, holder}):
        points.in_turn(tx, key)
    if done := points.reversal(tx, entry.id):
        return done
    if holder != entry.person_id and entry.delta > 0:
        carry(tx, holder, entry.person_id, entry.delta)
    back = Booking(
        key=f"counter:{entry.id}",
        person_id=entry.person_id,
        points=abs(entry.delta),
        kind=entry.kind,
        source=entry.source,
        reason=_reason(reason),
        community_id=entry.community_id,
        day=date.fromisoformat(entry.day),  # what the caps had counted on that day is free again
        by_id=by.person_id if by else None,
        by_name=by.name if by else MACHINE_NAME,
    )
    done = _book(tx, back, -entry.delta, House(entry.against), Book(entry.ledger), reverses_id=entry.id)
    if holder != entry.person_id and entry.delta < 0:
        carry(tx, entry.person_id, holder, -entry.delta)
    return done


def carry(tx: Tx, giver_id: int, taker_id: int, number: int) -> None:
    """Move points between two rows of one person, whose turn it is; raises Conflict `points_short`."""
    for person_id, delta in ((giver_id, -number), (taker_id, number)) if number else ():
        side = Booking(
            key=f"joined:{person_id}:{points.carried(tx, person_id)}",
            person_id=person_id,
            points=number,
            kind="joined",
            source=f"person:{taker_id if person_id == giver_id else giver_id}",
            reason=tx.content.replies.say("points.because_joined"),
        )
        _book(tx, side, delta, House.JOINED, Book.MACHINE)


# -- by hand


def ask(tx: Tx, person_id: int, number: int, reason: str, by: Actor, *, community_id: int | None) -> PointRequest:
    """Ask for points by hand; nothing is booked before somebody else agrees. Raises Invalid, Forbidden."""
    _must_be_positive(number)
    most = tx.content.points.by_hand
    if number > most:
        raise Invalid("points_huge", field="delta", most=most)
    if by.person_id == person_id:
        raise Forbidden("points_own")
    made = tx.insert(
        PointRequest,
        at=tx.now,
        community_id=community_id,
        person_id=person_id,
        points=number,
        reason=_reason(reason),
        by_id=by.person_id,
        by_name=by.name,
    )
    watch(tx)
    return made


def decide(tx: Tx, request_id: int, by: Actor, *, approve: bool) -> PointRequest:
    """Somebody else's word on points by hand. Raises NotFound, Conflict (decided, capped), Forbidden (own)."""
    request = points.request(tx, request_id)
    if request is None:
        raise NotFound
    if request.state != "open":
        raise Conflict("points_decided")
    if _same(request, by) or by.person_id == request.person_id:
        raise Forbidden("points_own_approval")
    if approve:
        _book_request(tx, request, by)
    state = "approved" if approve else "refused"
    return tx.update(
        PointRequest,
        request.id,
        state=state,
        decided_by=by.name,
        decided_at=tx.now,
        version=request.version + 1,
    )


def _same(request: PointRequest, by: Actor) -> bool:
    if request.by_id is not None or by.person_id is not None:
        return request.by_id == by.person_id
    return request.by_name == by.name  # two tokens of one name are one hand


def _book_request(tx: Tx, request: PointRequest, by: Actor) -> None:
    entry = award(
        tx,
        Booking(
            key=f"request:{request.id}",
            person_id=request.person_id,
            points=request.points,
            kind="hand",
            source=f"request:{request.id}",
            reason=request.reason,
            community_id=request.community_id,
            by_id=request.by_id,
            by_name=request.by_name,
            approved_by=by.name,
        ),
    )
    if entry is None or entry.delta < request.points:
        raise Conflict("points_capped")  # an approved number is that number or nothing


WATCH: Final = "points_watch"


def watch(tx: Tx) -> None:
    """The next morning somebody looks whether what was booked today is odd; planned once a day."""
    if tx.cache.get(WATCH):
        return
    tx.cache[WATCH] = True
    today = tx.now.astimezone(tx.content.zone)
    morning = (today + timedelta(days=1)).replace(hour=8, minute=30, second=0, microsecond=0)
    messages.plan(tx, f"points:watch:{today:%Y%m%d}", WATCH, morning, day=today.date().isoformat())


# -- the inside


def _must_be_positive(number: int) -> None:
    if number <= 0:
        raise Invalid("points_positive", field="delta")


def _reason(reason: str) -> str:
    text = " ".join(reason.split())
    if not text:
        raise Invalid("missing", field="reason")
    if len(text) > REASON_LIMIT:
        raise Invalid("too_long", field="reason", limit=REASON_LIMIT)
    return text


def _day(tx: Tx, booking: Booking) -> str:
    return (booking.day or tx.now.astimezone(tx.content.zone).date()).isoformat()


def _earned(tx: Tx, booking: Booking) -> Earned:
    day = _day(tx, booking)
    return Earned(
        source=points.earned_from(tx, booking.person_id, booking.source),
        kind=points.earned(tx, booking.person_id, first=day, last=day, kind=booking.kind),
        day=points.earned(tx, booking.person_id, first=day, last=day),
        year=points.earned(tx, booking.person_id, first=f"{day[:4]}-01-01", last=f"{day[:4]}-12-31"),
    )


def _caps(tx: Tx, booking: Booking) -> Caps:
    rules = tx.content.points
    return Caps(
        source=rules.caps.activity if booking.kind == "activity" else None,
        kind=rules.kinds[booking.kind].day,
        day=rules.caps.day,
        year=rules.caps.year,
    )


def _book(
    tx: Tx, booking: Booking, delta: int, against: House, book: Book, *, reverses_id: int | None = None
) -> PointEntry:
    watch(tx)
    if not points.move(tx, booking.person_id, delta):
        raise Conflict("points_short", have=points.balance(tx, booking.person_id), need=-delta)
    return tx.insert(
        PointEntry,
        key=booking.key,
        at=tx.now,
        day=_day(tx, booking),
        community_id=booking.community_id,
        person_id=booking.person_id,
        delta=delta,
        against=against.value,
        kind=booking.kind,
        ledger=book.value,
        source=booking.source,
        reason=booking.reason,
        by_id=booking.by_id,
        by_name=booking.by_name,
        approved_by=booking.approved_by,
        reverses_id=reverses_id,
    )
