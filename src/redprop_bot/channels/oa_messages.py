"""What the Official Account sends, as the platform wants it: built, and checked before it costs a call.

Each builder returns the JSON object that stands beside `touser`; what is too long, empty or of the wrong kind is a
ContentRefused without errcode. Shortening is the caller's affair: here nothing is cut silently. No network.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from redprop_bot.channels.texts import PASSIVE_BYTES, harmless, size
from redprop_bot.errors import ContentRefused
from redprop_bot.rules import keywords

CUSTOM, TEMPLATE, SUBSCRIBE = "message/custom/send", "message/template/send", "message/subscribe/bizsend"

Body = dict[str, Any]

_TITLE_BYTES, _DESCRIPTION_BYTES, _URL_BYTES = 128, 512, 2048
_MENU_OPTIONS = 10  # the client shows no more; each is one line of text
_CLIENT_ID_BYTES = 64


def text(content: str) -> Body:
    """Words, at most 2048 bytes; the only markup that passes is none."""
    return {"msgtype": "text", "text": {"content": _text("content", harmless(content), PASSIVE_BYTES)}}


def image(media_id: str) -> Body:
    """A picture by its media id."""
    return _media("image", media_id)


def voice(media_id: str) -> Body:
    """A voice by its media id."""
    return _media("voice", media_id)


def video(media_id: str, thumb_media_id: str, title: str = "", description: str = "") -> Body:
    """A video with its still."""
    said = _said(title, description)
    return {"msgtype": "video", "video": {**_ids(media_id=media_id, thumb_media_id=thumb_media_id), **said}}


def music(url: str, thumb_media_id: str, *, hq_url: str = "", title: str = "", description: str = "") -> Body:
    """A sound by its address, with a better one where the network is good."""
    where = {"musicurl": _url("musicurl", url), "hqmusicurl": _url("hqmusicurl", hq_url or url)}
    said = _said(title, description)
    return {"msgtype": "music", "music": {**said, **where, **_ids(thumb_media_id=thumb_media_id)}}


def news(title: str, description: str, url: str, picture_url: str = "") -> Body:
    """A link with a picture: one article, more are refused by the platform."""
    article = {"title": _text("title", title, _TITLE_BYTES), "description": _most("description", description)}
    where = {"url": _url("url", url), "picurl": _url("picurl", picture_url) if picture_url else ""}
    return {"msgtype": "news", "news": {"articles": [{**article, **where}]}}


def published(article_id: str) -> Body:
    """An article that was published before."""
    return {"msgtype": "mpnewsarticle", "mpnewsarticle": _ids(article_id=article_id)}


def menu(head: str, options: Sequence[tuple[str, str]], tail: str = "") -> Body:
    """A question with answers to tap: (id, words)."""
    if not 1 <= len(options) <= _MENU_OPTIONS:
        raise ContentRefused(CUSTOM, None, f"msgmenu takes 1 to {_MENU_OPTIONS} options")
    listed = [
        {"id": _text("id", str(name), _TITLE_BYTES), "content": _text("option", harmless(words), _TITLE_BYTES)}
        for name, words in options
    ]
    if len({item["id"] for item in listed}) != len(listed):
        raise ContentRefused(CUSTOM, None, "msgmenu ids are not unique")
    around = {"head_content": harmless(head), "tail_content": harmless(tail)}
    if sum(size(words) for words in around.values()) > PASSIVE_BYTES:
        raise ContentRefused(CUSTOM, None, f"msgmenu words exceed {PASSIVE_BYTES} bytes")
    return {"msgtype": "msgmenu", "msgmenu": {**around, "list": listed}}


def mini_program(title: str, app_id: str, path: str, thumb_media_id: str) -> Body:
    """A page of a mini program of the same owner."""
    page = _ids(appid=app_id, pagepath=path, thumb_media_id=thumb_media_id)
    titled = {"title": _text("title", title, _TITLE_BYTES), **page}
    return {"msgtype": "miniprogrampage", "miniprogrampage": titled}


def custom(openid: str, body: Mapping[str, Any], *, kf_account: str = "", ai: bool | None = None) -> Body:
    """A whole customer-service message. ai: whether the platform adds its line that a machine wrote it."""
    whole: Body = {"touser": _receiver(CUSTOM, openid), **body}
    if kf_account:
        whole["customservice"] = {"kf_account": kf_account}
    if ai is not None:
        whole["aimsgcontext"] = {"is_ai_msg": int(ai)}
    return whole


def template(
    openid: str,
    template_id: str,
    data: Mapping[str, str],
    *,
    url: str = "",
    mini: tuple[str, str] | None = None,
    client_id: str = "",
) -> Body:
    """A template message. mini: app id and path, wins over url; client_id: the same is sent once in 10 minutes."""
    whole: Body = _templated(TEMPLATE, openid, template_id, data)
    if url:
        whole["url"] = _url("url", url, TEMPLATE)
    if mini:
        whole["miniprogram"] = {"appid": mini[0], "pagepath": mini[1]}
    if client_id:
        if size(client_id) > _CLIENT_ID_BYTES:
            raise ContentRefused(TEMPLATE, None, f"client_msg_id exceeds {_CLIENT_ID_BYTES} bytes")
        whole["client_msg_id"] = client_id
    return whole


def subscription(
    openid: str,
    template_id: str,
    data: Mapping[str, str],
    *,
    page: str = "",
    mini: tuple[str, str] | None = None,
) -> Body:
    """A subscription notice: each takes one grant of the person."""
    whole: Body = _templated(SUBSCRIBE, openid, template_id, data)
    if page:
        whole["page"] = _url("page", page, SUBSCRIBE)
    if mini:
        whole["miniprogram"] = {"appid": mini[0], "pagepath": mini[1]}
    return whole


def _templated(api: str, openid: str, template_id: str, data: Mapping[str, str]) -> Body:
    if not template_id or not data:
        raise ContentRefused(api, None, "no template_id or no data")
    for key, value in data.items():
        if what := keywords.wrong(key, value):
            raise ContentRefused(api, None, f"data.{key}.value {what}")
    values = {key: {"value": value} for key, value in data.items()}
    return {"touser": _receiver(api, openid), "template_id": template_id, "data": values}


def _receiver(api: str, openid: str) -> str:
    if not openid or len(openid) > 64 or not openid.isascii():
        raise ContentRefused(api, None, "receiver is not an openid")
    return openid


def _media(kind: str, media_id: str) -> Body:
    return {"msgtype": kind, kind: _ids(media_id=media_id)}


def _ids(**ids: str) -> Body:
    for name, value in ids.items():
        if not value.strip():
            raise ContentRefused(CUSTOM, None, f"{name} is empty")
    return dict(ids)


def _said(title: str, description: str) -> Body:
    if size(title) > _TITLE_BYTES:
        raise ContentRefused(CUSTOM, None, f"title exceeds {_TITLE_BYTES} bytes")
    return {"title": title, "description": _most("description", description)}


def _text(name: str, value: str, limit: int) -> str:
    if not value.strip():
        raise ContentRefused(CUSTOM, None, f"{name} is empty")
    return _most(name, value, limit)


def _most(name: str, value: str, limit: int = _DESCRIPTION_BYTES) -> str:
    if size(value) > limit:
        raise ContentRefused(CUSTOM, None, f"{name} exceeds {limit} bytes")
    return value


def _url(name: str, value: str, api: str = CUSTOM) -> str:
    if not value.startswith(("http://", "https://")) or size(value) > _URL_BYTES:
        raise ContentRefused(api, None, f"{name} is not an address, or too long")
    return value
