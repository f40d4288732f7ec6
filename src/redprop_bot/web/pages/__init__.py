"""Pages that anybody may open: the order's way (`/m/orders/…`), the entrance.

No acts here; personal data never, except for who holds a signed link or the session of whom it concerns.
"""

from aiohttp import web

from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login, mine, orders
from redprop_bot.web.pages.rendering import STATIC, page


def add_routes(app: web.Application) -> None:
    """Add the pages and the files they need."""
    app.router.add_get("/", _entrance)
    login.add_routes(app)
    app.router.add_get("/m/mine", mine.mine)
    app.router.add_get(r"/m/orders/{no}/photos/{number:\d{1,15}}", orders.picture)
    app.router.add_get(r"/static/{name:.{201,}}", _no_file)  # longer than a file system takes: no file of ours
    app.router.add_static("/static", STATIC)


async def _no_file(_request: web.Request) -> web.Response:
    raise web.HTTPNotFound


async def _entrance(request: web.Request) -> web.Response:
    if request.app[OFFICE].settings.demo:
        raise web.HTTPFound("/demo")
    return page("home.html")
