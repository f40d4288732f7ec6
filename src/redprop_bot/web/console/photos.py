"""`/console/demands/{no}/photos/{number}`, `/console/activities/{no}/photos/{number}`: pictures out of our files.

For who may see the demand, or keeps the activity.
"""

from aiohttp import web

from redprop_bot.errors import NotFound, Refused
from redprop_bot.store import activities, demands
from redprop_bot.store.tx import Tx
from redprop_bot.web import staff
from redprop_bot.web.api import activities as api
from redprop_bot.web.api import sight
from redprop_bot.web.console.frame import problem, sign_in
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import showing


def add_routes(app: web.Application) -> None:
    """The two addresses."""
    app.router.add_get(r"/console/demands/{no}/photos/{number:\d{1,15}}", _photo)
    app.router.add_get(r"/console/activities/{no}/photos/{number:\d{1,15}}", _of_activity)


async def _photo(request: web.Request) -> web.StreamResponse:
    office, seat = request.app[OFFICE], staff.seat_of(request)
    no, number = request.match_info["no"], int(request.match_info["number"])

    def may(tx: Tx) -> bool | None:
        viewer = staff.viewer(tx, seat) if seat is not None else None
        if viewer is None:
            return None
        demand = sight.seen(viewer, demands.by_no(tx, no), no)
        return not sight.hides_room(viewer, demand)

    try:
        allowed = await office.store.read(may)
        if allowed is None:
            raise web.HTTPFound(sign_in(f"/console/demands/{no}"))
        found = await showing.kept(office, no, number) if allowed else None
        answer = await showing.answer(request, office, found) if found is not None else None
        if answer is None:
            raise NotFound
    except Refused as refusal:
        return await problem(request, refusal)
    return answer


async def _of_activity(request: web.Request) -> web.StreamResponse:
    office, seat = request.app[OFFICE], staff.seat_of(request)
    no, number = request.match_info["no"], int(request.match_info["number"])

    def look(tx: Tx) -> showing.Kept | bool:
        viewer = staff.viewer(tx, seat) if seat is not None else None
        activity = activities.by_no(tx, no)
        if viewer is None:
            return False
        photo = activities.photo(tx, activity.id or 0, number) if activity is not None else None
        if activity is None or photo is None or not api.hand(viewer).keeps(activity):
            raise NotFound
        return showing.of_activity(no, photo)

    try:
        found = await office.store.read(look)
        if isinstance(found, bool):
            raise web.HTTPFound(sign_in(f"/console/activities/{no}"))
        answer = await showing.answer(request, office, found)
        if answer is None:
            raise NotFound
    except Refused as refusal:
        return await problem(request, refusal)
    return answer
