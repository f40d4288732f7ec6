"""The stage of the demo: the twin of both platforms, and who holds which phone.

What a visitor does at a phone goes to the twin and nowhere else: from there it comes to the callbacks signed and
encrypted like anybody's. No route and no markup here.
"""

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from typing import Any, Final

from aiohttp import web

from redprop_bot.errors import Conflict, Invalid, NotFound
from redprop_bot.ports import Channel
from redprop_bot.registry.demo import DemoPhone
from redprop_bot.simulated import Entry, Outcome, Twin

PICTURE_LIMIT: Final = 900 * 1024  # bytes
_HEADS: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif"}


class Stage:
    """Phones by id, and what they show. `run` names this run: numbers of entries begin anew with each.

    account: the kind of Official Account that the twin plays, `service` or `subscription`.
    """

    def __init__(self, twin: Twin, phones: Iterable[DemoPhone], account: str = "service") -> None:
        self.twin = twin
        self.account = account
        self.phones = {phone.id: phone for phone in phones}
        self.run = secrets.token_hex(6)
        self.closing = False

    def phone(self, key: str) -> DemoPhone:
        """The phone with this id; raises NotFound."""
        if key not in self.phones:
            raise NotFound("no_phone")
        return self.phones[key]

    # -- what a visitor does

    async def say(self, phone: DemoPhone, text: str) -> Outcome:
        """Text is sent."""
        if phone.channel is Channel.OA:
            return await self.twin.oa.say(phone.id, text)
        return await self.twin.work.say(phone.id, text)

    async def choose(self, phone: DemoPhone, item: str) -> Outcome:
        """A line of a menu message is tapped; raises Conflict for one that was never shown."""
        text = next((text for key, text in self._options(phone) if key == item), None)
        if text is None:
            raise Conflict("no_option")
        return await self.twin.oa.say(phone.id, text, item)

    async def tap(self, phone: DemoPhone, task_id: str, key: str) -> Outcome:
        """A button of a card is tapped; raises Conflict for one that is not there any more."""
        try:
            return await self.twin.work.tap(phone.id, task_id, key)
        except LookupError:
            raise Conflict("no_button") from None

    async def send_picture(self, phone: DemoPhone, data: bytes) -> Outcome:
        """A picture is sent; raises Invalid for bytes that are none."""
        if picture_type(data) is None:
            raise Invalid("no_picture")
        if phone.channel is Channel.OA:
            return await self.twin.oa.image(phone.id, data)
        return await self.twin.work.image(phone.id, data)

    async def send_location(self, phone: DemoPhone, latitude: float, longitude: float, label: str) -> Outcome:
        """A place is sent."""
        if phone.channel is Channel.OA:
            return await self.twin.oa.location(phone.id, latitude, longitude, label)
        return await self.twin.work.location(phone.id, latitude, longitude, label)

    async def scan(self, phone: DemoPhone, scene: str) -> Outcome:
        """The code of an estate is scanned; only the Official Account has such codes."""
        if phone.channel is not Channel.OA:
            raise Conflict("no_codes")
        return await self.twin.oa.scan(phone.id, scene)

    # -- what the phones show

    def shown(self) -> list[Entry]:
        """Everything on the demo's phones since the start."""
        return [entry for entry in self.twin.ledger.entries if entry.person in self.phones]

    def watch(self) -> "asyncio.Queue[Entry]":
        """A queue of everything from now on; give it back with `unwatch`."""
        return self.twin.subscribe()

    def unwatch(self, queue: "asyncio.Queue[Entry]") -> None:
        """Give the queue back."""
        self.twin.unsubscribe(queue)

    def picture(self, media_id: str) -> bytes | None:
        """A picture that was sent from one of the phones."""
        return self.twin.oa.media.get(media_id) or self.twin.work.media.get(media_id)

    def _options(self, phone: DemoPhone) -> Sequence[tuple[str, str]]:
        return [
            (str(option["id"]), str(option["content"]))
            for entry in self.twin.ledger.shown(phone.id)
            for option in entry.detail.get("options", ())
        ]


STAGE = web.AppKey("stage", Stage)
"""Where the application keeps the stage; without one there is no demo."""


def picture_type(data: bytes) -> str | None:
    """The content type of a picture by its first bytes; None for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for head, kind in _HEADS.items() if data.startswith(head)), None)


def as_seen(entry: Entry) -> dict[str, Any]:
    """An entry of the ledger as the browser gets it."""
    return {
        "no": entry.no,
        "at": entry.at.isoformat(),
        "phone": entry.person,
        "side": entry.side,
        "kind": entry.kind,
        "text": entry.text,
        "detail": dict(entry.detail),
    }
