"""`/m/near` and `/m/places/{no}`: what is near an estate or a position, and booking it on the phone.

    anybody        the places, whether they are open, what is still free today
    who signed in  besides: a form to book, their own bookings of the place to give back

A position in the address is used for this page and kept nowhere.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from aiohttp import web

from redprop_bot.errors import Invalid, NotFound, Refused
from redprop_bot.notify import words
from redprop_bot.registry.register import register
from redprop_bot.store import bookings
from redprop_bot.store.tables import Booking, Resource
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import booking, places
from redprop_bot.volunteers.booking import Wish
from redprop_bot.web import sessions
from redprop_bot.web.api.fields import moment
from redprop_bot.web.api.places import position
from redprop_bot.web.errors import said
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login
from redprop_bot.web.pages.rendering import missing, shown_to
from redprop_bot.web.phone import slips
from redprop_bot.web.phone.slips import Form

PATH: Final = "/m/near"
_PLACE: Final = "/m/places/{no}"
_MISSING: Final = "没有找到这个地方"
_MOST: Final = 20
_DAYS: Final = 3


def add_routes(app: web.Application) -> None:
    """The list, one place, its forms."""
    app.router.add_get(PATH, _near)
    app.router.add_get(_PLACE, _page)
    app.router.add_post(f"{_PLACE}/book", _book)
    app.router.add_post(f"{_PLACE}/cancel", _cancel)


# -- what is near


async def _near(request: web.Request) -> web.StreamResponse:
    person_id = sessions.person_of(request)
    query = {name: value[:64] for name, value in request.query.items()}
    try:
        here = position(query)
    except Invalid:
        here = None
    values = await request.app[OFFICE].store.read(lambda tx: _around(tx, person_id, query, here))
    return shown_to(request, "m/near.html", **values)


def _around(
    tx: Tx, person_id: int | None, query: dict[str, str], here: tuple[float, float] | None
) -> dict[str, Any]:
    reg = register(tx)
    seen = sessions.viewer(tx, person_id)
    estate = reg.estate(query.get("estate"))
    if estate is None and here is None:
        estate = (reg.estates.get(seen.person.estate_id or 0) if seen else None) or reg.only_estate
    asked = query.get("sort") or ""
    sort = asked if asked in tx.content.booking.sorts else None
    found = places.around(tx, here, estate, sort=sort, most=_MOST) if here or estate else []
    today = tx.now.astimezone(tx.content.zone).date()
    return {
        "where": estate.name if estate and here is None else "",
        "known": here is not None or estate is not None,
        "estates": [one.name for one in reg.estates.values()],
        "sorts": list(tx.content.booking.sorts),
        "sort": sort or "",
        "rows": [
            {
                "no": one.resource.no,
                "title": one.resource.title,
                "km": f"{one.km:.1f}" if one.km is not None and one.km >= 0.1 else "",
                "place": one.resource.place or "",
                "hours": one.resource.hours or "",
                "open": places.is_open(tx, one.resource),
                "services": "、".join(one.place.services) if one.place else "",
                "free": places.free_today(tx, one.resource, today),
                "bookable": booking.bookable(tx, one.resource, one.place),
            }
            for one in found
        ],
    }


# -- one place


def _published(tx: Tx, no: str) -> Resource:
    found = bookings.resource(tx, no[:64])
    if found is None or found.status != "published":
        raise NotFound("no_resource")
    return found


async def _page(request: web.Request) -> web.StreamResponse:
    return await _shown(request)


async def _shown(request: web.Request, wrong: Refused | None = None, form: Form | None = None) -> web.Response:
    office, no = request.app[OFFICE], request.match_info["no"]
    person_id = sessions.person_of(request)
    try:
        values = await office.store.read(lambda tx: _values(tx, _published(tx, no), person_id))
    except NotFound:
        return missing(_MISSING)
    return shown_to(
        request,
        "m/place.html",
        status=wrong.status if wrong else 200,
        here=f"/m/places/{no}",
        mark=slips.mark(request) if person_id is not None else "",
        login=login.login_address(f"/m/places/{no}"),
        told=slips.told(office, request),
        wrong=said(office.content, wrong) if wrong else "",
        wrong_field=wrong.field if wrong else "",
        typed=form.fields if form else slips.draft(request),
        **values,
    )


def _values(tx: Tx, resource: Resource, person_id: int | None) -> dict[str, Any]:
    place = bookings.place(tx, resource.id or 0)
    seen = sessions.viewer(tx, person_id)
    estate = register(tx).estates.get(resource.estate_id or 0)
    today = tx.now.astimezone(tx.content.zone).date()
    mine = bookings.of_person(tx, person_id or 0) if seen else []
    return {
        "no": resource.no,
        "title": resource.title,
        "note": resource.note,
        "place": resource.place or (estate.name if estate else ""),
        "hours": resource.hours or "",
        "open": places.is_open(tx, resource),
        "capacity": place.capacity if place else None,
        "services": "、".join(place.services) if place else "",
        "bookable": booking.bookable(tx, resource, place),
        "days": [_day(tx, resource, today + timedelta(days=n)) for n in range(_DAYS)],
        "signed_in": seen is not None,
        "mine": [_mine(tx, row) for row in mine if row.resource_id == resource.id],
        "first": today.isoformat(),
        "last": (today + timedelta(days=tx.content.booking.days_ahead)).isoformat(),
    }


def _day(tx: Tx, resource: Resource, day: date) -> dict[str, str]:
    at = datetime.combine(day, time(12), tx.content.zone)
    name = words.day(at, tx.now, tx.content.zone).removesuffix("12:00")
    return {"name": name, "free": booking.free_words(tx, resource, day)}


def _mine(tx: Tx, row: Booking) -> dict[str, str]:
    return {"no": row.no, "when": booking.when(tx, row), "purpose": row.purpose}


async def _book(request: web.Request) -> web.StreamResponse:
    return await _done(request, _booked, "booked")


async def _cancel(request: web.Request) -> web.StreamResponse:
    return await _done(request, _cancelled, "booking_cancelled")


async def _done(request: web.Request, step: Any, told: str) -> web.StreamResponse:
    office, no, form = request.app[OFFICE], request.match_info["no"], None
    try:
        given = await slips.signed(request)
        if not isinstance(given, slips.Signed):
            return given
        form, person_id = given.form, given.person_id
        sent = given.form
        found = await office.store.write(lambda tx: step(tx, no, person_id, sent))
    except NotFound:
        return missing(_MISSING)
    except Refused as refusal:
        return await _shown(request, refusal, form) if form else slips.problem(request, refusal)
    return slips.onward(f"/m/places/{no}", told) if found else slips.over(request, given.form)


def _booked(tx: Tx, no: str, person_id: int, form: Form) -> bool:
    """Book it; False when nobody sits there any more."""
    seen = sessions.viewer(tx, person_id)
    if seen is None:
        return False
    resource, zone = _published(tx, no), tx.content.zone
    for name in ("day", "from", "to"):
        if not form.text(name):
            raise Invalid("missing", field=name)
    start, end = (moment(f"{form.text('day')[:10]}T{form.text(name)[:5]}", name, zone) for name in ("from", "to"))
    heads = form.text("heads") or "1"
    if not heads.isascii() or not heads.isdigit() or len(heads) > 9:
        raise Invalid("booking_heads", field="heads")
    wish = Wish(start, end, seen.name, seen.person, heads=int(heads), purpose=form.text("purpose"))
    booking.book(tx, resource, wish)
    return True


def _cancelled(tx: Tx, no: str, person_id: int, form: Form) -> bool:
    """Give it back; False when nobody sits there any more."""
    seen = sessions.viewer(tx, person_id)
    if seen is None:
        return False
    resource, row = _published(tx, no), bookings.by_no(tx, form.text("booking")[:64])
    if row is None or row.resource_id != resource.id:
        raise Invalid("no_booking", field="booking")
    booking.cancel(tx, row, by=seen.name, person_id=person_id)
    return True
