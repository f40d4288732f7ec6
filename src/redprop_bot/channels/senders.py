"""The two implementations of `ports.Sender`, on one aiohttp session that belongs to the process.

One call of `send` is one message at most: nothing is repeated here except where the platform itself said that it
did nothing (a stale token, errcode -1). Repeating, order and budgets belong to the outbox.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import aiohttp

from redprop_bot.channels import cards, oa_messages
from redprop_bot.channels.client import Media
from redprop_bot.channels.oa_api import OfficialAccountApi
from redprop_bot.channels.patience import Patience, StopStore
from redprop_bot.channels.texts import PASSIVE_BYTES, cut_bytes, cut_chars, harmless
from redprop_bot.channels.tokens import TokenStore
from redprop_bot.channels.work_api import WorkApi
from redprop_bot.channels.work_messages import Message, Receivers, check_userid
from redprop_bot.errors import PlatformRefused, Unreachable
from redprop_bot.ports import Clock, Form, Outbound, Receipt
from redprop_bot.settings import OfficialAccountSettings, WorkSettings

_SEND = "message/send"
INVALID_USER: Final = 81013
"""The errcode of a message that reached nobody, also where the platform says 0 and names them."""

SHOWN_ONCE: Final = timedelta(minutes=3)
"""The platform shows the same words to the same person once in so long: longer than the first repeats of the
outbox take after a lost answer, short enough that somebody who says the same again later is heard."""

_REPLACED = 20  # characters of the text in place of the buttons


class OfficialAccountSender:
    """Messages to residents: TEXT and MENU as customer-service messages, TEMPLATE, SUBSCRIPTION."""

    def __init__(
        self,
        settings: OfficialAccountSettings,
        session: aiohttp.ClientSession,
        *,
        clock: Clock | None = None,
        store: TokenStore | None = None,
        stops: StopStore | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.api = OfficialAccountApi(settings, session, clock=clock, store=store, stops=stops, patience=patience)

    async def send(self, message: Outbound) -> Receipt:
        """Send now; only a template message has an id."""
        payload = message.payload
        if message.form is Form.TEMPLATE:
            more = {"url": payload["url"], "client_id": payload["id"]}
            sent = await self.api.send_template(message.receiver, payload["template_id"], payload["data"], **more)
            return Receipt(msgid=sent)
        if message.form is Form.SUBSCRIPTION:
            await self.api.send_subscription(
                message.receiver, payload["template_id"], payload["data"], page=payload["url"]
            )
            return Receipt()
        await self.api.send(message.receiver, _custom(oa_messages.CUSTOM, message))
        return Receipt()

    async def media(self, media_id: str) -> Media:
        """What a person sent, by its id, within three days; raises PlatformError."""
        return await self.api.media(media_id)


class WorkSender:
    """Application messages to members: TEXT, CARD and CARD_UPDATE. `api` has all the other calls."""

    def __init__(
        self,
        settings: WorkSettings,
        session: aiohttp.ClientSession,
        *,
        clock: Clock | None = None,
        store: TokenStore | None = None,
        stops: StopStore | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.api = WorkApi(settings, session, clock=clock, store=store, stops=stops, patience=patience)

    async def send(self, message: Outbound) -> Receipt:
        """Send now; a card with buttons gives a response_code, good for one update within 72 hours."""
        if message.form is Form.CARD_UPDATE:
            return await self._update(message)
        check_userid(_SEND, message.receiver)
        said = _application(_SEND, message)
        # A card has a task id, which the platform takes once; words are told apart by nothing but themselves.
        once = SHOWN_ONCE if said.kind == "text" else None
        sent = await self.api.send(said, Receivers(users=[message.receiver]), once_within=once)
        if missed := sent.why_not(message.receiver):
            raise Unreachable(_SEND, INVALID_USER, missed)
        return Receipt(msgid=sent.msgid, response_code=sent.response_code)

    async def _update(self, message: Outbound) -> Receipt:
        code, text = str(message.payload["response_code"] or ""), message.payload["text"]
        put = cut_chars(harmless(str(text)), _REPLACED)
        missed = await self.api.update_card(code, [message.receiver], put)
        if message.receiver.lower() in missed:
            raise Unreachable("message/update_template_card", INVALID_USER, "invaliduser")
        return Receipt()

    async def media(self, media_id: str) -> Media:
        """What a person sent, by its id, within three days; raises PlatformError."""
        return await self.api.media(media_id)


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


def _application(api: str, message: Outbound) -> Message:
    payload = message.payload
    if message.form is Form.TEXT:
        return Message("text", {"content": _content(api, payload["text"])})
    if message.form is Form.CARD:
        if wrong := cards.fitting(payload):
            raise PlatformRefused(api, None, wrong)
        made = cards.message(payload)
        return Message(made["msgtype"], made[made["msgtype"]])
    raise PlatformRefused(api, None, f"no {message.form} on this channel")


def _content(api: str, text: Any) -> str:
    content = cut_bytes(harmless(str(text)), PASSIVE_BYTES)
    if not content.strip():
        raise PlatformRefused(api, None, "empty text")
    return content
