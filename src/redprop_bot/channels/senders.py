"""The two implementations of `ports.Sender`, on one aiohttp session that belongs to the process.

One call of `send` is one message at most: nothing is repeated here except where the platform itself said that it
did nothing (a stale token, errcode -1). Repeating, order and budgets belong to the outbox.
"""

import re
from collections.abc import Mapping
from typing import Any

import aiohttp

from redprop_bot.channels import cards, oa_messages
from redprop_bot.channels.client import Answer, Media, TokenClient, Wire, token_in
from redprop_bot.channels.oa_api import OfficialAccountApi
from redprop_bot.channels.patience import Patience, Stops
from redprop_bot.channels.sealed import sealed
from redprop_bot.channels.texts import PASSIVE_BYTES, cut_bytes, cut_chars, harmless
from redprop_bot.channels.tokens import TokenManager, TokenStore
from redprop_bot.errors import PlatformRefused
from redprop_bot.ports import Clock, Form, Outbound, Receipt, SystemClock
from redprop_bot.settings import OfficialAccountSettings, WorkSettings

_USER_ID = re.compile(r"[A-Za-z0-9._@-]{1,64}")  # no "|", which separates receivers
_EVERYBODY = "@all"
_INVALID_USER = 81013
_REPLACED = 20  # characters of the text in place of the buttons


class OfficialAccountSender:
    """Customer-service messages to residents: TEXT and MENU."""

    def __init__(
        self,
        settings: OfficialAccountSettings,
        session: aiohttp.ClientSession,
        *,
        clock: Clock | None = None,
        store: TokenStore | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.api = OfficialAccountApi(settings, session, clock=clock, store=store, patience=patience)

    async def send(self, message: Outbound) -> Receipt:
        """Send now; the platform gives no message id."""
        await self.api.send(message.receiver, _custom(oa_messages.CUSTOM, message))
        return Receipt()

    async def media(self, media_id: str) -> Media:
        """What a person sent, by its id, within three days; raises PlatformError."""
        return await self.api.media(media_id)


class WorkSender:
    """Application messages to members: TEXT, CARD and CARD_UPDATE."""

    def __init__(
        self,
        settings: WorkSettings,
        session: aiohttp.ClientSession,
        *,
        clock: Clock | None = None,
        store: TokenStore | None = None,
        patience: Patience | None = None,
    ) -> None:
        clock = clock or SystemClock()
        self._corp_id, self._secret, self._agent = (
            settings.corp_id,
            settings.secret.get_secret_value(),
            settings.agent_id,
        )
        stops = Stops(clock, daily=False)  # WeCom blocks for a minute, an hour or a day and does not say which
        self._wire = Wire(session, settings.api_base, patience=patience, stops=stops)
        name = f"work:{settings.corp_id}:{settings.agent_id}"
        tokens = TokenManager(name, self._fetch, clock, sealed(store, self._secret))
        self._client = TokenClient(self._wire, tokens, self._secret)

    async def send(self, message: Outbound) -> Receipt:
        """Send now; a card with buttons gives a response_code, good for one update within 72 hours."""
        if message.form is Form.CARD_UPDATE:
            return await self._update(message)
        api = "message/send"
        _check_receiver(api, message.receiver)
        answer = await self._client.post(
            api, {"touser": message.receiver, "agentid": self._agent, **_application(api, message)}
        )
        _check_reached(api, message.receiver, answer)
        return Receipt(msgid=str(answer.get("msgid", "")), response_code=str(answer.get("response_code", "")))

    async def _update(self, message: Outbound) -> Receipt:
        api = "message/update_template_card"
        _check_receiver(api, message.receiver)
        code, text = message.payload["response_code"], message.payload["text"]
        if not code:
            raise PlatformRefused(api, None, "no response_code")
        button = {"replace_name": cut_chars(harmless(str(text)), _REPLACED)}
        answer = await self._client.post(
            api,
            {"userids": [message.receiver], "agentid": self._agent, "response_code": code, "button": button},
        )
        _check_reached(api, message.receiver, answer)
        return Receipt()

    async def media(self, media_id: str) -> Media:
        """What a person sent, by its id, within three days; raises PlatformError."""
        return await self._client.download("media/get", media_id=media_id)

    async def _fetch(self) -> tuple[str, int]:
        api = "gettoken"
        answer = await self._wire.get(api, secrets=(self._secret,), corpid=self._corp_id, corpsecret=self._secret)
        return token_in(api, answer)


def _custom(api: str, message: Outbound) -> dict[str, Any]:
    payload = message.payload
    if message.form is Form.TEXT:
        return {"msgtype": "text", "text": {"content": _content(api, payload["text"])}}
    if message.form is Form.MENU:
        return {"msgtype": "msgmenu", "msgmenu": _menu(payload)}
    raise PlatformRefused(api, None, f"no {message.form} on this channel")


def _menu(payload: Mapping[str, Any]) -> dict[str, Any]:
    options = [
        {"id": str(option["id"]), "content": harmless(str(option["text"]))} for option in payload["options"]
    ]
    return {
        "head_content": harmless(str(payload.get("head") or "")),
        "list": options,
        "tail_content": harmless(str(payload.get("tail") or "")),
    }


def _application(api: str, message: Outbound) -> dict[str, Any]:
    payload = message.payload
    if message.form is Form.TEXT:
        return {"msgtype": "text", "text": {"content": _content(api, payload["text"])}}
    if message.form is Form.CARD:
        if wrong := cards.fitting(payload):
            raise PlatformRefused(api, None, wrong)
        return cards.message(payload)
    raise PlatformRefused(api, None, f"no {message.form} on this channel")


def _content(api: str, text: Any) -> str:
    content = cut_bytes(harmless(str(text)), PASSIVE_BYTES)
    if not content.strip():
        raise PlatformRefused(api, None, "empty text")
    return content


def _check_receiver(api: str, receiver: str) -> None:
    if not _USER_ID.fullmatch(receiver) or receiver.lower() == _EVERYBODY:
        raise PlatformRefused(api, None, "receiver is not one userid")


def _check_reached(api: str, receiver: str, answer: Answer) -> None:
    # A send that reached nobody answers errcode 0 and names them, in lower case.
    for name in ("invaliduser", "unlicenseduser"):
        value = answer.get(name) or ""
        missed = value.split("|") if isinstance(value, str) else [str(userid) for userid in value]
        if receiver.lower() in map(str.lower, missed):
            raise PlatformRefused(api, _INVALID_USER, name)
