"""`POST /m/type`: large type for those who want it, remembered by their browser for a year."""

from datetime import timedelta
from typing import Final

from aiohttp import web

from redprop_bot.errors import Refused
from redprop_bot.web import sessions
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages.rendering import LARGE, TYPE
from redprop_bot.web.phone import slips
from redprop_bot.web.refusals import answer

_YEAR: Final = timedelta(days=365)


def add_routes(app: web.Application) -> None:
    """The one address."""
    app.router.add_post("/m/type", _type)


async def _type(request: web.Request) -> web.StreamResponse:
    office = request.app[OFFICE]
    try:
        given = (await slips.read(request)).fields
    except Refused as refusal:
        return answer(office.content, request, refusal)
    response = web.Response(status=303, headers={"Location": slips.public(given.get("next", ""))})
    if given.get("size") == LARGE:
        response.set_cookie(
            TYPE,
            LARGE,
            max_age=int(_YEAR.total_seconds()),
            path="/",
            httponly=True,
            secure=sessions.is_https(office),
            samesite="Lax",
        )
    else:
        response.del_cookie(TYPE, path="/", httponly=True, secure=sessions.is_https(office), samesite="Lax")
    return response
