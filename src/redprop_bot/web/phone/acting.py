"""`POST /m/orders/{no}/act`: what a resident does to their own order: rate, urge, add, withdraw.

The same steps as in chat. A form carries the version of what was looked at: whoever was overtaken sees what is new
first, with everything they typed.
"""

from collections.abc import Collection, Mapping
from itertools import takewhile
from typing import Any, Final

from aiohttp import web

from redprop_bot.errors import Conflict, Invalid, NotFound, Refused
from redprop_bot.loop import confirm
from redprop_bot.loop.actor import speaking
from redprop_bot.loop.acts import perform
from redprop_bot.rules import flow, roles
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx
from redprop_bot.web import sessions
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import orders
from redprop_bot.web.phone import slips
from redprop_bot.web.phone.slips import Form

ACTS: Final = (Act.RATE, Act.URGE, Act.SUPPLEMENT, Act.WITHDRAW)
_CHIPS: Final = 6


def add_routes(app: web.Application) -> None:
    """The order's page with its forms, and the address they go to."""
    app.router.add_get("/m/orders/{no}", _order)
    app.router.add_post("/m/orders/{no}/act", _act)


async def _order(request: web.Request) -> web.StreamResponse:
    typed = slips.draft(request)
    response = await _shown(request, typed=typed)
    if typed and response.status == 200:
        slips.forget(request, response)
    return response


async def _shown(
    request: web.Request,
    *,
    typed: Mapping[str, str] | None = None,
    chips: Collection[str] = (),
    wrong: Refused | None = None,
) -> web.Response:
    office, no = request.app[OFFICE], request.match_info["no"]
    person_id = sessions.person_of(request)
    doable = await office.store.read(lambda tx: possible(tx, no, person_id))
    if Act.RATE in doable and not typed:
        typed, chips = await office.store.read(lambda tx: _rated(tx, no, person_id))
    return await orders.order(
        request,
        acts=doable,
        mark=slips.mark(request) if doable else "",
        typed=typed,
        chips=chips,
        wrong=wrong,
        told=slips.told(office, request),
    )


def possible(tx: Tx, no: str, person_id: int | None) -> frozenset[str]:
    """What this person may do to an order now."""
    demand = demands.by_no(tx, no) if person_id is not None else None
    seen = sessions.viewer(tx, person_id) if demand is not None else None
    if demand is None or seen is None:
        return frozenset()
    held = speaking(seen).capacities(tx, demand)
    found = {act.value for act in ACTS if flow.can(act, demand.stage) and roles.may(act, held)}
    if confirm.rating_is_over(tx, demand):
        found.discard(Act.RATE)
    if confirm.stays(tx, demand):
        found.discard(Act.WITHDRAW)
    if demand.stage == Stage.DONE:
        found.discard(Act.URGE)  # it waits for them, not for anybody who could be urged
    return frozenset(found)


def _rated(tx: Tx, no: str, person_id: int | None) -> tuple[dict[str, str], list[str]]:
    """What they said of it last, as the form has it: the fields, and the reasons that were picked."""
    demand = demands.by_no(tx, no)
    stars, said = demands.rating_of(tx, demand, person_id or 0) if demand is not None else (None, "")
    if demand is None or demand.stage != Stage.CLOSED or stars is None:
        return {}, []  # work done anew is rated anew
    parts = said.split("，")
    chips = list(takewhile(_reasons(tx).__contains__, parts))
    return {"act": Act.RATE, "stars": str(stars), "reason": "，".join(parts[len(chips) :])}, chips


def _reasons(tx: Tx) -> set[str]:
    """The reasons that can be picked."""
    return {*tx.content.rating_reasons.high, *tx.content.rating_reasons.low}


async def _act(request: web.Request) -> web.StreamResponse:
    office = request.app[OFFICE]
    form: Form | None = None
    try:
        given = await slips.signed(request)
        if not isinstance(given, slips.Signed):
            return given
        form, person_id = given.form, given.person_id
        no, sent = request.match_info["no"], given.form
        done = await office.store.write(lambda tx: act(tx, no, person_id, sent))
    except Refused as refusal:
        if form is None or isinstance(refusal, NotFound):
            return slips.problem(request, refusal)
        response = await _shown(request, typed=form.fields, chips=form.many.get("why", []), wrong=refusal)
        response.set_status(refusal.status)
        return response
    return slips.onward(f"/m/orders/{done.no}", f"act_{form.text('act')}")


def act(tx: Tx, no: str, person_id: int, form: Form) -> Demand:
    """Do it. Raises Refused; nothing has changed then."""
    demand = demands.by_no(tx, no[:64])
    seen = sessions.viewer(tx, person_id)
    if demand is None or seen is None or not sessions.reads_all(tx, demand, person_id):
        raise NotFound("no_demand", no=no[:64])
    verb = form.text("act")
    if verb not in ACTS:
        raise Invalid("unknown_act", field="act")
    if form.text("version") != str(demand.version):
        raise Conflict("moved_on", field="version")
    return perform(tx, demand, Act(verb), speaking(seen), _values(tx, Act(verb), form))


def _values(tx: Tx, verb: Act, form: Form) -> dict[str, Any]:
    if verb != Act.RATE:
        name = {Act.URGE: "note", Act.SUPPLEMENT: "text", Act.WITHDRAW: "reason"}[verb]
        return {name: form.text("text") or None}
    stars = form.text("stars")
    if stars not in ("1", "2", "3", "4", "5"):
        raise Invalid("stars", field="stars")
    known = _reasons(tx)
    chips = [chip for chip in form.many.get("why", [])[:_CHIPS] if chip in known]
    reason = "，".join([*chips, *([form.text("reason")] if form.text("reason") else [])])
    if int(stars) < flow.CONTENT_STARS and not reason:
        raise Invalid("why_low", field="reason")
    return {"stars": int(stars), "reason": reason or None}
