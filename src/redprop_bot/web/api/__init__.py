"""`/api/v1`: the four lists, acts on demands, figures; JSON, a bearer token, one transaction a request.

Handlers are plain functions over a `Call`; HTTP stops in `calls`. What an act does and may do is `loop` and
`rules`, what a token sees is `sight`. No wording, no SQL.
"""

from typing import Final

from aiohttp import web

from redprop_bot.web.api.calls import endpoint
from redprop_bot.web.api.document import document
from redprop_bot.web.api.table import ROUTES
from redprop_bot.web.errors import as_json

BASE: Final = "/api/v1"


def add_routes(app: web.Application) -> None:
    """All routes of the table, and the document that is made from it."""
    for route in ROUTES:
        app.router.add_route(route.method, BASE + route.path, route.apart or endpoint(route))
    app.router.add_get(f"{BASE}/openapi.json", _document)


async def _document(_request: web.Request) -> web.Response:
    return as_json(document(BASE, ROUTES))
