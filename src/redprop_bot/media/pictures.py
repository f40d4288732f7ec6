"""JPEG, PNG, GIF and WebP rebuilt from the parts that are needed to see them; everything else is left behind.

What says where, when, with what and by whom a picture was taken goes, and so does whatever was hidden in comments
or behind the end. Sizes are read from the headers, and nothing is decoded but PNG's outer compression, to count
what comes out of it.
"""

import re
import struct
import zlib
from typing import Final

from redprop_bot.errors import BadMedia
from redprop_bot.media import exif
from redprop_bot.media.exif import Exif
from redprop_bot.media.parts import MAX_PIXELS, Clean, Reader, sized

# -- JPEG

_SCANS: Final = 100  # a progressive picture has about ten; each costs the viewer a pass over all pixels
_FRAME: Final = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_TABLES: Final = {0xC4, 0xCC, 0xDB, 0xDD}
_SOS, _EOI, _APP0, _APP1, _APP14 = 0xDA, 0xD9, 0xE0, 0xE1, 0xEE
_MARKER: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_JFIF: Final = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


def jpeg(data: bytes) -> Clean:
    """Tables, frame and scans; of EXIF only how it is turned."""
    reader, kept, found = Reader(data, 2), list[bytes](), Exif()
    size, scans, has_jfif, adobe = None, 0, False, b""
    while (marker := _next_marker(reader)) not in (_EOI, None):
        body = reader.take(reader.number(2) - 2)
        segment = b"\xff" + bytes([marker or 0]) + struct.pack(">H", len(body) + 2) + body
        if marker in _FRAME:
            if size is not None or len(body) < 6:
                raise BadMedia("broken")
            height, width = struct.unpack(">HH", body[1:5])
            size = sized(width, height)
            kept.append(segment)
        elif marker in _TABLES:
            kept.append(segment)
        elif marker == _SOS:
            scans += 1
            if size is None:
                raise BadMedia("broken")
            if scans > _SCANS:
                raise BadMedia("bomb")
            kept.append(segment + _entropy(reader))
        elif marker == _APP1 and body[:6] == b"Exif\0\0" and found == Exif():
            found = exif.read(body[6:])
        elif marker == _APP0 and body[:5] == b"JFIF\0":
            has_jfif = True
        elif marker == _APP14 and body[:5] == b"Adobe" and len(body) >= 12:
            adobe = b"\xff\xee\x00\x0e" + body[:12]  # without it some pictures turn green
    if size is None or not scans:
        raise BadMedia("broken")
    head = [b"\xff\xd8", _JFIF if has_jfif else b"", exif.turned(found.turn), adobe]
    return Clean(b"".join([*head, *kept, b"\xff\xd9"]), "image/jpeg", *size, found.place)


def _next_marker(reader: Reader) -> int | None:
    """The next marker; None at the end of a picture that was cut off, which still shows what it has."""
    if not reader.left:
        return None
    if reader.take(1) != b"\xff":
        raise BadMedia("broken")
    while reader.left:
        marker = reader.take(1)[0]
        if marker == 0xFF:
            continue
        if marker in (0x00, 0x01, 0xD8) or 0xD0 <= marker <= 0xD7:
            raise BadMedia("broken")
        return marker
    return None


def _entropy(reader: Reader) -> bytes:
    following = _MARKER.search(reader.data, reader.position)
    return reader.take((following.start() if following else len(reader.data)) - reader.position)


# -- PNG

_SHOWS: Final = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"IDAT", b"IEND"}
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PIECE: Final = 1 << 20


def png(data: bytes) -> Clean:
    """The chunks that make the picture; its pixels must not be more than it says."""
    reader, kept, image, found = Reader(data, 8), list[bytes](), list[bytes](), Exif()
    size, expected = (0, 0), 0
    while True:
        length, kind = reader.number(4), reader.take(4)
        body, check = reader.take(length), reader.number(4)
        if zlib.crc32(kind + body) != check or (not kept) != (kind == b"IHDR"):
            raise BadMedia("broken")
        if kind == b"IHDR":
            size, expected = _png_size(body)
        elif kind == b"eXIf":
            found = exif.read(body)
        elif kind == b"IDAT":
            image.append(body)
        if kind in _SHOWS:
            kept.append(struct.pack(">I", length) + kind + body + struct.pack(">I", check))
        if kind == b"IEND":
            break
    if not image:
        raise BadMedia("broken")
    _check_inflated(b"".join(image), expected)
    return Clean(data[:8] + b"".join(kept), "image/png", *size, found.place)


def _png_size(body: bytes) -> tuple[tuple[int, int], int]:
    """The size in pixels, and a bound on the bytes that its rows take."""
    if len(body) != 13:
        raise BadMedia("broken")
    width, height, depth, colour = struct.unpack(">IIBB", body[:10])
    if depth not in (1, 2, 4, 8, 16) or colour not in _CHANNELS:
        raise BadMedia("broken")
    size = sized(width, height)
    row = (width * depth * _CHANNELS[colour] + 7) // 8 + 1
    return size, 2 * row * height + 65536  # twice: interlaced pictures have shorter rows, and more of them


def _check_inflated(image: bytes, bound: int) -> None:
    inflate, total = zlib.decompressobj(), 0
    try:
        piece = inflate.decompress(image, _PIECE)
        while piece:
            total += len(piece)
            if total > bound:
                raise BadMedia("bomb")
            piece = inflate.decompress(inflate.unconsumed_tail, _PIECE)
    except zlib.error:
        raise BadMedia("broken") from None


# -- GIF

_FRAMES: Final = 500


def gif(data: bytes) -> Clean:
    """Frames and their timing; comments and everything else go."""
    reader = Reader(data, 6)
    width, height = reader.number(2, "little"), reader.number(2, "little")
    size, flags = sized(width, height), reader.number(1)
    kept = [data[:11], reader.take(2), reader.take(_palette(flags))]
    frames = 0
    while reader.left:
        block = reader.number(1)
        if block == 0x3B:
            break
        if block == 0x2C:
            frames += 1
            if frames > _FRAMES or frames * width * height > 4 * MAX_PIXELS:
                raise BadMedia("bomb")
            place = reader.take(9)
            kept += [b"\x2c", place, reader.take(_palette(place[8])), reader.take(1), _blocks(reader)]
        elif block == 0x21:
            label, blocks = reader.take(1), _blocks(reader)
            if label == b"\xf9" or (label == b"\xff" and blocks[1:12] == b"NETSCAPE2.0"):
                kept += [b"\x21", label, blocks]
        else:
            raise BadMedia("broken")
    if not frames:
        raise BadMedia("broken")
    return Clean(b"".join([*kept, b"\x3b"]), "image/gif", *size)


def _palette(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(reader: Reader) -> bytes:
    start = reader.position
    while count := reader.number(1):
        reader.take(count)
    return reader.data[start : reader.position]


# -- WebP

_WEBP: Final = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}


def webp(data: bytes) -> Clean:
    """The chunks that make the picture."""
    reader = Reader(data[: Reader(data, 4).number(4, "little") + 8], 12)
    kept, found, size, shown = list[bytes](), Exif(), None, 0
    while reader.left >= 8:
        kind, length = reader.take(4), reader.number(4, "little")
        body = reader.take(length)
        if length % 2 and reader.left:
            reader.take(1)
        if kind == b"EXIF":
            found = exif.read(body.removeprefix(b"Exif\0\0"))
        if kind not in _WEBP:
            continue
        if kind == b"VP8X":
            size, body = _extended(body)
        elif kind in (b"VP8 ", b"VP8L"):
            plain = _lossy(body) if kind == b"VP8 " else _lossless(body)
            size, shown = size or plain, shown + 1
        elif kind == b"ANMF":
            shown += 1
        kept.append(kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2))
    if size is None or not shown:
        raise BadMedia("broken")
    if shown > _FRAMES or shown * size[0] * size[1] > 4 * MAX_PIXELS:
        raise BadMedia("bomb")
    whole = b"WEBP" + b"".join(kept)
    return Clean(b"RIFF" + struct.pack("<I", len(whole)) + whole, "image/webp", *size, found.place)


def _extended(body: bytes) -> tuple[tuple[int, int], bytes]:
    if len(body) < 10:
        raise BadMedia("broken")
    width = int.from_bytes(body[4:7], "little") + 1
    height = int.from_bytes(body[7:10], "little") + 1
    return sized(width, height), bytes([body[0] & 0b10010]) + body[1:10]  # animation and alpha stay announced


def _lossy(body: bytes) -> tuple[int, int]:
    if body[3:6] != b"\x9d\x01\x2a" or len(body) < 10:
        raise BadMedia("broken")
    width, height = struct.unpack("<HH", body[6:10])
    return sized(width & 0x3FFF, height & 0x3FFF)


def _lossless(body: bytes) -> tuple[int, int]:
    if body[:1] != b"\x2f" or len(body) < 5:
        raise BadMedia("broken")
    bits = int.from_bytes(body[1:5], "little")
    return sized((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
