"""The web application: which rooms of the web there are, and what is true of every answer.

What an address does stands in its own module; no rule, wording or SQL lives in this room.
"""

import logging
import time
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from redprop_bot.dialogue.office import Office
from redprop_bot.errors import CallbackFault, Refused
from redprop_bot.web import (
    api,
    board,
    calendar,
    callbacks,
    console,
    health,
    open311,
    pages,
    phone,
    refusals,
    security,
)
from redprop_bot.web.keys import METRICS, OFFICE
from redprop_bot.web.metrics import Metrics
from redprop_bot.web.posters import printing

log = logging.getLogger(__name__)
access_log = logging.getLogger("redprop_bot.access")

BODY_LIMIT: Final = 1 << 20


def make_app(office: Office) -> web.Application:
    """The application over an office; the office stays the caller's to close."""
    app = web.Application(middlewares=[_measured, _guarded], client_max_size=BODY_LIMIT)
    app[OFFICE] = office
    app[METRICS] = Metrics(office.store)
    office.store.listeners.append(app[METRICS].act)
    app.on_response_prepare.append(security.on_prepare)
    for room in (callbacks, health, api, open311, pages, board, phone, console, printing, calendar):
        room.add_routes(app)
    return app


@web.middleware
async def _measured(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Time and log each answer by the pattern of its route: an address may hold a secret, a query often does."""
    start = time.perf_counter()
    status = 499  # the caller went away
    try:
        response = await handler(request)
        status = response.status
    except web.HTTPException as answer:
        status = answer.status
        raise
    finally:
        seconds = time.perf_counter() - start
        resource = request.match_info.route.resource
        route = resource.canonical if resource is not None else "-"
        method = request.method if request.method in _METHODS else "other"
        request.app[METRICS].requests.labels(route, method, str(status)).observe(seconds)
        access_log.info("%s %s %s %.1f ms", method, route, status, seconds * 1000)
    return response


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The only place where an exception becomes an answer."""
    content = request.app[OFFICE].content
    try:
        return await handler(request)
    except web.HTTPException as error:
        return refusals.of_http(content, request, error)
    except Refused as refusal:
        return refusals.answer(content, request, refusal)
    except CallbackFault as fault:
        return refusals.of_callback(fault)
    except Exception as error:  # noqa: BLE001 - logged there, with the reference that is told
        return refusals.unexpected(content, request, error)
