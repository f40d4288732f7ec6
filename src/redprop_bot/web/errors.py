"""From what went wrong to an HTTP answer, in one place: API answers are JSON, others one plain sentence.

Wording is `data/replies/` under `error.<code>`. Nothing of an exception's text leaves the house; what was not
expected is logged with a reference, and only the reference is told.
"""

import json
import logging
import secrets
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from redprop_bot.content import Content
from redprop_bot.errors import CallbackFault, Refused

log = logging.getLogger(__name__)

JSON_PATHS = ("/api/",)
PLAIN_PATHS = ("/wechat/",)
"""Below these an error has no body: whoever is not the platform learns nothing."""


class HttpFault(Refused):
    """A request that no room below ever sees: not signed in, not JSON, too long."""

    def __init__(self, status: int, code: str, *, field: str | None = None, **slots: Any) -> None:
        super().__init__(code, field=field, **slots)
        self.status = status


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


def said(content: Content, refusal: Refused) -> str:
    """A refusal in words."""
    key = f"error.{refusal.code}"
    labels = content.labels
    slots = {"no": "", "act": "", "stage": "", "name": "", "unit": "", "most": "", **refusal.slots}
    slots["act"] = labels.act.get(str(slots["act"]), slots["act"])
    if "now" in slots:  # where a mediation stands
        slots["now"] = labels.mediation.get(str(slots["now"]), slots["now"])
    slots["stage"] = labels.stage.get(str(slots["stage"]), slots["stage"])
    return content.replies.say(key if key in content.replies else "error.refused", **slots)


def problem(content: Content, refusal: Refused) -> dict[str, Any]:
    """The body of an API error."""
    error: dict[str, Any] = {"code": refusal.code, "message": said(content, refusal)}
    if refusal.field is not None:
        error["field"] = refusal.field
    return {"error": error}


def as_json(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer in which Chinese stays readable."""
    return web.json_response(body, status=status, headers=headers, dumps=dumps)


def dumps(body: Any) -> str:
    """JSON as this house writes it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def answer(content: Content, path: str, refusal: Refused) -> web.Response:
    """The answer to a refusal, in the form that this path speaks."""
    headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else None
    if path.startswith(JSON_PATHS):
        return as_json(problem(content, refusal), refusal.status, headers)
    if path.startswith(PLAIN_PATHS):
        return web.Response(status=refusal.status)
    return web.Response(text=said(content, refusal), status=refusal.status, headers=headers)


def unexpected(content: Content, path: str, error: Exception) -> web.Response:
    """The answer to what nobody foresaw."""
    reference = f"E{secrets.token_hex(4)}"
    log.error("a request could not be answered, reference %s", reference, exc_info=error)
    return answer(content, path, HttpFault(500, "internal", reference=reference))


def of_http(content: Content, path: str, error: web.HTTPException) -> web.StreamResponse:
    """What the framework raised, in our words; redirects pass as they are."""
    if error.status < 400:
        raise error
    response = answer(content, path, HttpFault(error.status, _HTTP_CODES.get(error.status, "bad_request")))
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def of_callback(fault: CallbackFault) -> web.Response:
    """No detail for whoever is not the platform."""
    return web.Response(status=fault.status)
