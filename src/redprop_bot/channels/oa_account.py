"""What an Official Account owns, as the platform wants it: menu, codes with a scene, articles, page signatures.

Builders with their checks, and the shapes of what comes back. What a menu says stands in data; no network here.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from redprop_bot.channels.texts import size
from redprop_bot.errors import ContentRefused

MENU, QRCODE, DRAFT = "menu/create", "qrcode/create", "draft/add"
QR_SECONDS: Final = 30 * 24 * 3600
SHOW_CODE: Final = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="
PAGE_SCRIPT: Final = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js"
"""The platform's script for pages in its browser; the first version with tags such as wx-open-subscribe."""
AUTHORIZE_PATH: Final = "/connect/oauth2/authorize"
AUTHORIZE: Final = f"https://open.weixin.qq.com{AUTHORIZE_PATH}"

_TOP, _SUB = (3, 16), (5, 60)  # how many buttons, bytes of a name
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "click": ("key",),
    "view": ("url",),
    "scancode_push": ("key",),
    "scancode_waitmsg": ("key",),
    "pic_sysphoto": ("key",),
    "pic_photo_or_album": ("key",),
    "pic_weixin": ("key",),
    "location_select": ("key",),
    "miniprogram": ("url", "appid", "pagepath"),
    "media_id": ("media_id",),
    "view_limited": ("media_id",),
    "article_id": ("article_id",),
    "article_view_limited": ("article_id",),
}


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: `picture` is the address of its image, `url` what it holds; `seconds` 0 for ever."""

    ticket: str
    url: str
    seconds: int

    @property
    def picture(self) -> str:
        """Where the image is; no token in it."""
        return SHOW_CODE + quote(self.ticket, safe="")


@dataclass(frozen=True, slots=True)
class Person:
    """Who came through OAuth. `snapshot`: a page preview with a made-up identity, never to be bound to anybody."""

    openid: str
    scope: str
    unionid: str = ""
    snapshot: bool = False


@dataclass(frozen=True, slots=True)
class Follower:
    """What the platform still tells of a person: no name, no picture. `scene` as in the code they came by."""

    openid: str
    following: bool
    since: int = 0
    unionid: str = ""
    came_by: str = ""
    scene: str = ""


@dataclass(frozen=True, slots=True)
class Followers:
    """One page of openids; `next` asks for the following one, empty at the end."""

    total: int
    openids: tuple[str, ...]
    next: str


@dataclass(frozen=True, slots=True)
class Publication:
    """How publishing goes: done, going, or failed; addresses of the articles when done."""

    state: str
    article_id: str = ""
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateFound:
    """A template that the account has; `keys` are its keywords in order. id: of a template or a notice."""

    id: str
    title: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quota:
    """How often an API may be called in a day."""

    daily: int
    used: int
    left: int


def menu(buttons: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The menu, checked: at most 3 × 5, names, and what each type needs."""
    if not 1 <= len(buttons) <= _TOP[0]:
        raise ContentRefused(MENU, 40016, f"1 to {_TOP[0]} buttons")
    for button in buttons:
        subs = button.get("sub_button") or ()
        _name(button, _TOP[1], 40018)
        if not subs:
            _button(button)
            continue
        if "type" in button or len(subs) > _SUB[0]:
            raise ContentRefused(MENU, 40023, f"{button['name']}: a parent has 1 to {_SUB[0]} buttons and no type")
        for sub in subs:
            _name(sub, _SUB[1], 40025)
            _button(sub)
    return {"button": list(buttons)}


def _name(button: Mapping[str, Any], limit: int, errcode: int) -> None:
    name = button.get("name")
    if not isinstance(name, str) or not name.strip() or size(name) > limit:
        raise ContentRefused(MENU, errcode, f"name of 1 to {limit} bytes: {name}")


def _button(button: Mapping[str, Any]) -> None:
    needed = _NEEDED.get(str(button.get("type")))
    if needed is None or any(not button.get(name) for name in needed):
        raise ContentRefused(MENU, None, f"{button['name']}: unknown type, or something it needs is missing")
    if size(str(button.get("key", ""))) > 128 or size(str(button.get("url", ""))) > 1024:
        raise ContentRefused(MENU, None, f"{button['name']}: key of 128 or url of 1024 bytes exceeded")


def code(scene: int | str, seconds: int | None) -> dict[str, Any]:
    """A request for a code. scene: a number, or 1 to 64 characters; seconds: None for ever, else up to 30 days."""
    numbered = isinstance(scene, int)
    if seconds is not None and not 1 <= seconds <= QR_SECONDS:
        raise ContentRefused(QRCODE, None, f"seconds from 1 to {QR_SECONDS}")
    most = 100_000 if seconds is None else 2**32 - 1
    if not (1 <= scene <= most if isinstance(scene, int) else 1 <= len(scene) <= 64):
        raise ContentRefused(QRCODE, None, f"scene of 1 to {most}, or of 1 to 64 characters")
    action = f"QR_{'' if seconds else 'LIMIT_'}{'' if numbered else 'STR_'}SCENE"
    inner = {"scene": {"scene_id" if numbered else "scene_str": scene}}
    return {**({"expire_seconds": seconds} if seconds else {}), "action_name": action, "action_info": inner}


def article(
    title: str, content: str, thumb_media_id: str, *, author: str = "", digest: str = "", source: str = ""
) -> dict[str, Any]:
    """One article of a draft. content: HTML without scripts; thumb_media_id: of a permanent picture."""
    if not title.strip() or not content.strip() or not thumb_media_id:
        raise ContentRefused(DRAFT, None, "title, content and thumb_media_id are needed")
    for name, value, most in (("title", title, 64), ("author", author, 16), ("digest", digest, 120)):
        if len(value) > most:
            raise ContentRefused(DRAFT, 45002, f"{name} exceeds {most} characters")
    if len(content) > 20_000 or size(content) > 1024 * 1024:
        raise ContentRefused(DRAFT, 45002, "content exceeds 20000 characters")
    return {
        "title": title,
        "author": author,
        "digest": digest,
        "content": content,
        "content_source_url": source,
        "thumb_media_id": thumb_media_id,
        "need_open_comment": 0,
        "only_fans_can_comment": 0,
    }


def authorize_url(
    app_id: str, redirect: str, state: str, scope: str = "snsapi_base", *, address: str = AUTHORIZE
) -> str:
    """Where to send a person's browser so that it comes back with a code; `state` is checked by who gets it."""
    query = {
        "appid": app_id,
        "redirect_uri": redirect,
        "response_type": "code",
        "scope": scope,
        "state": state,
    }
    return f"{address}?{urlencode(query)}#wechat_redirect"


_DATA: Final = re.compile(r"\{\{\s*([A-Za-z_]+\d*)\.DATA\s*\}\}")


def templates_in(rows: Sequence[Any], id_name: str) -> list[TemplateFound]:
    """The templates of an answer; rows of another shape are left out."""
    return [
        TemplateFound(row[id_name], str(row.get("title", "")), tuple(_DATA.findall(str(row.get("content", "")))))
        for row in rows
        if isinstance(row, dict) and isinstance(row.get(id_name), str)
    ]


def page_signature(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """The JS-SDK's signature of a page; what follows `#` in the address does not count."""
    signed = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.partition('#')[0]}"
    return hashlib.sha1(signed.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
