"""`/console/demands/{no}/photos/{number}`, those of activities and standards, `/console/shop/{id}/picture`.

Pictures out of our files, for who may see the demand or the standard, keeps the activity, or sees the goods.
"""

from collections.abc import Callable

from aiohttp import web

from redprop_bot.errors import NotFound, Refused
from redprop_bot.store import activities, demands, shop, standards
from redprop_bot.store.tables import Goods
from redprop_bot.store.tx import Tx
from redprop_bot.web import staff
from redprop_bot.web.access import Viewer
from redprop_bot.web.api import activities as api
from redprop_bot.web.api import sight
from redprop_bot.web.console.addresses import sign_in
from redprop_bot.web.console.frame import problem
from redprop_bot.web.console.room import COMMUNITY
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import showing


def add_routes(app: web.Application) -> None:
    """The addresses."""
    app.router.add_get(r"/console/demands/{no}/photos/{number:\d{1,15}}", _photo)
    app.router.add_get(r"/console/activities/{no}/photos/{number:\d{1,15}}", _of_activity)
    app.router.add_get(r"/console/standards/{id:\d{1,15}}/photos/{number:\d{1,15}}", _of_standard)
    app.router.add_get(r"/console/shop/{id:\d{1,15}}/picture", _of_goods)


async def _photo(request: web.Request) -> web.StreamResponse:
    office, seat = request.app[OFFICE], staff.seat_of(request)
    no, number = request.match_info["no"], int(request.match_info["number"])

    def may(tx: Tx) -> bool | None:
        viewer = staff.viewer(tx, seat) if seat is not None else None
        if viewer is None:
            return None
        demand = sight.seen(tx, viewer, demands.by_no(tx, no), no)
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
    no, number = request.match_info["no"], int(request.match_info["number"])

    def look(tx: Tx, viewer: Viewer) -> showing.Kept | None:
        activity = activities.by_no(tx, no)
        photo = activities.photo(tx, activity.id or 0, number) if activity is not None else None
        if activity is None or photo is None or not api.hand(viewer).keeps(activity):
            return None
        return showing.of_activity(no, photo)

    return await _looked(request, look, f"/console/activities/{no}")


async def _of_standard(request: web.Request) -> web.StreamResponse:
    key, number = int(request.match_info["id"]), int(request.match_info["number"])

    def look(tx: Tx, viewer: Viewer) -> showing.Kept | None:
        found, photo = standards.one(tx, key), standards.photo(tx, key, number)
        if found is None or photo is None or viewer.role not in COMMUNITY:
            return None
        if viewer.community_id not in (None, found.community_id):
            return None
        return showing.of_standard(photo)

    return await _looked(request, look, f"/console/standards/{key}")


async def _of_goods(request: web.Request) -> web.StreamResponse:
    key = request.match_info["id"]

    def look(tx: Tx, viewer: Viewer) -> showing.Kept | None:
        goods = shop.goods(tx, int(key))
        if goods is None or viewer.role not in COMMUNITY or not _theirs(viewer, goods):
            return None
        return showing.of_goods(goods)

    return await _looked(request, look, f"/console/shop/{key}")


def _theirs(viewer: Viewer, goods: Goods) -> bool:
    return viewer.community_id is None or goods.community_id in (None, viewer.community_id)


async def _looked(
    request: web.Request, look: Callable[[Tx, Viewer], showing.Kept | None], after: str
) -> web.StreamResponse:
    office, seat = request.app[OFFICE], staff.seat_of(request)

    def job(tx: Tx) -> showing.Kept | bool:
        viewer = staff.viewer(tx, seat) if seat is not None else None
        if viewer is None:
            return False
        found = look(tx, viewer)
        if found is None:
            raise NotFound
        return found

    try:
        found = await office.store.read(job)
        if isinstance(found, bool):
            raise web.HTTPFound(sign_in(after))
        answer = await showing.answer(request, office, found)
        if answer is None:
            raise NotFound
    except Refused as refusal:
        return await problem(request, refusal)
    return answer
