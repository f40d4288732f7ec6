"""The API side that both platforms share: one loopback port, tokens, HTTP 200 with errcode, trouble by switch.

The answers come as `text/plain`, as they sometimes do, so that no client leans on the content type.
"""

import asyncio
import json
import secrets
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from redprop_bot.ports import Clock
from redprop_bot.simulated.faults import Faults, Trouble
from redprop_bot.simulated.guesses import GUESSES

Payload = Mapping[str, Any]
Handler = Callable[[Payload], dict[str, Any]]

TOKEN_SECONDS = 7200
OVERLAP_SECONDS = 300


class ApiError(Exception):
    """An answer with an errcode, or with one that is a guess, by its name in `guesses`."""

    def __init__(self, errcode: int | str, errmsg: str) -> None:
        super().__init__(errmsg)
        self.errcode, self.errmsg = errcode, errmsg

    def code(self, guessed: Mapping[str, int]) -> int:
        """The number, of a guess as the platform's switches have it."""
        return guessed[self.errcode] if isinstance(self.errcode, str) else self.errcode


class Tokens:
    """The tokens of one account; `refuse_all` makes every one of them bad."""

    def __init__(self, clock: Clock) -> None:
        self.refuse_all = False
        self.fetches = 0
        self._clock = clock
        self._ends: dict[str, datetime] = {}
        self._current = ""

    def issue(self) -> tuple[str, int]:
        """The stable token: the same one until five minutes before its end, then a new one beside it."""
        self.fetches += 1
        now = self._clock.now()
        if self._current and self._ends[self._current] - now > timedelta(seconds=OVERLAP_SECONDS):
            return self._current, int((self._ends[self._current] - now).total_seconds())
        self._current = secrets.token_urlsafe(100)
        self._ends[self._current] = now + timedelta(seconds=TOKEN_SECONDS)
        return self._current, TOKEN_SECONDS

    def revoke(self) -> None:
        """All tokens die at once; the next fetch gives a new one."""
        self._ends.clear()
        self._current = ""

    def knows(self, token: str) -> bool:
        """Whether it was given out here, good or not."""
        return token in self._ends

    def check(self, token: str) -> None:
        """Raise the platform's error for a token that is missing, unknown or over."""
        if not token:
            raise ApiError(41001, "access_token missing")
        if self.refuse_all or token not in self._ends:
            raise ApiError(40001, "invalid credential, access_token is invalid or not latest")
        if self._clock.now() >= self._ends[token]:
            raise ApiError(42001, "access_token expired")


class ApiServer(ABC):
    """One platform's API on its own port. Subclasses name their handlers and the tail of their error texts."""

    def __init__(self, clock: Clock) -> None:
        self.faults, self.guessed = Faults(), dict(GUESSES)
        self.tokens = Tokens(clock)
        self.calls: Counter[str] = Counter()
        self.media: dict[str, bytes] = {}  # what persons sent, by media id
        self.origin = ""
        self.content_type = "text/plain"  # of JSON; a switch, for clients must not look at it
        self._runner: web.AppRunner | None = None

    @abstractmethod
    def handlers(self) -> Mapping[str, Handler]:
        """API path without `cgi-bin/` to handler, for the POST APIs that need a token."""

    @abstractmethod
    def give_token(self, request: Payload) -> dict[str, Any]:
        """The answer of the token API; raises ApiError."""

    @abstractmethod
    def tail(self, errcode: int) -> str:
        """What the platform adds to an errmsg."""

    token_api = ""
    token_method = ""

    async def open(self) -> None:
        """Listen on a free loopback port."""
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_route("*", "/cgi-bin/{api:.+}", self._answer)
        self.add_routes(app)
        # The access log would write tokens, which stand in the URL.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def add_routes(self, app: web.Application) -> None:  # noqa: B027 - most have none
        """Addresses beside `cgi-bin/`, if the platform has any."""

    async def close(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        api = request.path.removeprefix("/cgi-bin/")
        self.calls[api] += 1
        trouble = self.faults.take(api)
        if trouble:
            await asyncio.sleep(trouble.delay)
            if trouble.replaces_work:
                return await self._troubled(request, trouble)
        try:
            if api == "media/get":
                return self._download(request)
            answer = await self._work(request, api)
        except ApiError as error:
            answer = self._refusal(error.code(self.guessed), error.errmsg)
        return _json(answer, content_type=self.content_type)

    def keep(self, data: bytes) -> str:
        """Keep what a person sends; its media id."""
        media_id = secrets.token_urlsafe(48)
        self.media[media_id] = data
        return media_id

    def _download(self, request: web.Request) -> web.StreamResponse:
        self.tokens.check(request.query.get("access_token", ""))
        data = self.media.get(request.query.get("media_id", ""))
        if data is None:
            raise ApiError(40007, "invalid media_id")
        return web.Response(body=data, content_type="image/jpeg")

    async def _work(self, request: web.Request, api: str) -> dict[str, Any]:
        body = await request.read()
        if api == self.token_api:
            if request.method != self.token_method:
                raise ApiError(43001, f"require {self.token_method} method")
            return self.give_token(payload_in(body) if body else dict(request.query))
        handler = self.handlers().get(api)
        if handler is None:
            raise ApiError("unknown_api", "invalid url")
        if request.method != "POST":
            raise ApiError(43002, "require POST method")
        self.tokens.check(request.query.get("access_token", ""))
        return {"errcode": 0, "errmsg": "ok", **handler(payload_in(body))}

    async def _troubled(self, request: web.Request, trouble: Trouble) -> web.StreamResponse:
        if trouble.body and (trouble.cut or trouble.pace):
            return await _dripping(request, trouble, trouble.body)
        if trouble.cut and request.transport:
            request.transport.abort()
        if trouble.errcode is not None:
            return _json(self._refusal(trouble.errcode, trouble.errmsg), trouble.status)
        return web.Response(status=trouble.status, body=trouble.body or b"", content_type=trouble.content_type)

    def _refusal(self, errcode: int, errmsg: str) -> dict[str, Any]:
        return {"errcode": errcode, "errmsg": errmsg + self.tail(errcode)}


def need(payload: Payload, name: str, kind: type, errcode: int | str) -> Any:
    """The field, if it is there, not empty and of its type."""
    value = payload.get(name)
    if not isinstance(value, kind) or isinstance(value, bool) or value in ("", [], {}):
        raise ApiError(errcode, f"invalid {name}")
    return value


def payload_in(body: bytes) -> Payload:
    """The JSON of a request; raises the platform's error for what is none."""
    if not body:
        raise ApiError(44002, "empty post data")
    if b"\\u" in body:  # escapes are shown as they are on the real platforms
        raise ApiError(40033, "invalid charset. not utf-8")
    try:
        payload = json.loads(body)
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        raise ApiError(47001, "data format error")
    return payload


def _json(answer: Mapping[str, Any], status: int = 200, content_type: str = "text/plain") -> web.Response:
    return web.Response(status=status, text=json.dumps(answer, ensure_ascii=False), content_type=content_type)


async def _dripping(request: web.Request, trouble: Trouble, body: bytes) -> web.StreamResponse:
    response = web.StreamResponse(status=trouble.status)
    response.content_length = len(body)
    await response.prepare(request)
    for index in range(len(body) // 2 if trouble.cut else len(body)):
        await response.write(body[index : index + 1])
        await asyncio.sleep(trouble.pace)
    if trouble.cut and request.transport:
        request.transport.abort()
    return response
