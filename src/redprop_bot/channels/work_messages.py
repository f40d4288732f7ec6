"""What a WeCom application may send, each kind inside the platform's limits before it goes on the wire.

    text("…")  markdown("…")  text_card(…)  news([Article(…)])  media("image", id)  video(…)  mini_program(…)
    template_card(card)            see `work_cards` for the five kinds

Nothing is cut here: what does not fit raises ContentRefused with the field and its limit, and whoever wrote it
decides what goes. Words of residents must have passed `texts.harmless` before; tags are allowed here on purpose.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from redprop_bot.channels import work_cards
from redprop_bot.errors import ContentRefused

API: Final = "message/send"
TEXT_BYTES: Final = 2048
LARGEST_NEWS: Final = 8
_URL_BYTES = 2048
_MEDIA = ("image", "voice", "file")


@dataclass(frozen=True, slots=True)
class Message:
    """One message without its receivers: `kind` is the platform's msgtype, `body` the object of that name."""

    kind: str
    body: Mapping[str, Any]

    def payload(self) -> dict[str, Any]:
        """Its part of the request."""
        return {"msgtype": self.kind, self.kind: dict(self.body)}


@dataclass(frozen=True, slots=True)
class Article:
    """One picture link of a news message; `url` or a page of a mini program (`app_id`, `page`)."""

    title: str
    url: str = ""
    description: str = ""
    picture: str = ""
    app_id: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who gets it: userids, departments, tags. At least one; all three are added up by the platform."""

    users: Sequence[str] = ()
    parties: Sequence[int] = ()
    tags: Sequence[int] = ()
    everybody: bool = field(default=False, kw_only=True)

    def payload(self) -> dict[str, Any]:
        """Their part of the request; raises ContentRefused."""
        if not (self.everybody or self.users or self.parties or self.tags):
            raise refused("no receiver")
        for userid in self.users:
            check_userid(API, userid)
        for name, values, most in (
            ("users", self.users, 1000),
            ("parties", self.parties, 100),
            ("tags", self.tags, 100),
        ):
            if len(values) > most:
                raise refused(f"more than {most} {name}")
        named = {
            "touser": "@all" if self.everybody else "|".join(self.users),
            "toparty": "|".join(map(str, self.parties)),
            "totag": "|".join(map(str, self.tags)),
        }
        return {name: value for name, value in named.items() if value}


_USER_ID = re.compile(r"[A-Za-z0-9._@-]{1,64}")  # no "|", which separates receivers


def check_userid(api: str, userid: str) -> None:
    """ContentRefused unless it is one userid; `@all` is everybody, and never meant by accident."""
    if not _USER_ID.fullmatch(userid) or userid.lower() == "@all":
        raise ContentRefused(api, None, "receiver is not one userid")


def text(content: str) -> Message:
    """Plain text with line ends and `<a href>`; at most 2048 bytes: the platform would cut the rest."""
    return Message("text", {"content": sized("content", content, TEXT_BYTES, least=1)})


def markdown(content: str) -> Message:
    """Markdown; not shown where a member reads in WeChat instead of WeCom."""
    return Message("markdown", {"content": sized("content", content, TEXT_BYTES, least=1)})


def text_card(title: str, description: str, url: str, button: str = "") -> Message:
    """A card of text that opens an address; `button` has at most 4 characters (详情)."""
    if len(button) > 4:
        raise refused("btntxt: more than 4 characters")
    body = {
        "title": sized("title", title, 128, least=1),
        "description": sized("description", description, 512, least=1),
        "url": address("url", url),
        "btntxt": button,
    }
    return Message("textcard", _without_empty(body))


def news(articles: Sequence[Article]) -> Message:
    """One to eight picture links."""
    return Message("news", {"articles": articles_of(articles)})


def articles_of(articles: Sequence[Article]) -> list[dict[str, str]]:
    """The list of a news message, for applications and robots."""
    if not 1 <= len(articles) <= LARGEST_NEWS:
        raise refused(f"news: 1 to {LARGEST_NEWS} articles")
    return [_article(article) for article in articles]


def _article(article: Article) -> dict[str, str]:
    if bool(article.app_id) != bool(article.page) or not (article.url or article.app_id):
        raise refused("news: an article has a url, or appid and pagepath")
    return _without_empty(
        {
            "title": sized("title", article.title, 128, least=1),
            "description": sized("description", article.description, 512),
            "url": address("url", article.url) if article.url else "",
            "picurl": address("picurl", article.picture) if article.picture else "",
            "appid": article.app_id,
            "pagepath": article.page,
        }
    )


def media(kind: Literal["image", "voice", "file"], media_id: str) -> Message:
    """A picture, voice or file that was uploaded within three days."""
    if kind not in _MEDIA:
        raise refused(f"media: not one of {', '.join(_MEDIA)}")
    return Message(kind, {"media_id": sized("media_id", media_id, 512, least=1)})


def video(media_id: str, title: str = "", description: str = "") -> Message:
    """A video that was uploaded within three days."""
    body = {
        "media_id": sized("media_id", media_id, 512, least=1),
        "title": sized("title", title, 128),
        "description": sized("description", description, 512),
    }
    return Message("video", _without_empty(body))


def mini_program(
    app_id: str,
    title: str,
    *,
    page: str = "",
    description: str = "",
    rows: Sequence[tuple[str, str]] = (),
    emphasise_first: bool = False,
) -> Message:
    """A notice of a mini program; title and description have 4 to 12 characters, a row at most 10 and 30."""
    if not app_id or len(rows) > 10:
        raise refused("miniprogram_notice: an appid, at most 10 rows")
    for name, said in (("title", title), *((("description", description),) if description else ())):
        if not 4 <= len(said) <= 12:
            raise refused(f"{name}: 4 to 12 characters")
    for key, value in rows:
        if not 0 < len(key) <= 10 or not 0 < len(value) <= 30:
            raise refused("content_item: key 1 to 10 characters, value 1 to 30")
    body: dict[str, Any] = {
        "appid": app_id,
        "page": page,
        "title": title,
        "description": description,
        "emphasis_first_item": emphasise_first,
        "content_item": [{"key": key, "value": value} for key, value in rows],
    }
    return Message("miniprogram_notice", _without_empty(body))


def template_card(card: Mapping[str, Any]) -> Message:
    """A template card as it stands; see `work_cards` for its makers."""
    if wrong := work_cards.wrong(card):
        raise refused(f"template_card: {wrong}")
    return Message("template_card", card)


def sized(name: str, value: str, most: int, *, least: int = 0) -> str:
    """The value, of at most so many UTF-8 bytes; blank where it must not be, or too long, raises."""
    if least and not value.strip():
        raise refused(f"{name}: empty")
    if len(value.encode("utf-8", "replace")) > most:
        raise refused(f"{name}: more than {most} bytes")
    return value


def address(name: str, url: str) -> str:
    """An http(s) address of at most 2048 bytes."""
    if not url.startswith(("http://", "https://")):
        raise refused(f"{name}: not an http address")
    return sized(name, url, _URL_BYTES)


def refused(what: str) -> ContentRefused:
    """The error for what would not be taken; nothing has been sent."""
    return ContentRefused(API, None, what)


def _without_empty(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value not in ("", [], False)}
