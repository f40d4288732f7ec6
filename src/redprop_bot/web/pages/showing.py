"""A picture of an order for its page: out of our own files, brought home first where the platform still has it.

What is shown has always been through `media.clean`. Who may see it is decided by the caller.
"""

import asyncio
import hashlib
import logging
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from redprop_bot.dialogue.office import Office
from redprop_bot.errors import StorageFault
from redprop_bot.media import Gathering
from redprop_bot.media.cleaning import content_type
from redprop_bot.store import demands
from redprop_bot.store.tables import ActivityPhoto, Attachment, Goods, StandardPhoto
from redprop_bot.store.tx import Tx
from redprop_bot.web import ranges
from redprop_bot.web.ranges import Part

log = logging.getLogger(__name__)

_INERT: Final = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'; sandbox"
"""What somebody sent is looked at and does nothing, also where it is opened by itself."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What can be shown; the file name says the order and the kind, not who. `etag` is another for other bytes."""

    name: str
    size: int
    content_type: str
    filename: str
    etag: str


async def kept(office: Office, no: str, number: int) -> Kept | None:
    """The attachment with this key, if it is one of this order and can be shown."""
    item = await office.store.read(lambda tx: _of(tx, no, number))
    if item is not None and item.state == "wanted" and office.media is not None:
        await Gathering(office.store, office.senders, office.media).gather(only=number)
        item = await office.store.read(lambda tx: _of(tx, no, number))
    if item is None or item.state != "kept" or item.name is None or item.size is None:
        return None
    ending = item.name.rpartition(".")[2]
    etag = f'"{mark_of(item.name)}"'
    return Kept(item.name, item.size, content_type(item.name), f"{no}-{number}.{ending}", etag)


def of_activity(no: str, photo: ActivityPhoto) -> Kept:
    """A picture of an activity."""
    ending = photo.name.rpartition(".")[2]
    etag = f'"{mark_of(photo.name)}"'
    return Kept(photo.name, photo.size, photo.content_type, f"{no}-{photo.id}.{ending}", etag)


def of_standard(photo: StandardPhoto) -> Kept:
    """A picture that proves an item of a standard."""
    ending = photo.name.rpartition(".")[2]
    filename, etag = f"standard-{photo.application_id}-{photo.id}.{ending}", f'"{mark_of(photo.name)}"'
    return Kept(photo.name, photo.size, photo.content_type, filename, etag)


def of_goods(goods: Goods) -> Kept | None:
    """A picture of goods, if they have one."""
    if goods.picture is None or goods.picture_size is None:
        return None
    ending = goods.picture.rpartition(".")[2]
    kind, etag = content_type(goods.picture), f'"{mark_of(goods.picture)}"'
    return Kept(goods.picture, goods.picture_size, kind, f"goods-{goods.id}.{ending}", etag)


def address(goods: Goods) -> str:
    """Where the picture of goods is, for everybody; another address for another picture."""
    return f"/m/shop/{goods.id}/picture?v={mark_of(goods.picture or '')}"


def mark_of(name: str) -> str:
    """Another for another file, so that nobody sees the old picture at the new address."""
    return hashlib.blake2b(name.encode(), digest_size=8).hexdigest()


async def answer(request: web.Request, office: Office, found: Kept) -> web.Response | None:
    """It, or the part of it that was asked for; None when the file is not there."""
    status, part = ranges.asked(request, found.size, found.etag)
    if status == 416:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{found.size}"})
    data = await _read(office, found, part)
    if data is None or len(data) != part.length:
        return None
    headers = {
        "Cache-Control": "private, max-age=3600",
        "Accept-Ranges": "bytes",
        "ETag": found.etag,
        "Content-Security-Policy": _INERT,
    }
    if status == 206:
        headers["Content-Range"] = part.content_range
    if not found.content_type.startswith(("image/", "video/")):
        headers["Content-Disposition"] = f'attachment; filename="{found.filename}"'
    return web.Response(status=status, body=data, content_type=found.content_type, headers=headers)


async def _read(office: Office, found: Kept, part: Part) -> bytes | None:
    if office.media is None:
        return None
    try:
        return await asyncio.to_thread(office.media.get, found.name, part.start, part.length)
    except StorageFault as fault:
        log.error("%s cannot be read: %s", found.filename, fault)  # noqa: TRY400 - the name of the fault says it all
        return None


def _of(tx: Tx, no: str, number: int) -> Attachment | None:
    demand = demands.by_no(tx, no)
    if demand is None or demand.id is None:
        return None
    return next((a for a in demands.attachments(tx, demand.id) if a.id == number), None)
