"""`/console/feed`: what changes, as server-sent events, for pages that are open.

    event: change   data: {"no", "act"}     a demand that is there for who looks
    event: over                             the seat is over: the page says so

One look at the database a second for all open pages of a process, and none when there are none: it sees what any
process has committed. An event says that something has changed and nothing of what; the page asks for itself.
"""

import asyncio
import json
import logging
from collections import OrderedDict
from typing import Final

from aiohttp import web

from redprop_bot.dialogue.office import Office
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import changes
from redprop_bot.store.changes import Change
from redprop_bot.store.tx import Tx
from redprop_bot.web import staff
from redprop_bot.web.access import Viewer
from redprop_bot.web.api import sight
from redprop_bot.web.keys import OFFICE

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 1.0
BEAT: Final = 20  # looks between two signs of life, at which the seat is looked at again
MOST_OPEN: Final = 500
_REMEMBERED: Final = 4 * changes.LOOK_BACK


class Watch:
    """Looks for changes as long as somebody listens. `look_seconds` may be shortened by a test."""

    def __init__(self, office: Office) -> None:
        self.look_seconds = LOOK_SECONDS
        self.closing = False
        self._office = office
        self._listeners: set[asyncio.Queue[Change | None]] = set()
        self._work: asyncio.Task[None] | None = None

    @property
    def is_full(self) -> bool:
        """Whether no more may listen."""
        return len(self._listeners) >= MOST_OPEN

    async def listen(self) -> "asyncio.Queue[Change | None]":
        """A queue of everything from now on; give it back with `leave`."""
        queue: asyncio.Queue[Change | None] = asyncio.Queue(1000)
        start = await self._office.store.read(changes.newest) if self._rests else 0
        self._listeners.add(queue)  # after what may fail: nobody would give it back
        if self._rests:
            self._work = asyncio.create_task(self._look(start), name="console feed")
        return queue

    @property
    def _rests(self) -> bool:
        return self._work is None or self._work.done()

    def leave(self, queue: "asyncio.Queue[Change | None]") -> None:
        """Nobody reads this queue any more."""
        self._listeners.discard(queue)

    async def close(self) -> None:
        """Let all go."""
        self.closing = True
        for queue in self._listeners:
            if not queue.full():
                queue.put_nowait(None)
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)

    async def _look(self, newest: int) -> None:
        seen: OrderedDict[int, None] = OrderedDict.fromkeys(range(max(0, newest - changes.LOOK_BACK), newest + 1))
        while self._listeners and not self.closing:
            await asyncio.sleep(self.look_seconds)
            try:
                found = await self._office.store.read(lambda tx, key=newest: changes.since(tx, key))  # type: ignore[misc]
            except Exception:
                log.exception("the feed could not look")
                continue
            for change in found:
                if change.key not in seen:
                    seen[change.key] = None
                    newest = max(newest, change.key)
                    self._tell(change)
            while len(seen) > _REMEMBERED:
                seen.popitem(last=False)

    def _tell(self, change: Change) -> None:
        for queue in self._listeners:
            if not queue.full():  # whoever does not read fast enough has news waiting anyway
                queue.put_nowait(change)


WATCH: Final = web.AppKey("console_watch", Watch)


def add_routes(app: web.Application) -> None:
    """The one address."""
    app[WATCH] = Watch(app[OFFICE])
    app.router.add_get("/console/feed", _feed)
    app.on_shutdown.append(_close)


async def _close(app: web.Application) -> None:
    await app[WATCH].close()


async def _feed(request: web.Request) -> web.StreamResponse:
    watch = request.app[WATCH]
    viewer = await _viewer(request)
    if viewer is None:
        raise web.HTTPUnauthorized
    if watch.is_full:
        raise web.HTTPServiceUnavailable
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
    )
    queue = await watch.listen()
    try:
        await response.prepare(request)
        await response.write(b"retry: 5000\n\n")
        await _follow(request, response, watch, queue, viewer)
    except (ConnectionResetError, asyncio.CancelledError):
        pass  # the browser has left
    finally:
        watch.leave(queue)
    return response


async def _follow(
    request: web.Request,
    response: web.StreamResponse,
    watch: Watch,
    queue: "asyncio.Queue[Change | None]",
    viewer: Viewer,
) -> None:
    while not watch.closing:
        try:
            change = await asyncio.wait_for(queue.get(), watch.look_seconds * BEAT)
        except TimeoutError:
            again = await _viewer(request)
            if again is None:
                await response.write(_event("over", {}))
                return
            viewer = again
            await response.write(b": still here\n\n")
            continue
        if change is None:
            return
        if change.intent in CONFIDENTIAL and viewer.speaker is not None:
            again = await _viewer(request)  # what came just now may complain of who looks
            if again is None:
                continue
            viewer = again
        if sight.sees(viewer, change):
            await response.write(_event("change", {"no": change.no, "act": change.act}))


async def _viewer(request: web.Request) -> Viewer | None:
    seat = staff.seat_of(request)

    def job(tx: Tx) -> Viewer | None:
        return staff.viewer(tx, seat) if seat is not None else None

    return await request.app[OFFICE].store.read(job)


def _event(name: str, data: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
