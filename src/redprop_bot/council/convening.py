"""Calling a meeting: when, where, what about, who is invited; changing and cancelling it.

Everything that would not fit is refused before anything is done: a past day, an end before its beginning, a room
that is taken, the same meeting twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow
from typing import Any, Final

from redprop_bot.content.meetings import MeetingKind
from redprop_bot.council import record, seats, telling
from redprop_bot.council.chair import Chair, changed, held, led
from redprop_bot.council.timing import plan_meeting
from redprop_bot.errors import Conflict, Invalid
from redprop_bot.loop.record import needed, optional
from redprop_bot.registry.register import register
from redprop_bot.rules.meetings import MeetingState, overlaps, quarter_number
from redprop_bot.store import events, lists, meeting_topics, meetings, numbers, registers
from redprop_bot.store.tables import Meeting, Seat
from redprop_bot.store.tx import Tx

TITLE: Final = 60
PLACE: Final = 100
TOPIC: Final = 200
MOST_TOPICS: Final = 50
_LOCK: Final = "meetings_calling"
FARTHEST: Final = timedelta(days=400)
LONGEST: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Wish:
    """A meeting as it is wanted. `members` are names of persons or units beside those the kind invites.

    once: where people speak or click, the same meeting said twice is one; a program has its Idempotency-Key.
    """

    kind: str
    community_id: int | None
    starts_at: datetime
    ends_at: datetime | None = None
    title: str | None = None
    place: str | None = None
    topics: Sequence[str] = ()
    members: Sequence[str] = ()
    once: bool = False


def kind_called(tx: Tx, name: str) -> str:
    """The code of a kind by code, name or the words people use; raises Invalid."""
    code = tx.content.meetings.named(name.strip())
    if code is None:
        kinds = "、".join(kind.name for kind in tx.content.meetings.kinds.values())
        raise Invalid("meeting_kind", field="kind", name=name[:40], kinds=kinds)
    return code


def kind_of(tx: Tx, meeting: Meeting) -> MeetingKind:
    """The terms of its kind; of one that is not in the data any more, those of the first."""
    kinds = tx.content.meetings.kinds
    return kinds.get(meeting.kind) or next(iter(kinds.values()))


def private_kinds(tx: Tx) -> list[str]:
    """Kinds of which nothing is made public, not even that they were held: who quarrelled is nobody's matter."""
    return [code for code, kind in tx.content.meetings.kinds.items() if not kind.public]


def call(tx: Tx, chair: Chair, wish: Wish) -> Meeting:
    """Call a meeting and invite. Raises Forbidden, Invalid, Conflict (room, twice)."""
    chair.must(wish.community_id)
    kind = tx.content.meetings.kinds[wish.kind]
    values = _fitting(tx, kind, wish)
    involved = [d.handler_id or d.former_id for d in meeting_topics.tabled(tx, _home(wish.community_id))]
    invited = seats.guests(
        tx, kind, wish.community_id, involved=[i for i in involved if i is not None], named=wish.members
    )
    _free(tx, wish.community_id, values, but=None)
    if wish.once:
        _once(tx, wish)
    meeting = insert(tx, wish, values, by=chair.actor.name, by_id=chair.actor.person_id)
    return _invite(tx, meeting, invited, chair.actor.person_id)


def insert(
    tx: Tx, wish: Wish, values: Mapping[str, Any], *, by: str, by_id: int | None, state: str = "called"
) -> Meeting:
    """The row of a meeting that fits."""
    made = tx.insert(
        Meeting,
        no=numbers.take(tx, "M", tx.now, tx.content.zone),
        kind=wish.kind,
        community_id=wish.community_id,
        state=state,
        code=f"{randbelow(900_000) + 100_000}",
        by_id=by_id,
        by_name=by,
        created_at=tx.now,
        updated_at=tx.now,
        **values,
    )
    _noted(tx, made, "proposed" if state == "proposed" else "called", by, {"title": made.title})
    return made


def _invite(tx: Tx, meeting: Meeting, invited: Sequence[seats.Guest], by_id: int | None) -> Meeting:
    assert meeting.id is not None
    tx.insert_many(
        Seat,
        [
            {"meeting_id": meeting.id, "person_id": g.person.id, "part": g.part, "units": g.units}
            | ({"answer": "attend", "answered_at": tx.now} if g.person.id == by_id else {})
            for g in invited
        ],
    )
    if kind_of(tx, meeting).public:
        meeting_topics.adopt(tx, meeting.community_id, meeting.id)
    plan_meeting(tx, meeting)
    telling.invite(tx, meeting, meetings.seats(tx, meeting.id), but=by_id)
    return meeting


def agree(tx: Tx, meeting: Meeting, chair: Chair) -> Meeting:
    """A proposed date is taken: the meeting is called."""
    meeting = led(tx, meeting, chair)
    if meeting.state != MeetingState.PROPOSED:
        raise Conflict("meeting_called", no=meeting.no)
    wish = Wish(meeting.kind, meeting.community_id, meeting.starts_at, meeting.ends_at)
    values = _fitting(tx, kind_of(tx, meeting), wish)
    _free(tx, meeting.community_id, {**values, "place": meeting.place}, but=meeting.id)
    involved = [d.handler_id or d.former_id for d in meeting_topics.tabled(tx, _home(meeting.community_id))]
    invited = seats.guests(
        tx, kind_of(tx, meeting), meeting.community_id, involved=[i for i in involved if i is not None]
    )
    meeting = changed(tx, meeting, state=MeetingState.CALLED.value)
    telling.settle(tx, meeting, "meeting.card_agreed")
    return _invite(tx, meeting, invited, chair.actor.person_id)


def change(tx: Tx, meeting: Meeting, chair: Chair, *, version: int | None = None, **given: Any) -> Meeting:
    """Another time, place, title or list of topics; the invited hear what is new. Conflict when stale."""
    meeting = led(tx, meeting, chair)
    if version is not None and version != meeting.version:
        raise Conflict("stale", field="version")
    moved = {name: given[name] for name in ("starts_at", "ends_at") if given.get(name) is not None}
    starts = moved.get("starts_at", meeting.starts_at)
    length = meeting.ends_at - meeting.starts_at
    ends = moved.get("ends_at", starts + length if "starts_at" in moved else meeting.ends_at)
    wish = Wish(
        meeting.kind,
        meeting.community_id,
        starts,
        ends,
        given.get("title") or _renamed(tx, meeting, starts),
        given.get("place", meeting.place),
        given["topics"] if given.get("topics") is not None else meeting.topics,
    )
    if moved and meeting.begun_at is not None and meeting.starts_at <= tx.now:
        raise Conflict("meeting_begun", no=meeting.no)
    values = _fitting(tx, kind_of(tx, meeting), wish, moved=bool(moved))
    if moved or values["place"] != meeting.place:
        _free(tx, meeting.community_id, values, but=meeting.id)
    was = meeting.quarter
    new = {name: value for name, value in values.items() if value != getattr(meeting, name)}
    if not new:
        return meeting
    meeting = changed(tx, meeting, **new)
    _noted(tx, meeting, "changed", chair.actor.name, {"fields": sorted(new)})
    if meeting.state == MeetingState.PROPOSED:
        return agree(tx, meeting, chair)
    if {"starts_at", "ends_at", "place"} & set(new):
        if "starts_at" in new:
            meeting = changed(tx, meeting, agenda=[], agenda_at=None)
            record.watch_again(tx, meeting, was)
        plan_meeting(tx, meeting)
        telling.moved(tx, meeting, but=chair.actor.person_id)
    return meeting


def cancel(tx: Tx, meeting: Meeting, chair: Chair, *, reason: str) -> Meeting:
    """It will not take place; the invited hear why, topics wait for the next."""
    meeting = led(tx, meeting, chair)
    why = needed(reason, "reason")
    assert meeting.id is not None
    if meetings.resolutions(tx, [meeting.id]):
        raise Conflict("meeting_decided", no=meeting.no)
    return call_off(tx, meeting, why, by=chair.actor.name, by_id=chair.actor.person_id)


def call_off(tx: Tx, meeting: Meeting, why: str, *, by: str, by_id: int | None = None) -> Meeting:
    """The same by whoever may, or by the clock."""
    meeting = held(tx, meeting)
    asked = meeting.state != MeetingState.PROPOSED
    meeting = changed(tx, meeting, state=MeetingState.CANCELLED.value, reason=why)
    meeting_topics.let_wait(tx, meeting.id or 0)
    _noted(tx, meeting, "cancelled", by, {})
    telling.settle(tx, meeting, "meeting.card_cancelled")
    if asked:
        telling.cancelled(tx, meeting, but=by_id)
        record.watch_again(tx, meeting, meeting.quarter)
    return meeting


# -- what fits


def _home(community_id: int | None) -> list[int] | None:
    return None if community_id is None else [community_id]


def _fitting(tx: Tx, kind: MeetingKind, wish: Wish, *, moved: bool = True) -> dict[str, Any]:
    """The columns of a wish; raises Invalid with the field that is wrong."""
    ends = wish.ends_at or wish.starts_at + timedelta(minutes=kind.minutes)
    if moved and wish.starts_at <= tx.now:
        raise Invalid("meeting_past", field="starts_at")
    if wish.starts_at > tx.now + FARTHEST:
        raise Invalid("meeting_far", field="starts_at")
    if not wish.starts_at < ends <= wish.starts_at + LONGEST:
        raise Invalid("meeting_ends", field="ends_at")
    title = optional(wish.title, "title") or default_title(tx, kind, wish)
    if len(title) > TITLE:
        raise Invalid("too_long", field="title", limit=TITLE)
    place = optional(wish.place, "place") or None
    if place is not None and len(place) > PLACE:
        raise Invalid("too_long", field="place", limit=PLACE)
    return {
        "title": title,
        "place": place,
        "starts_at": wish.starts_at,
        "ends_at": ends,
        "quarter": quarter_number(wish.starts_at, tx.content.zone),
        "topics": topics_of(wish.topics),
    }


def topics_of(given: Sequence[str]) -> list[str]:
    """Topics, trimmed, each once. Raises Invalid."""
    found = list(dict.fromkeys(needed(text, "topics") for text in given))
    if len(found) > MOST_TOPICS:
        raise Invalid("too_long", field="topics", limit=MOST_TOPICS)
    if any(len(text) > TOPIC for text in found):
        raise Invalid("too_long", field="topics", limit=TOPIC)
    return found


def _renamed(tx: Tx, meeting: Meeting, starts: datetime) -> str:
    """Its title, but for one that nobody gave it: that says when it is, and is made anew."""
    kind = kind_of(tx, meeting)
    usual = default_title(tx, kind, Wish(meeting.kind, meeting.community_id, meeting.starts_at))
    if meeting.title != usual:
        return meeting.title
    return default_title(tx, kind, Wish(meeting.kind, meeting.community_id, starts))


def default_title(tx: Tx, kind: MeetingKind, wish: Wish) -> str:
    """荷塘社区 2026年第四季度 党建联席会议, or with the day."""
    reg = register(tx)
    home = reg.community_name(wish.community_id) or next((s.name for s in reg.streets.values()), "")
    local = wish.starts_at.astimezone(tx.content.zone)
    when = f"{local.month}月{local.day}日"
    if kind.plan == "quarter":
        when = f"{local.year}年第{'一二三四'[(local.month - 1) // 3]}季度"
    return f"{home}{when}{kind.name}"[:TITLE]


def _free(tx: Tx, community_id: int | None, values: Mapping[str, Any], *, but: int | None) -> None:
    """Refuse a room of the resource list in which another meeting is then; of two at once the second."""
    registers.hold(tx, _LOCK)
    place, span = values["place"], (values["starts_at"], values["ends_at"])
    if not place or all(room.title != place for room in lists.published_resources(tx, community_id)):
        return
    for other in meetings.overlapping(tx, *span):
        if other.id != but and other.place == place and overlaps(span, (other.starts_at, other.ends_at)):
            raise Conflict("room_taken", no=other.no, place=place, field="place")


def _once(tx: Tx, wish: Wish) -> None:
    """Refuse what was called already: the same kind there, at an overlapping hour."""
    ends = wish.ends_at or wish.starts_at + timedelta(minutes=1)
    for other in meetings.overlapping(tx, wish.starts_at, ends):
        if other.kind == wish.kind and other.community_id == wish.community_id:
            raise Conflict("meeting_twice", no=other.no, field="starts_at")


def _noted(tx: Tx, meeting: Meeting, name: str, by: str, data: Mapping[str, Any]) -> None:
    events.note(tx, "meeting", meeting.id or 0, name, by=by, data=data, community_id=meeting.community_id)
