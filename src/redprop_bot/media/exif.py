"""The two things that matter in EXIF: how a picture is turned, and where it was taken. Never raises."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

_ENTRIES: Final = 512
_TURN, _GPS = 0x0112, 0x8825
_ORDERS: Final[dict[bytes, Literal["big", "little"]]] = {b"II*\0": "little", b"MM\0*": "big"}


Place = Callable[[], tuple[float, float] | None]
"""Reads a position in degrees; None when what is noted is none."""


@dataclass(frozen=True, slots=True)
class Exif:
    """turn 1–8 as the standard numbers them; `place` reads where it was taken, None when nothing is noted.

    It is not read before it is called, and to be called only with the consent of who took it.
    """

    turn: int = 1
    place: Place | None = None


class _Tiff:
    def __init__(self, data: bytes, order: Literal["big", "little"]) -> None:
        self._data, self._order = data, order

    def number(self, at: int, size: int) -> int:
        if at < 0 or at + size > len(self._data):
            raise ValueError
        return int.from_bytes(self._data[at : at + size], self._order)

    def entries(self, at: int) -> dict[int, int]:
        """Where the value field of each tag lies; a directory that names itself is read once."""
        count = min(self.number(at, 2), _ENTRIES)
        fields = [at + 2 + 12 * index for index in range(count)]
        return {self.number(field, 2): field + 8 for field in fields}

    def degrees(self, at: int) -> float:
        start = self.number(at, 4)
        parts = [(self.number(start + 8 * i, 4), self.number(start + 8 * i + 4, 4)) for i in range(3)]
        return sum(top / bottom / scale for (top, bottom), scale in zip(parts, (1, 60, 3600), strict=True))

    def letter(self, at: int) -> str:
        return chr(self.number(at, 1)).upper()


def read(data: bytes) -> Exif:
    """From the TIFF structure inside an EXIF segment or chunk."""
    order = _ORDERS.get(data[:4])
    if order is None:
        return Exif()
    tiff, turn = _Tiff(data, order), 1
    try:
        first = tiff.entries(tiff.number(4, 4))
        if _TURN in first and 1 <= tiff.number(first[_TURN], 2) <= 8:
            turn = tiff.number(first[_TURN], 2)
        return Exif(turn, partial(_place, tiff, tiff.number(first[_GPS], 4)) if _GPS in first else None)
    except ValueError:
        return Exif(turn)


def _place(tiff: _Tiff, at: int) -> tuple[float, float] | None:
    try:
        tags = tiff.entries(at)
        lat = tiff.degrees(tags[2]) * (-1 if tiff.letter(tags[1]) == "S" else 1)
        lng = tiff.degrees(tags[4]) * (-1 if tiff.letter(tags[3]) == "W" else 1)
    except (ValueError, ZeroDivisionError, KeyError):
        return None
    return (lat, lng) if abs(lat) <= 90 and abs(lng) <= 180 and (lat or lng) else None


def turned(turn: int) -> bytes:
    """An EXIF segment for a JPEG that says how it is turned and nothing else; empty when it is upright."""
    if turn == 1:
        return b""
    tiff = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, _TURN, 3, 1, turn, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
