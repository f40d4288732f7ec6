"""Bringing what people sent home: from the platform, which keeps it three days, into our own files.

    wanted ──fetch──▶ clean ──▶ files ──▶ kept
       │                 └─ not what it should be ──▶ refused, the sender is told
       ├─ no answer, no room on the disk ──▶ later, with growing pauses of at most half an hour
       └─ the platform has it no more, or three days are over ──▶ expired, the sender is told

The file is written before its row says so: a crash between the two gathers once more and writes over it. Only
media ids are fetched; an address that came with a message is never called.
"""

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from redprop_bot.errors import BadMedia, ContentRefused, MediaFault, NotEntitled, PlatformError, PlatformRefused
from redprop_bot.media.cleaning import ENDINGS, clean, name_for
from redprop_bot.media.parts import Clean
from redprop_bot.notify import outbox
from redprop_bot.ports import Channel, Fetches, MediaStore, Sender
from redprop_bot.rules.telling import Weight
from redprop_bot.store import media, messages, people
from redprop_bot.store.tables import Attachment, Demand, Person
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

log = logging.getLogger(__name__)

LIFETIME: Final = timedelta(days=3)
LEASE: Final = timedelta(minutes=2)
LONGEST_PAUSE: Final = timedelta(minutes=30)
LOOK_SECONDS: Final = 15.0
PARALLEL: Final = 3
"""At once; each may hold the largest film in memory, twice."""

_GONE: Final = 40007  # invalid media_id: what it says of one that is too old, too


@dataclass(frozen=True, slots=True)
class _Outcome:
    item: Attachment
    state: str  # kept | refused | expired | wanted
    why: str = ""
    clean: Clean | None = None
    name: str = ""


class Gathering:
    """The gatherer of one process; several processes share the rows."""

    def __init__(self, store: Store, senders: Mapping[Channel, Sender], files: MediaStore) -> None:
        self._store, self._senders, self._files = store, senders, files
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look now. To be called from the loop's thread."""
        self._wake.set()

    def stop(self) -> None:
        """Finish what is under way and end `run`."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Gather until stopped."""
        while not self._stopping:
            self._wake.clear()
            try:
                while not self._stopping and await self.gather():
                    pass
            except Exception:
                log.exception("gathering stumbled; it goes on")
            try:
                await asyncio.wait_for(self._wake.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue

    async def gather(self, only: int | None = None) -> int:
        """Gather what is due, a few at once, or one attachment if it is due; returns how many were tried."""
        items = await self._store.write(lambda tx: self._due(tx, only))
        if items:
            outcomes = list(await asyncio.gather(*(self._one(item) for item in items)))
            await self._store.write(lambda tx: _mark(tx, outcomes))
        return len(items)

    async def gather_all(self) -> int:
        """Gather until nothing is due any more; returns how many were tried."""
        total = 0
        while count := await self.gather():
            total += count
        return total

    def _due(self, tx: Tx, only: int | None) -> list[Attachment]:
        if only is None:
            for item in media.over(tx, before=tx.now - LIFETIME):
                _tell(tx, item, "expired")
        return media.claim(tx, limit=PARALLEL, lease=LEASE, only=only)

    async def _one(self, item: Attachment) -> _Outcome:
        source = self._senders.get(Channel(item.channel or Channel.OA.value))
        if not isinstance(source, Fetches) or item.media_id is None:
            return _Outcome(item, "wanted", "the channel is off")
        try:
            fetched = await source.media(item.media_id)
            if fetched.data.lstrip()[:1] == b"<":  # a page in its place: somebody on the way made excuses
                return _Outcome(item, "wanted", "a page instead of bytes")
            found = await asyncio.to_thread(clean, item.kind, fetched.data)
            name = _name(item, found)
            await asyncio.to_thread(self._files.put, name, found.data)
        except BadMedia as bad:
            return _Outcome(item, "refused", bad.why)
        except NotEntitled as closed:  # limited or not certified for now: three days are long
            return _Outcome(item, "wanted", f"{closed.code}: {closed}")
        except PlatformRefused as refusal:
            if refusal.errcode == _GONE:
                return _Outcome(item, "expired")
            return _Outcome(item, "refused", "too_big" if isinstance(refusal, ContentRefused) else str(refusal))
        except (PlatformError, MediaFault) as fault:
            return _Outcome(item, "wanted", f"{fault.code}: {fault}")
        except Exception:
            log.exception("attachment %s could not be gathered", item.id)
            return _Outcome(item, "wanted", "internal")
        return _Outcome(item, "kept", clean=found, name=name)


def _name(item: Attachment, found: Clean) -> str:
    """The same for the same thing, so that a second try writes over the first; nobody finds it by counting."""
    digest = hashlib.blake2b(f"{item.media_id}".encode() + found.data, digest_size=16).hexdigest()
    return name_for(str(item.id), digest, ENDINGS[found.content_type])


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    return min(timedelta(seconds=5 * 2.0 ** min(attempts, 12)), LONGEST_PAUSE)


def _mark(tx: Tx, outcomes: list[_Outcome]) -> None:
    for outcome in outcomes:
        item = outcome.item
        if outcome.state == "wanted":
            media.put_off(tx, item, tx.now + pause(item.attempts), outcome.why)
        elif outcome.clean is not None:
            media.settle(tx, item, **_kept(tx, item, outcome.name, outcome.clean))
        elif media.settle(tx, item, state=outcome.state, error=outcome.why[:200] or None):
            _tell(tx, item, outcome.why if outcome.why in _TOLD else outcome.state)


def _kept(tx: Tx, item: Attachment, name: str, found: Clean) -> dict[str, Any]:
    sender = people.named(tx, {item.by_id}).get(item.by_id) if item.by_id is not None else None
    place = found.place() if sender is not None and sender.photo_place and found.place is not None else None
    latitude, longitude = place or (None, None)
    if place is not None:
        messages.plan(tx, f"{media.PLACE_TIMER}:{item.id}", media.PLACE_TIMER, tx.now, subject_id=item.id)
    elif sender is not None and sender.photo_place is None and found.place is not None:
        _ask(tx, item, sender)
    return {
        "state": "kept",
        "name": name,
        "content_type": found.content_type,
        "size": len(found.data),
        "width": found.width,
        "height": found.height,
        "latitude": latitude,
        "longitude": longitude,
        "error": None,
    }


def _ask(tx: Tx, item: Attachment, sender: Person) -> None:
    """Whether places may be read: once in a life, and only where the order does not say where it is."""
    demand, replies = tx.get(Demand, item.demand_id), tx.content.replies
    reached = outbox.address(sender)
    if demand.estate_id is not None or reached is None or reached[0] is not Channel.OA:
        return
    menu = tuple((f"photo:{word}", replies.say(f"photo.{word}")) for word in ("agree", "decline"))
    text = replies.say("photo.ask")
    draft = outbox.Draft(key="photo_place", message="photo", text=text, weight=Weight.ANSWER, menu=menu)
    outbox.queue(tx, [(sender, draft)], demand)


_TOLD: Final = {"too_big", "expired", "refused"}


def _tell(tx: Tx, item: Attachment, why: str) -> None:
    """Who sent it should know that it is not there, and may send it again."""
    sender = people.named(tx, {item.by_id}).get(item.by_id) if item.by_id is not None else None
    if sender is None:
        return
    demand = tx.get(Demand, item.demand_id)
    text = tx.content.replies.say(f"media.{why}", no=demand.no, kind=tx.content.replies.say(f"media.{item.kind}"))
    draft = outbox.Draft(key=f"media:{item.id}", message="media", text=text)
    outbox.queue(tx, [(sender, draft)], demand)
