"""What is done in a meeting by API: agenda, decisions, attendance, votes, minutes, and who may speak for whom."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any, Final

from redprop_bot.council import agenda, attending, convening, minutes, resolving, telling, undoing, voting
from redprop_bot.council.chair import Chair
from redprop_bot.council.matter_words import bare_matter
from redprop_bot.council.resolving import Decision
from redprop_bot.errors import Forbidden, Invalid
from redprop_bot.registry.register import register
from redprop_bot.rules.meetings import Answer, Choice
from redprop_bot.store.tables import Meeting, Person, Vote
from redprop_bot.web.access import Viewer
from redprop_bot.web.api import sight
from redprop_bot.web.api.calls import Call
from redprop_bot.web.api.fields import Field, Shape, moment, read, timed

_EVENING: Final = time(18)
"""A day by which something is to be done ends with its working hours."""

_FIELDS: Final[Mapping[str, Shape]] = {
    "call": {},
    "agenda": {"topic": Field("text", required=True, longest=convening.TOPIC)},
    "resolve": {
        "text": Field("text", required=True, longest=resolving.TEXT),
        "demands": Field("texts", "numbers; without any an order is made", longest=resolving.MOST),
        "handler": Field("text", "the unit that leads; may be left out only with `answer`", longest=64),
        "helpers": Field("texts", longest=12),
        "due_at": Field("moment", "working days of the kind when left out"),
        "answer": Field("text", "said on the spot: the demands are closed with it", longest=1000),
        "category": Field("text", "of the order that is made", longest=32),
        "vote": Field("whole", "the number of the question it was decided by"),
        "project": Field("text", "number or title of a project: it becomes a measure of it", longest=80),
        "owner": Field("text", "of that measure: person or unit; the handler when left out", longest=64),
    },
    "undo": {
        "resolution": Field("whole", "its number in this meeting", required=True),
        "reason": Field("text", required=True, longest=500),
    },
    "attend": {
        "person": Field("text", "name or user id; the token's own seats when left out", longest=64),
        "answer": Field("text", "instead of being there: what somebody invited says", one_of=tuple(Answer)),
        "deputy": Field("text", "name of who comes instead", longest=64),
        "reason": Field("text", "of decline", longest=300),
    },
    "vote": {"text": Field("text", required=True, longest=voting.TEXT)},
    "ballot": {
        "choice": Field("text", required=True, one_of=tuple(Choice), code="vote_choice"),
        "person": Field("text", longest=64),
        "vote": Field("whole", "the one that is open when left out"),
    },
    "count": {"vote": Field("whole")},
    "minutes": {"remarks": Field("text", longest=minutes.REMARKS), "text": Field("text", longest=minutes.REMARKS)},
    "approve": {},
    "cancel": {"reason": Field("text", required=True, longest=500)},
}
ACTS: Final[Shape] = {
    "act": Field("text", required=True, one_of=tuple(_FIELDS), code="unknown_act"),
    **{
        name: Field(field.kind, field.note, one_of=field.one_of, longest=field.longest)
        for shape in _FIELDS.values()
        for name, field in shape.items()
    },
}


def chair(viewer: Viewer) -> Chair:
    """The chair that a token can take: secretaries in their community, the street and admins everywhere."""
    if viewer.role not in sight.EDITORS:
        return Chair(viewer.actor, frozenset())
    own = viewer.community_id
    return Chair(viewer.actor, None if own is None else frozenset({own}))


def moment_in(call: Call, given: Mapping[str, Any], name: str, at: time | None = None) -> datetime | None:
    """A moment of a body; a bare day is that day `at` a time, and refused where there is none."""
    text, zone = given.get(name), call.content.zone
    if not text:
        return None
    return timed(text, name, zone) if at is None else moment(text, name, zone, at=at)


def acted_on(call: Call, meeting: Meeting) -> None:
    """Do what the body says. Raises Refused; nothing has changed then."""
    act = read({"act": call.body.get("act")}, {"act": ACTS["act"]})["act"]
    given = read({k: v for k, v in call.body.items() if k != "act"}, _FIELDS[act])
    _DO[act](call, meeting, given)


_Given = Mapping[str, Any]


def _resolve(call: Call, meeting: Meeting, given: _Given) -> None:
    decision = Decision(
        text=given["text"],
        demands=given.get("demands", ()),
        handler=given.get("handler"),
        helpers=given.get("helpers", ()),
        due_at=moment_in(call, given, "due_at", at=_EVENING),
        answer=given.get("answer"),
        category=given.get("category") or _category(call, given["text"]),
        vote=given.get("vote"),
        project=given.get("project"),
        owner=given.get("owner"),
    )
    resolving.resolve(call.tx, meeting, chair(call.viewer), decision)


def _category(call: Call, text: str) -> str | None:
    """What a decision is about, read as if a resident had reported it."""
    heard = call.office.reader.read(
        bare_matter(call.register, text),
        role="resident",
        now=call.tx.now.astimezone(call.content.zone),
        gazetteer=call.register.gazetteer,
        estate=None,
        asked=None,
    )
    return next((act.category for act in heard if act.category), None)


def _person(call: Call, name: str | None) -> Person | None:
    """Whom a call is about: who is named, which only a chair may do, or who sits at the console."""
    if name is not None:
        person = register(call.tx).person_named(name)
        if person is None:
            raise Invalid("unknown_member", field="person", name=name)
        return person
    return call.viewer.speaker.person if call.viewer.speaker is not None else None


def _own(call: Call, meeting: Meeting) -> tuple[set[int], set[int]]:
    """The units and the people that a token without a person speaks for at a meeting."""
    viewer, reg = call.viewer, call.register
    units = {viewer.organisation_id} if viewer.organisation_id is not None else set()
    if viewer.role == "secretary":
        return units, {p.id or 0 for p in reg.secretaries(meeting.community_id or viewer.community_id)}
    return units, {p.id or 0 for p in reg.street_staff} if viewer.role in ("street", "admin") else set()


def _attend(call: Call, meeting: Meeting, given: _Given) -> None:
    name = given.get("person")
    person = _person(call, name)
    if "answer" in given or "deputy" in given or "reason" in given:
        if person is None or (name is not None and not _may_speak_for(call, meeting, person)):
            raise Forbidden("meeting_person", field="person")
        said = given.get("answer") or ("deputy" if "deputy" in given else "decline")
        attending.answer(call.tx, meeting, person, said, reason=given.get("reason"), deputy=given.get("deputy"))
    elif name is not None and chair(call.viewer).may(meeting.community_id):
        attending.tick(call.tx, meeting, chair(call.viewer), name)
    elif person is not None and _may_speak_for(call, meeting, person):
        attending.tick_units(call.tx, meeting, set(), {person.id or 0})
    elif name is None:
        _present(call, meeting)
    else:
        raise Forbidden("meeting_person", field="person")


def _present(call: Call, meeting: Meeting) -> None:
    """A token without a name: its own seats; who leads and has none there opens it for those who lead at home."""
    units, people = _own(call, meeting)
    try:
        attending.tick_units(call.tx, meeting, units, people)
    except Forbidden:
        if not chair(call.viewer).may(meeting.community_id):
            raise
        leads = {person.id or 0 for person in telling.keepers(call.tx, meeting)}
        attending.tick_units(call.tx, meeting, set(), leads)


def _may_speak_for(call: Call, meeting: Meeting, person: Person) -> bool:
    """Themselves, whoever leads, and a unit for its own staff."""
    viewer = call.viewer
    if viewer.speaker is not None and viewer.speaker.person.id == person.id:
        return True
    if chair(viewer).may(meeting.community_id):
        return True
    posts = call.register.posts.get(person.id or 0, [])
    return viewer.organisation_id is not None and any(p.organisation_id == viewer.organisation_id for p in posts)


def _ballot(call: Call, meeting: Meeting, given: _Given) -> None:
    person = _person(call, given.get("person"))
    if person is None or not _may_speak_for(call, meeting, person):
        raise Forbidden("meeting_person", field="person")
    voting.give(call.tx, meeting, person, _vote(call, meeting, given), given["choice"])


def _vote(call: Call, meeting: Meeting, given: _Given) -> Vote:
    if "vote" in given:
        return voting.numbered(call.tx, meeting, given["vote"])
    return voting.standing(call.tx, meeting)


def _minutes(call: Call, meeting: Meeting, given: _Given) -> None:
    remarks = given.get("remarks", given.get("text"))
    minutes.draft(call.tx, meeting, chair(call.viewer), remarks=remarks)


_DO: Final[Mapping[str, Callable[[Call, Meeting, _Given], object]]] = {
    "call": lambda call, m, _: convening.agree(call.tx, m, chair(call.viewer)),
    "agenda": lambda call, m, given: agenda.add(call.tx, m, chair(call.viewer), topic=given["topic"]),
    "resolve": _resolve,
    "undo": lambda call, m, given: undoing.undo(
        call.tx, m, chair(call.viewer), number=given["resolution"], reason=given["reason"]
    ),
    "attend": _attend,
    "vote": lambda call, m, given: voting.ask(call.tx, m, chair(call.viewer), text=given["text"]),
    "ballot": _ballot,
    "count": lambda call, m, given: voting.count(call.tx, m, chair(call.viewer), _vote(call, m, given)),
    "minutes": _minutes,
    "approve": lambda call, m, _: minutes.approve(call.tx, m, chair(call.viewer)),
    "cancel": lambda call, m, given: convening.cancel(call.tx, m, chair(call.viewer), reason=given["reason"]),
}
