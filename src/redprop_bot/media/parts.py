"""What the formats share: the result, the bound on pixels, reading numbers that may not be there."""

from dataclasses import dataclass
from typing import Final, Literal

from redprop_bot.errors import BadMedia
from redprop_bot.media.exif import Place

MAX_PIXELS: Final = 50_000_000
MAX_SIDE: Final = 30_000


@dataclass(frozen=True, slots=True)
class Clean:
    """Bytes that may be kept and shown: type by content, size in pixels; `place` as in `exif.Exif`."""

    data: bytes
    content_type: str
    width: int | None = None
    height: int | None = None
    place: Place | None = None


class Reader:
    """Bytes from front to back; BadMedia where they end too early."""

    def __init__(self, data: bytes, position: int = 0) -> None:
        self.data, self.position = data, position

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return len(self.data) - self.position

    def take(self, count: int) -> bytes:
        """The next bytes."""
        if count < 0 or count > self.left:
            raise BadMedia("broken")
        part = self.data[self.position : self.position + count]
        self.position += count
        return part

    def number(self, count: int, order: Literal["big", "little"] = "big") -> int:
        """The next bytes as a number."""
        return int.from_bytes(self.take(count), order)


def sized(width: int, height: int) -> tuple[int, int]:
    """The size, if it is one that a phone can show; a few bytes may claim more than any memory holds."""
    if width < 1 or height < 1:
        raise BadMedia("broken")
    if width > MAX_SIDE or height > MAX_SIDE or width * height > MAX_PIXELS:
        raise BadMedia("bomb")
    return width, height
