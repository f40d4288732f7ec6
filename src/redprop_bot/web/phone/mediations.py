"""`/m/mediations/{no}`: a mediation on the phone for its mediator, its two sides and the secretary; nobody else.

A side reads the offer and says yes or no; once both have signed, the paper is there for all four.
"""

from typing import Any, Final

from aiohttp import web

from redprop_bot.council import agreement
from redprop_bot.council import mediation as steps
from redprop_bot.council import mediation_telling as telling
from redprop_bot.council.hands import Hand, of_posts, speaks_as_secretary
from redprop_bot.errors import Conflict, Invalid, NotFound, Refused
from redprop_bot.loop.paper import TYPE
from redprop_bot.notify import words
from redprop_bot.registry.register import register
from redprop_bot.rules.mediation import MAY
from redprop_bot.store import mediations
from redprop_bot.store.tables import Mediation, MediationSide
from redprop_bot.store.tx import Tx
from redprop_bot.web import sessions
from redprop_bot.web.errors import said
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login
from redprop_bot.web.pages.rendering import missing, shown_to
from redprop_bot.web.phone import slips
from redprop_bot.web.phone.slips import Form

_PATH: Final = "/m/mediations/{no}"
_MISSING: Final = "没有找到您的这件调解"


def add_routes(app: web.Application) -> None:
    """The page, its form, the paper."""
    app.router.add_get(_PATH, _page)
    app.router.add_post(f"{_PATH}/act", _act)
    app.router.add_get(f"{_PATH}/paper.docx", _paper)


async def _page(request: web.Request) -> web.StreamResponse:
    if sessions.person_of(request) is None:
        raise web.HTTPFound(login.login_address(f"/m/mediations/{request.match_info['no']}"))
    return await _shown(request)


async def _shown(request: web.Request, wrong: Refused | None = None, form: Form | None = None) -> web.Response:
    office, no, person_id = request.app[OFFICE], request.match_info["no"], sessions.person_of(request)
    try:
        values = await office.store.read(lambda tx: _values(tx, *seen(tx, no, person_id)))
    except NotFound:
        return missing(_MISSING)
    return shown_to(
        request,
        "m/mediation.html",
        status=wrong.status if wrong else 200,
        here=f"/m/mediations/{no}",
        mark=slips.mark(request),
        told=slips.told(office, request),
        wrong=said(office.content, wrong) if wrong else "",
        typed=form.fields if form else {},
        **values,
    )


def seen(tx: Tx, no: str, person_id: int | None) -> tuple[Mediation, Hand]:
    """The case for this person, and them as the council sees them. Raises NotFound."""
    case, person = mediations.by_no(tx, no[:32]), sessions.viewer(tx, person_id)
    if case is not None and person is not None:
        hand = of_posts(person.name, person_id, person.posts)
        if steps.sees(tx, case, hand):
            return case, hand
    raise NotFound("no_mediation", no=no[:32])


def _values(tx: Tx, case: Mediation, hand: Hand) -> dict[str, Any]:
    """What may stand on the page: names of the sides only for who leads it, or when both have signed."""
    zone, side = tx.content.zone, steps.side_of(tx, case, hand)
    mine = case.mediator_id is not None and case.mediator_id == hand.person_id
    leads = mine or speaks_as_secretary(register(tx), hand, case.community_id)
    signed = case.stage in agreement.SIGNED
    about = telling.named(tx, case) if leads or signed else telling.about(tx, case)
    rows = mediations.sides(tx, case.id or 0)
    meetings = [one for one in mediations.sessions(tx, case.id or 0) if one.state != "moved"]
    return {
        "c": about,
        "names": leads or signed,
        "stage": tx.content.labels.mediation[case.stage],
        "signed": signed,
        "number": case.offer_number,
        "meetings": [
            {"when": words.day(m.starts_at, tx.now, zone), "place": m.place, "note": m.note if leads else ""}
            for m in meetings
        ],
        "signs": [
            (telling.name_of(tx, row), words.day(row.accepted_at, tx.now, zone))
            for row in rows
            if row.accepted_at is not None and (leads or signed)
        ],
        "may": _may(case, side),
    }


def _may(case: Mediation, side: MediationSide | None) -> dict[str, bool]:
    """What a side may say now."""
    return {
        "sign": side is not None and case.stage in MAY["yes"] and side.accepted != case.offer_number,
        "answer": side is not None and case.stage in MAY["kept"] and side.kept is None,
        "quit": side is not None and case.stage in MAY["withdraw"],
    }


async def _act(request: web.Request) -> web.StreamResponse:
    office, no = request.app[OFFICE], request.match_info["no"]
    form: Form | None = None
    try:
        given = await slips.signed(request)
        if not isinstance(given, slips.Signed):
            return given
        form, person_id, sent = given.form, given.person_id, given.form
        await office.store.write(lambda tx: _done(tx, *seen(tx, no, person_id), sent))
    except Refused as refusal:
        if form is None or isinstance(refusal, NotFound):
            return slips.problem(request, refusal)
        return await _shown(request, refusal, form)
    if form.text("act") == "quit":
        return slips.onward(f"/m/mediations/{no}", "mediation_quit")
    return slips.onward(f"/m/mediations/{no}", "mediation_told")


def _done(tx: Tx, case: Mediation, hand: Hand, form: Form) -> None:
    """Yes, no, kept or not, or no more. Raises Refused; nothing has changed then."""
    act, text = form.text("act"), form.text("number")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    note = form.text("note") or None
    if act == "yes":
        agreement.accept(tx, case, hand, number=number)
    elif act == "no":
        agreement.refuse(tx, case, hand, number=number, reason=note)
    elif act in ("kept", "broken"):
        agreement.answer(tx, case, hand, kept=act == "kept", note=note)
    elif act == "quit" and steps.side_of(tx, case, hand) is not None:
        steps.withdraw(tx, case, hand, reason=note or tx.content.replies.say("mediate.own_will"))
    else:
        raise Invalid("unknown_act", field="act")


async def _paper(request: web.Request) -> web.Response:
    """The agreement, once both have signed."""
    office, no, person_id = request.app[OFFICE], request.match_info["no"], sessions.person_of(request)

    def job(tx: Tx) -> bytes:
        case, _hand = seen(tx, no, person_id)
        return agreement.paper(tx, case)

    try:
        found = await office.store.read(job)
    except (NotFound, Conflict):
        return missing(_MISSING)
    headers = {"Content-Disposition": f'attachment; filename="{no}.docx"', "Cache-Control": "no-store"}
    return web.Response(body=found, content_type=TYPE, headers=headers)
