"""The Official Account platform: residents' phones on one side, the account's API on the other.

    phones     say, image, voice, video, link, location, scan, click, answer_popup …    what a person does
    sending    custom/send, typing, template/send, subscribe/bizsend                    with their ledgers
    assets     menu, codes, followers, OAuth, tickets, drafts, publications             what the account has
    files      media/upload, media/get, material/add_material                           for three days, or for ever
    limits     how often an API may be called                                           45009, 45011

Switches: `trusted` False answers 40164 to token calls; `lacks` names APIs that answer 48001 (UNCERTIFIED is what a
subscription account without certification lacks); `faults` is trouble on demand; `guessed` are error codes
without a published source; more at each part. Outcomes of template messages, notices and publications are pushed a
moment after the call; `settle` waits for them.
"""

import asyncio
import functools
import secrets
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from aiohttp import web

from redprop_bot.channels.crypto import Cipher
from redprop_bot.ports import Channel, Clock
from redprop_bot.simulated import browser
from redprop_bot.simulated.ledger import Ledger
from redprop_bot.simulated.letters import Seal, verification
from redprop_bot.simulated.oa_acts import ResidentActs
from redprop_bot.simulated.oa_assets import Assets
from redprop_bot.simulated.oa_media import MediaStore
from redprop_bot.simulated.oa_persons import Persons
from redprop_bot.simulated.oa_sending import Sending
from redprop_bot.simulated.oa_tokens import MintedTokens, StableTokens
from redprop_bot.simulated.phone import Phones
from redprop_bot.simulated.quota import Calls, Quota
from redprop_bot.simulated.server import ApiError, ApiServer, Handler, Payload, payload_in

PROMPT = "该公众号暂时无法提供服务，请稍后再试"
UNCERTIFIED = frozenset(
    {
        "message/custom/send", "message/custom/typing", "message/template/send", "message/subscribe/bizsend",
        "qrcode/create", "user/info", "user/get", "/sns/oauth2/access_token", "freepublish/submit",
    }
)  # fmt: skip
_UPLOADS = frozenset({"media/upload", "material/add_material"})
_PUBLISHER = "oPublisher"


class OfficialTwin(ResidentActs, ApiServer):
    """The platform of residents; persons exist from their first act, and may leave by `unsubscribe`."""

    token_api, token_method = "stable_token", "POST"

    def __init__(self, clock: Clock, ledger: Ledger, mode: str) -> None:
        super().__init__(clock)
        self.app_id, self.secret = "wx" + secrets.token_hex(8), secrets.token_hex(16)
        self.token, self.aes_key = secrets.token_hex(12), callback_key()
        self.account = "gh_" + secrets.token_hex(6)
        self.oauth_domain: str | None = None  # the one that pages may be of; None for any
        self.snapshot = False  # pages are opened as previews, by nobody
        self.trusted, self.lacks, self.event_delay = True, frozenset[str](), 0.02
        self.tokens: StableTokens = StableTokens(clock)
        self.minted, self.limits, self.files = MintedTokens(clock), Calls(clock), MediaStore(clock)
        self.persons, self._quota = Persons(), Quota(clock)
        self.sending = Sending(clock, ledger, self._quota, self.persons, self._later)
        self.sending.media = self.files.alive
        self.assets = Assets(clock, self.persons, self.files.forever)
        self.assets.submitted = self._submitted
        self._clock, self._ledger = clock, ledger
        self._pushes: set[asyncio.Task[None]] = set()
        self._seal = Seal(self.token, Cipher(self.aes_key, self.app_id), mode)
        self.phones = Phones(Channel.OA, self.account, self._seal, clock=clock, ledger=ledger, prompt=PROMPT)

    async def verify(self) -> bool:
        """Ask the callback as the platform does when its address is saved; True when it answers the echostr."""
        query, echo = verification(self._seal, now=int(self._clock.now().timestamp()), encrypted=False)
        return await self.phones.courier.ask(query) == (200, echo.encode())

    @property
    def followers(self) -> set[str]:
        """Openids of those who follow."""
        return self.persons.followers

    @property
    def known(self) -> set[str]:
        """Followers and those who left."""
        return self.persons.known

    @known.setter
    def known(self, openids: set[str]) -> None:
        self.persons.known = openids

    # -- what happens later

    def _later(self, openid: str, event: str, fields: Mapping[str, Any]) -> None:
        self._start(self._push(openid, event, lambda: fields))

    def _submitted(self, publish_id: str) -> None:
        self._start(self._push(_PUBLISHER, "PUBLISHJOBFINISH", lambda: self.assets.end(publish_id)))

    def _start(self, push: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(push)
        self._pushes.add(task)
        task.add_done_callback(self._pushes.discard)

    async def _push(self, openid: str, event: str, fields: Callable[[], Mapping[str, Any]]) -> None:
        await asyncio.sleep(self.event_delay)
        told = fields()
        if self.phones.courier.callback:
            await self.phones.event(openid, event, told)

    async def settle(self) -> None:
        """Wait until all that was to happen later has happened."""
        while self._pushes:
            await asyncio.gather(*self._pushes)

    async def close(self) -> None:
        """Stop; what was to happen later does not."""
        for task in self._pushes:
            task.cancel()
        await super().close()

    # -- the API

    def add_routes(self, app: web.Application) -> None:
        """OAuth, and the addresses of videos."""
        app.router.add_route("*", "/sns/{api:.+}", self._answer)
        app.router.add_route("*", "/wxaapi/{api:.+}", self._answer)
        app.router.add_get("/connect/oauth2/authorize", self._authorize)
        app.router.add_get("/video/{media_id}", self._video)

    async def _authorize(self, request: web.Request) -> web.Response:
        visit = functools.partial(self.assets.visit, snapshot=self.snapshot)
        return browser.authorize(request, self.app_id, self.oauth_domain, visit)

    async def _video(self, request: web.Request) -> web.Response:
        return self.files.file(request.match_info["media_id"])

    def give_token(self, request: Payload) -> dict[str, Any]:
        """`stable_token`."""
        self._check_caller(request)
        force = request.get("force_refresh") is True
        token, seconds = self.tokens.force() if force else self.tokens.issue()
        return {"access_token": token, "expires_in": seconds}

    def _check_caller(self, request: Payload) -> None:
        if request.get("grant_type") != "client_credential":
            raise ApiError(40002, "invalid grant_type")
        self._identify(request)
        if not self.trusted:
            raise ApiError(40164, "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist")

    def _identify(self, request: Payload) -> None:
        for name, mine, missing, wrong in (
            ("appid", self.app_id, 41002, 40013),
            ("secret", self.secret, 41004, 40125),
        ):
            if not request.get(name):
                raise ApiError(missing, f"{name} missing")
            if request[name] != mine:
                raise ApiError(wrong, f"invalid {name}")

    def handlers(self) -> Mapping[str, Handler]:
        """The POST APIs with JSON."""
        return {**self.sending.handlers(), **self.assets.handlers(), "openapi/quota/get": self.limits.told}

    def _download(self, request: web.Request) -> web.StreamResponse:
        self._admit(request, "media/get")
        return self.files.download(request.query.get("media_id", ""), self.origin)

    async def _work(self, request: web.Request, api: str) -> dict[str, Any]:
        if api in {"stable_token", "token"}:
            return await self._give(request, api)
        if api == "/sns/oauth2/access_token":
            self._entitled(api)
            self._identify(request.query)
            return self.assets.exchange(request.query)
        reader, handler = self.assets.readers().get(api), self.handlers().get(api)
        if reader is None and handler is None and api not in _UPLOADS:
            raise ApiError("unknown_api", "invalid url")
        method, errcode = ("GET", 43001) if reader else ("POST", 43002)
        if request.method != method:
            raise ApiError(errcode, f"require {method} method")
        self._admit(request, api)
        if reader:
            return {"errcode": 0, "errmsg": "ok", **reader(dict(request.query))}
        if handler is None:
            return await self.files.upload(request)
        return {"errcode": 0, "errmsg": "ok", **handler(payload_in(await request.read()))}

    async def _give(self, request: web.Request, api: str) -> dict[str, Any]:
        method, errcode = ("POST", 43002) if api == self.token_api else ("GET", 43001)
        if request.method != method:
            raise ApiError(errcode, f"require {method} method")
        self.limits.spend(api)
        if method == "POST":
            return self.give_token(payload_in(await request.read()))
        self._check_caller(request.query)
        token, seconds = self.minted.issue()
        return {"access_token": token, "expires_in": seconds}

    def _admit(self, request: web.Request, api: str) -> None:
        token = request.query.get("access_token", "")
        (self.minted if self.minted.knows(token) else self.tokens).check(token)
        self._entitled(api)
        self.limits.spend(api)

    def _entitled(self, api: str) -> None:
        if api in self.lacks:
            raise ApiError(48001, "api unauthorized")

    def tail(self, errcode: int) -> str:  # noqa: ARG002 - the other platform needs it
        """The request id, whose first group is the time."""
        return f" rid: {int(self._clock.now().timestamp()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"


def callback_key() -> str:
    """A fresh EncodingAESKey: 43 letters and digits."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(secrets.choice(letters) for _ in range(43))
