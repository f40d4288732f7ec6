"""Matching (匹配) by API: what is sought, who was asked and why, the three parties; beginning, asking, ending."""

from collections.abc import Sequence
from typing import Any, Final

from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.registry.people import RESIDENT_NAME, mask_name
from redprop_bot.store import demands, pairings, people, wishes
from redprop_bot.store.tables import Demand, Pairing, PairingAsk, Person, Wish
from redprop_bot.volunteers import candidates, matching, pairing_telling
from redprop_bot.volunteers.candidates import Need
from redprop_bot.volunteers.needs import KINDS, of_demand, of_wish, side_of
from redprop_bot.web.access import Viewer
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route

_READERS: Final = frozenset({"admin", "street", "secretary", "clerk"})
_SIDES: Final = ("resource", "service")
_ACTS: Final = ("seek", "ask", "answer", "stop")
_FILTERS: Final = {"state": ", ".join(matching.STATES), "demand": "number of a demand", **paging.QUERY}
_BODY: Final[Shape] = {
    "demand": Field("text", "the number of an open demand; else `wish`", longest=64),
    "wish": Field("text", "the number of a wish on the wall", longest=64),
    "side": Field("text", "a thing or somebody; by the words of the demand when left out", one_of=_SIDES),
}
_ACT: Final[Shape] = {
    "act": Field("text", required=True, one_of=_ACTS, code="unknown_act"),
    "subject": Field("text", "of ask: resource, service or member", one_of=("resource", "service", "member")),
    "subject_id": Field("whole", "of ask: as in the candidates", least=1),
    "ask": Field("whole", "of answer: which question", least=1),
    "yes": Field("yes_no", "of answer: what they said on the phone"),
    "reason": Field("text", "of answer and stop", longest=200),
}


def _item(call: Call, row: Pairing, asks: Sequence[PairingAsk]) -> Item:
    known = people.named(call.tx, {ask.person_id for ask in asks})
    return {
        "id": row.id,
        "need": row.need,
        "no": row.need_no,
        "side": row.side,
        "community": call.register.community_name(row.community_id),
        "state": row.state,
        "asked": row.asked,
        "by": row.by_name,
        "opened_at": iso(call, row.opened_at),
        "ended_at": iso(call, row.ended_at),
        "why": row.why,
        "asks": [_ask(call, ask, known.get(ask.person_id)) for ask in asks],
        "version": row.version,
    }


def _ask(call: Call, ask: PairingAsk, person: Person | None) -> Item:
    return {
        "id": ask.id,
        "who": person.name if person else None,
        "subject": ask.subject,
        "subject_id": ask.subject_id,
        "title": ask.title,
        "score": ask.score,
        "parts": list(ask.parts),
        "state": ask.state,
        "asked_at": iso(call, ask.asked_at),
        "answer_by": iso(call, ask.answer_by),
        "answered_at": iso(call, ask.answered_at),
        "reason": ask.reason,
    }


def parties(call: Call, row: Pairing) -> Item:
    """三方联动: who needs it, who brings a thing, who comes, and the unit that answers for it."""
    who, knows, handler_id = _needs_it(call, row)
    persons = people.named(call.tx, {who or 0})
    name = persons[who].name if who in persons else None
    found: dict[str, list[Item]] = {side: [] for side in _SIDES}
    rows = pairings.of_need(call.tx, row.need, row.need_id)
    sides = {one.id: one.side for one in rows}
    for ask in pairings.asks(call.tx, [one.id or 0 for one in rows]):
        shown = {"who": pairing_telling.who(call.tx, ask), "title": ask.title, "state": ask.state}
        found[sides[ask.pairing_id]].append(shown)
    unit = call.register.organisations.get(handler_id or 0)
    return {
        "needs": {"who": (name or RESIDENT_NAME) if knows else mask_name(name) or RESIDENT_NAME}
        | {name: KINDS[row.need].shown(call.tx, row.need_id)[name] for name in ("where", "what", "text")},
        "resources": found["resource"],
        "services": found["service"],
        "handler": unit.name if unit else None,
    }


def _needs_it(call: Call, row: Pairing) -> tuple[int | None, bool, int | None]:
    """Whose need it is, whether this token may know, and the unit that answers for it."""
    if row.need == "wish":
        return call.tx.get(Wish, row.need_id).wisher_id, call.viewer.role in ("admin", "secretary"), None
    demand = call.tx.get(Demand, row.need_id)
    return demand.reporter_id, sight.knows_reporter(call.viewer, demand), demand.handler_id


def _must_read(viewer: Viewer) -> None:
    if viewer.role not in _READERS:
        raise Forbidden


def _one(call: Call, *, lock: bool = False) -> Pairing:
    _must_read(call.viewer)
    try:
        row = call.tx.get(Pairing, key_in(call), lock=lock)
    except LookupError:
        raise NotFound from None
    if call.viewer.community_id not in (None, row.community_id):
        raise NotFound
    return row


def _whole(call: Call, row: Pairing) -> Item:
    item = _item(call, row, pairings.asks(call.tx, [row.id or 0]))
    return item | {"parties": parties(call, row)}


def _found(call: Call) -> Reply:
    _must_read(call.viewer)
    state = call.query.get("state")
    if state is not None and state not in matching.STATES:
        raise Invalid("choice", field="state")
    size, viewer = paging.limit(call), call.viewer
    need_id = None
    if (no := call.query.get("demand")) is not None:
        demand = demands.by_no(call.tx, no)
        if demand is None or not sight.sees(viewer, demand):
            raise Invalid("no_demand", field="demand", no=no[:64])
        need_id = demand.id
    rows = pairings.page(
        call.tx,
        communities=None if viewer.community_id is None else [viewer.community_id],
        state=state,
        need_id=need_id,
        before_id=paging.before(call, "matches"),
        limit=size + 1,
    )
    asks = pairings.asks(call.tx, [row.id or 0 for row in rows[:size]])
    items = [_item(call, row, [ask for ask in asks if ask.pairing_id == row.id]) for row in rows[:size]]
    return paging.page("matches", size, rows, items)


def _shown(call: Call) -> Reply:
    return Reply(_whole(call, _one(call)))


def _begun(call: Call) -> Reply:
    given = read(call.body, _BODY)
    if ("demand" in given) == ("wish" in given):
        raise Invalid("missing", field="demand")
    need = _demand(call, given) if "demand" in given else _wish(call, given)
    if need is None:
        raise Conflict("pairing_closed", no=given.get("demand") or given.get("wish"))
    return Reply(_whole(call, matching.begin(call.tx, need, call.viewer.actor)), 201)


def _demand(call: Call, given: dict[str, Any]) -> Need | None:
    demand = sight.seen(
        call.tx, call.viewer, demands.by_no(call.tx, given["demand"]), given["demand"], field="demand"
    )
    sight.must_edit(call.viewer, demand.community_id)
    return of_demand(call.tx, demand, given.get("side") or side_of(call.tx, demand.text))


def _wish(call: Call, given: dict[str, Any]) -> Need | None:
    wish = wishes.by_no(call.tx, given["wish"])
    if wish is None or call.viewer.community_id not in (None, wish.community_id):
        raise NotFound("no_wish", field="wish", no=given["wish"])
    sight.must_edit(call.viewer, wish.community_id)
    return of_wish(wish, given.get("side") or side_of(call.tx, wish.text))


def _acted(call: Call) -> Reply:
    given = read(call.body, _ACT)
    row = _one(call, lock=True)
    sight.must_edit(call.viewer, row.community_id)
    tx, act = call.tx, given["act"]
    if act == "seek":
        row = matching.again(tx, row)
    elif act == "ask":
        _needs(given, "subject", "subject_id")
        row = matching.ask_this(tx, row, given["subject"], given["subject_id"])
    elif act == "answer":
        _needs(given, "ask", "yes")
        row = _answered(call, row, given)
    else:
        if row.state not in (matching.SEEKING, matching.NONE):
            raise Conflict("pairing_over", no=row.need_no)
        row = matching.end(tx, row, given.get("reason") or "stopped")
    return Reply(_whole(call, row))


def _needs(given: dict[str, Any], *names: str) -> None:
    for name in names:
        if name not in given:
            raise Invalid("missing", field=name)


def _answered(call: Call, row: Pairing, given: dict[str, Any]) -> Pairing:
    """What somebody said on the phone, written down for them."""
    ask = next((one for one in pairings.asks(call.tx, [row.id or 0]) if one.id == given["ask"]), None)
    if ask is None:
        raise NotFound("no_candidate", field="ask")
    person = call.tx.get(Person, ask.person_id)
    reason = given.get("reason")
    return matching.answer(call.tx, ask.id or 0, person, agrees=given["yes"], reason=reason)[1]


def _candidates(call: Call) -> Reply:
    """Who could be asked next, the best first, with the reasons."""
    row = _one(call)
    need = KINDS[row.need].read(call.tx, row.need_id, row.side)
    found = candidates.find(call.tx, need) if need is not None else []
    items = [
        {
            "subject": one.subject,
            "subject_id": one.subject_id,
            "who": one.person.name,
            "title": one.title,
            "score": one.score,
            "parts": pairing_telling.explained(call.tx, one.parts),
        }
        for one in found[:20]
    ]
    return Reply({"items": items, "next": None})


ROUTES: Final = (
    Route("GET", "/matches", _found, "匹配：在找的和找过的", "Match", query=_FILTERS, listed=True),
    Route("POST", "/matches", _begun, "匹配：为一件事找人找东西", "WholeMatch", body=_BODY, status=201),
    Route("GET", "/matches/{id}", _shown, "匹配：一件，带三方", "WholeMatch"),
    Route("GET", "/matches/{id}/candidates", _candidates, "匹配：还能问谁，为什么", "Candidate", listed=True),
    Route("POST", "/matches/{id}/acts", _acted, "匹配：再找、点名问、代回话、停", "WholeMatch", body=_ACT),
)
