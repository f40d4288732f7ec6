"""Who leads a community has a seat in its meetings, also where somebody else did when they were called."""

from redprop_bot.registry.register import Register, register
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting, Person, Seat
from redprop_bot.store.tx import Tx

_PART = "secretary"


def leaders(reg: Register, community_id: int | None) -> list[Person]:
    """The secretaries of a community itself; a meeting of the street is led by its staff."""
    if community_id is None:
        return reg.street_staff
    posts = [
        p for p in reg.all_posts if p.duty == _PART and p.street_id is None and p.community_id == community_id
    ]
    return [reg.people[key] for key in dict.fromkeys(post.person_id for post in posts)]


def seated(tx: Tx, meeting: Meeting, *, comes: int | None = None) -> None:
    """New secretaries take the seats of those who lead no more, else get one of their own.

    All of a meeting to which secretaries were invited, else the one who `comes`.
    """
    if meeting.community_id is None or meeting.id is None:
        return
    reg = register(tx)
    leading = {person.id for person in leaders(reg, meeting.community_id)}
    seats = meetings.seats(tx, meeting.id)
    new = leading if any(seat.part == _PART for seat in seats) else leading & {comes}
    free = [
        seat
        for seat in seats
        if seat.part == _PART and seat.for_id is None and not seat.units and seat.present_at is None
        and seat.person_id not in leading and not reg.posts.get(seat.person_id)
    ]  # fmt: skip
    for key in sorted(key for key in new - {seat.person_id for seat in seats} if key is not None):
        if free:
            cleared = {"answer": None, "reason": None, "answered_at": None}
            tx.update(Seat, free.pop(0).id, person_id=key, **cleared)
        else:
            tx.insert(Seat, meeting_id=meeting.id, person_id=key, part=_PART)


def convener(tx: Tx, meeting: Meeting) -> str:
    """Who convened it; where they lead no more, whoever leads now."""
    now = leaders(register(tx), meeting.community_id)
    if meeting.by_id is None or not now or meeting.by_id in register(tx).posts:
        return meeting.by_name
    return now[0].name or meeting.by_name
