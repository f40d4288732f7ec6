"""`/m/report`: a report with photo and place, for those who prefer a form. It goes the way of a message in chat.

Each form carries a number of its own: sent twice, by a weak network or a second tap, it is one report.
"""

import logging
import re
import secrets
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web

from redprop_bot.dialogue.office import Office
from redprop_bot.dialogue.reporting import FORM
from redprop_bot.dialogue.turn import Answer
from redprop_bot.errors import Invalid, Refused, StorageFault
from redprop_bot.ports import Channel, Inbound, Kind
from redprop_bot.registry.fields import telephone
from redprop_bot.registry.people import Speaker
from redprop_bot.registry.register import register
from redprop_bot.store import demands
from redprop_bot.store.tx import Tx
from redprop_bot.web import loose, sessions
from redprop_bot.web.errors import said
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login
from redprop_bot.web.pages.rendering import shown_to
from redprop_bot.web.phone import photos, slips
from redprop_bot.web.phone.photos import Photo
from redprop_bot.web.phone.slips import Form

log = logging.getLogger(__name__)

PATH: Final = "/m/report"
SHORT: Final = 16
TEXT: Final = 1000
_PLACE: Final = ("building", "unit", "room")
_NUMBER: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a form: what the bot says to it, and the orders that it speaks of."""

    text: str
    orders: tuple[str, ...]


def add_routes(app: web.Application) -> None:
    """The form, and where it goes."""
    app.router.add_get(PATH, _page)
    app.router.add_post(PATH, _take)


async def _page(request: web.Request) -> web.StreamResponse:
    person_id = sessions.person_of(request)
    if person_id is None:
        asked = request.query.get("estate")
        back = PATH if asked is None else f"{PATH}?{urlencode({'estate': asked[:64]})}"
        raise web.HTTPFound(login.login_address(back))
    typed = slips.draft(request)
    response = await _form(request, person_id, typed)
    if typed:
        slips.forget(request, response)
    return response


async def _form(
    request: web.Request,
    person_id: int,
    typed: dict[str, str],
    *,
    kept: list[Photo] | None = None,
    wrong: Refused | None = None,
) -> web.Response:
    office = request.app[OFFICE]
    places = await office.store.read(lambda tx: _places(tx, person_id))
    if places is None:
        raise web.HTTPFound(login.login_address(PATH))
    number = typed.get("number", "")
    home, asked = places["home"], request.query.get("estate")
    if asked is not None and asked != home.get("estate"):  # the building of their own is not in another estate
        home = {"estate": asked}
    return shown_to(
        request,
        "m/report.html",
        status=wrong.status if wrong else 200,
        mark=slips.mark(request),
        number=number if _NUMBER.fullmatch(number) else secrets.token_hex(16),
        estates=places["estates"],
        typed=typed or home,
        restored=bool(typed) and wrong is None,
        kept=[(photo.token, n) for n, photo in enumerate(kept or (), 1)],
        slots=photos.FIELDS[len(kept or ()) :],
        wrong=said(office.content, wrong) if wrong else "",
        wrong_field=wrong.field if wrong else "",
        text_limit=TEXT,
    )


def _places(tx: Tx, person_id: int) -> dict[str, Any] | None:
    seen = sessions.viewer(tx, person_id)
    if seen is None:
        return None
    reg, person = register(tx), seen.person
    home = reg.estates.get(person.estate_id or 0)
    # Not the room: who reports what is broken outside would send somebody to their own door.
    told = {name: getattr(person, name) or "" for name in ("building", "unit")}
    return {
        "estates": [estate.name for estate in reg.estates.values()],
        "home": {"estate": home.name, **told} if home else {},
    }


async def _take(request: web.Request) -> web.StreamResponse:
    office = request.app[OFFICE]
    try:
        given = await slips.signed(request, upload=photos.UPLOAD)
        if not isinstance(given, slips.Signed):
            return given
    except Refused as refusal:
        return slips.problem(request, refusal)
    person_id, form = given.person_id, given.form
    good, wrong = await photos.sent(office, person_id, form)
    try:
        if wrong is not None:
            raise wrong
        done = await _hand_in(office, person_id, form, good)
    except Refused as refusal:
        await office.store.write(lambda tx: photos.wait(tx, person_id, good))
        return await _form(request, person_id, dict(form.fields), kept=good, wrong=refusal)
    if done is None:
        return slips.over(request, form)
    return shown_to(request, "m/sent.html", text=done.text, orders=done.orders)


async def _hand_in(office: Office, person_id: int, form: Form, good: list[Photo]) -> Sent | None:
    """The whole way: the fields, the photos into our files, the turn. None when nobody sits there any more."""
    where, text, number = _fields(form), form.text("text"), form.text("number")
    if not _NUMBER.fullmatch(number):
        raise Invalid("bad_form")
    try:
        files = await photos.put(office, good)
    except StorageFault as fault:
        log.error("photos of a form could not be kept: %s", fault)  # noqa: TRY400 - the name of the fault says it all
        raise Invalid("photo_later", field="photo1") from None

    def job(tx: Tx) -> Sent | None:
        seen = sessions.viewer(tx, person_id)
        if seen is None:
            return None
        if where.get("estate") and register(tx).estate(where["estate"]) is None:
            raise Invalid("unknown_estate", field="estate", name=where["estate"][:40])
        answer = office.take(tx, _inbound(tx, seen, number, text, where))
        orders = _orders(tx, answer, person_id)
        if orders and not answer.repeated:
            demands.add_kept(tx, orders[0][0], person_id, files)
        photos.arrived(tx, good)
        return Sent(_without_links(answer.text), tuple(no for _, no in orders))

    try:
        return await office.store.write(job)
    finally:  # what no order has taken is nobody's
        await loose.let_go(office, [name for name, _type, _size in files])


def _without_links(text: str) -> str:
    """The page has buttons for what the chat gives addresses for."""
    lines = text.split("\n")
    bare = [line for n, line in enumerate(lines) if "://" not in "".join(lines[n : n + 1 + line.endswith("：")])]
    return "\n".join(bare).strip()


def _fields(form: Form) -> dict[str, str]:
    if not form.text("text"):
        raise Invalid("report_empty", field="text")
    if len(form.text("text")) > TEXT:
        raise Invalid("report_long", field="text", limit=TEXT)
    found = {name: form.text(name) for name in ("estate", *_PLACE, "place", "phone") if form.text(name)}
    for name in _PLACE:
        if len(found.get(name, "")) > SHORT:
            raise Invalid("too_long", field=name)
    if len(found.get("place", "")) > 64:
        raise Invalid("too_long", field="place")
    if "phone" in found:
        number = telephone(found["phone"])
        if number is None:
            raise Invalid("phone", field="phone")
        found["phone"] = number
    return found


def _inbound(tx: Tx, seen: Speaker, number: str, text: str, where: dict[str, str]) -> Inbound:
    """The form as a message of who sends it. Its key holds their own: nobody asks for another's answer."""
    person = seen.person
    channel = Channel.OA if person.openid else Channel.WORK
    return Inbound(
        channel=channel,
        key=f"form:{person.id}:{number}",
        sender=person.openid or person.userid or "",
        kind=Kind.TEXT,
        created_at=tx.now,
        text=text,
        extra={"form": FORM, **where},
    )


def _orders(tx: Tx, answer: Answer, person_id: int) -> list[tuple[int, str]]:
    """The orders that the answer speaks of, as far as they are of who reports."""
    own = demands.of_reporter(tx, person_id, limit=10)
    return [(demand.id or 0, demand.no) for demand in reversed(own) if demand.no in answer.text]
