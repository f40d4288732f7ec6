"""Photos of a form: proven by their bytes, kept between two tries, then put among our files.

A browser does not send a chosen file twice by itself: what was sent once waits here until the form is right.
"""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from redprop_bot.dialogue.office import Office
from redprop_bot.errors import BadMedia, Invalid
from redprop_bot.media import clean
from redprop_bot.media.cleaning import ENDINGS, MIB, name_for
from redprop_bot.store import views
from redprop_bot.store.tx import Tx
from redprop_bot.web.phone.slips import Form

FIELDS: Final = ("photo1", "photo2", "photo3")
UPLOAD: Final = 30 * MIB
"""All photos of one form together."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that is good: `token` by which it waits."""

    token: str
    content_type: str
    data: bytes


async def sent(office: Office, person_id: int, form: Form) -> tuple[list[Photo], Invalid | None]:
    """The photos that came with a form or wait since its last try, and what is wrong with one of them."""
    owner = views.resident(person_id)
    tokens = [token for token in form.many.get("kept", []) if token not in form.many.get("drop", [])][
        : len(FIELDS)
    ]
    waiting = await office.store.read(lambda tx: [views.upload(tx, token, owner) for token in tokens])
    photos = [Photo(row.token, row.name, row.content) for row in waiting if row is not None]
    wrong: Invalid | None = None
    for name in FIELDS:
        file = form.files.get(name)
        if file is None or not file.data:
            continue
        try:
            found = await asyncio.to_thread(clean, "image", file.data)
        except BadMedia as bad:
            wrong = Invalid("photo_big" if bad.why in ("too_big", "bomb") else "photo", field=name)
            continue
        photos.append(Photo(secrets.token_hex(16), found.content_type, found.data))
    return photos[: len(FIELDS)], wrong


def wait(tx: Tx, person_id: int, photos: Sequence[Photo]) -> None:
    """Keep them until the form is right, at most a day."""
    owner, most = views.resident(person_id), 2 * len(FIELDS)
    for photo in photos:
        if views.upload(tx, photo.token, owner) is None:
            views.add_upload(tx, photo.token, owner=owner, name=photo.content_type, content=photo.data, most=most)


def arrived(tx: Tx, photos: Sequence[Photo]) -> None:
    """Their form was right: none of them waits any more."""
    for photo in photos:
        views.drop_upload(tx, photo.token)


async def put(office: Office, photos: Sequence[Photo]) -> list[tuple[str, str, int]]:
    """Among our files; the name, type and count of each. Raises StorageFault."""
    kept = []
    for photo in photos:
        if office.media is None:
            break
        # A name of its own each time: a form that is refused takes nothing from the same form sent again.
        name = name_for("p", secrets.token_hex(16), ENDINGS[photo.content_type])
        await asyncio.to_thread(office.media.put, name, photo.data)
        kept.append((name, photo.content_type, len(photo.data)))
    return kept
