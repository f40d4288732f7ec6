"""The WeCom platform: members' phones on one side, the API of one application on the other.

    phones      say, image, voice, location, tap, event …       what a member does
    corp        hire, change, leave, add_party, tag …           the directory, pushed as change_contact
    desk        message/send and what follows from it           with the ledgers of limits
    robots      webhook/send                                    groups

Switches: `trusted` False answers 60020 to every call but gettoken (to that too with `token_needs_trust`);
`secret_errcode` is what a wrong secret gets (40001, or 40091); `faults` is trouble on demand. `guessed` are
error codes without a published source. A guess, too: secrets of contacts and application do not serve each other.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from redprop_bot.channels.crypto import Cipher
from redprop_bot.ports import Channel, Clock
from redprop_bot.simulated import browser, cards
from redprop_bot.simulated.application import Application
from redprop_bot.simulated.corp import Corp
from redprop_bot.simulated.desk import Card, Desk
from redprop_bot.simulated.ledger import Ledger
from redprop_bot.simulated.letters import Seal, verification
from redprop_bot.simulated.official import callback_key
from redprop_bot.simulated.phone import Outcome, Phones
from redprop_bot.simulated.robots import RobotTwin
from redprop_bot.simulated.server import ApiError, ApiServer, Handler, Payload, Tokens, payload_in

_MEDIA_LIFE = timedelta(days=3)
_CODE_LIFE = timedelta(minutes=5)
_CONTACTS_ONLY = frozenset({"user/list_id"})
_MEDIA = frozenset({"image", "voice", "video", "file"})


class WorkTwin(ApiServer):
    """The platform of members; `members` limits who exists, None lets every userid exist."""

    token_api, token_method = "gettoken", "GET"

    def __init__(self, clock: Clock, ledger: Ledger, members: Iterable[str] | None) -> None:
        super().__init__(clock)
        self.corp_id, self.secret = "ww" + secrets.token_hex(8), secrets.token_urlsafe(32)
        self.contacts_secret, self.contacts_tokens = secrets.token_urlsafe(32), Tokens(clock)
        self.agent_id = 1000002
        self.token, self.aes_key = secrets.token_hex(12), callback_key()
        self.trusted, self.token_needs_trust, self.secret_errcode = True, False, 40001
        self.application = Application(self.agent_id)
        self._clock, self._ledger = clock, ledger
        self._seal = Seal(self.token, Cipher(self.aes_key, self.corp_id), "work")
        self._born: dict[str, datetime] = {}  # of media
        self._visits: dict[str, tuple[datetime, dict[str, Any]]] = {}
        self.phones = Phones(Channel.WORK, self.corp_id, self._seal, clock=clock, ledger=ledger)
        self.corp = Corp(self.phones, open_door=members is None)
        self.corp.enrol(members or ())
        self.desk = Desk(clock, ledger, self.corp, self.agent_id, self._fresh)
        self.robots = RobotTwin(clock, ledger, self.keep, self._fresh)

    @property
    def menu(self) -> list[Any]:
        """The application's menu."""
        return self.application.menu

    @property
    def cards(self) -> dict[tuple[str, str], Card]:
        """Cards by (userid, task_id)."""
        return self.desk.cards

    async def verify(self) -> bool:
        """Ask the callback as the platform does when its address is saved; True when it answers the echostr."""
        query, echo = verification(self._seal, now=int(self._clock.now().timestamp()), encrypted=True)
        return await self.phones.courier.ask(query) == (200, echo.encode())

    # -- what a member does

    async def say(self, userid: str, text: str) -> Outcome:
        """Text to the application."""
        return await self._message(userid, "text", text, {"Content": text})

    async def image(self, userid: str, data: bytes) -> Outcome:
        """A picture; the account may fetch it by its media id."""
        media_id = self.keep(data)
        fields = {"PicUrl": f"https://wework.qpic.cn/{media_id}/0", "MediaId": media_id}
        return await self._message(userid, "image", "", fields, media_id=media_id)

    async def voice(self, userid: str, data: bytes) -> Outcome:
        """A voice message; WeCom hears no words in it."""
        media_id = self.keep(data)
        return await self._message(userid, "voice", "", {"MediaId": media_id, "Format": "amr"}, media_id=media_id)

    async def video(self, userid: str, data: bytes) -> Outcome:
        """A video."""
        media_id = self.keep(data)
        fields = {"MediaId": media_id, "ThumbMediaId": self.keep(data[:64])}
        return await self._message(userid, "video", "", fields, media_id=media_id)

    async def link(self, userid: str, title: str, url: str, description: str = "") -> Outcome:
        """Something shared."""
        fields = {"Title": title, "Description": description, "Url": url, "PicUrl": ""}
        return await self._message(userid, "link", title, fields, url=url)

    async def location(self, userid: str, latitude: float, longitude: float, label: str = "") -> Outcome:
        """A place chosen on the map."""
        place = {"Location_X": f"{latitude:.6f}", "Location_Y": f"{longitude:.6f}", "Scale": 16, "Label": label}
        fields = {**place, "AppType": "wxwork"}
        return await self._message(userid, "location", label, fields, latitude=latitude, longitude=longitude)

    async def _message(
        self, userid: str, kind: str, text: str, fields: Mapping[str, Any], **detail: Any
    ) -> Outcome:
        return await self.phones.message(userid, kind, text, {**fields, "AgentID": self.agent_id}, **detail)

    async def event(self, userid: str, event: str, **fields: Any) -> Outcome:
        """Any event of the application, such as subscribe, enter_agent or click."""
        self._ledger.write(Channel.WORK, userid, "person", "event", event, event=event.lower())
        return await self.phones.event(userid, event, {"EventKey": "", **fields, "AgentID": self.agent_id})

    async def tap(
        self, userid: str, task_id: str, key: str, selected: Mapping[str, list[str]] | None = None
    ) -> Outcome:
        """A button of a card on this member's phone; LookupError when there is no such button or option there."""
        card = self.cards[userid, task_id]
        texts, chosen = cards.keys(card.content), selected or {}
        if card.replaced or key not in texts:
            raise LookupError(f"no button {key} on card {task_id}")
        offered = cards.questions(card.content)
        if offered and any(set(ids) - offered.get(question, set()) for question, ids in chosen.items()):
            raise LookupError(f"no such option on card {task_id}")
        self._ledger.write(Channel.WORK, userid, "person", "tap", texts[key], task_id=task_id, key=key)
        # "OpitonIds" is the platform's own spelling.
        items = [{"QuestionKey": question, "OpitonIds": {"OpitonId": ids}} for question, ids in chosen.items()]
        fields = {
            "EventKey": key,
            "TaskId": task_id,
            "CardType": card.content["card_type"],
            "ResponseCode": self.desk.code(task_id),
            "AgentID": self.agent_id,
            "SelectedItems": {"SelectedItem": items},
        }
        return await self.phones.event(userid, "template_card_event", fields)

    def add_routes(self, app: web.Application) -> None:
        """OAuth."""
        app.router.add_get("/connect/oauth2/authorize", self._authorize)

    async def _authorize(self, request: web.Request) -> web.Response:
        return browser.authorize(request, self.corp_id, self.application.domain, self._visit_of)

    def _visit_of(self, phone: str) -> str:
        return self.visit(phone) if self.corp.has(phone) else self.visit(openid=phone)

    def visit(self, userid: str = "", *, openid: str = "") -> str:
        """An OAuth code, good once for five minutes, of a member or of somebody else."""
        code = secrets.token_urlsafe(24)
        person = {"userid": userid} if userid else {"openid": openid}
        self._visits[code] = self._clock.now(), person
        return code

    # -- the API

    def give_token(self, request: Payload) -> dict[str, Any]:
        """`gettoken`: one token per secret."""
        if not request.get("corpid"):
            raise ApiError(41002, "corpid missing")
        if request["corpid"] != self.corp_id:
            raise ApiError(40013, "invalid corpid")
        if not request.get("corpsecret"):
            raise ApiError(41004, "corpsecret missing")
        holders = {self.secret: self.tokens, self.contacts_secret: self.contacts_tokens}
        tokens = holders.get(request["corpsecret"])
        if tokens is None:
            raise ApiError(self.secret_errcode, "invalid credential")
        token, seconds = tokens.issue()
        return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": seconds}

    def handlers(self) -> Mapping[str, Handler]:
        """The POST APIs."""
        return {
            "message/send": self.desk.send,
            "message/update_template_card": self.desk.update,
            "message/recall": self.desk.recall,
            "appchat/create": self.desk.create_chat,
            "appchat/send": self.desk.send_to_chat,
        }

    def reading(self) -> Mapping[str, Handler]:
        """The GET APIs."""
        return {
            "auth/getuserinfo": self._visitor,
            "user/getuserinfo": self._visitor_of_old,
            "department/list": self.corp.departments,
            "user/simplelist": self.corp.members_in_short,
            "user/list": self.corp.members,
            "user/get": self.corp.member,
            **self.application.readers(),
            "getcallbackip": lambda _query: {"ip_list": ["127.0.0.1", "101.226.103.*"]},
        }

    def tail(self, errcode: int) -> str:
        """Hint, address and where to read on."""
        hint = secrets.randbelow(10**18)
        query = f"https://open.work.weixin.qq.com/devtool/query?e={errcode}"
        return f", hint: [{hint}], from ip: 127.0.0.1, more info at {query}"

    def keep(self, data: bytes) -> str:
        """Keep bytes for three days; their media id."""
        media_id = super().keep(data)
        self._born[media_id] = self._clock.now()
        return media_id

    def _fresh(self, media_id: str) -> bool:
        born = self._born.get(media_id)
        return born is not None and self._clock.now() - born < _MEDIA_LIFE

    def _download(self, request: web.Request) -> web.StreamResponse:
        self._check_address("media/get")
        if not self._fresh(request.query.get("media_id", "")):
            self.tokens.check(request.query.get("access_token", ""))
            raise ApiError(40007, "invalid media_id")
        return super()._download(request)

    def _check_address(self, api: str) -> None:
        if not self.trusted and (api != self.token_api or self.token_needs_trust):
            raise ApiError(60020, "not allow to access from your ip")

    async def _work(self, request: web.Request, api: str) -> dict[str, Any]:
        if api.startswith("webhook/"):
            return await self._robot(request, api)
        self._check_address(api)
        if read := self.reading().get(api):
            self._check(request, "GET", 43001)
            return {"errcode": 0, "errmsg": "ok", **read(dict(request.query))}
        if own := self._own().get(api):
            self._check(request, "POST", 43002, contacts=api in _CONTACTS_ONLY)
            return {"errcode": 0, "errmsg": "ok", **own(request, await _body(request))}
        if api in self.handlers():
            self._check(request, "POST", 43002)
        return await super()._work(request, api)

    def _own(self) -> Mapping[str, Callable[[web.Request, bytes], dict[str, Any]]]:
        """POST APIs with something beside JSON in the body."""
        return {
            "user/list_id": lambda _request, body: self.corp.page(payload_in(body)),
            "media/upload": self._upload,
            "menu/create": self._menu,
        }

    def _check(self, request: web.Request, method: str, errcode: int, *, contacts: bool = False) -> None:
        if request.method != method:
            raise ApiError(errcode, f"require {method} method")
        token = request.query.get("access_token", "")
        mine, other = (self.contacts_tokens, self.tokens) if contacts else (self.tokens, self.contacts_tokens)
        if other.knows(token):
            raise ApiError("foreign_secret", "api forbidden")
        mine.check(token)

    async def _robot(self, request: web.Request, api: str) -> dict[str, Any]:
        if request.method != "POST":
            raise ApiError(43002, "require POST method")
        key, body = request.query.get("key", ""), await _body(request)
        if api == "webhook/send":
            return self.robots.send(key, body)
        if api == "webhook/upload_media":
            return self.robots.upload(key, request.query.get("type", ""), _sized(body))
        raise ApiError("unknown_api", "invalid url")

    def _upload(self, request: web.Request, body: bytes) -> dict[str, Any]:
        kind = request.query.get("type", "")
        if kind not in _MEDIA:
            raise ApiError(40004, "invalid media type")
        created = str(int(self._clock.now().timestamp()))  # a text here, a number on the other platform
        return {"type": kind, "media_id": self.keep(_sized(body)), "created_at": created}

    def _menu(self, request: web.Request, body: bytes) -> dict[str, Any]:
        return self.application.create_menu(request.query.get("agentid"), payload_in(body))

    def _visitor(self, query: Payload) -> dict[str, Any]:
        born, person = self._visits.pop(query.get("code", ""), (None, {}))
        if born is None or self._clock.now() - born > _CODE_LIFE:
            raise ApiError(40029, "invalid code")
        return person

    def _visitor_of_old(self, query: Payload) -> dict[str, Any]:
        cased = {"userid": "UserId", "openid": "OpenId"}
        return {**{cased[name]: value for name, value in self._visitor(query).items()}, "DeviceId": ""}


async def _body(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    async for part in await request.multipart():
        if getattr(part, "name", "") == "media" and getattr(part, "filename", None):
            return bytes(await part.read())  # type: ignore[union-attr]
    raise ApiError("no_file", "media data missing")


def _sized(data: bytes) -> bytes:
    if len(data) <= 5:
        raise ApiError("small_file", "invalid media size")
    return data
