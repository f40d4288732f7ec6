"""Photos that come with a form of the console: proven by their bytes, freed of metadata, put among our files."""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Final

from redprop_bot.dialogue.office import Office
from redprop_bot.errors import BadMedia, Invalid, StorageFault
from redprop_bot.media import clean
from redprop_bot.media.cleaning import ENDINGS, MIB, name_for
from redprop_bot.web import loose
from redprop_bot.web.console.room import File

FIELDS: Final = ("photo1", "photo2", "photo3")
UPLOAD: Final = 30 * MIB
"""All photos of one form together."""

Kept = list[tuple[str, str, int]]
"""Name, type and count of bytes of each."""


async def kept(office: Office, files: Mapping[str, File]) -> Kept:
    """The photos of a form, in our files; raises Invalid, and keeps none then."""
    chosen = [(name, files[name].data) for name in FIELDS if name in files and files[name].data]
    found: Kept = []
    try:
        for field, data in chosen:
            found.append(await one(office, field, data, whose="c"))
    except Invalid:
        await let_go(office, found)
        raise
    return found


async def one(office: Office, field: str, data: bytes, *, whose: str) -> tuple[str, str, int]:
    """One photo, in our files under a name of its own; its name, type and count of bytes. Raises Invalid."""
    try:
        photo = await asyncio.to_thread(clean, "image", data)
    except BadMedia as bad:
        raise Invalid("photo_big" if bad.why in ("too_big", "bomb") else "photo", field=field) from None
    name = name_for(whose, secrets.token_hex(16), ENDINGS[photo.content_type])
    try:
        if office.media is None:
            raise Invalid("photo_later", field=field)
        await asyncio.to_thread(office.media.put, name, photo.data)
    except StorageFault:
        raise Invalid("photo_later", field=field) from None
    return name, photo.content_type, len(photo.data)


async def let_go(office: Office, photos: Kept) -> None:
    """Their form was refused."""
    await loose.let_go(office, [name for name, _type, _size in photos])
