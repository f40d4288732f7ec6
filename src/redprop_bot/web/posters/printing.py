"""`/console/posters/{estate}`: all sheets of an estate, ready to print or to be kept as PDF; `?building=` is one.

`GET /api/v1/posters/{estate}` gives the same to other systems: scene, address and code of every sheet.
"""

from typing import Any, Final

from aiohttp import web

from redprop_bot.errors import NotFound, PlatformError, Refused
from redprop_bot.store.tx import Tx
from redprop_bot.web import staff
from redprop_bot.web.access import Viewer, viewer_of
from redprop_bot.web.api.calls import bearer
from redprop_bot.web.console.frame import problem, sign_in
from redprop_bot.web.errors import HttpFault, as_json
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages.rendering import page
from redprop_bot.web.posters.sheets import Sheet, Wanted, sheets, wanted

PATH: Final = "/console/posters"


def add_routes(app: web.Application) -> None:
    """The page and the call."""
    app.router.add_get(f"{PATH}/{{estate}}", _page)
    app.router.add_get("/api/v1/posters/{estate}", _call)


async def _page(request: web.Request) -> web.StreamResponse:
    office, seat = request.app[OFFICE], staff.seat_of(request)
    name = request.match_info["estate"]

    def look(tx: Tx) -> tuple[Viewer | None, Wanted | None]:
        viewer = staff.viewer(tx, seat) if seat is not None else None
        return viewer, wanted(tx, viewer, name) if viewer is not None else None

    viewer, found = await office.store.read(look)
    if viewer is None:
        raise web.HTTPFound(sign_in(request.path_qs))
    try:
        made = await _made(request, found, request.query.get("building"))
    except Refused as refusal:
        return await problem(request, refusal)
    return page("posters/print.html", sheets=made, estate=made[0].estate)


async def _made(request: web.Request, found: Wanted | None, only: str | None = None) -> list[Sheet]:
    if found is None:
        raise NotFound("no_estate")
    try:
        made = await sheets(request.app[OFFICE], found, only)
    except PlatformError:
        raise HttpFault(503, "no_codes") from None
    if not made:
        raise NotFound("no_estate")
    return made


async def _call(request: web.Request) -> web.StreamResponse:
    office, token, name = request.app[OFFICE], bearer(request), request.match_info["estate"]

    def look(tx: Tx) -> tuple[Viewer | None, Wanted | None]:
        viewer = viewer_of(tx, token)
        return viewer, wanted(tx, viewer, name) if viewer is not None else None

    viewer, found = await office.store.read(look)
    if viewer is None:
        raise HttpFault(401, "unauthorised")
    made = await _made(request, found)
    return as_json({"items": [_item(one) for one in made], "next": None})


def _item(sheet: Sheet) -> dict[str, Any]:
    return {
        "community": sheet.community,
        "estate": sheet.estate,
        "building": sheet.building or None,
        "scene": sheet.scene,
        "link": sheet.link,
        "svg": sheet.svg,
    }
