"""The console (`/console`): where the community, the street and the units work in a browser.

    room      what a room is          frame     from a request to a page
    rooms     the rooms themselves    entering  the door; `web.staff` who sits there
    acting    acts on demands         feed      live changes
    addresses which are its own

No rule, wording or SQL here; acts go through the steps of `loop`, lists through the handlers of the API.
"""

from aiohttp import web

from redprop_bot.errors import NotFound
from redprop_bot.web.console import entering, feed, photos
from redprop_bot.web.console.addresses import HOME
from redprop_bot.web.console.frame import DEMO_SEATS, ROOMS, problem, shown_as
from redprop_bot.web.console.rooms import ALL

__all__ = ["DEMO_SEATS", "add_routes"]


def add_routes(app: web.Application) -> None:
    """The door, the rooms, the feed."""
    app[ROOMS] = ALL
    entering.add_routes(app)
    feed.add_routes(app)
    photos.add_routes(app)
    for room in ALL:
        for way in room.ways:
            if way.method == "GET":
                app.router.add_get(way.path, shown_as(room, way))
            else:
                app.router.add_post(way.path, shown_as(room, way))
    app.router.add_get(f"{HOME}/", _home)
    app.router.add_get("/console/{rest:.*}", _nothing)


async def _home(_request: web.Request) -> web.StreamResponse:
    """A slash too many."""
    raise web.HTTPFound(HOME)


async def _nothing(request: web.Request) -> web.StreamResponse:
    """No such room, in words and with a way back."""
    return await problem(request, NotFound())
