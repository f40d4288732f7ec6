"""A process at work: the application, the senders, the delivery, the ticking clock, opened and closed in order.

`serve` is the whole service until it is told to stop; `running` is the same for a block of code (demo, tests);
`run_due` is one sweep for the command of that name. The office is built and closed by the caller.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from typing import Any

from redprop_bot.bootstrap.sharing import SharedStops, SharedTokens
from redprop_bot.channels import OfficialAccountSender, WorkSender
from redprop_bot.clock import sweeping
from redprop_bot.clock.ticking import ticking
from redprop_bot.dialogue.office import Office
from redprop_bot.media import Gathering
from redprop_bot.notify.delivery import Delivery
from redprop_bot.ports import Channel, Sender
from redprop_bot.store import serving
from redprop_bot.web.app import make_app
from redprop_bot.web.serving import Application, Session, calling, listening

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


@asynccontextmanager
async def delivering(office: Office) -> AsyncIterator[Delivery]:
    """Send what is owed as soon as it is owed, for the length of a block."""
    loop = asyncio.get_running_loop()
    async with _sending(office):
        delivery = Delivery(office.store, office.senders)
        gathering = Gathering(office.store, office.senders, office.media) if office.media else None
        workers: list[Delivery | Gathering] = [delivery, *([gathering] if gathering else [])]

        def wake() -> None:  # called in a database thread
            if not loop.is_closed():
                for worker in workers:
                    loop.call_soon_threadsafe(worker.wake)

        office.store.on_wake = wake
        work = [asyncio.create_task(worker.run(), name=type(worker).__name__.lower()) for worker in workers]
        try:
            yield delivery
        finally:
            office.store.on_wake = lambda: None
            for worker in workers:
                worker.stop()
            await asyncio.gather(*work)


async def run_due(office: Office) -> dict[str, Any]:
    """Do what is due at the office's moment, gather and deliver; see `clock.sweeping.run_due` for the shape."""
    async with _sending(office):
        if office.media is not None:
            await Gathering(office.store, office.senders, office.media).gather_all()
        return await sweeping.run_due(office, Delivery(office.store, office.senders))


@asynccontextmanager
async def _sending(office: Office) -> AsyncIterator[None]:
    """Senders for the channels that are on, unless the office was given its own."""
    if office.senders:
        yield
        return
    async with calling() as session:
        office.senders = senders(office, session)
        try:
            yield
        finally:
            office.senders = {}


def senders(office: Office, session: Session) -> dict[Channel, Sender]:
    """The real senders, on one session, with tokens and stops that all processes share."""
    shared, stops = SharedTokens(office.store), SharedStops(office.store)
    found = dict[Channel, Sender]()
    if office.settings.oa is not None:
        found[Channel.OA] = OfficialAccountSender(office.settings.oa, session, store=shared, stops=stops)
    if office.settings.work is not None:
        found[Channel.WORK] = WorkSender(office.settings.work, session, store=shared, stops=stops)
    return found


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
