"""`/m/me`: one's own data: see what is kept and who sees it, correct it, delete it knowing what that does."""

import asyncio
import logging
import re
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from redprop_bot.errors import Forbidden, Invalid, Refused, StorageFault
from redprop_bot.loop import forgetting
from redprop_bot.registry.fields import telephone
from redprop_bot.registry.people import Speaker
from redprop_bot.registry.register import register
from redprop_bot.store import media, people
from redprop_bot.store.tables import Person
from redprop_bot.store.tx import Tx
from redprop_bot.web import sessions
from redprop_bot.web.errors import said
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login
from redprop_bot.web.pages.rendering import shown_to
from redprop_bot.web.phone import slips
from redprop_bot.web.phone.slips import Form

log = logging.getLogger(__name__)

PATH: Final = "/m/me"
_NAME: Final = re.compile(r"[\w·. -]{1,20}")
_SHORT: Final = re.compile(r"[\w-]{1,16}")
_BOXES: Final = ("photo_place", "monthly")


def add_routes(app: web.Application) -> None:
    """See, correct, delete."""
    app.router.add_get(PATH, _page)
    app.router.add_post(PATH, _correct)
    app.router.add_post(f"{PATH}/forget", _forget)


async def _page(request: web.Request) -> web.StreamResponse:
    typed = slips.draft(request)
    response = await _shown(request, typed=typed)
    if typed:
        slips.forget(request, response)
    return response


async def _shown(
    request: web.Request, *, typed: dict[str, str] | None = None, wrong: Refused | None = None
) -> web.Response:
    office, person_id = request.app[OFFICE], sessions.person_of(request)
    found = await office.store.read(lambda tx: _known(tx, person_id))
    if found is None:
        raise web.HTTPFound(login.login_address(PATH))
    return shown_to(
        request,
        "m/me.html",
        here=PATH,
        status=wrong.status if wrong else 200,
        mark=slips.mark(request),
        typed={**found["me"], **(typed or {})},
        **_agreed(found, typed or {}),
        restored=bool(typed) and wrong is None,
        wrong=said(office.content, wrong) if wrong else "",
        wrong_field=wrong.field if wrong else "",
        told=slips.told(office, request),
        **{name: value for name, value in found.items() if name not in _BOXES},
    )


def _agreed(found: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, bool]:
    """Boxes as they were sent, where the form above comes back; a box that is off is not sent at all."""
    sent = bool(typed) and "agree" not in typed  # that one is of the form below
    return {name: name in typed if sent else bool(found[name]) for name in _BOXES}


def _known(tx: Tx, person_id: int | None) -> dict[str, Any] | None:
    seen = sessions.viewer(tx, person_id)
    if seen is None:
        return None
    reg, person = register(tx), seen.person
    estate = reg.estates.get(person.estate_id or 0)
    names = ("name", "phone", "building", "unit", "room")
    return {
        "me": {**{n: getattr(person, n) or "" for n in names}, "estate": estate.name if estate else ""},
        "photo_place": person.photo_place,
        "monthly": person.monthly,
        "estates": [one.name for one in reg.estates.values()],
        "in_register": _in_register(seen),
        "under_way": forgetting.under_way(tx, person.id or 0),
    }


def _in_register(seen: Speaker) -> bool:
    return seen.person.userid is not None or bool(seen.posts) or seen.member is not None


async def _correct(request: web.Request) -> web.StreamResponse:
    office, form = request.app[OFFICE], None
    try:
        given = await slips.signed(request)
        if not isinstance(given, slips.Signed):
            return given
        form, person_id = given.form, given.person_id
        sent = given.form
        found = await office.store.write(lambda tx: correct(tx, person_id, sent))
    except Refused as refusal:
        if form is None:
            return slips.problem(request, refusal)
        return await _shown(request, typed=dict(form.fields), wrong=refusal)
    return slips.onward(PATH, "corrected") if found else slips.over(request, given.form)


def correct(tx: Tx, person_id: int, form: Form) -> bool:
    """Write what was corrected; an empty field clears. Raises Refused. False when nobody sits there any more."""
    seen = sessions.viewer(tx, person_id)
    if seen is None:
        return False
    if _in_register(seen):
        raise Forbidden("in_register")
    values: dict[str, Any] = {}
    for name, shape in (
        ("name", _NAME),
        ("building", _SHORT),
        ("unit", _SHORT),
        ("room", _SHORT),
    ):
        text = form.text(name)
        if text and not shape.fullmatch(text):
            raise Invalid("own_name" if name == "name" else "own_place", field=name)
        values[name] = text or None
    values["phone"] = telephone(form.text("phone"))
    if form.text("phone") and values["phone"] is None:
        raise Invalid("phone", field="phone")
    estate = register(tx).estate(form.text("estate"))
    if form.text("estate") and estate is None:
        raise Invalid("unknown_estate", field="estate", name=form.text("estate")[:40])
    values["estate_id"] = estate.id if estate else None
    # Who was never asked about the place in pictures is not taken to have said no.
    agreed = form.text("photo_place") == "yes" or (False if seen.person.photo_place else seen.person.photo_place)
    if agreed is False:
        media.forget_places(tx, person_id)
    people.meet(
        tx, tx.update(Person, person_id, **values, photo_place=agreed, monthly=form.text("monthly") == "yes")
    )
    return True


async def _forget(request: web.Request) -> web.StreamResponse:
    office, form = request.app[OFFICE], None
    try:
        given = await slips.signed(request)
        if not isinstance(given, slips.Signed):
            return given
        form, person_id = given.form, given.person_id
        if form.text("agree") != "yes":
            raise Invalid("agree_first", field="agree")
        gone = await office.store.write(lambda tx: _gone(tx, person_id))
    except Refused as refusal:
        return await _shown(request, wrong=refusal) if form else slips.problem(request, refusal)
    if gone is None:
        return slips.over(request, given.form)
    for name in gone.files:
        try:
            if office.media is not None:
                await asyncio.to_thread(office.media.remove, name)
        except StorageFault as fault:
            log.error("a picture of somebody forgotten is still there: %s", fault)  # noqa: TRY400 - its name says it all
    response = shown_to(request, "m/forgotten.html", here="", orders=gone.orders, pictures=len(gone.files))
    sessions.end(response, office)
    return response


def _gone(tx: Tx, person_id: int) -> forgetting.Forgotten | None:
    seen = sessions.viewer(tx, person_id)
    return forgetting.forget(tx, seen.person) if seen is not None else None
