"""The Official Account's API: one object per account and process, so that its tokens and its stops are shared.

Every method raises PlatformError and nothing else. What is sent is built in `oa_messages` and `oa_account`; how a
call is made, repeated and given up stands in `client`. When to send what is not known here.
"""

import secrets as random
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from redprop_bot.channels import oa_account, oa_messages
from redprop_bot.channels.client import Answer, File, Media, TokenClient, Wire, text_in, token_in
from redprop_bot.channels.oa_account import (
    Code,
    Follower,
    Followers,
    Person,
    Publication,
    Quota,
    TemplateFound,
)
from redprop_bot.channels.patience import Patience, Stops, StopStore
from redprop_bot.channels.sealed import sealed
from redprop_bot.channels.tokens import TokenManager, TokenStore
from redprop_bot.errors import ContentRefused, PlatformBusy
from redprop_bot.ports import Clock, SystemClock
from redprop_bot.settings import OfficialAccountSettings

_MEDIA_BYTES: Mapping[str, int] = {
    "image": 10 * 1024 * 1024,
    "voice": 2 * 1024 * 1024,
    "video": 10 * 1024 * 1024,
    "thumb": 64 * 1024,
}
_PUBLISHED, _PUBLISHING = 0, 1


class OfficialAccountApi:
    """Calls for one account. Texts and ids go in as they are; openids identify persons of this account only."""

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
        self.app_id, self._secret = settings.app_id, settings.secret.get_secret_value()
        self._authorize = settings.authorize_base + oa_account.AUTHORIZE_PATH
        self._clock, shared = clock or SystemClock(), sealed(store, self._secret)
        account = f"oa:{self.app_id}"
        halted = Stops(self._clock, account=account, shared=stops)
        self._wire = Wire(session, settings.api_base, patience=patience, stops=halted)
        tokens = TokenManager(account, self._fetch_token, self._clock, shared)
        self._client = TokenClient(self._wire, tokens, self._secret)
        self._tickets = TokenManager(f"{account}:jsapi", self._fetch_ticket, self._clock, shared)

    # -- messages

    async def send(
        self, openid: str, body: Mapping[str, Any], *, kf_account: str = "", ai: bool | None = None
    ) -> None:
        """A customer-service message, its body from `oa_messages`; the platform gives no id."""
        whole = oa_messages.custom(openid, body, kf_account=kf_account, ai=ai)
        await self._client.post(oa_messages.CUSTOM, whole)

    async def typing(self, openid: str, *, on: bool = True) -> None:
        """Show that an answer is being written, or no more."""
        command = "Typing" if on else "CancelTyping"
        await self._client.post("message/custom/typing", {"touser": openid, "command": command}, again=True)

    async def send_template(self, openid: str, template_id: str, data: Mapping[str, str], **more: Any) -> str:
        """A template message; its id, under which the outcome is told later. more: as `oa_messages.template`."""
        whole = oa_messages.template(openid, template_id, data, **more)
        # With an id of ours the platform itself sees to it that a repeated call sends nothing.
        again = "client_msg_id" in whole
        return str((await self._client.post(oa_messages.TEMPLATE, whole, again=again)).get("msgid", ""))

    async def send_subscription(self, openid: str, template_id: str, data: Mapping[str, str], **more: Any) -> None:
        """A subscription notice; it takes one grant. more: as `oa_messages.subscription`."""
        await self._client.post(oa_messages.SUBSCRIBE, oa_messages.subscription(openid, template_id, data, **more))

    # -- what the account owns

    async def create_menu(self, buttons: Sequence[Mapping[str, Any]]) -> None:
        """Put the menu in place of the one before."""
        await self._client.post(oa_account.MENU, oa_account.menu(buttons), again=True)

    async def menu(self) -> list[Mapping[str, Any]]:
        """The buttons that the account has; PlatformRefused 46003 when there is no menu."""
        api = "menu/get"
        menu = (await self._client.get(api)).get("menu")
        buttons = menu.get("button") if isinstance(menu, dict) else None
        if not isinstance(buttons, list):
            raise PlatformBusy(api, None, "answer without a menu")
        return buttons

    async def delete_menu(self) -> None:
        """No menu any more."""
        await self._client.get("menu/delete")

    async def templates(self) -> list[TemplateFound]:
        """The templates for template messages."""
        api = "template/get_all_private_template"
        return oa_account.templates_in(_rows(api, await self._client.get(api), "template_list"), "template_id")

    async def notices(self) -> list[TemplateFound]:
        """The templates for subscription notices."""
        api = "/wxaapi/newtmpl/gettemplate"
        return oa_account.templates_in(_rows(api, await self._client.get(api), "data"), "priTmplId")

    async def code(self, scene: int | str, seconds: int | None = None) -> Code:
        """A QR code with a scene; seconds: None for ever (of these there are 100 000 in all)."""
        api = oa_account.QRCODE
        answer = await self._client.post(api, oa_account.code(scene, seconds), again=True)
        return Code(text_in(api, answer, "ticket"), str(answer.get("url", "")), seconds or 0)

    async def upload(self, kind: str, file: File) -> str:
        """Keep a file of kind image, voice, video or thumb for three days; its media id."""
        api = "media/upload"
        _fitting(api, kind, file)
        answer = await self._client.upload(api, file, type=kind)
        return text_in(api, answer, "media_id" if "media_id" in answer else "thumb_media_id")

    async def keep(self, kind: str, file: File) -> str:
        """Keep a file for good, as the pictures of articles must be; its media id. An account has few thousand."""
        api = "material/add_material"
        _fitting(api, kind, file)
        return text_in(api, await self._client.upload(api, file, type=kind), "media_id")

    async def media(self, media_id: str) -> Media:
        """What a person sent, by its id, within three days; a video named by its address is fetched from there."""
        return await self._client.download("media/get", media_id=media_id)

    # -- persons

    def authorize_url(self, redirect: str, state: str) -> str:
        """Where a browser goes to come back with a code, without a question to the person."""
        return oa_account.authorize_url(self.app_id, redirect, state, address=self._authorize)

    async def person(self, code: str) -> Person:
        """Who came back from `authorize_url` with this code: good once, for five minutes."""
        api = "/sns/oauth2/access_token"
        query = {"appid": self.app_id, "secret": self._secret, "code": code, "grant_type": "authorization_code"}
        # Not repeated: where the answer was lost the code is used up.
        answer = await self._wire.get(api, secrets=(self._secret, code), again=False, **query)
        return Person(
            openid=text_in(api, answer, "openid"),
            scope=str(answer.get("scope", "")),
            unionid=str(answer.get("unionid") or ""),
            snapshot=answer.get("is_snapshotuser") in {1, "1"},
        )

    async def follower(self, openid: str) -> Follower:
        """Whether a person follows, since when and by which code."""
        answer = await self._client.get("user/info", openid=openid, lang="zh_CN")
        return Follower(
            openid=text_in("user/info", answer, "openid"),
            following=answer.get("subscribe") in {1, "1"},
            since=_int(answer, "subscribe_time"),
            unionid=str(answer.get("unionid") or ""),
            came_by=str(answer.get("subscribe_scene") or ""),
            scene=str(answer.get("qr_scene_str") or answer.get("qr_scene") or ""),
        )

    async def followers(self, after: str = "") -> Followers:
        """Up to 10 000 openids after one."""
        answer = await self._client.get("user/get", next_openid=after)
        data = answer.get("data")
        listed = data.get("openid") if isinstance(data, dict) else None
        openids = tuple(str(openid) for openid in listed) if isinstance(listed, list) else ()
        after = str(answer.get("next_openid") or "") if openids else ""
        return Followers(_int(answer, "total"), openids, after)

    # -- pages

    async def page_config(self, url: str) -> dict[str, Any]:
        """appId, timestamp, nonceStr and signature for `wx.config` on the page with this address."""
        nonce, now = random.token_hex(8), int(self._clock.now().timestamp())
        signature = oa_account.page_signature(await self._tickets.token(), nonce, now, url)
        return {"appId": self.app_id, "timestamp": now, "nonceStr": nonce, "signature": signature}

    # -- publishing

    async def draft(self, articles: Sequence[Mapping[str, Any]]) -> str:
        """Put articles (from `oa_account.article`) among the drafts; the draft's media id."""
        if not 1 <= len(articles) <= 8:
            raise ContentRefused(oa_account.DRAFT, 45008, "1 to 8 articles")
        answer = await self._client.post(oa_account.DRAFT, {"articles": list(articles)})
        return text_in(oa_account.DRAFT, answer, "media_id")

    async def publish(self, draft: str) -> str:
        """Publish a draft; the job's id. Followers are not told by it."""
        api = "freepublish/submit"
        return text_in(api, await self._client.post(api, {"media_id": draft}), "publish_id")

    async def publication(self, publish_id: str) -> Publication:
        """How the job stands."""
        answer = await self._client.post("freepublish/get", {"publish_id": publish_id}, again=True)
        status, detail = _int(answer, "publish_status", -1), answer.get("article_detail")
        items = detail.get("item") if isinstance(detail, dict) else None
        found = items if isinstance(items, list) else []
        urls = tuple(str(item.get("article_url", "")) for item in found if isinstance(item, dict))
        state = {_PUBLISHED: "done", _PUBLISHING: "going"}.get(status, "failed")
        return Publication(state, str(answer.get("article_id") or ""), urls)

    # -- the account itself

    async def callback_addresses(self) -> list[str]:
        """From where the platform calls."""
        api = "getcallbackip"
        return [str(one) for one in _rows(api, await self._client.get(api), "ip_list")]

    async def quota(self, api: str) -> Quota:
        """How often an API was called today and may be; api: as in the address, `message/custom/send`."""
        path = "openapi/quota/get"
        answer = await self._client.post(path, {"cgi_path": f"/cgi-bin/{api}"}, again=True)
        found = answer.get("quota")
        if not isinstance(found, dict):
            raise PlatformBusy(path, None, "answer without a quota")
        return Quota(_int(found, "daily_limit"), _int(found, "used"), _int(found, "remain"))

    async def _fetch_token(self) -> tuple[str, int]:
        # The stable kind: fetching it takes nothing from other processes that hold it.
        api = "stable_token"
        payload = {"grant_type": "client_credential", "appid": self.app_id, "secret": self._secret}
        return token_in(api, await self._wire.post(api, payload, secrets=(self._secret,), again=True))

    async def _fetch_ticket(self) -> tuple[str, int]:
        api = "ticket/getticket"
        return token_in(api, await self._client.get(api, type="jsapi"), "ticket")


def _fitting(api: str, kind: str, file: File) -> None:
    most = _MEDIA_BYTES.get(kind, 0)
    if not file.data or len(file.data) > most:
        raise ContentRefused(api, 45001, f"{kind} of 1 to {most} bytes")


def _rows(api: str, answer: Answer, name: str) -> list[Any]:
    rows = answer.get(name)
    if not isinstance(rows, list):
        raise PlatformBusy(api, None, f"answer without {name}")
    return rows


def _int(answer: Answer, name: str, default: int = 0) -> int:
    value = answer.get(name, default)
    return value if isinstance(value, int) else default
