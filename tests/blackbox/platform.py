"""A small stand-in for both platforms: tokens, customer-service messages, app messages, card updates.

It runs in a thread of its own, records every call, and can be told to be ill: tokens that stay bad, busy answers,
server errors. It never explains itself to the product beyond what the published protocol says.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web
from tests.blackbox.wire import OA, OA_SECRET, WORK, WORK_SECRET

TAIL = " rid: 65004ee5-1a2b3c4d-5e6f7a8b"


@dataclass
class Sent:
    """One message that a person got, or was to get: `channel` oa or work, `accepted` by the platform or not."""

    at: float
    channel: str
    to: str
    kind: str
    body: dict[str, Any]
    accepted: bool

    @property
    def card(self) -> dict[str, Any]:
        return self.body.get("template_card") or {}

    @property
    def words(self) -> str:
        """All that a person can read of it."""
        return "\n".join(_strings(self.body.get(self.kind) or {}))

    @property
    def keys(self) -> dict[str, str]:
        """Button text → key."""
        return {button["text"]: button.get("key", "") for button in self.card.get("button_list", [])}


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item)]
    return [value] if isinstance(value, str) else []


@dataclass
class Platform:
    """Both platforms on one port. `ill` maps a path to a function of the call's number that gives an answer or None."""

    url: str = ""
    sent: list[Sent] = field(default_factory=list)
    calls: list[tuple[float, str, Any]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    ill: dict[str, Callable[[Any], web.Response | None]] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)
    _codes: dict[str, bool] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None

    def start(self) -> "Platform":
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)
        return self

    def stop(self) -> None:
        assert self._loop
        assert self._thread
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self, ready: threading.Event) -> None:
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        runner = self._loop.run_until_complete(self._open())
        ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    async def _open(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/cgi-bin/stable_token", self._stable_token)
        app.router.add_get("/cgi-bin/gettoken", self._gettoken)
        app.router.add_post("/cgi-bin/message/custom/send", self._custom)
        app.router.add_post("/cgi-bin/message/send", self._work)
        app.router.add_post("/cgi-bin/message/update_template_card", self._update)
        app.router.add_route("*", "/{rest:.*}", self._other)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    def _seen(self, request: web.Request, body: Any) -> web.Response | None:
        self.calls.append((time.monotonic(), request.path, body))
        illness = self.ill.get(request.path)
        return illness(body) if illness else None

    async def _stable_token(self, request: web.Request) -> web.Response:
        body = await request.json()
        wrong = self._seen(request, body)
        if wrong is not None:
            return wrong
        if body.get("grant_type") != "client_credential":
            return _answer(40002, "invalid grant_type")
        if body.get("appid") != OA.receiver:
            return _answer(40013, "invalid appid")
        if body.get("secret") != OA_SECRET:
            return _answer(40125, "invalid appsecret")
        return self._token("oa")

    async def _gettoken(self, request: web.Request) -> web.Response:
        wrong = self._seen(request, dict(request.query))
        if wrong is not None:
            return wrong
        if request.query.get("corpid") != WORK.receiver or request.query.get("corpsecret") != WORK_SECRET:
            return _answer(40001, "invalid credential")
        return self._token("work")

    def _token(self, channel: str) -> web.Response:
        token = self._tokens.setdefault(channel, f"{channel}-token-{next(self._numbers)}")
        return _answer(0, "ok", access_token=token, expires_in=7200)

    def expire(self, channel: str) -> None:
        """The token in use is no longer good; the next one fetched is."""
        self._tokens.pop(channel, None)

    async def _custom(self, request: web.Request) -> web.Response:
        body = await request.json()
        answer = self._seen(request, body) or self._judge(request, "oa")
        self._keep("oa", body["touser"], body, accepted=answer is None)
        return answer or _answer(0, "ok")

    async def _work(self, request: web.Request) -> web.Response:
        body = await request.json()
        answer = self._seen(request, body) or self._judge(request, "work")
        if answer is None and body.get("agentid") != WORK.agent:
            answer = _answer(40056, "invalid agentid")
        for person in str(body["touser"]).split("|"):
            self._keep("work", person, body, accepted=answer is None)
        if answer is not None:
            return answer
        code = f"code-{next(self._numbers)}"
        self._codes[code] = True
        return _answer(0, "ok", msgid=f"m{next(self._numbers)}", response_code=code, invaliduser="")

    async def _update(self, request: web.Request) -> web.Response:
        body = await request.json()
        answer = self._seen(request, body) or self._judge(request, "work")
        if answer is not None:
            return answer
        if not self._codes.pop(body.get("response_code", ""), False):
            return _answer(40159, "invalid response_code")
        self.updates.append(body)
        return _answer(0, "ok", invaliduser=[])

    def tap_code(self) -> str:
        """A response code as a tapped card carries it."""
        code = f"tap-{next(self._numbers)}"
        self._codes[code] = True
        return code

    async def _other(self, request: web.Request) -> web.Response:
        self._seen(request, await request.text())
        return _answer(43002, "require POST method")

    def _judge(self, request: web.Request, channel: str) -> web.Response | None:
        token = request.query.get("access_token")
        if token == self._tokens.get(channel) and token:
            return None
        return _answer(40001 if channel == "oa" else 40014, "invalid access_token" + TAIL)

    def _keep(self, channel: str, to: str, body: Any, *, accepted: bool) -> None:
        self.sent.append(Sent(time.monotonic(), channel, to, body["msgtype"], body, accepted))

    # -- what the tests ask

    def about(self, *needles: str, since: int = 0) -> list[Sent]:
        """What was accepted for people after mark `since` that speaks of all `needles`."""
        return [one for one in self.sent[since:] if one.accepted and all(word in one.words for word in needles)]

    def told(self, *needles: str, since: int = 0) -> set[str]:
        return {one.to for one in self.about(*needles, since=since)}

    def mark(self) -> int:
        return len(self.sent)

    def settle(self, calm: float = 0.5, most: float = 30.0) -> None:
        """Wait until nothing was sent for `calm` seconds."""
        end = time.monotonic() + most
        last = len(self.calls)
        quiet_since = time.monotonic()
        while time.monotonic() < end and time.monotonic() - quiet_since < calm:
            time.sleep(0.05)
            if len(self.calls) != last:
                last, quiet_since = len(self.calls), time.monotonic()

    def wait_for(self, *needles: str, to: str, since: int = 0, seconds: float = 30.0) -> Sent:
        """The last thing that speaks of `needles` to one person; fails when it does not come."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = [one for one in self.about(*needles, since=since) if one.to == to]
            if found:
                return found[-1]
            time.sleep(0.05)
        got = [(one.to, one.words[:80]) for one in self.sent[since:]]
        raise AssertionError(f"{to} was not told of {needles}; sent: {got}")


def _answer(code: int, message: str, **more: Any) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": message, **more})


def busy(_: Any) -> web.Response:
    return _answer(-1, "system error" + TAIL)


def broken(_: Any) -> web.Response:
    return web.Response(status=502, text="<html>bad gateway</html>")
