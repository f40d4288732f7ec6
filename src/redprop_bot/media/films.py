"""MP4, QuickTime and 3GP: the boxes stay where they are, what is said about the film is blanked in place.

Players find their samples by offsets into the file, so nothing may move: a box of metadata becomes a `free` box of
the same length, full of zeros.
"""

from collections.abc import Iterator
from typing import Final

from redprop_bot.errors import BadMedia
from redprop_bot.media.parts import Clean, sized

_SPEAKS: Final = {b"udta", b"meta", b"uuid"}
_HOLDS: Final = {b"moov", b"trak"}
_BOXES: Final = 4000
_STILL: Final = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis")
_TYPES: Final = {b"qt  ": "video/quicktime", b"3gp": "video/3gpp", b"3g2": "video/3gpp"}


def mp4(data: bytes) -> Clean:
    """The film without what is said about it."""
    brand = data[8:12]
    if brand in _STILL:
        raise BadMedia("kind")
    blank, size, has_film = bytearray(data), None, False
    for count, (kind, start, body, end) in enumerate(_walk(data, 0, len(data))):
        if count > _BOXES:
            raise BadMedia("bomb")
        if kind in _SPEAKS:
            blank[start + 4 : start + 8] = b"free"
            blank[body:end] = bytes(end - body)
        elif kind == b"cmov":  # a compressed header could hide anything
            raise BadMedia("kind")
        elif kind == b"tkhd":
            size = _track_size(data[body:end]) or size
        has_film = has_film or kind == b"moov"
    if not has_film:
        raise BadMedia("broken")
    content_type = next((name for head, name in _TYPES.items() if brand.startswith(head)), "video/mp4")
    return Clean(bytes(blank), content_type, *(size or (None, None)))


def _walk(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Kind, start, start of the body and end of each box, those inside of `moov` and `trak` too."""
    while start < end:
        if end - start < 8:
            raise BadMedia("broken")
        length, kind, head = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8], 8
        if length == 1:
            length, head = int.from_bytes(data[start + 8 : start + 16], "big"), 16
        elif length == 0:
            length = end - start
        if length < head or start + length > end:
            raise BadMedia("broken")
        yield kind, start, start + head, start + length
        if kind in _HOLDS:
            yield from _walk(data, start + head, start + length)
        start += length


def _track_size(body: bytes) -> tuple[int, int] | None:
    """Width and height of a track in pixels; a track of sound has none."""
    width, height = (int.from_bytes(part, "big") >> 16 for part in (body[-8:-4], body[-4:]))
    return sized(width, height) if len(body) >= 84 and width and height else None
