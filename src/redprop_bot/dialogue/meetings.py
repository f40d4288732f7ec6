"""Calling a meeting in chat, for whoever leads it; it is moved in `meeting_changes`, held in `meeting_room`.

What a sentence says of a day is read by the understanding; the rest (place, topics, which meeting) by small rules
here. What is missing is asked.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from redprop_bot.council import convening
from redprop_bot.council.chair import Chair, chair_of
from redprop_bot.dialogue import finding, hearing, meeting_words, secretaries
from redprop_bot.dialogue.meeting_times import day_said, ending, moment, must_exist
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import NotFound, Refused
from redprop_bot.loop.scope import keeper_of
from redprop_bot.notify import words
from redprop_bot.rules.meetings import MeetingState
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting, Seat

NUMBER: Final = re.compile(r"M\d{8}-\d{4,}")
_USUAL: Final = "consult"
"""A meeting that nobody gave a name."""


def chair(turn: Turn) -> Chair:
    """The chair that the speaker can take."""
    return chair_of(turn.actor, keeper_of(turn.register, turn.person_id, turn.speaker.name))


def home(turn: Turn, text: str) -> int | None:
    """Where a meeting belongs: to the community that is named, else to the speaker's; None is the street."""
    named = [key for key, community in turn.register.communities.items() if community.name in text]
    if named:
        return named[0]
    own = [post.community_id for post in turn.speaker.posts if post.community_id is not None]
    return own[0] if own else None


def calls(turn: Turn, text: str) -> bool:
    """Whether people are to come together: by the name of a kind, or by a word for it."""
    street = chair(turn).communities is None
    numbered = bool(finding.numbers_in(text))
    if turn.tx.content.meetings.named(text) is None and meeting_words.is_gathering(text):
        return False
    return meeting_words.calls_one(text, numbered=numbered, street=street)


def called_plainly(turn: Turn, text: str) -> bool:
    """A kind, a day and 开 before several topics: one meeting, whatever each of them is read as."""
    head = meeting_words.before_topics(text)
    if head == text or not meeting_words.opens(head) or turn.tx.content.meetings.named(head) is None:
        return False
    whole = hearing.read(turn)
    if [act.intent for act in whole] == ["meeting.schedule"] or hearing.alarming(whole):
        return False
    said = day_said(turn, head)
    if not said:
        return False
    try:
        call(turn, text, said)
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def call(turn: Turn, text: str, said: str) -> None:
    """Call the meeting that a sentence wants; `said` is the moment that was understood, asked for if empty."""
    code = turn.tx.content.meetings.named(text) or _usual(turn)
    kind = turn.tx.content.meetings.kinds[code]
    must_exist(text, said, turn.tx.now.astimezone(turn.tx.content.zone))
    starts = moment(turn, said, code, text)
    if starts is None:
        turn.session.ask("meeting_when", text=text[:500])
        turn.say("meeting.ask_when", kind=kind.name)
        return
    turn.session.asked = None
    guests, strangers = guests_said(turn, text, code)
    wish = convening.Wish(
        kind=code,
        community_id=home(turn, text),
        starts_at=starts,
        ends_at=ending(text, starts),
        place=meeting_words.place_in(text),
        once=True,
        topics=meeting_words.topics_in(text),
        members=guests,
    )
    with turn.tx.savepoint():
        meeting = convening.call(turn.tx, chair(turn), wish)
    tell_called(turn, meeting, strangers)


def guests_said(turn: Turn, text: str, code: str) -> tuple[list[str], list[str]]:
    """请清源水务和高主任参加: the units and people of the register who are named, and those nobody knows.

    Whoever the kind invites anyway is named in vain: 请物业参加.
    """
    reg, kind = turn.register, turn.tx.content.meetings.kinds[code]
    usual = {turn.tx.content.labels.meeting_part[part] for part in kind.invite}
    people = [person.name for person in reg.people.values() if person.name]
    known, strangers = [], []
    for name in meeting_words.asked_in(text, [*reg.organisation_names, *people]):
        if (unit := secretaries.unit_meant(turn, name)) and reg.person_named(name) is None:
            known.append(unit)
        elif reg.person_named(name) is not None:
            known.append(name)
        elif not any(part in name for part in usual):
            strangers.append(name)
    return list(dict.fromkeys(known)), strangers


def tell_called(turn: Turn, meeting: Meeting, strangers: Sequence[str] = ()) -> None:
    """What was called, who is invited, and what the secretary must see to by telephone."""
    tx, kind = turn.tx, convening.kind_of(turn.tx, meeting)
    short = meeting.starts_at - tx.now < timedelta(days=kind.notice)
    until = meeting.starts_at - timedelta(days=kind.topics)
    turn.session.met(meeting.no)
    turn.say(
        "meeting.called",
        **about(turn, meeting),
        number=str(len(meetings.seats(tx, meeting.id or 0))),
        units="",
        strangers="、".join(strangers),
        notice=str(kind.notice) if short else "",
        until=words.day(until, tx.now, tx.content.zone) if until > tx.now else "",
        code=meeting.code,
    )


def about(turn: Turn, meeting: Meeting) -> dict[str, Any]:
    """The slots about a meeting."""
    zone = turn.tx.content.zone
    return {
        "no": meeting.no,
        "title": meeting.title,
        "when": words.day(meeting.starts_at, turn.tx.now, zone),
        "place": meeting.place or "",
        "link": f"{turn.tx.content.address}/m/meetings/{meeting.no}",
    }


def _usual(turn: Turn) -> str:
    kinds = turn.tx.content.meetings.kinds
    return _USUAL if _USUAL in kinds else next(iter(kinds))


def names(turn: Turn, seats: Sequence[Seat]) -> str:
    """Who sits there, by name, for whoever leads the meeting."""
    people = [turn.register.people.get(seat.person_id) for seat in seats]
    return "、".join(person.name for person in people if person is not None and person.name)


def ahead(turn: Turn) -> list[Meeting]:
    """Meetings that the speaker leads and that have not begun, proposals included, the next first."""
    leads = chair(turn)
    places: list[int | None] = [*turn.register.communities, None]
    found = [
        meeting
        for place in places
        if leads.may(place)
        for meeting in meetings.standing(turn.tx, place, since=turn.tx.now)
    ]
    found += [
        m for m in meetings.page(turn.tx, state=MeetingState.PROPOSED.value, limit=50) if leads.may(m.community_id)
    ]
    return sorted(found, key=lambda meeting: meeting.starts_at)


def known(turn: Turn, no: str) -> Meeting:
    """The meeting with this number, if the speaker leads it; raises NotFound."""
    meeting = meetings.by_no(turn.tx, no)
    if meeting is None or not chair(turn).may(meeting.community_id):
        raise NotFound("no_meeting", no=no)
    return meeting
