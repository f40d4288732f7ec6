"""评选表彰 by API: titles of a year, who stands and why, the vote as far as it may be told, the result, the acts.

The community and the street read; a unit's token finds nothing. Nobody votes here: a vote is a person's own.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from redprop_bot.appraise import commendation as steps
from redprop_bot.appraise import commendation_vote as votes
from redprop_bot.errors import Forbidden, Invalid, NotFound
from redprop_bot.registry.people import mask_name
from redprop_bot.rules.commendation import Kind, Stand, State, Verdict, crowded
from redprop_bot.store import commendations, people
from redprop_bot.store.tables import Commendation, CommendationCandidate, Person
from redprop_bot.web.access import the_community
from redprop_bot.web.api import fields, paging, sight
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route
from redprop_bot.web.api.schemas import MAY, MAY_WHOLE, TEXT, WHEN, WHOLE, YES_NO, Schema, listed, shaped
from redprop_bot.web.api.standards import reviewer

_OPEN: Final[Shape] = {
    "award": Field("text", "key or name of data/commendation", required=True, longest=32),
    "year": Field("whole", required=True, least=1, most=9999),
    "community": Field("text", "where the token is for more than one", longest=64),
}
_ACT: Final[Shape] = {
    "act": Field(
        "text", required=True, one_of=("name", "admit", "drop", "vote", "confirm", "stop"), code="unknown_act"
    ),
    "person": Field("text", "name or account of whom to put forward, for name", longest=64),
    "called": Field("text", "what they are called on the ballot, where the register does not say", longest=30),
    "about": Field("text", "what they did, for name", longest=steps.ABOUT),
    "candidate": Field("whole", "id, for admit and drop", least=1),
    "note": Field("text", "why, for admit and drop", longest=1000),
    "starts_at": Field("moment", "for vote; now where left out", longest=64),
    "ends_at": Field("moment", "for vote; the days of the rule where left out", longest=64),
    "reason": Field("text", "for stop", longest=1000),
}
_VERDICT: Final = shaped(title=TEXT, year=WHOLE, mark={**TEXT, "enum": list(Verdict)}, said=TEXT)
_CANDIDATE: Final = shaped(
    id=WHOLE,
    number=MAY_WHOLE,
    name=TEXT,
    unit=TEXT,
    about=TEXT,
    state={**TEXT, "enum": list(Stand)},
    shown=YES_NO,
    verdicts=listed(_VERDICT),
    note=TEXT,
    votes=MAY_WHOLE,
    place=MAY_WHOLE,
    tied=YES_NO,
    wins=YES_NO,
)
ITEMS: Final[Mapping[str, Schema]] = {
    "Commendation": shaped(
        id=WHOLE,
        award=TEXT,
        title=TEXT,
        kind={**TEXT, "enum": list(Kind)},
        about=TEXT,
        community=MAY,
        year=WHOLE,
        state={**TEXT, "enum": list(State)},
        votes=WHOLE,
        winners=WHOLE,
        counts={**TEXT, "enum": ["after", "during"]},
        starts_at=WHEN,
        ends_at=WHEN,
        over=YES_NO,
        voted=WHOLE,
        tie=listed(TEXT),
        candidates=listed(_CANDIDATE),
        opened_by=MAY,
        opened_at=WHEN,
        confirmed_by=MAY,
        confirmed_at=WHEN,
        updated_at=WHEN,
    ),
}


def _must_look(call: Call) -> None:
    if call.viewer.role == "provider":
        raise NotFound("no_commendation")


def found(call: Call) -> Reply:
    """A page of them, the newest first."""
    _must_look(call)
    state, size = call.query.get("state"), paging.limit(call)
    if state is not None and state not in list(State):
        raise Invalid("choice", field="state")
    rows = commendations.page(
        call.tx,
        communities=None if call.viewer.community_id is None else [call.viewer.community_id],
        award=call.query.get("award"),
        states=[state] if state else (),
        before_id=paging.before(call, "commendations"),
        limit=size + 1,
    )
    return paging.page("commendations", size, rows, [item(call, one) for one in rows[:size]])


def the_commendation(call: Call) -> Commendation:
    """The one of the address, if it is there for this token. Raises NotFound."""
    _must_look(call)
    row, own = commendations.one(call.tx, key_in(call)), call.viewer.community_id
    if row is None or own not in (None, row.community_id):
        raise NotFound("no_commendation")
    return row


def one(call: Call) -> Reply:
    """One of them."""
    return Reply(item(call, the_commendation(call)))


def opened(call: Call) -> Reply:
    """Open one."""
    sight.must_act(call.viewer)
    _must_look(call)
    given = read(call.body, _OPEN)
    award = call.content.awards.of(given["award"])
    if award is None:
        raise Invalid("no_award", field="award", name=given["award"])
    community_id, who = the_community(call.register, call.viewer, given.get("community")), reviewer(call)
    if not who.secretary_of(call.register, community_id):
        raise Forbidden("commendation_role")
    return Reply(item(call, steps.open_commendation(call.tx, award, community_id, given["year"], who)), 201)


def acted(call: Call) -> Reply:
    """Put somebody forward, let a company stand, take one off, put to the vote, confirm, call off."""
    sight.must_act(call.viewer)
    row, given = the_commendation(call), read(call.body, _ACT)
    _ACTS[given["act"]](call, row, given)
    return Reply(item(call, commendations.one(call.tx, row.id or 0) or row))


Given = Mapping[str, Any]


def _named(call: Call, row: Commendation, given: Given) -> None:
    who = reviewer(call)
    steps.must_lead(call.tx, row, who)  # whether somebody stands in the register is told to nobody else
    if "person" not in given:
        raise Invalid("missing", field="person")
    person = _person(call, given["person"])
    name = given.get("called") or person.name
    steps.named(call.tx, row, who, person, name=name or "", about=given.get("about"))


def _person(call: Call, name: str) -> Person:
    reg = call.register
    found = reg.person_named(name) or people.by_name(call.tx, name) or people.called(call.tx, name)
    if found is None:
        raise Invalid("commendation_no_person", field="person", name=name)
    return found


def _admitted(call: Call, row: Commendation, given: Given) -> None:
    steps.admitted(call.tx, row, reviewer(call), given.get("candidate", 0), note=given.get("note"))


def _dropped(call: Call, row: Commendation, given: Given) -> None:
    steps.dropped(call.tx, row, reviewer(call), given.get("candidate", 0), note=given.get("note"))


def _put_to_vote(call: Call, row: Commendation, given: Given) -> None:
    zone = call.content.zone
    moments = {name: fields.moment(given[name], name, zone) for name in ("starts_at", "ends_at") if name in given}
    if "ends_at" in moments and len(given["ends_at"]) == 10:  # a bare date is all of that day
        moments["ends_at"] += timedelta(days=1) - timedelta(minutes=1)
    begin = moments.get("starts_at")
    if begin is not None and begin <= call.tx.now and begin.astimezone(zone).date() == _today(call):
        moments["starts_at"] = call.tx.now  # today, which has begun
    steps.vote_opened(call.tx, row, reviewer(call), **moments)


def _today(call: Call) -> Any:
    return call.tx.now.astimezone(call.content.zone).date()


_ACTS: Final[Mapping[str, Callable[[Call, Commendation, Given], Any]]] = {
    "name": _named,
    "admit": _admitted,
    "drop": _dropped,
    "vote": _put_to_vote,
    "confirm": lambda call, row, _given: votes.confirmed(call.tx, row, reviewer(call)),
    "stop": lambda call, row, given: steps.stopped(call.tx, row, reviewer(call), reason=given.get("reason")),
}


# -- as it is shown


def item(call: Call, row: Commendation) -> Item:
    """One as it is shown; votes as far as they may be told."""
    count = votes.count(call.tx, row)
    placed = {one.number: one for one in count.placed}
    stand = commendations.candidates(call.tx, row.id or 0)
    crowd = {one.number for one in crowded(count.placed, row.winners)}
    return {
        "id": row.id,
        "award": row.award,
        "title": row.title,
        "kind": row.kind,
        "about": row.about,
        "community": call.register.community_name(row.community_id),
        "year": row.year,
        "state": row.state,
        "votes": row.votes,
        "winners": row.winners,
        "counts": row.counts,
        "starts_at": iso(call, row.starts_at),
        "ends_at": iso(call, row.ends_at),
        "over": votes.is_over(call.tx, row),
        "voted": count.people,
        "tie": [_name(call, one.name, one) for one in stand if one.number in crowd],
        "candidates": [_candidate(call, one, placed.get(one.number or 0)) for one in stand],
        "opened_by": _by(call, row.opened_by),
        "opened_at": iso(call, row.opened_at),
        "confirmed_by": _by(call, row.confirmed_by),
        "confirmed_at": iso(call, row.confirmed_at),
        "updated_at": iso(call, row.updated_at),
    }


def _by(call: Call, name: str) -> str | None:
    return (mask_name(name) if call.viewer.role == "viewer" else name) or None


def _name(call: Call, name: str, one: CommendationCandidate) -> str:
    """Who only looks sees persons covered."""
    return (_by(call, name) or "") if one.organisation_id is None else name


def _candidate(call: Call, one: CommendationCandidate, placed: Any) -> Item:
    return {
        "id": one.id,
        "number": one.number,
        "name": _name(call, one.name, one),
        "unit": one.unit,
        "about": one.about,
        "state": one.state,
        "shown": one.shown,
        "verdicts": list(one.verdicts),
        "note": one.note,
        "votes": placed.votes if placed is not None else None,
        "place": placed.place if placed is not None else None,
        "tied": placed.tied if placed is not None else False,
        "wins": placed.wins if placed is not None else False,
    }


_FILTERS: Final = {"award": "key of data/commendation", "state": ", ".join(State), **paging.QUERY}
ROUTES: Final = (
    Route("GET", "/commendations", found, "评选表彰", "Commendation", query=_FILTERS, listed=True),
    Route("POST", "/commendations", opened, "评选表彰：开一个", "Commendation", body=_OPEN, status=201),
    Route("GET", "/commendations/{id}", one, "一次评选", "Commendation"),
    Route(
        "POST", "/commendations/{id}/acts", acted, "评选：推荐、定候选、投票、定结果", "Commendation", body=_ACT
    ),
)
