"""`/console/posters/{estate}`: all sheets of an estate, to print or to keep as PDF; `?building=` is one."""

from typing import Final

from aiohttp import web

from redprop_bot.errors import Refused
from redprop_bot.store.tx import Tx
from redprop_bot.web import staff
from redprop_bot.web.access import Viewer
from redprop_bot.web.api import posters
from redprop_bot.web.console.addresses import sign_in
from redprop_bot.web.console.frame import problem
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages.rendering import page
from redprop_bot.web.posters.sheets import Wanted, wanted

PATH: Final = "/console/posters"


def add_routes(app: web.Application) -> None:
    """The page."""
    app.router.add_get(f"{PATH}/{{estate}}", _page)


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
        made = await posters.made(request, found, request.query.get("building"))
    except Refused as refusal:
        return await problem(request, refusal)
    return page("posters/print.html", sheets=made, estate=made[0].estate)
