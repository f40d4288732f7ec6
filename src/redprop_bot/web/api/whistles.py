"""Whistles (吹哨) by API: the ledger of a quarter with its figures, blowing, answering, rating."""

import re
from collections.abc import Sequence
from typing import Any, Final

from redprop_bot.errors import Invalid, NotFound
from redprop_bot.loop import whistle
from redprop_bot.rules.whistle import KINDS, Figures, WhistleState, by_unit, figures, quarter_bounds
from redprop_bot.store import demands, whistles
from redprop_bot.store.tables import Demand, WhistleCall
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.reports import REPORT, take_in
from redprop_bot.web.api.routes import Item, Route

_QUARTER: Final = re.compile(r"(20\d\d)-?Q([1-4])", re.ASCII)
_BODY: Final[Shape] = {
    "demand": Field("text", "the number of a demand that is there; else `report`", longest=64),
    "report": Field("object", "a new matter, as for POST /demands", inner=REPORT),
    "units": Field("texts", "names of units", required=True, longest=50),
    "kind": Field("text", "found in the words when left out", one_of=KINDS, code="whistle_kind"),
    "reason": Field("text", longest=500),
}
_ACTS: Final = ("claim", "decline", "progress", "done", "rate")
_ACT: Final[Shape] = {
    "act": Field("text", required=True, one_of=_ACTS, code="unknown_act"),
    "reason": Field("text", "of decline and rate", longest=500),
    "note": Field("text", "of progress and done", longest=500),
    "stars": Field("whole", "1–5, of rate"),
}
_FILTERS: Final = {
    "quarter": "such as 2026Q4",
    "unit": "full name",
    "state": ", ".join(WhistleState),
    **paging.QUERY,
}


def _items(call: Call, rows: Sequence[WhistleCall]) -> list[Item]:
    nos = whistles.numbers(call.tx, [row.demand_id for row in rows])
    return [_item(call, row, nos[row.demand_id]) for row in rows]


def _item(call: Call, row: WhistleCall, no: str) -> Item:
    masked = call.viewer.role == "viewer"
    return {
        "id": row.id,
        "demand": no,
        "community": call.register.community_name(row.community_id),
        "unit": call.register.organisations[row.organisation_id].name,
        "kind": row.kind,
        "matter": "" if masked else row.matter,
        "by": row.by_name,
        "state": row.state,
        "called_at": iso(call, row.called_at),
        "answer_by": iso(call, row.answer_by),
        "answered_at": iso(call, row.answered_at),
        "answered_by": None if masked else row.answered_by,
        "reason": None if masked else row.reason,
        "climbed_at": iso(call, row.climbed_at),
        "tabled_at": iso(call, row.tabled_at),
        "limit_at": iso(call, row.limit_at),
        "progress_at": iso(call, row.progress_at),
        "progress": "" if masked else row.progress_note or "",
        "done_at": iso(call, row.done_at),
        "done_note": "" if masked else row.done_note or "",
        "stars": row.stars,
        "rating_reason": None if masked else row.rating_reason,
        "version": row.version,
    }


def in_quarter(call: Call, **more: Any) -> list[WhistleCall]:
    """Calls that a query asks for, as far as they are there for the token, newest first."""
    viewer, reg = call.viewer, call.register
    begin, end = _quarter(call)
    unit_id = viewer.organisation_id
    if name := call.query.get("unit"):
        unit = reg.organisation_names.get(name)
        if unit is None:
            raise Invalid("unknown_unit", field="unit", name=name)
        if unit_id not in (None, unit.id):
            return []  # a unit sees its own calls and no others
        unit_id = unit.id
    state = call.query.get("state")
    if state is not None and state not in list(WhistleState):
        raise Invalid("choice", field="state")
    return whistles.page(
        call.tx,
        communities=None if viewer.community_id is None else [viewer.community_id],
        begin=begin,
        end=end,
        organisation_id=unit_id,
        state=state,
        unseen=viewer.unseen,
        **more,
    )


def _quarter(call: Call) -> tuple[Any, Any]:
    text = call.query.get("quarter")
    if text is None:
        return None, None
    match = _QUARTER.fullmatch(text)
    if match is None:
        raise Invalid("quarter", field="quarter")
    return quarter_bounds(int(match[1]), int(match[2]), call.content.zone)


def found(call: Call) -> Reply:
    """A page of the ledger, newest first."""
    size = paging.limit(call)
    rows = in_quarter(call, before_id=paging.before(call, "whistles"), limit=size + 1)
    return paging.page("whistles", size, rows, _items(call, rows[:size]))


def counted(call: Call) -> Reply:
    """The figures of a quarter, or of all time: in total and unit by unit."""
    rows = in_quarter(call)
    units = [
        {"unit": call.register.organisations[key].name, **_shown(found)}
        for key, found in by_unit(rows[::-1]).items()
    ]
    return Reply({"quarter": call.query.get("quarter"), "total": _shown(figures(rows)), "units": units})


def _shown(found: Figures) -> Item:
    return {name: getattr(found, name) for name in Figures.__slots__}


def one(call: Call) -> Reply:
    """One call of one unit."""
    row, demand = _one(call)
    return Reply(_item(call, row, demand.no))


def _one(call: Call) -> tuple[WhistleCall, Demand]:
    try:
        row = call.tx.get(WhistleCall, key_in(call))
    except LookupError:
        raise NotFound from None
    viewer = call.viewer
    if viewer.community_id not in (None, row.community_id):
        raise NotFound
    if viewer.organisation_id not in (None, row.organisation_id) or row.demand_id in viewer.unseen:
        raise NotFound
    return row, call.tx.get(Demand, row.demand_id)


def blown(call: Call) -> Reply:
    """Blow for a demand or for a new matter; gives the calls of this blow."""
    sight.must_act(call.viewer)
    given = read(call.body, _BODY)
    if ("demand" in given) == ("report" in given):
        raise Invalid("demand_or_report", field="demand")
    if "demand" in given:
        demand = sight.seen(
            call.tx, call.viewer, demands.by_no(call.tx, given["demand"]), given["demand"], field="demand"
        )
    else:
        demand = take_in(_with(call, given["report"])).demand
    before = {row.id for row in whistles.of_demand(call.tx, demand.id or 0)}
    whistle.blow(
        call.tx,
        demand,
        call.viewer.actor,
        units=given["units"],
        kind=given.get("kind"),
        reason=given.get("reason"),
    )
    rows = [row for row in whistles.of_demand(call.tx, demand.id or 0) if row.id not in before]
    return Reply({"demand": demand.no, "items": _items(call, rows)}, 201)


def _with(call: Call, body: dict[str, Any]) -> Call:
    return Call(call.tx, call.viewer, call.office, call.path, call.query, body)


def acted(call: Call) -> Reply:
    """A unit answers or is done; whoever blew rates."""
    sight.must_act(call.viewer)
    row, demand = _one(call)
    given = read(call.body, _ACT)
    act, actor, tx = given["act"], call.viewer.actor, call.tx
    if act == "claim":
        whistle.claim(tx, demand, actor)
    elif act == "decline":
        whistle.decline(tx, demand, actor, reason=given.get("reason", ""))
    elif act == "progress":
        whistle.report(tx, demand, actor, note=given.get("note", ""))
    elif act == "done":
        whistle.done(tx, demand, actor, note=given.get("note"))
    else:
        if "stars" not in given:
            raise Invalid("missing", field="stars")
        whistle.rate(tx, demand, actor, call_id=row.id or 0, stars=given["stars"], reason=given.get("reason"))
    return Reply(_item(call, tx.get(WhistleCall, row.id or 0), demand.no))


ROUTES: Final = (
    Route("GET", "/whistles", found, "吹哨台账", "Whistle", query=_FILTERS, listed=True),
    Route(
        "GET",
        "/whistles/figures",
        counted,
        "吹哨台账：一个季度的数",
        "WhistleFigures",
        query={name: _FILTERS[name] for name in ("quarter", "unit", "state")},
    ),
    Route("POST", "/whistles", blown, "吹哨", "Whistles", body=_BODY, status=201),
    Route("GET", "/whistles/{id}", one, "吹哨：叫一家", "Whistle"),
    Route("POST", "/whistles/{id}/acts", acted, "吹哨：应答、办好、评分", "Whistle", body=_ACT),
)
