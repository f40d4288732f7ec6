"""Small pictures, films and sounds, whole and with things in them that nobody needs to see them."""

import struct
import zlib

MAKER = b"a camera of somebody"
LAT, LNG = (30.5, 117.25)


def tiff(turn: int = 1, place: bool = True) -> bytes:
    """An EXIF structure with a maker, a turning and, if wanted, the place 30.5 N 117.25 E."""
    entries, tail = [(0x010F, 2, len(MAKER), None), (0x0112, 3, 1, turn << 16)], b""
    if place:
        entries.append((0x8825, 4, 1, None))
    base = 8 + 2 + 12 * len(entries) + 4
    out = struct.pack(">H", len(entries))
    for tag, kind, count, given in entries:
        value = given
        if tag == 0x010F:
            value, tail = base + len(tail), tail + MAKER
        elif tag == 0x8825:
            value = base + len(tail)
            gps = value + 2 + 12 * 4 + 4
            degrees = struct.pack(">6I", 30, 1, 30, 1, 0, 1) + struct.pack(">6I", 117, 1, 15, 1, 0, 1)
            tail += struct.pack(">H", 4)
            tail += struct.pack(">HHI4s", 1, 2, 2, b"N\0\0\0") + struct.pack(">HHII", 2, 5, 3, gps)
            tail += struct.pack(">HHI4s", 3, 2, 2, b"E\0\0\0") + struct.pack(">HHII", 4, 5, 3, gps + 24)
            tail += b"\0\0\0\0" + degrees
        out += struct.pack(">HHII", tag, kind, count, value)
    return b"MM\0*\0\0\0\x08" + out + b"\0\0\0\0" + tail


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(
    width: int = 8,
    height: int = 8,
    *,
    exif: bytes = b"",
    comment: bytes = b"",
    scans: int = 1,
    behind: bytes = b"",
    size: int = 0,
) -> bytes:
    """A JPEG; `size` fills the scan up to about that many bytes."""
    head = b"\xff\xd8" + _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    if exif:
        head += _segment(0xE1, b"Exif\0\0" + exif)
    if comment:
        head += _segment(0xFE, comment)
    frame = _segment(0xDB, bytes(65)) + _segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0")
    tables = _segment(0xC4, bytes(17))
    scan = _segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\x00\x34\xff\xd0\x56" + b"\x55" * size
    return head + frame + tables + scan * scans + b"\xff\xd9" + behind


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    width: int = 4, height: int = 4, *, pixels: bytes | None = None, extra: bytes = b"", behind: bytes = b""
) -> bytes:
    """A grey PNG; `pixels` is what its compression holds, `extra` goes between header and pixels."""
    rows = pixels if pixels is not None else (b"\0" + b"\x7f" * width) * height
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    whole = header + extra + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + whole + behind


def text_chunk(text: bytes = MAKER) -> bytes:
    """A PNG chunk that says something."""
    return _chunk(b"tEXt", b"Author\0" + text)


def exif_chunk(exif: bytes) -> bytes:
    """A PNG chunk with EXIF."""
    return _chunk(b"eXIf", exif)


def gif(width: int = 2, height: int = 2, *, frames: int = 1, comment: bytes = b"") -> bytes:
    """A GIF."""
    said = b"\x21\xfe" + bytes([len(comment)]) + comment + b"\0" if comment else b""
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\0"
    return (
        b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + said + frame * frames + b"\x3b"
    )


def webp(width: int = 3, height: int = 3, *, exif: bytes = b"") -> bytes:
    """A lossless WebP with an extended header."""
    bits = (width - 1) | (height - 1) << 14
    plain = b"VP8L" + struct.pack("<I", 6) + b"\x2f" + struct.pack("<I", bits) + b"\0"
    head = (
        bytes([0x08 if exif else 0])
        + bytes(3)
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    chunks = b"VP8X" + struct.pack("<I", 10) + head + plain
    if exif:
        chunks += b"EXIF" + struct.pack("<I", len(exif)) + exif + b"\0" * (len(exif) % 2)
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def mp4(*, brand: bytes = b"isom", said: bytes = b"", width: int = 640, height: int = 480) -> bytes:
    """A film; `said` goes where phones write where and by what it was taken."""
    track = _box(b"tkhd", bytes(76) + struct.pack(">II", width << 16, height << 16))
    inner = _box(b"mvhd", bytes(100)) + _box(b"trak", track + (_box(b"udta", said) if said else b""))
    inner += _box(b"udta", said) + _box(b"meta", said) if said else b""
    return _box(b"ftyp", brand + bytes(4) + brand) + _box(b"moov", inner) + _box(b"mdat", b"film" * 8)


AMR = b"#!AMR\n" + bytes(32)
