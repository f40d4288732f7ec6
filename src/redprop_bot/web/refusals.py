"""From what went wrong to an HTTP answer, in one place: JSON for the API, a page for browsers, else one sentence.

Nothing of an exception's text leaves the house; what was not expected is logged with a reference, and only the
reference is told. The words stand in `errors`.
"""

import logging
import secrets

from aiohttp import web

from redprop_bot.content import Content
from redprop_bot.errors import CallbackFault, Refused
from redprop_bot.web.errors import HttpFault, as_json, problem, said
from redprop_bot.web.pages.rendering import page

log = logging.getLogger(__name__)

JSON_PATHS = ("/api/",)
PLAIN_PATHS = ("/wechat/",)
"""Below these an error has no body: whoever is not the platform learns nothing."""

_HTTP_CODES = {
    400: "bad_request",
    401: "unauthorised",
    403: "forbidden",
    404: "not_found",
    405: "method",
    413: "too_big",
    415: "media_type",
    503: "busy",
}


def answer(content: Content, request: web.Request, refusal: Refused) -> web.Response:
    """The answer to a refusal, in the form that its address and whoever asks can read."""
    headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else None
    if request.path.startswith(JSON_PATHS):
        return as_json(problem(content, refusal), refusal.status, headers)
    if request.path.startswith(PLAIN_PATHS):
        return web.Response(status=refusal.status)
    if "text/html" in request.headers.get("Accept", ""):  # somebody opened it, no script fetched it
        return page("refused.html", status=refusal.status, said=said(content, refusal))
    return web.Response(text=said(content, refusal), status=refusal.status, headers=headers)


def unexpected(content: Content, request: web.Request, error: Exception) -> web.Response:
    """The answer to what nobody foresaw."""
    reference = f"E{secrets.token_hex(4)}"
    log.error("a request could not be answered, reference %s", reference, exc_info=error)
    return answer(content, request, HttpFault(500, "internal", reference=reference))


def of_http(content: Content, request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    """What the framework raised, in our words; redirects pass as they are."""
    if error.status < 400:
        raise error
    response = answer(content, request, HttpFault(error.status, _HTTP_CODES.get(error.status, "bad_request")))
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def of_callback(fault: CallbackFault) -> web.Response:
    """No detail for whoever is not the platform."""
    return web.Response(status=fault.status)
