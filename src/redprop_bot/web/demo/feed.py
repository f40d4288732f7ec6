"""The live feed of the demo page: everything the phones show, from the first entry on, as server-sent events.

event: hello   data: {"run"}      once at the beginning; another run than before: the page starts afresh
event: line    data: an entry     id: <run>.<no>, so that a broken connection goes on where it broke
"""

import asyncio
import json
from typing import Final

from aiohttp import web

from redprop_bot.simulated import Entry
from redprop_bot.web.demo.stage import Stage, as_seen

_LOOK_SECONDS: Final = 1.0
_BEATS: Final = 15  # looks without news between two signs of life


async def feed(request: web.Request, stage: Stage) -> web.StreamResponse:
    """Write until the browser leaves or the service stops."""
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store"}
    )
    queue = stage.watch()
    known = stage.shown()  # nothing can come between these two lines: nobody else runs
    try:
        await response.prepare(request)
        await response.write(_event("hello", {"run": stage.run}))
        seen = _seen(request.headers.get("Last-Event-ID", ""), stage.run)
        await response.write(b"".join(_line(stage, entry) for entry in known if entry.no > seen))
        await _follow(response, stage, queue)
    except (ConnectionResetError, asyncio.CancelledError):
        pass  # the browser has left
    finally:
        stage.unwatch(queue)
    return response


async def _follow(response: web.StreamResponse, stage: Stage, queue: "asyncio.Queue[Entry]") -> None:
    quiet = 0
    while not stage.closing:
        try:
            entry = await asyncio.wait_for(queue.get(), _LOOK_SECONDS)
        except TimeoutError:
            quiet += 1
            if quiet % _BEATS == 0:
                await response.write(b": still here\n\n")
            continue
        quiet = 0
        if entry.person in stage.phones:
            await response.write(_line(stage, entry))


def _seen(last: str, run: str) -> int:
    """The number of the last entry that the browser has of this run."""
    known, _, number = last.partition(".")
    return int(number) if known == run and number.isdecimal() else 0


def _line(stage: Stage, entry: Entry) -> bytes:
    return _event("line", as_seen(entry), f"{stage.run}.{entry.no}")


def _event(name: str, data: object, key: str = "") -> bytes:
    head = f"id: {key}\n" if key else ""
    return f"{head}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
