"""Parts of a file over HTTP (RFC 9110, 14): a phone asks for a video in pieces, and some show nothing else.

One range at a time. What is malformed or names several is answered with the whole, as the standard allows; what
lies behind the end is 416. Which file, and who may have it, is decided by the caller.
"""

import re
from dataclasses import dataclass
from typing import Final

from aiohttp import web

_ONE: Final = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """So many bytes from `start` on, of a file with `size` bytes."""

    start: int
    length: int
    size: int

    @property
    def content_range(self) -> str:
        """As the header names it."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{self.size}"


def asked(request: web.Request, size: int, etag: str) -> tuple[int, Part]:
    """What a request asks for of a file: status (200, 206 or 416) and the part.

    `etag` with its quotes; a range is only of that file which the browser already has the rest of (If-Range).
    """
    whole = Part(0, size, size)
    found = _ONE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or found is None or request.headers.get("If-Range", etag) != etag:
        return 200, whole
    first, last = found.groups()
    if not first and not last:
        return 200, whole
    if not first:  # so many from the end
        start, stop = max(size - int(last), 0), size
    else:
        start, stop = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return 200, whole  # malformed
    return (206, Part(start, stop - start, size)) if start < stop else (416, Part(0, 0, size))
