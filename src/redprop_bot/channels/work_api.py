"""Every call to WeCom that an application makes, typed: sending, changing and recalling, media, chats, menu.

    api = WorkApi(settings, session, store=tokens)
    sent = await api.send(work_messages.text("…"), Receivers(users=["limgr"]))   # sent.missed: who got nothing
    await api.update_card(code, ["limgr"], "李经理已接单")

What is repeated and what is not stands in `client`: no send is, unless the platform said that it did nothing. All
raise PlatformError. Reading the
directory and knowing a visitor is `work_directory`; robots of groups are `robots`: they need no application.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal

import aiohttp

from redprop_bot.channels import work_cards
from redprop_bot.channels.client import Answer, File, Media, TokenClient, Wire, text_in, token_in
from redprop_bot.channels.patience import Patience, Stops, StopStore
from redprop_bot.channels.sealed import sealed
from redprop_bot.channels.tokens import TokenManager, TokenStore
from redprop_bot.channels.work_directory import Agent, Directory, authorize_url
from redprop_bot.channels.work_messages import Message, Receivers, check_userid
from redprop_bot.errors import ContentRefused, PlatformBusy, PlatformRefused
from redprop_bot.ports import Clock, SystemClock
from redprop_bot.settings import WorkSettings

NO_MENU: Final = 46003

MediaKind = Literal["image", "voice", "video", "file"]

LARGEST: Final[Mapping[str, int]] = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}
"""Bytes that the platform takes of each kind; at least five."""

LONGEST_CHECK: Final = timedelta(hours=4)
_SMALLEST = 5
_CHAT_KINDS = frozenset({"text", "image", "voice", "video", "file", "textcard", "news", "markdown"})


@dataclass(frozen=True, slots=True)
class Sent:
    """What a send came to. `missed` are userids in lower case, as the platform gives them back.

    `unlicensed` are those whom the corp has no licence for; both kinds got nothing.
    """

    msgid: str = ""
    response_code: str = ""
    missed: frozenset[str] = frozenset()
    missed_parties: frozenset[str] = frozenset()
    missed_tags: frozenset[str] = frozenset()
    unlicensed: frozenset[str] = frozenset()

    def why_not(self, userid: str) -> str:
        """The platform's word for why this person got nothing; empty when they got it."""
        if userid.lower() in self.missed:
            return "invaliduser"
        return "unlicenseduser" if userid.lower() in self.unlicensed else ""


def token_name(settings: WorkSettings) -> str:
    """Under which name the token is shared. WeCom gives one token per secret: that of the contacts is another.

    Only a mark of the secret stands in it, which tells two apart and nothing else.
    """
    mark = hashlib.blake2b(settings.secret.get_secret_value().encode(), digest_size=4, person=b"token name")
    return f"work:{settings.corp_id}:{settings.agent_id}:{mark.hexdigest()}"


class WorkApi:
    """The API of one WeCom application."""

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
        clock = clock or SystemClock()
        self._corp_id, self._agent = settings.corp_id, settings.agent_id
        self._secret, self._authorize = settings.secret.get_secret_value(), settings.authorize_base
        account = f"work:{settings.corp_id}:{settings.agent_id}"
        # WeCom blocks for a minute, an hour or a day and does not say which.
        halted = Stops(clock, daily=False, account=account, shared=stops)
        self._wire = Wire(session, settings.api_base, patience=patience, stops=halted)
        tokens = TokenManager(token_name(settings), self._fetch, clock, sealed(store, self._secret))
        self._client = TokenClient(self._wire, tokens, self._secret)
        self.directory = Directory(self._client)

    # -- messages

    async def send(
        self,
        message: Message,
        to: Receivers,
        *,
        once_within: timedelta | None = None,
        confidential: bool = False,
    ) -> Sent:
        """Send; errcode 0 may still have missed some, or all, of the receivers.

        `once_within` (at most 4 hours) lets the platform drop the same words to the same people when they come
        again: a repeat whose first answer was lost is then not shown twice. Above 30 messages a minute to one
        member it drops without a word: see `rules.frequency`.
        """
        payload = {"agentid": self._agent, **to.payload(), **message.payload()}
        if confidential:
            payload["safe"] = 1
        if once_within is not None:
            seconds = int(min(once_within, LONGEST_CHECK).total_seconds())
            payload |= {"enable_duplicate_check": 1, "duplicate_check_interval": seconds}
        return _sent(await self._client.post("message/send", payload))

    async def update_card(
        self, response_code: str, userids: Sequence[str], put: str | Mapping[str, Any], *, replaced: str = ""
    ) -> frozenset[str]:
        """Change a card once, within 72 hours; returns whom it missed, in lower case.

        `put` is the text in place of the buttons, or a whole card; `replaced` is the text of its button then.
        """
        api = "message/update_template_card"
        for userid in userids:
            check_userid(api, userid)
        if not response_code or not userids:
            raise ContentRefused(api, None, "no response_code" if userids else "no receiver")
        payload: dict[str, Any] = {
            "userids": list(userids),
            "agentid": self._agent,
            "response_code": response_code,
        }
        if isinstance(put, str):
            if not put.strip():
                raise ContentRefused(api, None, "replace_name: empty")
            payload["button"] = {"replace_name": put}
        else:
            if wrong := work_cards.wrong(put):
                raise ContentRefused(api, None, f"template_card: {wrong}")
            payload["template_card"] = {**put, "replace_text": replaced} if replaced else dict(put)
        return names(await self._client.post(api, payload), "invaliduser")

    async def recall(self, msgid: str) -> None:
        """Take a message back, within 24 hours; it goes from WeCom, not from WeChat."""
        if not msgid:
            raise ContentRefused("message/recall", None, "no msgid")
        await self._client.post("message/recall", {"msgid": msgid}, again=True)

    # -- media

    async def upload(self, kind: MediaKind, file: File) -> str:
        """Bring a file; its media id is good for three days."""
        api = "media/upload"
        check_file(api, kind, file)
        return media_id_in(api, await self._client.upload(api, file, type=kind))

    async def media(self, media_id: str) -> Media:
        """What a member sent, by its id, within three days."""
        return await self._client.download("media/get", media_id=media_id)

    # -- chats, menu, addresses

    async def create_chat(self, name: str, members: Sequence[str], *, owner: str = "", chat_id: str = "") -> str:
        """A group of 2 to 2 000 members, at most 1 000 a day; its chat id. No other application writes in it."""
        api = "appchat/create"
        if not 2 <= len(set(members)) <= 2000 or (owner and owner not in members):
            raise ContentRefused(api, None, "2 to 2000 members, the owner among them")
        if chat_id and not (chat_id.isascii() and chat_id.isalnum() and len(chat_id) <= 32):
            raise ContentRefused(api, None, "chatid: at most 32 letters and digits")
        for userid in members:
            check_userid(api, userid)
        payload = {"name": name, "owner": owner, "userlist": list(members), "chatid": chat_id}
        answer = await self._client.post(api, {field: value for field, value in payload.items() if value})
        return text_in(api, answer, "chatid")

    async def send_to_chat(self, chat_id: str, message: Message) -> None:
        """Write in a group that this application made; no cards with buttons there."""
        api = "appchat/send"
        if message.kind not in _CHAT_KINDS or not chat_id:
            raise ContentRefused(api, None, f"no {message.kind} in a group" if chat_id else "no chatid")
        await self._client.post(api, {"chatid": chat_id, **message.payload()})

    async def create_menu(self, buttons: Sequence[Mapping[str, Any]]) -> None:
        """Put the application's menu in place of the one before: 3 entries of 5, as the platform words them."""
        api = "menu/create"
        if not 1 <= len(buttons) <= 3 or any(len(button.get("sub_button", ())) > 5 for button in buttons):
            raise ContentRefused(api, None, "1 to 3 entries with at most 5 below each")
        await self._client.post(api, {"button": list(buttons)}, again=True, agentid=str(self._agent))

    async def menu(self) -> list[Mapping[str, Any]]:
        """The buttons that the application has; none when there is no menu."""
        api = "menu/get"
        try:
            buttons = (await self._client.get(api, agentid=str(self._agent))).get("button")
        except PlatformRefused as error:
            if error.errcode == NO_MENU:
                return []
            raise
        if not isinstance(buttons, list):
            raise PlatformBusy(api, None, "answer without a menu")
        return buttons

    async def agent(self) -> Agent:
        """The application itself."""
        return await self.directory.agent(self._agent)

    def authorize_url(self, redirect: str, state: str) -> str:
        """Where a browser goes to come back with a code for `directory.visitor`."""
        return authorize_url(self._authorize, self._corp_id, self._agent, redirect, state)

    async def callback_addresses(self) -> list[str]:
        """From where the platform calls; may end in `*`. To be asked once a day."""
        api = "getcallbackip"
        found = (await self._client.get(api)).get("ip_list")
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise PlatformBusy(api, None, "answer without ip_list")
        return found

    async def _fetch(self) -> tuple[str, int]:
        api = "gettoken"
        answer = await self._wire.get(api, secrets=(self._secret,), corpid=self._corp_id, corpsecret=self._secret)
        return token_in(api, answer)


def names(answer: Answer, field: str) -> frozenset[str]:
    """Whom an answer names, in lower case: a list here, a text with `|` there, and empty either way."""
    value = answer.get(field) or ""
    named = value.split("|") if isinstance(value, str) else value if isinstance(value, list) else [value]
    return frozenset(str(one).lower() for one in named if one != "")


def _sent(answer: Answer) -> Sent:
    return Sent(
        msgid=str(answer.get("msgid", "")),
        response_code=str(answer.get("response_code", "")),
        missed=names(answer, "invaliduser"),
        missed_parties=names(answer, "invalidparty"),
        missed_tags=names(answer, "invalidtag"),
        unlicensed=names(answer, "unlicenseduser"),
    )


def check_file(api: str, kind: str, file: File) -> None:
    """ContentRefused for what the platform would not take: size, kind, a name that breaks its header."""
    most = LARGEST.get(kind)
    if most is None:
        raise ContentRefused(api, None, f"no media of type {kind}")
    if not _SMALLEST < len(file.data) <= most:
        raise ContentRefused(api, None, f"{kind}: {_SMALLEST + 1} to {most} bytes")
    if not file.name or len(file.name) > 128 or not file.name.isprintable() or set(file.name) & set('/\\"'):
        raise ContentRefused(api, None, "file name: 1 to 128 characters without / and quotes")


def media_id_in(api: str, answer: Answer) -> str:
    """The id of what was uploaded; `created_at` is a text here and a number there, and not needed."""
    return text_in(api, answer, "media_id")
