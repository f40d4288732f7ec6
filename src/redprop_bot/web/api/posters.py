"""`/posters/{estate}`: scene, address and drawn code of every poster of an estate, for those who print their own.

The one call that may have to ask the platform first, so it comes as a handler of its own and not as a job.
"""

from typing import Any, Final

from aiohttp import web

from redprop_bot.errors import NotFound, PlatformError
from redprop_bot.store.tx import Tx
from redprop_bot.web.access import Viewer, viewer_of
from redprop_bot.web.api.calls import Call, Reply, bearer
from redprop_bot.web.api.routes import Route
from redprop_bot.web.errors import HttpFault, as_json
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.posters.sheets import Sheet, Wanted, sheets, wanted


async def made(request: web.Request, found: Wanted | None, only: str | None = None) -> list[Sheet]:
    """The sheets of an estate; raises NotFound, and HttpFault when the platform does not answer."""
    if found is None:
        raise NotFound("no_estate")
    try:
        drawn = await sheets(request.app[OFFICE], found, only)
    except PlatformError:
        raise HttpFault(503, "no_codes") from None
    if not drawn:
        raise NotFound("no_estate")
    return drawn


async def _call(request: web.Request) -> web.Response:
    office, token, name = request.app[OFFICE], bearer(request), request.match_info["estate"]

    def look(tx: Tx) -> tuple[Viewer | None, Wanted | None]:
        viewer = viewer_of(tx, token)
        return viewer, wanted(tx, viewer, name) if viewer is not None else None

    viewer, found = await office.store.read(look)
    if viewer is None:
        raise HttpFault(401, "unauthorised")
    return as_json({"items": [_item(sheet) for sheet in await made(request, found)], "next": None})


def _item(sheet: Sheet) -> dict[str, Any]:
    return {
        "community": sheet.community,
        "estate": sheet.estate,
        "building": sheet.building or None,
        "scene": sheet.scene,
        "link": sheet.link,
        "svg": sheet.svg,
    }


def _never(_asked: Call) -> Reply:
    raise AssertionError("this call is made apart")


ROUTES: Final = (
    Route(
        "GET",
        "/posters/{estate}",
        _never,
        "the posters of an estate and of its buildings",
        "Poster",
        listed=True,
        apart=_call,
    ),
)
