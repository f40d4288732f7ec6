"""A process at work: the application, the senders, the delivery, the ticking clock, opened and closed in order.

`serve` is the whole service until it is told to stop; `running` is the same for a block of code (demo, tests).
The office is built and closed by the caller.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext

from redprop_bot.bootstrap.sending import delivering
from redprop_bot.clock.ticking import ticking
from redprop_bot.dialogue.office import Office
from redprop_bot.store import serving
from redprop_bot.web.app import make_app
from redprop_bot.web.serving import Application, listening

log = logging.getLogger(__name__)

Also = Callable[[Application], None]
"""What else is to stand in the application, such as the demo's pages."""


async def serve(
    office: Office,
    host: str,
    port: int,
    *,
    ready: Callable[[str], None] | None = None,
    also: Also | None = None,
    shared: bool = False,
) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is called with the address that it listens on.

    Requests and messages under way are finished before it returns. Raises ConfigError where another process
    serves the same SQLite database, OSError where the address is taken.
    """
    with serving.alone(office.settings.database_url), _stopping() as stop:
        async with running(office, host, port, also=also, shared=shared) as address:
            log.info("listening on %s", address)
            if ready is not None:
                ready(address)
            await stop.wait()
            log.info("stopping")


@asynccontextmanager
async def running(
    office: Office, host: str, port: int, *, also: Also | None = None, shared: bool = False
) -> AsyncIterator[str]:
    """The whole service for the length of a block; gives its address."""
    ticks = office.settings.scheduler == "on"
    async with AsyncExitStack() as stack:
        # Closed in reverse: first nobody is let in any more, then the clock stands, then the outbox rests.
        await stack.enter_async_context(delivering(office))
        stack.enter_context(ticking(office.store, files=office.media) if ticks else nullcontext())
        await stack.enter_async_context(_up_to_date(office))
        app = make_app(office)
        if also is not None:
            also(app)
        bound = await stack.enter_async_context(listening(app, host, port, shared=shared))
        yield f"http://{f'[{host}]' if ':' in host else host}:{bound}"


LOOK_SECONDS = 2.0
"""So soon every process works with what was edited at the console of any."""


@asynccontextmanager
async def _up_to_date(office: Office) -> AsyncIterator[None]:
    """Take up what is edited, for the length of a block."""

    async def look() -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await office.refresh()
            except Exception:
                log.exception("it could not be seen whether anything was edited")

    work = asyncio.create_task(look(), name="content")
    try:
        yield
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


@contextmanager
def _stopping() -> Iterator[asyncio.Event]:
    """An event that the usual signals set."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
