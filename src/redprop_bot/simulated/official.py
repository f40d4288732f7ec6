"""The Official Account platform: residents' phones on one side, stable_token and custom/send on the other."""

import secrets
from collections.abc import Mapping
from typing import Any

from redprop_bot.channels.crypto import Cipher
from redprop_bot.ports import Channel, Clock
from redprop_bot.simulated.ledger import Ledger
from redprop_bot.simulated.letters import TEXT_BYTES, Fields, Seal, verification
from redprop_bot.simulated.phone import Outcome, Phones
from redprop_bot.simulated.quota import Quota
from redprop_bot.simulated.server import ApiError, ApiServer, Handler, Payload, need

PROMPT = "该公众号暂时无法提供服务，请稍后再试"


class OfficialTwin(ApiServer):
    """The platform of residents; persons exist from their first act, and may leave by `unsubscribe`."""

    token_api, token_method = "stable_token", "POST"

    def __init__(self, clock: Clock, ledger: Ledger, mode: str) -> None:
        super().__init__(clock)
        self.app_id, self.secret = "wx" + secrets.token_hex(8), secrets.token_hex(16)
        self.token, self.aes_key = secrets.token_hex(12), callback_key()
        self.account = "gh_" + secrets.token_hex(6)
        self.followers: set[str] = set()
        self.known: set[str] = set()  # followers and those who left
        self._clock, self._ledger = clock, ledger
        self._quota = Quota(clock)
        self._seal = Seal(self.token, Cipher(self.aes_key, self.app_id), mode)
        self.phones = Phones(Channel.OA, self.account, self._seal, clock=clock, ledger=ledger, prompt=PROMPT)

    async def verify(self) -> bool:
        """Ask the callback as the platform does when its address is saved; True when it answers the echostr."""
        query, echo = verification(self._seal, now=int(self._clock.now().timestamp()), encrypted=False)
        return await self.phones.courier.ask(query) == (200, echo.encode())

    async def say(self, openid: str, text: str, menu_item: str = "") -> Outcome:
        """Text, typed or by tapping an option of a menu message."""
        self._acted(openid, "tap" if menu_item else "message")
        tapped = {"bizmsgmenuid": menu_item} if menu_item else {}
        return await self.phones.message(openid, "text", text, {"Content": text, **tapped})

    async def image(self, openid: str, data: bytes) -> Outcome:
        """A picture; the account may fetch it by its media id."""
        media_id = self.keep(data)
        self._acted(openid, "message")
        fields = {"PicUrl": f"http://mmbiz.qpic.cn/mmbiz_jpg/{media_id}/0", "MediaId": media_id}
        return await self.phones.message(openid, "image", "", fields, media_id=media_id)

    async def voice(self, openid: str, data: bytes, recognition: str | None = None) -> Outcome:
        """A voice message; `recognition` where the account has it switched on."""
        media_id = self.keep(data)
        self._acted(openid, "message")
        heard = {} if recognition is None else {"Recognition": recognition}
        fields = {"MediaId": media_id, "Format": "amr", **heard}
        return await self.phones.message(openid, "voice", recognition or "", fields, media_id=media_id)

    async def location(self, openid: str, latitude: float, longitude: float, label: str = "") -> Outcome:
        """A place chosen on the map."""
        self._acted(openid, "message")
        fields = {"Location_X": f"{latitude:.6f}", "Location_Y": f"{longitude:.6f}", "Scale": 16, "Label": label}
        return await self.phones.message(openid, "location", label, fields, latitude=latitude, longitude=longitude)

    async def subscribe(self, openid: str, scene: str = "") -> Outcome:
        """Follow the account, by search or by a code with a scene."""
        self._acted(openid, "tap")
        scanned = {"EventKey": f"qrscene_{scene}", "Ticket": secrets.token_hex(24)} if scene else {"EventKey": ""}
        return await self._event(openid, "subscribe", scanned, f"关注 {scene}".strip())

    async def unsubscribe(self, openid: str) -> Outcome:
        """Leave; nothing can be sent any more."""
        outcome = await self._event(openid, "unsubscribe", {"EventKey": ""}, "取消关注")
        self.followers.discard(openid)
        self._quota.close(openid)
        return outcome

    async def scan(self, openid: str, scene: str) -> Outcome:
        """Scan a code; who does not follow yet follows by it."""
        if openid not in self.followers:
            return await self.subscribe(openid, scene)
        self._acted(openid, "tap")
        fields = {"EventKey": scene, "Ticket": secrets.token_hex(24)}
        return await self._event(openid, "SCAN", fields, f"扫码 {scene}")

    async def click(self, openid: str, key: str) -> Outcome:
        """Tap a button of the account's menu."""
        self._acted(openid, "tap")
        return await self._event(openid, "CLICK", {"EventKey": key}, key)

    async def _event(self, openid: str, event: str, fields: Fields, text: str) -> Outcome:
        self._ledger.write(Channel.OA, openid, "person", "event", text, event=event.lower())
        return await self.phones.event(openid, event, fields)

    def _acted(self, openid: str, kind: Any) -> None:
        self.followers.add(openid)
        self.known.add(openid)
        self._quota.open(openid, kind)

    def give_token(self, request: Payload) -> dict[str, Any]:
        """`stable_token`."""
        if request.get("grant_type") != "client_credential":
            raise ApiError(40002, "invalid grant_type")
        if request.get("appid") != self.app_id:
            raise ApiError(40013, "invalid appid")
        if request.get("secret") != self.secret:
            raise ApiError(40125, "invalid appsecret")
        token, seconds = self.tokens.issue()
        return {"access_token": token, "expires_in": seconds}

    def handlers(self) -> Mapping[str, Handler]:
        """The APIs of this stage."""
        return {"message/custom/send": self._custom_send}

    def tail(self, errcode: int) -> str:  # noqa: ARG002 - the other platform needs it
        """The request id, whose first group is the time."""
        return f" rid: {int(self._clock.now().timestamp()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"

    def _custom_send(self, payload: Payload) -> dict[str, Any]:
        openid = need(payload, "touser", str, 40003)
        if openid not in self.known:
            raise ApiError(40003, "invalid openid")
        kind = need(payload, "msgtype", str, 40008)
        content = need(payload, kind, dict, 44004) if kind in {"text", "msgmenu"} else _unknown(kind)
        text, detail = _text(content) if kind == "text" else _menu(content)
        self._quota.spend(openid)
        self._ledger.write(Channel.OA, openid, "account", "menu" if detail else "text", text, **detail)
        return {}


def _text(content: Payload) -> tuple[str, dict[str, Any]]:
    text = str(need(content, "content", str, 44004))
    if len(text.encode()) > TEXT_BYTES:
        raise ApiError(45002, "content size out of limit")
    return text, {}


def _menu(content: Payload) -> tuple[str, dict[str, Any]]:
    options = need(content, "list", list, 44004)
    for option in options:
        need(option, "id", str, 40035)
        need(option, "content", str, 44004)
    return str(content.get("head_content", "")), {"options": options, "tail": str(content.get("tail_content", ""))}


def _unknown(kind: str) -> dict[str, Any]:
    raise ApiError(40008, f"invalid message type {kind}")


def callback_key() -> str:
    """A fresh EncodingAESKey: 43 letters and digits."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(secrets.choice(letters) for _ in range(43))
