"""Coming to a meeting: yes, a deputy, no with a reason; being there by code, by tap, or ticked off by who leads.

A deputy sits for one person and sends nobody else. Whoever is there themselves needs none.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from redprop_bot.council import agenda, succession, telling
from redprop_bot.council.chair import Chair, changed, held, must_have_come, must_stand
from redprop_bot.council.convening import kind_of
from redprop_bot.council.seats import guests
from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.loop.record import needed
from redprop_bot.registry.register import register
from redprop_bot.rules.meetings import Answer, MeetingState
from redprop_bot.rules.meetings import needed as quorum_of
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting, Person, Seat
from redprop_bot.store.tx import Tx

EARLY: Final = timedelta(hours=2)
"""So long before its beginning a meeting takes attendance."""
LATE: Final = timedelta(hours=3)
"""So long after its end."""
WITHIN: Final = timedelta(days=1)
"""So long after its beginning a meeting may be the one that is spoken of."""


def seat_in(tx: Tx, meeting: Meeting, person_id: int) -> Seat:
    """Somebody's seat; whoever leads by now gets one. Raises Forbidden for who was not invited."""
    assert meeting.id is not None
    seat = meetings.seat_of(tx, meeting.id, person_id)
    if seat is None and any(p.id == person_id for p in succession.leaders(register(tx), meeting.community_id)):
        succession.seated(tx, meeting, comes=person_id)
        seat = meetings.seat_of(tx, meeting.id, person_id)
    if seat is None:
        raise Forbidden("not_invited", no=meeting.no)
    return seat


def answer(
    tx: Tx, meeting: Meeting, person: Person, said: str, *, reason: str | None = None, deputy: str | None = None
) -> Seat:
    """What somebody invited says. Raises Forbidden (not invited), Conflict (frozen, begun), Invalid."""
    meeting = held(tx, meeting)
    must_stand(meeting)
    seat = seat_in(tx, meeting, person.id or 0)
    if said not in list(Answer):
        raise Invalid("meeting_answer", field="answer")
    must_answer(meeting, seat, said)
    if said == Answer.DEPUTY:
        return _sends(tx, meeting, seat, needed(deputy, "deputy"))
    why = needed(reason, "reason") if said == Answer.DECLINE else None
    _recall(tx, meeting, seat)
    seat = tx.update(Seat, seat.id, answer=said, reason=why, answered_at=tx.now)
    telling.settle(tx, meeting, f"meeting.card_{said}", person.id)
    if said == Answer.DECLINE:
        telling.declined(tx, meeting, person, why or "")
    return seat


def must_answer(meeting: Meeting, seat: Seat, said: str) -> None:
    """Refuse an answer that comes too late, and a deputy who wants one."""
    must_stand(meeting)
    if meeting.begun_at is not None and said != Answer.ATTEND:
        raise Conflict("meeting_begun", no=meeting.no)
    if said == Answer.DEPUTY and seat.for_id is not None:
        raise Conflict("deputy_of_deputy", no=meeting.no)


def _recall(tx: Tx, meeting: Meeting, seat: Seat) -> None:
    """Who comes or does not after all, or sends another, needs this deputy no more; the deputy hears of it."""
    sitting = meetings.deputy_of(tx, seat.id or 0)
    if sitting is None:
        return
    if sitting.present_at is not None:
        raise Conflict("deputy_present")
    meetings.leave(tx, sitting.id or 0)
    telling.undeputed(tx, meeting, sitting, register(tx).people[seat.person_id])


def _sends(tx: Tx, meeting: Meeting, seat: Seat, name: str) -> Seat:
    other = register(tx).person_named(name)
    if other is None or other.id is None:
        raise Invalid("unknown_deputy", field="deputy", name=name)
    if other.id == seat.person_id:
        raise Invalid("deputy_self", field="deputy")
    assert meeting.id is not None
    there = meetings.seat_of(tx, meeting.id, other.id)
    if there is not None and there.for_id != seat.id:
        raise Conflict("deputy_taken", no=meeting.no, name=other.name or name, field="deputy")
    if there is None:
        _recall(tx, meeting, seat)
        there = tx.insert(
            Seat,
            meeting_id=meeting.id,
            person_id=other.id,
            part=seat.part,
            units=seat.units,
            for_id=seat.id,
            answer=Answer.ATTEND.value,
            answered_at=tx.now,
        )
    mine = tx.update(Seat, seat.id, answer=Answer.DEPUTY.value, reason=None, answered_at=tx.now)
    telling.settle(tx, meeting, "meeting.card_deputy", seat.person_id)
    telling.deputed(tx, meeting, there, register(tx).people[seat.person_id])
    return mine


def ask_more(tx: Tx, meeting: Meeting, chair: Chair, names: Sequence[str]) -> list[Seat]:
    """Invite persons or units beside those who are; who has a seat keeps it. Raises Invalid (stranger)."""
    chair.must(meeting.community_id)
    meeting = held(tx, meeting)
    must_stand(meeting)
    assert meeting.id is not None
    there = {seat.person_id for seat in meetings.seats(tx, meeting.id)}
    named = guests(tx, kind_of(tx, meeting), meeting.community_id, involved=(), named=names)
    made = [
        tx.insert(Seat, meeting_id=meeting.id, person_id=g.person.id, part=g.part, units=g.units)
        for g in named
        if g.part == "named" and g.person.id not in there
    ]
    telling.invite(tx, meeting, made, but=chair.actor.person_id)
    return made


# -- being there


def takes_attendance(tx: Tx, meeting: Meeting) -> bool:
    """Whether people can say now that they are there."""
    opens = min(meeting.starts_at, meeting.begun_at or meeting.starts_at) - EARLY
    stands = meeting.state in (MeetingState.CALLED, MeetingState.HELD) and meeting.approved_at is None
    return stands and opens <= tx.now <= meeting.ends_at + LATE


def meeting_of_code(tx: Tx, code: str) -> Meeting | None:
    """The meeting that takes attendance by this code now."""
    found = meetings.by_code(tx, code, since=tx.now - LATE)
    return next((meeting for meeting in found if takes_attendance(tx, meeting)), None)


def arrive(tx: Tx, meeting: Meeting, person: Person) -> Seat:
    """Somebody is there and says so. Raises Forbidden (not invited), Conflict (not now, said before)."""
    meeting = held(tx, meeting)
    must_stand(meeting)
    if not takes_attendance(tx, meeting):
        raise Conflict("not_meeting_time", no=meeting.no)
    seat = seat_in(tx, meeting, person.id or 0)
    if seat.present_at is not None:
        raise Conflict("arrived", no=meeting.no)
    return _there(tx, meeting, seat)


def tick(tx: Tx, meeting: Meeting, chair: Chair, name: str) -> Seat:
    """Who leads the meeting ticks somebody off; who was not invited gets a seat. Twice is no fault."""
    chair.must(meeting.community_id)
    meeting = held(tx, meeting)
    must_stand(meeting)
    person = register(tx).person_named(name)
    if person is None or person.id is None:
        raise NotFound("unknown_member", field="person", name=name)
    assert meeting.id is not None
    seat = meetings.seat_of(tx, meeting.id, person.id) or tx.insert(
        Seat, meeting_id=meeting.id, person_id=person.id, part="named"
    )
    return _there(tx, meeting, seat)


def tick_units(tx: Tx, meeting: Meeting, units: set[int], people: set[int]) -> list[Seat]:
    """Whoever stands for these units, or is one of these people, is there. Raises Forbidden when nobody does."""
    meeting = held(tx, meeting)
    must_stand(meeting)
    assert meeting.id is not None
    mine = [
        seat
        for seat in meetings.seats(tx, meeting.id)
        if (units & set(seat.units) or seat.person_id in people) and seat.answer != Answer.DEPUTY
    ]
    if not mine:
        raise Forbidden("not_invited", no=meeting.no)
    return [_there(tx, meeting, seat) for seat in mine]


def _there(tx: Tx, meeting: Meeting, seat: Seat) -> Seat:
    must_have_come(tx, meeting)
    agenda.opened(tx, meeting)
    if seat.present_at is not None:
        return seat
    return tx.update(
        Seat,
        seat.id,
        present_at=tx.now,
        answer=Answer.ATTEND.value,
        answered_at=seat.answered_at or tx.now,
        reason=None,
    )


# -- quorum


def principals(seats: list[Seat]) -> list[Seat]:
    """The seats that count: a deputy sits on another's."""
    return [seat for seat in seats if seat.for_id is None]


def present(seats: list[Seat]) -> set[int]:
    """Keys of the seats that somebody sits on, in person or by a deputy."""
    return {seat.for_id or seat.id or 0 for seat in seats if seat.present_at is not None}


def must_have_quorum(tx: Tx, meeting: Meeting) -> None:
    """Refuse what needs so many to be there; raises Conflict with both numbers."""
    assert meeting.id is not None
    seats = meetings.seats(tx, meeting.id)
    least, there = quorum_of(len(principals(seats)), kind_of(tx, meeting).quorum), len(present(seats))
    if there < least:
        raise Conflict("below_quorum", no=meeting.no, there=str(there), least=str(least))


def over(tx: Tx, meeting: Meeting) -> Meeting:
    """Its end has come: it is held."""
    return changed(tx, meeting, state=MeetingState.HELD.value)
