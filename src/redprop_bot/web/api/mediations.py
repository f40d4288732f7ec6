"""Mediations by API: for the secretary in charge and an administrator; for all others there are only figures.

Yes and no of the sides are said in chat by themselves; here stands what a secretary writes down for them.
"""

from datetime import datetime
from typing import Any, Final

from redprop_bot.council import agreement, conducting, mediators, parties
from redprop_bot.council import mediation as steps
from redprop_bot.council import mediation_telling as telling
from redprop_bot.council.hands import speaks_as_secretary
from redprop_bot.errors import Forbidden, Invalid, NotFound
from redprop_bot.rules import mediation as rules
from redprop_bot.rules.mediation import Case
from redprop_bot.store import demands, listing, mediations
from redprop_bot.store.tables import Mediation
from redprop_bot.web.access import community_called
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.calls import Call, Reply
from redprop_bot.web.api.fields import Field, Shape, moment, read
from redprop_bot.web.api.hands import hand
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route

_BODY: Final[Shape] = {
    "demand": Field("text", "number of the order that it comes from; its reporter is one side", longest=64),
    "one": Field("text", "a side, where there is no order", longest=64),
    "other": Field("text", "unit, name, order number, phone, or any name", required=True, longest=64),
    "matter": Field("text", "what it is about; the covered words of the order when left out", longest=1000),
    "community": Field("text", longest=64),
}
_ACTS: Final = ("ask", "date", "note", "offer", "sign", "kept", "fail", "withdraw", "again")
_ACT: Final[Shape] = {
    "act": Field("text", required=True, one_of=_ACTS, code="unknown_act"),
    "mediator": Field("text", "of ask: name or userid", longest=64),
    "starts_at": Field("moment", "of date"),
    "place": Field("text", "of date", longest=100),
    "note": Field("text", "of note and kept", longest=1000),
    "offer": Field("text", "of offer", longest=steps.OFFER),
    "side": Field("text", "of sign (on paper) and kept: a or b", one_of=steps.SIDES),
    "kept": Field("yes_no", "of kept: whether that side says that it is"),
    "reason": Field("text", "of fail and withdraw", longest=500),
}
_FILTERS: Final = {"stage": ", ".join(Case), **paging.QUERY}
_SPAN: Final = {"from": "a date or moment", "to": "a date or moment, excluded"}


def _communities(call: Call) -> list[int | None] | None:
    """Of which communities cases are there for this token; None for all."""
    who, reg = hand(call.viewer), call.register
    if who.all_of_it and who.keeps is None:
        return None
    return [key for key in (*reg.communities, None) if speaks_as_secretary(reg, who, key)]


def found(call: Call) -> Reply:
    """A page of cases, newest first."""
    stage, size = call.query.get("stage"), paging.limit(call)
    if stage is not None and stage not in list(Case):
        raise Invalid("choice", field="stage")
    rows = mediations.page(
        call.tx,
        communities=_communities(call),
        stages=[stage] if stage else [],
        before_id=paging.before(call, "mediations"),
        limit=size + 1,
        unseen=call.viewer.unseen,
    )
    return paging.page("mediations", size, rows, [item(call, row) for row in rows[:size]])


def the_case(call: Call) -> Mediation:
    """The case of the address, for who is in charge; for all others there is none."""
    text = call.path["no"]
    case = mediations.by_no(call.tx, text[:32])
    if case is None and text.isascii() and text.isdigit() and len(text) <= 15:
        case = mediations.by_key(call.tx, int(text))
    if (
        case is None
        or case.demand_id in call.viewer.unseen
        or not speaks_as_secretary(call.register, hand(call.viewer), case.community_id)
    ):
        raise NotFound("no_mediation", no="")
    return case


def one(call: Call) -> Reply:
    """One case; while it has no mediator with those whose turn it is."""
    return Reply(item(call, the_case(call)))


def item(call: Call, case: Mediation) -> Item:
    """A case as the secretary sees it."""
    tx = call.tx
    open_ = case.stage in (Case.OPEN, Case.ASKED)
    waiting = {side.side for side in steps.unjoined(tx, case)}
    shown = mediators.candidates(tx, case)[: call.content.mediation.shown] if open_ else []
    sides = mediations.sides(tx, case.id or 0)
    keys = [key for key in (case.demand_id, *(side.demand_id for side in sides)) if key is not None]
    numbers = listing.numbers(tx, keys)
    return {
        "id": case.id,
        "no": case.no,
        "stage": case.stage,
        "demand": numbers.get(case.demand_id or 0),
        "demands": [numbers[key] for key in dict.fromkeys(keys)],
        "community": call.register.community_name(case.community_id),
        "category": case.category,
        "matter": case.matter,
        "mediator": telling.about(tx, case)["mediator"] or None,
        "sides": [
            {
                "side": side.side,
                "name": telling.name_of(tx, side),
                "joined": side.side not in waiting,
                "code": steps.code(tx, case, side) if side.side in waiting else None,
                "accepted_at": iso(call, side.accepted_at),
                "accepted_by": side.accepted_by,
                "refused_at": iso(call, side.refused_at),
                "kept": side.kept,
                "kept_at": iso(call, side.kept_at),
            }
            for side in sides
        ],
        "sessions": [
            {"starts_at": iso(call, s.starts_at), "place": s.place, "state": s.state, "note": s.note}
            for s in mediations.sessions(tx, case.id or 0)
        ],
        "candidates": [person.name or person.userid or "" for person in shown],
        "offer": case.offer,
        "offered_at": iso(call, case.offered_at),
        "agreed_at": iso(call, case.agreed_at),
        "follow_at": iso(call, case.follow_at),
        "followed_at": iso(call, case.followed_at),
        "ended_at": iso(call, case.ended_at),
        "reason": case.reason,
        "created_at": iso(call, case.created_at),
        "version": case.version,
    }


def opened(call: Call) -> Reply:
    """A new case; the secretaries get those whose turn it is on a card."""
    sight.must_act(call.viewer)
    given, who = read(call.body, _BODY), hand(call.viewer)
    demand = None
    if "demand" in given:
        no = given["demand"]
        demand = sight.seen(call.tx, call.viewer, demands.by_no(call.tx, no), no, field="demand")
    elif "one" not in given:
        raise Invalid("missing", field="one")
    first = parties.reporter(call.tx, demand) if demand is not None else parties.called(call.tx, who, given["one"])
    second = parties.called(call.tx, who, given["other"])
    asked = community_called(call.register, given.get("community")) or call.viewer.community_id
    case = steps.open_case(
        call.tx,
        who,
        (first, second),
        demand=demand,
        matter=given.get("matter", ""),
        community_id=asked or call.register.community_of(None),
    )
    telling.propose(call.tx, case, telling.secretaries(call.tx, case))
    return Reply(item(call, case), 201)


def acted(call: Call) -> Reply:
    """What a secretary does, or writes down for mediator and sides."""
    sight.must_act(call.viewer)
    case, given = the_case(call), read(call.body, _ACT)
    _DO[given["act"]](call, case, given)
    return Reply(item(call, the_case(call)))


def _ask(call: Call, case: Mediation, given: Item) -> None:
    name = given.get("mediator", "")
    person = call.register.person_named(name) if name else None
    if person is None:
        raise Invalid("unknown_mediator", field="mediator", name=name)
    steps.ask(call.tx, case, hand(call.viewer), person)


def _date(call: Call, case: Mediation, given: Item) -> None:
    if "starts_at" not in given:
        raise Invalid("missing", field="starts_at")
    at = moment(given["starts_at"], "starts_at", call.content.zone)
    conducting.date(call.tx, case, hand(call.viewer), starts_at=at, place=given.get("place", ""))


def _sign(call: Call, case: Mediation, given: Item) -> None:
    agreement.accept_on_paper(call.tx, case, hand(call.viewer), given.get("side", ""))


def _kept(call: Call, case: Mediation, given: Item) -> None:
    if "kept" not in given:
        raise Invalid("missing", field="kept")
    who, side = hand(call.viewer), given.get("side", "")
    agreement.answer_for(call.tx, case, who, side, kept=given["kept"], note=given.get("note"))


_DO: Final[dict[str, Any]] = {
    "ask": _ask,
    "date": _date,
    "note": lambda call, case, given: conducting.note(call.tx, case, hand(call.viewer), given.get("note", "")),
    "offer": lambda call, case, given: conducting.offer(call.tx, case, hand(call.viewer), given.get("offer", "")),
    "sign": _sign,
    "kept": _kept,
    "fail": lambda call, case, given: conducting.fail(
        call.tx, case, hand(call.viewer), reason=given.get("reason", "")
    ),
    "withdraw": lambda call, case, given: steps.withdraw(
        call.tx, case, hand(call.viewer), reason=given.get("reason", "")
    ),
    "again": lambda call, case, _given: steps.again(call.tx, case, hand(call.viewer)),
}


def counted(call: Call) -> Reply:
    """How many, and how they went: counts only, for everybody who works for a community."""
    viewer = call.viewer
    if viewer.role == "provider":
        raise Forbidden
    begin, end = (_moment(call, name) for name in ("from", "to"))
    own = None if viewer.community_id is None else [viewer.community_id]
    rows = mediations.page(call.tx, communities=own, begin=begin, end=end)
    counts = rules.figures(rows)
    shown = {name: getattr(counts, name) for name in rules.Figures.__slots__}
    return Reply({"from": iso(call, begin), "to": iso(call, end), **shown})


def _moment(call: Call, name: str) -> datetime | None:
    text = call.query.get(name)
    return moment(text, name, call.content.zone) if text else None


ROUTES: Final = (
    Route("GET", "/mediations", found, "调解", "Mediation", query=_FILTERS, listed=True),
    Route("GET", "/mediations/figures", counted, "调解的件数和成功率", "MediationFigures", query=_SPAN),
    Route("POST", "/mediations", opened, "开调解", "Mediation", body=_BODY, status=201),
    Route("GET", "/mediations/{no}", one, "一件调解", "Mediation"),
    Route("POST", "/mediations/{no}/acts", acted, "调解：请人、约、记、方案、结果", "Mediation", body=_ACT),
)
