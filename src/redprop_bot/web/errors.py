"""What went wrong at the door, in words and as JSON; how a whole answer is made of it stands in `refusals`.

Wording is `data/replies/` under `error.<code>`.
"""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from redprop_bot.content import Content
from redprop_bot.errors import Refused


class HttpFault(Refused):
    """A request that no room below ever sees: not signed in, not JSON, too long."""

    def __init__(self, status: int, code: str, *, field: str | None = None, **slots: Any) -> None:
        super().__init__(code, field=field, **slots)
        self.status = status


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
