"""Judging what a WeCom application or robot sends, by kind: required fields and limits; what a phone then shows.

Written apart from what builds the messages, so that one finds the other's mistakes. Cards are `cards`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from redprop_bot.simulated.letters import TEXT_BYTES
from redprop_bot.simulated.server import ApiError, Payload, need

Known = Callable[[str], bool]
"""Whether a media id is there and not older than three days."""

_EMPTY, _MEDIA = 44004, 40007
_TOO_LONG, _INVALID = "too_long", "bad_parameter"


def shown(kind: str, content: Payload, known: Known) -> tuple[str, dict[str, Any]]:
    """What a phone shows, as text and details; raises the platform's error."""
    judge = _JUDGES.get(kind)
    if judge is None:
        raise ApiError("bad_msgtype", "invalid message type")
    return judge(content, known)


def _text(content: Payload, _known: Known) -> tuple[str, dict[str, Any]]:
    said = need(content, "content", str, _EMPTY)
    return said.encode()[:TEXT_BYTES].decode(errors="ignore"), {}  # the rest is not shown, and nobody is told


def _markdown(content: Payload, known: Known) -> tuple[str, dict[str, Any]]:
    return _text(content, known)


def _text_card(content: Payload, _known: Known) -> tuple[str, dict[str, Any]]:
    limited(content, "title", 128, _EMPTY)
    limited(content, "description", 512, _EMPTY)
    limited(content, "url", 2048, _INVALID)
    if len(content.get("btntxt", "")) > 4:
        raise ApiError(_INVALID, "btntxt is longer than 4 characters")
    return content["title"], {"url": content["url"], "description": content["description"]}


def news(content: Payload, _known: Known) -> tuple[str, dict[str, Any]]:
    """One to eight articles, each with a title and somewhere to go."""
    articles = need(content, "articles", list, _EMPTY)
    if len(articles) > 8:
        raise ApiError("too_many_articles", "article size out of limit")
    for article in articles:
        limited(article, "title", 128, _EMPTY)
        if len(article.get("description", "").encode()) > 512:
            raise ApiError(_TOO_LONG, "description size out of limit")
        if not article.get("url") and not article.get("pagepath"):
            raise ApiError(_INVALID, "article without url")
    return articles[0]["title"], {"articles": articles}


def file(content: Payload, known: Known) -> tuple[str, dict[str, Any]]:
    """Anything by its media id."""
    media_id = need(content, "media_id", str, _MEDIA)
    if not known(media_id):
        raise ApiError(_MEDIA, "invalid media_id")
    return "", {"media_id": media_id}


def _video(content: Payload, known: Known) -> tuple[str, dict[str, Any]]:
    for name, most in (("title", 128), ("description", 512)):
        if len(content.get(name, "").encode()) > most:
            raise ApiError(_TOO_LONG, f"{name} size out of limit")
    return content.get("title", ""), file(content, known)[1]


def _mini_program(content: Payload, _known: Known) -> tuple[str, dict[str, Any]]:
    need(content, "appid", str, _INVALID)
    for name in ("title", "description"):
        value = content.get(name, "")
        if (name == "title" or value) and not 4 <= len(value) <= 12:
            raise ApiError(_INVALID, f"{name} has 4 to 12 characters")
    rows = content.get("content_item", [])
    if len(rows) > 10 or any(len(row["key"]) > 10 or len(row["value"]) > 30 for row in rows):
        raise ApiError(_INVALID, "content_item")
    return content["title"], {"rows": [[row["key"], row["value"]] for row in rows]}


def limited(content: Mapping[str, Any], name: str, most: int, errcode: int | str) -> None:
    """A text that must be there and has at most so many bytes."""
    if len(need(content, name, str, errcode).encode()) > most:
        raise ApiError(_TOO_LONG, f"{name} size out of limit")


_JUDGES: Final[Mapping[str, Callable[[Payload, Known], tuple[str, dict[str, Any]]]]] = {
    "text": _text,
    "markdown": _markdown,
    "textcard": _text_card,
    "news": news,
    "image": file,
    "voice": file,
    "file": file,
    "video": _video,
    "miniprogram_notice": _mini_program,
}
