"""示范创建 by API: applications of estates for a standard, their items, what each level decided, and the acts.

Everybody of the community reads; a unit's token finds nothing. Who may do what is decided in `appraise`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from redprop_bot.appraise import grants
from redprop_bot.appraise import standards as steps
from redprop_bot.appraise.reviewers import Reviewer, of_posts, of_role
from redprop_bot.appraise.standard_progress import Decision, Whole, wholes
from redprop_bot.errors import Invalid, NotFound
from redprop_bot.registry.people import mask_name
from redprop_bot.rules.standards import Mark, Outcome, State
from redprop_bot.store import standards
from redprop_bot.store.tables import StandardApplication, StandardItem, StandardPhoto
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route

_OPEN: Final[Shape] = {
    "standard": Field("text", "key or name of data/standards", required=True, longest=32),
    "estate": Field("text", "its name", required=True, longest=64),
}
ACT: Final[Shape] = {
    "act": Field(
        "text",
        required=True,
        one_of=("mark", "recount", "pass", "return", "stop", "grant", "ungrant"),
        code="unknown_act",
    ),
    "item": Field("whole", "number of the item, for mark", least=1, most=99),
    "mark": Field("text", one_of=tuple(Mark), code="standard_mark"),
    "note": Field("text", "evidence in words", longest=1000),
    "links": Field("texts", "addresses of evidence", longest=20),
    "level": Field("text", "key of the level that decides, for pass and return", longest=32),
    "round": Field("whole", "as it was read", least=1),
    "reason": Field("text", "needed by all but the first level", longest=1000),
    "by": Field("text", "who decided, where the street writes it down for others", longest=60),
    "project": Field("text", "number of the project that a grant goes to", longest=32),
    "source": Field("text", "name of the money, as budget lines of the project name it", longest=grants.SOURCE),
    "amount": Field("number", "yuan", least=0),
    "grant": Field("whole", "number of a grant, for ungrant", least=1),
}


def reviewer(call: Call) -> Reviewer:
    """Who acts, as 示范创建 sees them: by their posts, else by the role of the token or account."""
    viewer = call.viewer
    if viewer.speaker is not None and viewer.speaker.person.id is not None:
        return of_posts(viewer.name, viewer.speaker.person.id, viewer.speaker.posts)
    return of_role(viewer.name, viewer.role, community_id=viewer.community_id)


def found(call: Call) -> Reply:
    """A page of applications, the newest first."""
    _must_look(call)
    state, size = call.query.get("state"), paging.limit(call)
    if state is not None and state not in list(State):
        raise Invalid("choice", field="state")
    estate = call.query.get("estate")
    known = call.register.estate(estate)
    if estate and known is None:
        raise Invalid("choice", field="estate")
    rows = standards.page(
        call.tx,
        communities=None if call.viewer.community_id is None else [call.viewer.community_id],
        estate_id=known.id if known is not None else None,
        standard=call.query.get("standard"),
        state=state,
        before_id=paging.before(call, "standards"),
        limit=size + 1,
    )
    return paging.page("standards", size, rows, [item(call, one) for one in wholes(call.tx, rows[:size])])


def _must_look(call: Call) -> None:
    if call.viewer.role == "provider":
        raise NotFound("no_application")


def the_application(call: Call) -> StandardApplication:
    """The one of the address, if it is there for this token. Raises NotFound."""
    _must_look(call)
    one_, own = standards.one(call.tx, key_in(call)), call.viewer.community_id
    if one_ is None or own not in (None, one_.community_id):
        raise NotFound("no_application")
    return one_


def one(call: Call) -> Reply:
    """One application."""
    return Reply(_fresh(call, the_application(call)))


def opened(call: Call) -> Reply:
    """An estate is to be held against a standard."""
    sight.must_act(call.viewer)
    _must_look(call)
    given = read(call.body, _OPEN)
    standard = call.content.standards.of(given["standard"])
    if standard is None:
        raise Invalid("no_standard", field="standard", name=given["standard"])
    estate = call.register.estate(given["estate"])
    if estate is None or call.viewer.community_id not in (None, estate.community_id):
        raise Invalid("unknown_estate", field="estate", name=given["estate"])
    made = steps.open_application(call.tx, standard, estate, reviewer(call))
    return Reply(_fresh(call, made), 201)


def acted(call: Call) -> Reply:
    """Mark an item, take the figures anew, decide for a level, call it off."""
    sight.must_act(call.viewer)
    application, given = the_application(call), read(call.body, ACT)
    _ACTS[given["act"]](call, application, given)
    return Reply(_fresh(call, application))


Given = Mapping[str, Any]


def _marked(call: Call, application: StandardApplication, given: Given) -> None:
    for name in ("item", "mark"):
        if name not in given:
            raise Invalid("missing", field=name)
    steps.marked(
        call.tx,
        application,
        reviewer(call),
        position=given["item"],
        mark=given["mark"],
        note=given.get("note"),
        links=given.get("links", ()),
    )


def _recounted(call: Call, application: StandardApplication, _given: Given) -> None:
    steps.recounted(call.tx, application, reviewer(call))


def _decided(call: Call, application: StandardApplication, given: Given) -> None:
    if "level" not in given:
        raise Invalid("missing", field="level")
    steps.decide(
        call.tx,
        application,
        reviewer(call),
        level=given["level"],
        outcome=given["act"],
        reason=given.get("reason"),
        decided_by=given.get("by"),
        round_=given.get("round"),
    )


def _stopped(call: Call, application: StandardApplication, given: Given) -> None:
    steps.stopped(call.tx, application, reviewer(call), reason=given.get("reason"))


def _granted(call: Call, application: StandardApplication, given: Given) -> None:
    for name in ("project", "source", "amount"):
        if name not in given:
            raise Invalid("missing", field=name)
    money = {"project": given["project"], "source": given["source"], "yuan": given["amount"]}
    grants.give(call.tx, application, reviewer(call), **money)


def _ungranted(call: Call, application: StandardApplication, given: Given) -> None:
    number, reason = given.get("grant", 0), given.get("reason")
    grants.take_back(call.tx, application, reviewer(call), number=number, reason=reason)


_ACTS: Final[Mapping[str, Callable[[Call, StandardApplication, Given], None]]] = {
    "mark": _marked,
    "recount": _recounted,
    "pass": _decided,
    "return": _decided,
    "stop": _stopped,
    "grant": _granted,
    "ungrant": _ungranted,
}


# -- as it is shown


def _fresh(call: Call, application: StandardApplication) -> Item:
    now = standards.one(call.tx, application.id or 0) or application
    return item(call, wholes(call.tx, [now])[0])


def item(call: Call, whole: Whole) -> Item:
    """An application as it is shown."""
    one_, standing = whole.application, whole.standing
    return {
        "id": one_.id,
        "standard": one_.standard,
        "title": one_.title,
        "estate": call.register.estates[one_.estate_id].name,
        "community": call.register.community_name(one_.community_id),
        "state": one_.state,
        "level": one_.level,
        "round": one_.round,
        "levels": list(one_.levels),
        "least": one_.least,
        "met": len(standing.met),
        "not_met": len(standing.not_met),
        "open": len(standing.open),
        "items": [_item(call, whole, row) for row in whole.items],
        "decisions": [_decision(call, row) for row in whole.decisions],
        "grants": [_grant(call, row) for row in grants.grants(call.tx, one_)] if one_.state == "passed" else [],
        "opened_by": _name(call, one_.opened_by),
        "opened_at": iso(call, one_.opened_at),
        "updated_at": iso(call, one_.updated_at),
        "finished_at": iso(call, one_.finished_at),
    }


def _name(call: Call, name: str) -> str | None:
    return (mask_name(name) if call.viewer.role == "viewer" else name) or None


def photo_path(photo: StandardPhoto) -> str:
    """Where the console shows it, to who may see the application."""
    return f"/console/standards/{photo.application_id}/photos/{photo.id}"


def _item(call: Call, whole: Whole, row: StandardItem) -> Item:
    shown = [photo_path(one) for one in whole.photos if one.position == row.position]
    return {
        "number": row.position,
        "key": row.key,
        "title": row.title,
        "evidence": row.evidence,
        "figure": row.figure or None,
        "value": row.value,
        "least": row.least if row.figure else None,
        "known": row.said,
        "mark": row.mark,
        "note": row.note,
        "links": list(row.links),
        "photos": [f"{call.content.address}{path}" for path in shown],
        "by": _name(call, row.by_name),
        "at": iso(call, row.at),
    }


def _decision(call: Call, row: Decision) -> Item:
    return {
        "level": row.level,
        "name": row.name,
        "round": row.round,
        "outcome": (Outcome.PASS if row.passed else Outcome.RETURN).value,
        "reason": row.reason,
        "by": _name(call, row.by),
        "decided_by": _name(call, row.decided_by),
        "at": iso(call, row.at),
    }


def _grant(call: Call, row: grants.Grant) -> Item:
    return {
        "number": row.number,
        "project": row.project_no,
        "title": row.project,
        "source": row.source,
        "amount": row.amount / 100,
        "planned": row.planned / 100 if row.planned is not None else None,
        "spent": row.spent / 100 if row.spent is not None else None,
        "by": _name(call, row.by),
        "at": iso(call, row.at),
        "undone_at": iso(call, row.undone_at),
        "reason": row.reason,
    }


_FILTERS: Final = {
    "standard": "key of data/standards",
    "estate": "its name",
    "state": ", ".join(State),
    **paging.QUERY,
}
ROUTES: Final = (
    Route("GET", "/standards", found, "示范创建", "Standard", query=_FILTERS, listed=True),
    Route("POST", "/standards", opened, "示范创建：开一个", "Standard", body=_OPEN, status=201),
    Route("GET", "/standards/{id}", one, "一次示范创建", "Standard"),
    Route("POST", "/standards/{id}/acts", acted, "示范创建：勾条目、审、不做了", "Standard", body=ACT),
)
