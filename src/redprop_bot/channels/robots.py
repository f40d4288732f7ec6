"""Robots of WeCom groups (群机器人, now 消息推送): one address with a key, no token, twenty messages a minute.

Whoever has the key writes in the group: it is a secret like any other and stands in no error. What is above the
limit waits its turn here, in order; a robot is one object per process and key (`Robots` keeps them). Two processes
on one key may still meet 45009, which is PlatformBusy and passes within a minute. A robot hears nothing back.
"""

import asyncio
import base64
import hashlib
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import aiohttp

from redprop_bot.channels import work_cards
from redprop_bot.channels.client import Answer, File, Wire
from redprop_bot.channels.patience import Patience
from redprop_bot.channels.work_api import check_file, media_id_in
from redprop_bot.channels.work_messages import Article, Message, articles_of, sized
from redprop_bot.errors import ContentRefused, PlatformBusy
from redprop_bot.ports import Clock, SystemClock
from redprop_bot.rules.frequency import ROBOT, free_at
from redprop_bot.settings import WORK_ORIGIN

API: Final = "webhook/send"
LONGEST_QUEUE: Final = 100  # five minutes of waiting; what is more is refused as busy
_MARKDOWN_BYTES, _PICTURE_BYTES = 4096, 2 << 20
_CARDS = ("text_notice", "news_notice")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")

Sleep = Callable[[float], Awaitable[None]]


def text(content: str, *, mention: Sequence[str] = (), mention_phones: Sequence[str] = ()) -> Message:
    """Text of at most 2048 bytes; `mention` takes userids, or `@all` for the whole group."""
    body = {
        "content": sized("content", content, 2048, least=1),
        "mentioned_list": list(mention),
        "mentioned_mobile_list": list(mention_phones),
    }
    return Message("text", {name: value for name, value in body.items() if value})


def markdown(content: str, *, second: bool = False) -> Message:
    """At most 4096 bytes. The `second` version has tables and pictures, but neither colours nor `<@userid>`."""
    return Message(
        "markdown_v2" if second else "markdown", {"content": sized("content", content, _MARKDOWN_BYTES, least=1)}
    )


def picture(data: bytes) -> Message:
    """A JPEG or PNG of at most 2 MB."""
    if len(data) > _PICTURE_BYTES or not data.startswith(_PICTURES):
        raise ContentRefused(API, None, "image: JPEG or PNG of at most 2 MB")
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()  # what the platform checks the picture by
    return Message("image", {"base64": base64.b64encode(data).decode(), "md5": digest})


def news(articles: Sequence[Article]) -> Message:
    """One to eight picture links."""
    return Message("news", {"articles": articles_of(articles)})


def uploaded(kind: str, media_id: str) -> Message:
    """A `file` or `voice` that this robot uploaded."""
    if kind not in ("file", "voice") or not media_id:
        raise ContentRefused(API, None, "file or voice, and its media_id")
    return Message(kind, {"media_id": media_id})


def template_card(card: Mapping[str, Any]) -> Message:
    """A `text_notice` or `news_notice`: a robot cannot hear a button."""
    wrong = work_cards.wrong(card) if card.get("card_type") in _CARDS else "card_type"
    if wrong:
        raise ContentRefused(API, None, f"template_card: {wrong}")
    return Message("template_card", card)


class Robot:
    """One robot of one group."""

    def __init__(
        self,
        key: str,
        session: aiohttp.ClientSession,
        *,
        origin: str = WORK_ORIGIN,
        clock: Clock | None = None,
        sleep: Sleep = asyncio.sleep,
        patience: Patience | None = None,
    ) -> None:
        self._key, self._wire = key, Wire(session, origin, patience=patience)
        self._clock, self._sleep = clock or SystemClock(), sleep
        self._sent: deque[datetime] = deque(maxlen=max(limit.most for limit in ROBOT))
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def send(self, message: Message) -> None:
        """Write in the group as soon as the limit allows; raises PlatformError."""
        if self._waiting >= LONGEST_QUEUE:
            raise PlatformBusy(API, None, f"{LONGEST_QUEUE} messages are waiting")
        self._waiting += 1
        try:
            async with self._turn:  # a lock wakes in order: so the messages arrive
                await self._until_free()
                self._sent.append(self._clock.now())  # counted even when no answer comes: it may have arrived
                await self._wire.post(API, message.payload(), secrets=(self._key,), key=self._key)
        finally:
            self._waiting -= 1

    async def upload(self, kind: str, file: File) -> str:
        """Bring a `file` or `voice` for this robot; its media id is good for three days."""
        api = "webhook/upload_media"
        if kind not in ("file", "voice"):
            raise ContentRefused(api, None, f"no media of type {kind}")
        check_file(api, kind, file)
        answer: Answer = await self._wire.upload(api, file, secrets=(self._key,), key=self._key, type=kind)
        return media_id_in(api, answer)

    async def _until_free(self) -> None:
        while (wait := (free_at(ROBOT, self._sent, now := self._clock.now()) - now).total_seconds()) > 0:
            await self._sleep(wait)


class Robots:
    """The robots of a process, one per key, so that each keeps one count."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        origin: str = WORK_ORIGIN,
        clock: Clock | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._session, self._origin, self._clock, self._sleep = session, origin, clock, sleep
        self._robots: dict[str, Robot] = {}

    def robot(self, key: str) -> Robot:
        """The robot with this key."""
        if key not in self._robots:
            self._robots[key] = Robot(
                key, self._session, origin=self._origin, clock=self._clock, sleep=self._sleep
            )
        return self._robots[key]
