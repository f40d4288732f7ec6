"""The ledger of points by API: its entries, somebody's balance, points by hand and their approval, corrections.

Entries are never edited: what was wrong is taken back by an act that adds a counter-entry.
"""

from collections.abc import Sequence
from typing import Any, Final

from redprop_bot.errors import Forbidden, Invalid, NotFound
from redprop_bot.notify.covering import phoneless
from redprop_bot.registry.people import mask_name
from redprop_bot.rules.points import Book
from redprop_bot.store import people
from redprop_bot.store import points as rows
from redprop_bot.store.tables import Person, PointEntry, PointRequest
from redprop_bot.volunteers import by_hand, countering, ledger
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route
from redprop_bot.web.api.schemas import MAY, MAY_WHOLE, TEXT, WHEN, WHOLE, listed, shaped

BOOKS: Final = tuple(book.value for book in Book)
_FILTERS: Final = {
    "userid": "of one person, by userid or openid",
    "ledger": ", ".join(BOOKS),
    **paging.QUERY,
}
_ASK: Final[Shape] = {
    "userid": Field("text", "userid or openid", required=True, longest=64),
    "delta": Field("whole", "how many; they count when somebody else has approved them", required=True),
    "reason": Field("text", required=True, longest=ledger.REASON_LIMIT),
}
_COUNTER: Final[Shape] = {
    "act": Field("text", "counter", required=True, one_of=("counter",), code="unknown_act"),
    "reason": Field("text", required=True, longest=ledger.REASON_LIMIT),
}
_DECIDE: Final[Shape] = {
    "act": Field("text", "approve, refuse", required=True, one_of=("approve", "refuse"), code="unknown_act"),
}
_PERSON: Final = shaped(userid=MAY, name=MAY)
ENTRY: Final = shaped(
    id=WHOLE,
    at=WHEN,
    person=_PERSON,
    delta=WHOLE,
    reason=TEXT,
    source=TEXT,
    ledger=TEXT,
    kind=TEXT,
    community=MAY,
    by=TEXT,
    approved_by=MAY,
    reverses=MAY_WHOLE,
)
ITEMS: Final = {
    "PointEntry": ENTRY,
    "PointStatement": shaped(person=_PERSON, balance=WHOLE, items=listed(ENTRY), next=MAY),
    "PointRequest": shaped(
        id=WHOLE,
        at=WHEN,
        person=_PERSON,
        delta=WHOLE,
        reason=TEXT,
        community=MAY,
        by=TEXT,
        state=TEXT,
        decided_by=MAY,
        decided_at=WHEN,
        version=WHOLE,
    ),
}


def _person(call: Call, person: Person | None) -> Item:
    if person is None:
        return {"userid": None, "name": None}
    if call.viewer.role == "viewer":
        return {"userid": None, "name": mask_name(person.name)}
    return {"userid": person.userid, "name": person.name}


def entry_items(call: Call, entries: Sequence[PointEntry]) -> list[Item]:
    """The items of these entries, in their order."""
    known = people.now(call.tx, {entry.person_id for entry in entries})
    masked = call.viewer.role == "viewer"
    return [
        {
            "id": entry.id,
            "at": iso(call, entry.at),
            "person": _person(call, known.get(entry.person_id)),
            "delta": entry.delta,
            "reason": phoneless(entry.reason) if masked else entry.reason,
            "source": entry.source,
            "ledger": entry.ledger,
            "kind": entry.kind,
            "community": call.register.community_name(entry.community_id),
            "by": mask_name(entry.by_name) or "" if masked and entry.by_id else entry.by_name,
            "approved_by": entry.approved_by and (mask_name(entry.approved_by) if masked else entry.approved_by),
            "reverses": entry.reverses_id,
        }
        for entry in entries
    ]


def _request_item(call: Call, request: PointRequest) -> Item:
    known = people.named(call.tx, {request.person_id})
    return {
        "id": request.id,
        "at": iso(call, request.at),
        "person": _person(call, known.get(request.person_id)),
        "delta": request.points,
        "reason": request.reason,
        "community": call.register.community_name(request.community_id),
        "by": request.by_name,
        "state": request.state,
        "decided_by": request.decided_by,
        "decided_at": iso(call, request.decided_at),
        "version": request.version,
    }


def _communities(call: Call) -> list[int] | None:
    return None if call.viewer.community_id is None else [call.viewer.community_id]


def _called(call: Call, name: str) -> Person:
    found = people.called(call.tx, name)
    if found is None:
        raise NotFound
    return found


def _sees(call: Call, person: Person) -> bool:
    """People of another community are not there for a token of one, unless something was booked here."""
    own = call.viewer.community_id
    if call.viewer.role == "provider":
        posts = call.register.posts.get(person.id or 0, ())
        return any(post.organisation_id == call.viewer.organisation_id for post in posts)
    lives = call.register.community_of(person.estate_id) if person.estate_id is not None else None
    if own is None or lives in (None, own):
        return True
    return bool(rows.page(call.tx, person_id=person.id, communities=[own], limit=1))


def found(call: Call) -> Reply:
    """A page of the ledger, newest first."""
    book = call.query.get("ledger")
    if book is not None and book not in BOOKS:
        raise Invalid("choice", field="ledger")
    size = paging.limit(call)
    person = people.called(call.tx, call.query["userid"]) if "userid" in call.query else None
    hidden = call.viewer.role == "provider" or ("userid" in call.query and person is None)
    page = (
        []
        if hidden
        else rows.page(
            call.tx,
            person_id=person.id if person else None,
            communities=_communities(call),
            ledger=book,
            before_id=paging.before(call, "points"),
            limit=size + 1,
        )
    )
    return paging.page("points", size, page, entry_items(call, page[:size]))


def statement(call: Call) -> Reply:
    """What somebody has, and how it came about."""
    person = _called(call, call.path["userid"])
    if not _sees(call, person):
        raise NotFound
    assert person.id is not None
    size = paging.limit(call)
    page = rows.page(
        call.tx,
        person_id=person.id,
        communities=_communities(call),
        before_id=paging.before(call, "statement"),
        limit=size + 1,
    )
    listed_ = paging.page("statement", size, page, entry_items(call, page[:size]))
    head = {"person": _person(call, person), "balance": ledger.balance(call.tx, person.id)}
    return Reply({**head, **listed_.body})


# -- by hand


def _keeper(call: Call, community_id: int | None) -> None:
    if call.viewer.role not in {*sight.EDITORS, "clerk"}:
        raise Forbidden
    if call.viewer.community_id not in (None, community_id):
        raise Forbidden("not_your_community")


def asked(call: Call) -> Reply:
    """Points by hand, which wait for somebody else."""
    given = read(call.body, _ASK)
    _keeper(call, call.viewer.community_id)
    person = _called(call, given["userid"])
    if not _sees(call, person):
        raise NotFound
    assert person.id is not None
    where = call.viewer.community_id or call.register.community_of(person.estate_id)
    made = by_hand.ask(call.tx, person.id, given["delta"], given["reason"], call.viewer.actor, community_id=where)
    return Reply(_request_item(call, made), 201)


def waiting(call: Call) -> Reply:
    """What waits for approval, oldest first."""
    if call.viewer.role not in {*sight.EDITORS, "clerk"}:
        return Reply({"items": [], "next": None})
    page = rows.requests(call.tx, _communities(call), limit=paging.MOST)
    return Reply({"items": [_request_item(call, request) for request in page], "next": None})


def decided(call: Call) -> Reply:
    """Somebody else's yes or no."""
    given = read(call.body, _DECIDE)
    request = rows.request(call.tx, key_in(call))
    if request is None or call.viewer.community_id not in (None, request.community_id):
        raise NotFound
    sight.must_edit(call.viewer, request.community_id)
    assert request.id is not None
    done = by_hand.decide(call.tx, request.id, call.viewer.actor, approve=given["act"] == "approve")
    return Reply(_request_item(call, done))


def countered(call: Call) -> Reply:
    """Take an entry back; the counter-entry."""
    given = read(call.body, _COUNTER)
    entry = rows.entry(call.tx, key_in(call))
    if entry is None or call.viewer.community_id not in (None, entry.community_id):
        raise NotFound
    sight.must_edit(call.viewer, entry.community_id)
    made = countering.counter(call.tx, entry, given["reason"], call.viewer.actor)
    return Reply(entry_items(call, [made])[0], 201)


_BY_HAND: Final[dict[str, Any]] = {"item": "PointRequest"}
ROUTES: Final = (
    Route("GET", "/points", found, "积分台账", "PointEntry", query=_FILTERS, listed=True),
    Route("POST", "/points", asked, "手工加分，要另一个人同意", body=_ASK, status=201, **_BY_HAND),
    Route("GET", "/points/{userid}", statement, "一个人的积分", "PointStatement", query=paging.QUERY),
    Route("POST", "/points/{id}/acts", countered, "冲销一笔", "PointEntry", body=_COUNTER, status=201),
    Route("GET", "/point-requests", waiting, "等人同意的手工分", listed=True, **_BY_HAND),
    Route("POST", "/point-requests/{id}/acts", decided, "同意或不同意", body=_DECIDE, **_BY_HAND),
)
