"""What bytes are, whatever anybody calls them, and what of them may be kept.

    image   JPEG PNG GIF WebP            at most 12 MiB and 50 million pixels
    voice   AMR AMR-WB SILK MP3 Ogg      at most 3 MiB
    video   MP4 QuickTime 3GP            at most 20 MiB

The limits lie a little above what the platforms take from a phone. Everything else is BadMedia.
"""

from collections.abc import Callable, Mapping
from typing import Final

from redprop_bot.errors import BadMedia
from redprop_bot.media import films, pictures
from redprop_bot.media.parts import Clean

__all__ = ["LIMITS", "Clean", "clean", "content_type"]

MIB: Final = 1024 * 1024
LIMITS: Final[Mapping[str, int]] = {"image": 12 * MIB, "voice": 3 * MIB, "video": 20 * MIB}

_Cleaner = Callable[[bytes], Clean]


def _sound(kind: str) -> _Cleaner:
    return lambda data: Clean(data, kind)


def _mp3(data: bytes) -> Clean:
    """Without the tag in front, which may hold anything."""
    if data[:3] == b"ID3" and len(data) > 10:
        size = sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
        data = data[10 + size :]
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        raise BadMedia("broken")
    return Clean(data, "audio/mpeg")


# Each row: what the bytes begin with, at which offset, for which kind, and what makes them fit to keep.
_HEADS: Final[tuple[tuple[bytes, int, str, _Cleaner], ...]] = (
    (b"\xff\xd8\xff", 0, "image", pictures.jpeg),
    (b"\x89PNG\r\n\x1a\n", 0, "image", pictures.png),
    (b"GIF87a", 0, "image", pictures.gif),
    (b"GIF89a", 0, "image", pictures.gif),
    (b"WEBP", 8, "image", pictures.webp),
    (b"#!AMR\n", 0, "voice", _sound("audio/amr")),
    (b"#!AMR-WB\n", 0, "voice", _sound("audio/amr-wb")),
    (b"#!SILK_V3", 0, "voice", _sound("audio/silk")),
    (b"#!SILK_V3", 1, "voice", _sound("audio/silk")),
    (b"OggS", 0, "voice", _sound("audio/ogg")),
    (b"ID3", 0, "voice", _mp3),
    (b"\xff\xfb", 0, "voice", _mp3),
    (b"\xff\xf3", 0, "voice", _mp3),
    (b"ftyp", 4, "video", films.mp4),
)


def clean(kind: str, data: bytes) -> Clean:
    """What of a message's image, voice or video is kept; BadMedia says why nothing is."""
    if len(data) > LIMITS[kind]:
        raise BadMedia("too_big")
    for head, offset, fits, cleaner in _HEADS:
        if fits == kind and data[offset : offset + len(head)] == head:
            return cleaner(data)
    raise BadMedia("kind")


ENDINGS: Final[Mapping[str, str]] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "audio/amr": "amr",
    "audio/amr-wb": "awb",
    "audio/silk": "silk",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
}


def name_for(whose: str, mark: str, ending: str) -> str:
    """The name of a clean file among ours: `whose` says what it belongs to, `mark`, in hex, keeps it apart."""
    return f"{mark[:2]}/{whose}-{mark}.{ending}"


def content_type(name: str) -> str:
    """The content type of a kept file by the ending of its name."""
    ending = name.rpartition(".")[2]
    return next((kind for kind, known in ENDINGS.items() if known == ending), "application/octet-stream")
