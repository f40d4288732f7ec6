"""What a resident does on the phone, as the Official Account platform tells the account of it."""

import secrets
from collections.abc import Mapping
from typing import Any

from redprop_bot.ports import Channel, Clock
from redprop_bot.simulated.ledger import Ledger
from redprop_bot.simulated.letters import Fields
from redprop_bot.simulated.oa_assets import Assets
from redprop_bot.simulated.oa_media import MediaStore
from redprop_bot.simulated.oa_persons import Persons
from redprop_bot.simulated.oa_sending import Sending
from redprop_bot.simulated.phone import Outcome, Phones
from redprop_bot.simulated.quota import Quota, Trigger


class ResidentActs:
    """The acts; the rest of the platform is given by who inherits."""

    phones: Phones
    sending: Sending
    assets: Assets
    files: MediaStore
    persons: Persons
    media: dict[str, bytes]
    names_items = True  # whether a tapped line of a menu message comes with its id: no published source says so
    sends_empty_key = True  # whether a plain follow has an empty EventKey: published samples disagree
    _clock: Clock
    _ledger: Ledger
    _quota: Quota

    async def say(self, openid: str, text: str, menu_item: str = "") -> Outcome:
        """Text, typed or by tapping an option of a menu message."""
        self._acted(openid, "menu" if menu_item else "message")
        tapped = {"bizmsgmenuid": menu_item} if menu_item and self.names_items else {}
        return await self.phones.message(openid, "text", text, {"Content": text, **tapped})

    async def image(self, openid: str, data: bytes) -> Outcome:
        """A picture; the account may fetch it by its media id."""
        media_id = self.keep(data)
        fields = {"PicUrl": f"http://mmbiz.qpic.cn/mmbiz_jpg/{media_id}/0", "MediaId": media_id}
        return await self._message(openid, "image", "", fields, media_id=media_id)

    async def voice(self, openid: str, data: bytes, recognition: str | None = None) -> Outcome:
        """A voice message; `recognition` where the account has it switched on."""
        media_id = self.keep(data, "voice")
        heard = {} if recognition is None else {"Recognition": recognition}
        fields = {"MediaId": media_id, "Format": "amr", **heard}
        return await self._message(openid, "voice", recognition or "", fields, media_id=media_id)

    async def video(self, openid: str, data: bytes, *, short: bool = False) -> Outcome:
        """A video, or a short one taken on the spot."""
        media_id = self.keep(data, "video")
        fields = {"MediaId": media_id, "ThumbMediaId": self.keep(b"\xff\xd8\xff thumb", "thumb")}
        return await self._message(openid, "shortvideo" if short else "video", "", fields, media_id=media_id)

    async def link(self, openid: str, title: str, url: str, description: str = "") -> Outcome:
        """A page passed on."""
        fields = {"Title": title, "Description": description, "Url": url}
        return await self._message(openid, "link", title, fields, url=url)

    async def location(self, openid: str, latitude: float, longitude: float, label: str = "") -> Outcome:
        """A place chosen on the map."""
        fields = {"Location_X": f"{latitude:.6f}", "Location_Y": f"{longitude:.6f}", "Scale": 16, "Label": label}
        return await self._message(openid, "location", label, fields, latitude=latitude, longitude=longitude)

    async def subscribe(self, openid: str, scene: str = "", ticket: str = "") -> Outcome:
        """Follow the account, by search or by a code with a scene."""
        self._acted(openid, "subscribe")
        self.assets.scenes[openid] = self._clock.now(), scene
        ticket = ticket or secrets.token_hex(24)
        plain = {"EventKey": ""} if self.sends_empty_key else {}
        scanned = {"EventKey": f"qrscene_{scene}", "Ticket": ticket} if scene else plain
        return await self._event(openid, "subscribe", scanned, f"关注 {scene}".strip())

    async def unsubscribe(self, openid: str) -> Outcome:
        """Leave; nothing can be sent any more."""
        outcome = await self._event(openid, "unsubscribe", {"EventKey": ""}, "取消关注")
        self.sending.left(openid)
        self._quota.close(openid)
        return outcome

    async def scan(self, openid: str, scene: str, ticket: str = "") -> Outcome:
        """Scan a code; who does not follow yet follows by it."""
        if openid not in self.persons.followers:
            return await self.subscribe(openid, scene, ticket)
        self._acted(openid, "scan")
        fields = {"EventKey": scene, "Ticket": ticket or secrets.token_hex(24)}
        return await self._event(openid, "SCAN", fields, f"扫码 {scene}")

    async def scan_code(self, openid: str, ticket: str) -> Outcome:
        """Scan a code that the account made; LookupError when it is unknown or over."""
        return await self.scan(openid, self.assets.scene(ticket), ticket)

    async def click(self, openid: str, key: str) -> Outcome:
        """Tap a button of the account's menu."""
        self._acted(openid, "menu")
        return await self._event(openid, "CLICK", {"EventKey": key}, key)

    async def view(self, openid: str, url: str) -> Outcome:
        """Tap a button of the menu that opens a page: no message may be sent for that."""
        return await self._event(openid, "VIEW", {"EventKey": url, "MenuId": "208396938"}, url)

    async def answer_popup(self, openid: str, answers: Mapping[str, bool], scene: int = 1) -> Outcome:
        """Answer the question whether notices may be sent, by template: each yes is one grant."""
        for template_id, accepted in answers.items():
            self.sending.grants[openid, template_id] += accepted
        listed = [
            {"TemplateId": name, "SubscribeStatusString": _word(accepted=yes), "PopupScene": str(scene)}
            for name, yes in answers.items()
        ]
        return await self.phones.event(
            openid, "subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": {"List": listed}}
        )

    async def refuse(self, openid: str, template_id: str) -> Outcome:
        """Take all grants of a template back, in the settings of the account."""
        self.sending.grants[openid, template_id] = 0
        changed = {"TemplateId": template_id, "SubscribeStatusString": _word(accepted=False)}
        return await self.phones.event(
            openid, "subscribe_msg_change_event", {"SubscribeMsgChangeEvent": {"List": changed}}
        )

    def visit(self, openid: str, *, scope: str = "snsapi_base", snapshot: bool = False) -> str:
        """Open a page of the account: the OAuth code with which the browser arrives there."""
        return self.assets.visit(openid, scope=scope, snapshot=snapshot)

    async def _message(self, openid: str, kind: str, text: str, fields: Fields, **detail: Any) -> Outcome:
        self._acted(openid, "message")
        return await self.phones.message(openid, kind, text, fields, **detail)

    async def _event(self, openid: str, event: str, fields: Fields, text: str) -> Outcome:
        self._ledger.write(Channel.OA, openid, "person", "event", text, event=event.lower())
        return await self.phones.event(openid, event, fields)

    def _acted(self, openid: str, kind: Trigger) -> None:
        self.sending.acted(openid)
        self._quota.open(openid, kind)

    def keep(self, data: bytes, kind: str = "image") -> str:
        """Keep what a person sends; its media id."""
        media_id = self.files.keep(kind, data)
        self.media[media_id] = data
        return media_id


def _word(*, accepted: bool) -> str:
    return "accept" if accepted else "reject"
