"""The WeCom platform: members' phones on one side, gettoken, message/send and update_template_card on the other.

Guesses, for want of a published source: the error codes for a used task_id and a used response_code (40058).
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from redprop_bot.channels.crypto import Cipher
from redprop_bot.ports import Channel, Clock
from redprop_bot.simulated.cards import judge
from redprop_bot.simulated.ledger import Ledger
from redprop_bot.simulated.letters import TEXT_BYTES, Seal, verification
from redprop_bot.simulated.official import callback_key
from redprop_bot.simulated.phone import Outcome, Phones
from redprop_bot.simulated.server import ApiError, ApiServer, Handler, Payload, need

_CODE_LIFE = timedelta(hours=72)


@dataclass(slots=True)
class Card:
    """A card on one member's phone; `replaced` is the text in place of its buttons."""

    content: Mapping[str, Any]
    replaced: str = ""


@dataclass(slots=True)
class _Code:
    task_id: str
    born: datetime
    used: bool = False


class WorkTwin(ApiServer):
    """The platform of members; `members` limits who exists, None lets every userid exist."""

    token_api, token_method = "gettoken", "GET"

    def __init__(self, clock: Clock, ledger: Ledger, members: Iterable[str] | None) -> None:
        super().__init__(clock)
        self.corp_id, self.secret = "ww" + secrets.token_hex(8), secrets.token_urlsafe(32)
        self.agent_id = 1000002
        self.token, self.aes_key = secrets.token_hex(12), callback_key()
        self.members = None if members is None else set(members)
        self.cards: dict[tuple[str, str], Card] = {}  # (userid, task_id)
        self._task_ids: set[str] = set()
        self._codes: dict[str, _Code] = {}
        self._clock, self._ledger = clock, ledger
        self._seal = Seal(self.token, Cipher(self.aes_key, self.corp_id), "work")
        self.phones = Phones(Channel.WORK, self.corp_id, self._seal, clock=clock, ledger=ledger)

    async def verify(self) -> bool:
        """Ask the callback as the platform does when its address is saved; True when it answers the echostr."""
        query, echo = verification(self._seal, now=int(self._clock.now().timestamp()), encrypted=True)
        return await self.phones.courier.ask(query) == (200, echo.encode())

    async def say(self, userid: str, text: str) -> Outcome:
        """Text to the application."""
        return await self.phones.message(userid, "text", text, {"Content": text, "AgentID": self.agent_id})

    async def image(self, userid: str, data: bytes) -> Outcome:
        """A picture; the account may fetch it by its media id."""
        media_id = self.keep(data)
        fields = {"PicUrl": f"https://wework.qpic.cn/{media_id}/0", "MediaId": media_id, "AgentID": self.agent_id}
        return await self.phones.message(userid, "image", "", fields, media_id=media_id)

    async def location(self, userid: str, latitude: float, longitude: float, label: str = "") -> Outcome:
        """A place chosen on the map."""
        place = {"Location_X": f"{latitude:.6f}", "Location_Y": f"{longitude:.6f}", "Scale": 16, "Label": label}
        fields = {**place, "AgentID": self.agent_id, "AppType": "wxwork"}
        return await self.phones.message(userid, "location", label, fields, latitude=latitude, longitude=longitude)

    async def event(self, userid: str, event: str, **fields: Any) -> Outcome:
        """Any event of the application, such as subscribe, enter_agent or click."""
        self._ledger.write(Channel.WORK, userid, "person", "event", event, event=event.lower())
        return await self.phones.event(userid, event, {"EventKey": "", **fields, "AgentID": self.agent_id})

    async def tap(
        self, userid: str, task_id: str, key: str, selected: Mapping[str, list[str]] | None = None
    ) -> Outcome:
        """A button of a card on this member's phone; LookupError when there is no such button (any more)."""
        card = self.cards[userid, task_id]
        texts = {button["key"]: button["text"] for button in card.content.get("button_list", ())}
        if card.replaced or key not in texts:
            raise LookupError(f"no button {key} on card {task_id}")
        self._ledger.write(Channel.WORK, userid, "person", "tap", texts[key], task_id=task_id, key=key)
        items = [
            {"QuestionKey": question, "OpitonIds": {"OpitonId": ids}} for question, ids in (selected or {}).items()
        ]
        fields = {
            "EventKey": key,
            "TaskId": task_id,
            "CardType": card.content["card_type"],
            "ResponseCode": self._code(task_id),
            "AgentID": self.agent_id,
            "SelectedItems": {"SelectedItem": items},
        }
        return await self.phones.event(userid, "template_card_event", fields)

    def give_token(self, request: Payload) -> dict[str, Any]:
        """`gettoken`."""
        if request.get("corpid") != self.corp_id:
            raise ApiError(40013, "invalid corpid")
        if request.get("corpsecret") != self.secret:
            raise ApiError(40001, "invalid credential")
        token, seconds = self.tokens.issue()
        return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": seconds}

    def handlers(self) -> Mapping[str, Handler]:
        """The APIs of this stage."""
        return {"message/send": self._send, "message/update_template_card": self._update}

    def tail(self, errcode: int) -> str:
        """Hint, address and where to read on."""
        hint = secrets.randbelow(10**18)
        query = f"https://open.work.weixin.qq.com/devtool/query?e={errcode}"
        return f", hint: [{hint}], from ip: 127.0.0.1, more info at {query}"

    def _send(self, payload: Payload) -> dict[str, Any]:
        self._check_agent(payload)
        named = need(payload, "touser", str, 82001).split("|")
        reached = [userid for userid in named if self._exists(userid)]
        if not reached:
            raise ApiError(81013, "user & party & tag all invalid")
        kind = need(payload, "msgtype", str, 40008)
        if kind == "text":
            self._show_text(reached, need(need(payload, "text", dict, 44004), "content", str, 44004))
            extra = {}
        elif kind == "template_card":
            extra = self._show_card(reached, need(payload, "template_card", dict, 44004))
        else:
            raise ApiError(40008, "invalid message type")
        missed = "|".join(userid.lower() for userid in named if userid not in reached)
        return {
            "invaliduser": missed,
            "invalidparty": "",
            "invalidtag": "",
            "msgid": secrets.token_urlsafe(40),
            **extra,
        }

    def _show_text(self, userids: list[str], content: str) -> None:
        shown = content.encode()[:TEXT_BYTES].decode(errors="ignore")
        for userid in userids:
            self._ledger.write(Channel.WORK, userid, "account", "text", shown)

    def _show_card(self, userids: list[str], card: Payload) -> dict[str, Any]:
        judge(card)
        task_id = str(card.get("task_id", ""))
        if task_id and task_id in self._task_ids:
            raise ApiError(40058, "task_id is used")
        self._task_ids.add(task_id)
        text = str(card.get("main_title", {}).get("title", ""))
        for userid in userids:
            self.cards[userid, task_id] = Card(card)
            self._ledger.write(Channel.WORK, userid, "account", "card", text, card=card, task_id=task_id)
        return {"response_code": self._code(task_id)} if card["card_type"] == "button_interaction" else {}

    def _update(self, payload: Payload) -> dict[str, Any]:
        self._check_agent(payload)
        userids = need(payload, "userids", list, 40058)
        text = str(need(need(payload, "button", dict, 40058), "replace_name", str, 40058))
        code = self._codes.get(need(payload, "response_code", str, 40058))
        if code is None or code.used or self._clock.now() - code.born > _CODE_LIFE:
            raise ApiError(40058, "response_code is unknown, used or older than 72 hours")
        code.used = True
        missed = [userid for userid in userids if (userid, code.task_id) not in self.cards]
        for userid in set(userids) - set(missed):
            self.cards[userid, code.task_id].replaced = text
            self._ledger.write(Channel.WORK, userid, "account", "card_update", text, task_id=code.task_id)
        return {"invaliduser": [userid.lower() for userid in missed]}

    def _check_agent(self, payload: Payload) -> None:
        if need(payload, "agentid", int, 40056) != self.agent_id:
            raise ApiError(40056, "invalid agentid")

    def _exists(self, userid: str) -> bool:
        return bool(userid) and (self.members is None or userid in self.members)

    def _code(self, task_id: str) -> str:
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(task_id, self._clock.now())
        return code
