"""What is owed goes out: the senders of the channels that are on, the delivery while a process runs, one sweep.

`run_due` is for the command of that name, and loads no web application.
The office is built and closed by the caller.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from redprop_bot.bootstrap.sharing import SharedStops, SharedTokens
from redprop_bot.channels import OfficialAccountSender, WorkSender
from redprop_bot.clock import sweeping
from redprop_bot.dialogue.office import Office
from redprop_bot.media import Gathering
from redprop_bot.notify.delivery import Delivery
from redprop_bot.ports import Channel, Sender
from redprop_bot.web.serving import Session, calling


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
