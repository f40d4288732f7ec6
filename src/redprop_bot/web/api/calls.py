"""One request of the API: from bytes to a checked call, through one transaction, to JSON.

    token → body and query → job in the database (who it is, what was answered before, the handler) → answer

A handler is a plain function over a `Call`; what it refuses becomes the answer. Where an Idempotency-Key is
given, the first answer, refusals included, is stored in the transaction of the act itself and repeated for a day;
the same key on another request is 422. A 401 is never stored.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from redprop_bot.content import Content
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import Invalid, NotFound, Refused
from redprop_bot.registry.register import Register, register
from redprop_bot.store import access
from redprop_bot.store.tx import Tx
from redprop_bot.web.access import Viewer, viewer_of
from redprop_bot.web.api.routes import Route
from redprop_bot.web.errors import HttpFault, as_json, dumps, problem
from redprop_bot.web.keys import OFFICE

BODY_LIMIT: Final = 64 * 1024
DEPTH: Final = 20
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
_BEARER: Final = re.compile(r"Bearer +([\x21-\x7e]{1,200})", re.IGNORECASE)


@dataclass(frozen=True)
class Call:
    """What a handler works with. `body` is empty for reading calls."""

    tx: Tx
    viewer: Viewer
    office: Office
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def content(self) -> Content:
        """What the community decided."""
        return self.office.content

    @property
    def register(self) -> Register:
        """The register as of this transaction."""
        return register(self.tx)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers."""

    body: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Ticket:
    """An Idempotency-Key as it is stored, and the request that it belongs to."""

    key: str
    request_hash: str


def endpoint(route: Route) -> Callable[[web.Request], Any]:
    """The aiohttp handler of a route."""

    async def handle(request: web.Request) -> web.Response:
        office = request.app[OFFICE]
        token = bearer(request)
        asked = _read_query(request, route) if route.reads else await _read_body(request, route, token)
        job = _job(route, office, token, asked)
        status, text, repeated = await (office.store.read(job) if route.reads else office.store.write(job))
        headers = {"Idempotent-Replayed": "true"} if repeated else None
        return web.Response(text=text, status=status, headers=headers, content_type="application/json")

    return handle


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request as it was read; what is wrong with it is told only to who may ask at all."""

    path: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    ticket: Ticket | None = None
    fault: Refused | None = None


def _read_query(request: web.Request, route: Route) -> _Asked:
    path = dict(request.match_info)
    try:
        return _Asked(path, query=_query(request, route))
    except Refused as fault:
        return _Asked(path, fault=fault)


async def _read_body(request: web.Request, route: Route, token: str) -> _Asked:
    path = dict(request.match_info)
    try:
        query, raw = _query(request, route), await _bounded(request)
        given = request.headers.get("Idempotency-Key")
        what = f"{request.method} {request.path}"
        ticket = None if given is None else _ticket(token, given, what, raw)
        return _Asked(path, query, parsed(raw), ticket)
    except Refused as fault:
        return _Asked(path, fault=fault)


Job = Callable[[Tx], tuple[int, str, bool]]


def _job(route: Route, office: Office, token: str, asked: _Asked) -> Job:
    def job(tx: Tx) -> tuple[int, str, bool]:
        viewer = viewer_of(tx, token)
        if viewer is None:
            raise HttpFault(401, "unauthorised")
        if asked.fault is not None:
            raise asked.fault
        ticket = asked.ticket
        call = Call(tx, viewer, office, asked.path, asked.query, asked.body)
        if ticket is None:
            reply = route.handler(call)
            return reply.status, dumps(reply.body), False
        if kept := access.kept_answer(tx, ticket.key):
            if kept.request_hash != ticket.request_hash:
                raise Invalid("key_reused", field="Idempotency-Key")
            return kept.status, kept.body, True
        status, text = _first(route, call)
        access.keep_answer(tx, key=ticket.key, request_hash=ticket.request_hash, status=status, body=text)
        return status, text, False

    return job


def _first(route: Route, call: Call) -> tuple[int, str]:
    """The answer of the handler, a refusal included; what was refused is undone, the answer is not."""
    try:
        with call.tx.savepoint():
            reply = route.handler(call)
    except Refused as refusal:
        return refusal.status, dumps(problem(call.content, refusal))
    return reply.status, dumps(reply.body)


# -- reading a request


def bearer(request: web.Request) -> str:
    """The token of the request; 401 before anything else is looked at."""
    found = _BEARER.fullmatch(request.headers.get("Authorization", "").strip())
    if found is None:
        raise HttpFault(401, "unauthorised")
    return found[1]


def _ticket(token: str, key: str, what: str, raw: bytes) -> Ticket:
    if not _KEY.fullmatch(key):
        raise Invalid("bad_key", field="Idempotency-Key")
    mark = hashlib.sha256(f"{token}\n{key}".encode()).hexdigest()
    return Ticket(mark, hashlib.sha256(what.encode("utf-8", "surrogatepass") + b"\n" + raw).hexdigest())


def _query(request: web.Request, route: Route) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in request.query.items():
        if name not in route.query or name in found:
            raise Invalid("unknown_field", field=name[:64] if clean(name) else "?")
        if len(value) > 200 or not clean(value):
            raise Invalid("type", field=name)
        if value:
            found[name] = value
    return found


async def _bounded(request: web.Request) -> bytes:
    body = bytearray()
    if (request.content_length or 0) > BODY_LIMIT:
        raise HttpFault(413, "too_big")
    async for part in request.content.iter_chunked(1 << 14):
        body += part
        if len(body) > BODY_LIMIT:
            raise HttpFault(413, "too_big")
    return bytes(body)


def parsed(raw: bytes) -> dict[str, Any]:
    """The object in a body. Not JSON, twins, NaN, depth, text that no database keeps: 400.

    Raises Invalid for a whole number that no database keeps, with the field that it is in.
    """
    try:
        found = json.loads(raw.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise HttpFault(400, "bad_json") from None
    if isinstance(found, dict):
        huge = (key for key, value in found.items() if isinstance(value, int) and abs(value) >= _LARGEST)
        if (name := next(huge, None)) is not None and clean(name):
            raise Invalid("number", field=name)
    if not isinstance(found, dict) or not _fit(found, DEPTH):
        raise HttpFault(400, "bad_json")
    return found


_LARGEST: Final = 1e18


def _refuse(_name: str) -> Any:
    raise ValueError


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _fit(value: Any, depth: int) -> bool:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int | float):
        return abs(value) < _LARGEST
    if isinstance(value, dict):
        return depth > 0 and all(clean(key) and _fit(inner, depth - 1) for key, inner in value.items())
    return not isinstance(value, list) or (depth > 0 and all(_fit(inner, depth - 1) for inner in value))


def clean(text: str) -> bool:
    """Whether this is text that both databases keep: no NUL, no half of a pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


# -- helpers of handlers


def key_in(call: Call, name: str = "id") -> int:
    """The key in the path; what cannot be one is not there."""
    text = call.path[name]
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise NotFound
    return int(text)


def number_in(call: Call, prefix: str) -> str:
    """The number in the path, such as D20261122-0007; what cannot be one is not there."""
    text = call.path["no"]
    if not re.fullmatch(rf"{prefix}\d{{8}}-\d{{4,12}}", text, re.ASCII):
        raise NotFound("no_demand", no=text[:64] if clean(text) else "?") if prefix == "D" else NotFound
    return text


def document(body: Mapping[str, Any]) -> web.Response:
    """An answer that needs nobody's token."""
    return as_json(body)
