"""Files of an Official Account: what persons sent and what it uploaded, for three days, or for ever.

`videos_by_address`: a video is answered with its address instead of its bytes. `limits`: bytes by kind; for
pictures older pages say two megabytes.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from redprop_bot.ports import Clock
from redprop_bot.simulated.server import ApiError

_LIFE = timedelta(days=3)
_LIMITS = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "thumb": 64 << 10}
_TYPES = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4", "thumb": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Kept:
    """One file."""

    kind: str
    data: bytes
    at: datetime
    forever: bool = False


class MediaStore:
    """All files by media id."""

    def __init__(self, clock: Clock) -> None:
        self.videos_by_address, self.limits = True, dict(_LIMITS)
        self.kept: dict[str, Kept] = {}
        self._clock = clock

    def keep(self, kind: str, data: bytes, *, forever: bool = False) -> str:
        """Keep a file; its media id."""
        media_id = secrets.token_urlsafe(48)
        self.kept[media_id] = Kept(kind, data, self._clock.now(), forever)
        return media_id

    def alive(self, media_id: str) -> bool:
        """Whether there is such a file (any more)."""
        kept = self.kept.get(media_id)
        return kept is not None and (kept.forever or self._clock.now() - kept.at < _LIFE)

    def forever(self, media_id: str) -> bool:
        """Whether there is such a file for good."""
        return self.alive(media_id) and self.kept[media_id].forever

    def download(self, media_id: str, origin: str) -> web.StreamResponse:
        """`media/get`."""
        if not self.alive(media_id):
            raise ApiError(40007, "invalid media_id")
        kept = self.kept[media_id]
        if kept.kind == "video" and self.videos_by_address:
            return web.json_response({"video_url": f"{origin}/video/{media_id}"}, content_type="text/plain")
        return self.file(media_id)

    def file(self, media_id: str) -> web.Response:
        """The bytes themselves."""
        if not self.alive(media_id):
            raise web.HTTPNotFound
        kept = self.kept[media_id]
        return web.Response(body=kept.data, content_type=_TYPES[kept.kind])

    async def upload(self, request: web.Request) -> dict[str, Any]:
        """`media/upload`, and `material/add_material` with `forever`."""
        kind, forever = request.query.get("type", ""), request.path.endswith("add_material")
        if kind not in self.limits:
            raise ApiError(40004, "invalid media type")
        data = await _file(request)
        if len(data) > self.limits[kind]:
            raise ApiError(45001, "media size out of limit")
        media_id = self.keep(kind, data, forever=forever)
        if forever:
            return {"media_id": media_id, "url": f"http://mmbiz.qpic.cn/mmbiz_jpg/{media_id}/0"}
        name = "thumb_media_id" if kind == "thumb" else "media_id"
        return {"type": kind, name: media_id, "created_at": int(self._clock.now().timestamp())}


async def _file(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        raise ApiError("no_file", "media data missing")
    part = (await request.post()).get("media")
    if not isinstance(part, web.FileField) or not part.filename:
        raise ApiError("no_file", "media data missing")
    data: bytes = part.file.read()
    if not data:
        raise ApiError("empty_file", "empty media data")
    return data
