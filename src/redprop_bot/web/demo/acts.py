"""What the browser of the demo posts: one address per thing that a person can do with a phone.

    POST /demo/phones/{id}/say       {"text"}
    POST /demo/phones/{id}/choose    {"item"}                       a line of a menu message
    POST /demo/phones/{id}/tap       {"task_id", "key"}             a button of a card
    POST /demo/phones/{id}/location  {"latitude", "longitude", "label"}
    POST /demo/phones/{id}/scan      {"scene"}                      the code of an estate
    POST /demo/phones/{id}/picture   the bytes, with an image type

The answer says how the delivery went; what the phone shows then comes by the feed.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web

from redprop_bot.errors import Forbidden, Invalid, Refused
from redprop_bot.registry.demo import DemoPhone
from redprop_bot.simulated import Outcome
from redprop_bot.web.demo.stage import PICTURE_LIMIT, Stage

TEXT_LIMIT: Final = 2000  # characters; the platforms cut longer ones too
_JSON_LIMIT: Final = 16 * 1024

_SAYS: Final = {
    "no_phone": "没有这部手机",
    "no_option": "这一行已经点不了了",
    "no_button": "这张卡片已经处理过了",
    "no_codes": "企业微信里没有小区码",
    "no_picture": "只能发 JPEG、PNG、GIF、WebP 图片",
    "too_big": "太大了，请换小一点的",
    "missing": "少了一样",
    "foreign": "只能在演示页上操作",
}

Fields = Mapping[str, Any]


async def act(request: web.Request, stage: Stage) -> web.Response:
    """Do what was posted."""
    try:
        _own_page(request)
        phone = stage.phone(request.match_info["phone"])
        outcome = await _act(request, stage, phone)
    except Refused as refusal:
        message = _SAYS.get(refusal.code, "做不到")
        return web.json_response(
            {"error": {"code": refusal.code, "message": message, "field": refusal.field}}, status=refusal.status
        )
    return web.json_response({"ok": outcome.ok, "reply": outcome.text})


async def _act(request: web.Request, stage: Stage, phone: DemoPhone) -> Outcome:
    what = request.match_info["act"]
    if what == "picture":
        if not request.content_type.startswith("image/"):
            raise Invalid("no_picture")
        return await stage.send_picture(phone, await _body(request, PICTURE_LIMIT))
    if what not in _ACTS:
        raise web.HTTPNotFound
    return await _ACTS[what](stage, phone, await _fields(request))


def _own_page(request: web.Request) -> None:
    """Another site open in the same browser has no business here."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Forbidden("foreign")


async def _body(request: web.Request, limit: int) -> bytes:
    body = bytearray()
    async for part in request.content.iter_any():
        body += part
        if len(body) > limit:
            raise Invalid("too_big")
    return bytes(body)


async def _fields(request: web.Request) -> Fields:
    """The JSON object of the body. Its type is asked for: a form of another site cannot send it."""
    if request.content_type != "application/json":
        raise Invalid("missing")
    try:
        value = json.loads(await _body(request, _JSON_LIMIT))
    except (ValueError, RecursionError):
        raise Invalid("missing") from None
    if not isinstance(value, dict):
        raise Invalid("missing")
    return value


def _text(fields: Fields, name: str, *, limit: int = 200) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise Invalid("missing", field=name)
    if len(value) > limit:
        raise Invalid("too_big", field=name)
    return value


def _degrees(fields: Fields, name: str, most: float) -> float:
    value = fields.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not -most <= value <= most:
        raise Invalid("missing", field=name)
    return float(value)


async def _say(stage: Stage, phone: DemoPhone, fields: Fields) -> Outcome:
    return await stage.say(phone, _text(fields, "text", limit=TEXT_LIMIT))


async def _choose(stage: Stage, phone: DemoPhone, fields: Fields) -> Outcome:
    return await stage.choose(phone, _text(fields, "item"))


async def _tap(stage: Stage, phone: DemoPhone, fields: Fields) -> Outcome:
    return await stage.tap(phone, _text(fields, "task_id"), _text(fields, "key"))


async def _location(stage: Stage, phone: DemoPhone, fields: Fields) -> Outcome:
    latitude, longitude = _degrees(fields, "latitude", 90), _degrees(fields, "longitude", 180)
    return await stage.send_location(phone, latitude, longitude, _text(fields, "label"))


async def _scan(stage: Stage, phone: DemoPhone, fields: Fields) -> Outcome:
    return await stage.scan(phone, _text(fields, "scene", limit=64))


_ACTS: Final[Mapping[str, Callable[[Stage, DemoPhone, Fields], Awaitable[Outcome]]]] = {
    "say": _say,
    "choose": _choose,
    "tap": _tap,
    "location": _location,
    "scan": _scan,
}
