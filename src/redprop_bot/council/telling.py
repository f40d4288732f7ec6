"""What people around a meeting are told: once each, never whoever did it, at hours when nobody is woken.

Wording is `data/replies/` under `tell.meeting_*`; who is told stands here, one function an occasion.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from redprop_bot.notify import outbox, words
from redprop_bot.registry.register import register
from redprop_bot.rules.meetings import Answer, Choice
from redprop_bot.rules.telling import Weight
from redprop_bot.store import meetings, messages
from redprop_bot.store.tables import Meeting, Person, Seat, Vote
from redprop_bot.store.tx import Tx

RSVP: Final = ("rsvp_attend", "rsvp_deputy", "rsvp_decline")
OWN: Final = ("rsvp_attend", "rsvp_decline")
"""A deputy sends nobody."""
VOTES: Final = ("vote_yes", "vote_no", "vote_abstain")
NONE: Final[Mapping[str, Any]] = MappingProxyType({})


def slots(tx: Tx, meeting: Meeting) -> dict[str, str]:
    """What messages about a meeting may say."""
    zone = tx.content.zone
    return {
        "no": meeting.no,
        "title": meeting.title,
        "when": words.day(meeting.starts_at, tx.now, zone),
        "place": meeting.place or "",
        "community": register(tx).community_name(meeting.community_id) or "",
        "link": page(tx, meeting),
        "reason": meeting.reason or "",
    }


def page(tx: Tx, meeting: Meeting) -> str:
    """Its phone page."""
    return f"{tx.content.address}/m/meetings/{meeting.no}"


def keepers(tx: Tx, meeting: Meeting) -> list[Person]:
    """Who leads it: the secretaries there, or the street."""
    reg = register(tx)
    return reg.secretaries(meeting.community_id) if meeting.community_id is not None else reg.street_staff


def _people(tx: Tx, seats: Iterable[Seat], but: int | None = None) -> list[Person]:
    known = register(tx).people
    return [known[s.person_id] for s in seats if s.person_id in known and s.person_id != but]


def tell(
    tx: Tx,
    meeting: Meeting,
    message: str,
    people: Iterable[Person],
    *,
    key: str,
    buttons: Sequence[str] = (),
    more: Mapping[str, Any] = NONE,
    subject: str = "meeting",
    subject_id: int | None = None,
    argument: str = "",
    weight: Weight = Weight.PLAIN,
) -> None:
    """Queue one message; `key` makes it one a person, `argument` is what its buttons carry."""
    said = {**slots(tx, meeting), **more}
    button = tx.content.labels.button
    draft = outbox.Draft(
        key=f"{meeting.no}:{key}",
        message=message,
        text=tx.content.replies.say(f"tell.{message}", **said),
        weight=weight,
        rows=[
            (name, value)
            for name, value in (("编号", meeting.no), ("时间", said["when"]), ("地点", said["place"]))
            if value
        ],
        buttons=tuple((f"{name}:{argument or meeting.no}", button[name]) for name in buttons),
        link=said["link"],
        subject=subject,
        subject_id=subject_id if subject_id is not None else meeting.id,
    )
    outbox.queue(tx, [(person, draft) for person in people])


def settle(tx: Tx, meeting: Meeting, text: str, person_id: int | None = None) -> None:
    """Cards of a meeting give way to a wording: those of one person, else all that are still open."""
    assert meeting.id is not None
    known, said = register(tx).people, tx.content.replies.say(text)
    for card in messages.cards_about(tx, "meeting", meeting.id):
        if person_id in (None, card.person_id) and card.person_id in known:
            outbox.settle_card(tx, card, known[card.person_id], said[:60])


def settle_vote(tx: Tx, vote: Vote, person_id: int | None = None) -> None:
    """Cards of a question: of who has voted, or all when it is closed."""
    known = register(tx).people
    key = "meeting.card_voted" if person_id is not None else "meeting.card_counted"
    for card in messages.cards_about(tx, "vote", vote.id or 0):
        if person_id in (None, card.person_id) and card.person_id in known:
            outbox.settle_card(tx, card, known[card.person_id], tx.content.replies.say(key))


# -- occasions


def invite(tx: Tx, meeting: Meeting, seats: Sequence[Seat], *, but: int | None) -> None:
    """The invitation, to be answered on the card."""
    topics = "；".join(meeting.topics[:5])
    tell(
        tx,
        meeting,
        "meeting_invite",
        _people(tx, seats, but),
        key="invite",
        buttons=RSVP,
        more={"topics": topics},
    )


def moved(tx: Tx, meeting: Meeting, *, but: int | None) -> None:
    """Another time or place: asked again, what was said before still counts until then."""
    for seat in meetings.seats(tx, meeting.id or 0):
        buttons = RSVP if seat.for_id is None else OWN
        tell(
            tx,
            meeting,
            "meeting_moved",
            _people(tx, [seat], but),
            key=f"moved:{meeting.version}",
            buttons=buttons,
        )


def cancelled(tx: Tx, meeting: Meeting, *, but: int | None) -> None:
    """It does not take place, and why."""
    tell(tx, meeting, "meeting_cancelled", _people(tx, meetings.seats(tx, meeting.id or 0), but), key="cancelled")


def declined(tx: Tx, meeting: Meeting, person: Person, reason: str) -> None:
    """Who leads it hears who cannot come."""
    people = [p for p in keepers(tx, meeting) if p.id != person.id]
    more = {"who": person.name or "", "reason": words.quoted(reason, 100)}
    tell(tx, meeting, "meeting_declined", people, key=f"declined:{person.id}", more=more)


def deputed(tx: Tx, meeting: Meeting, seat: Seat, sender: Person) -> None:
    """The deputy hears for whom."""
    more = {"who": sender.name or ""}
    tell(
        tx,
        meeting,
        "meeting_deputy",
        _people(tx, [seat]),
        key=f"deputy:{seat.for_id}",
        buttons=OWN,
        more=more,
    )


def undeputed(tx: Tx, meeting: Meeting, seat: Seat, sender: Person) -> None:
    """Who was to come in another's place need not."""
    settle(tx, meeting, "meeting.card_undeputed", seat.person_id)
    key, more = f"undeputed:{seat.person_id}:{tx.now.isoformat()}", {"who": sender.name or ""}
    tell(tx, meeting, "meeting_undeputed", _people(tx, [seat]), key=key, more=more)


def agenda_fixed(tx: Tx, meeting: Meeting, seats: Sequence[Seat], lines: Sequence[str]) -> None:
    """What will be talked about."""
    coming = [seat for seat in seats if seat.answer not in (Answer.DECLINE, Answer.DEPUTY)]
    more = {"lines": "\n".join(lines), "number": str(len(lines))}
    tell(tx, meeting, "meeting_agenda", _people(tx, coming), key=f"agenda:{meeting.version}", more=more)


def soon(tx: Tx, meeting: Meeting, seats: Sequence[Seat]) -> None:
    """Two days before: those who come, and those who have not said."""
    silent = [seat for seat in seats if seat.answer is None]
    coming = [seat for seat in seats if seat.answer == Answer.ATTEND]
    stamp = f"{meeting.starts_at:%Y%m%d%H%M}"
    tell(tx, meeting, "meeting_soon", _people(tx, coming), key=f"soon:{stamp}")
    tell(tx, meeting, "meeting_soon_ask", _people(tx, silent), key=f"ask:{stamp}", buttons=RSVP)


def asked(tx: Tx, meeting: Meeting, vote: Vote, seats: Sequence[Seat]) -> None:
    """A question goes to everybody who is there, at once."""
    there = [seat for seat in seats if seat.present_at is not None]
    tell(
        tx,
        meeting,
        "meeting_vote",
        _people(tx, there),
        key=f"vote:{vote.number}",
        buttons=VOTES,
        more={"text": vote.text},
        subject="vote",
        subject_id=vote.id,
        argument=f"{meeting.no}:{vote.number}",
        weight=Weight.ANSWER,
    )


def choice_of(button: str) -> str:
    """The vote of a button: vote_yes → yes."""
    return Choice(button.removeprefix("vote_")).value


def tell_of_home(tx: Tx, message: str, people: Iterable[Person], *, key: str, slots: Mapping[str, Any]) -> None:
    """A message about a community and its quarter, before there is any meeting."""
    text = tx.content.replies.say(f"tell.{message}", **slots)
    draft = outbox.Draft(key=key, message=message, text=text, link=f"{tx.content.address}/console/meetings")
    outbox.queue(tx, [(person, draft) for person in people])
