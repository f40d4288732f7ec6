"""Sending what is owed: claim, send, mark. At least once; twice only what was in flight when a process died.

The platforms are called outside every transaction. Which road a message takes is decided where it is claimed
(`notify.roads`), what becomes of it after an attempt in `notify.settling`.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from redprop_bot.errors import PlatformError, PlatformRefused
from redprop_bot.notify import overtaken, roads, settling, templates
from redprop_bot.notify.roads import Claimed
from redprop_bot.notify.settling import LIFETIME, Outcome
from redprop_bot.ports import Channel, Receipt, Sender
from redprop_bot.rules import quiet
from redprop_bot.rules.budget import Road, Why
from redprop_bot.rules.telling import Weight
from redprop_bot.store import messages, outgoing, owners
from redprop_bot.store.tables import Outbox
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
LOOK_BACK = timedelta(minutes=10)
LOOK_SECONDS = 1.0
GATHER_SECONDS = 0.03
IDLE_SECONDS = 0.25
REOPENED = 500
"""Residents whose messages are chosen for anew in one go, when a road of the account is open again."""
PARALLEL = 64
"""Messages under way on each channel: a platform that hangs holds up nobody on the other."""


class Delivery:
    """The sender of one process; several processes share one outbox."""

    def __init__(self, store: Store, senders: Mapping[Channel, Sender]) -> None:
        self._store = store
        self._senders = senders
        self._owner = owners.this_process()
        self._looked_back: datetime | None = None
        self._wake = asyncio.Event()
        self._stopping = False
        self._more = False  # whether the last claim left something that is due
        self.sent = 0

    def wake(self) -> None:
        """Look now. To be called from the loop's thread."""
        self._wake.set()

    async def run(self) -> None:
        """Send until stopped. A slow receiver holds back nobody but themselves."""
        flying: set[asyncio.Task[Outcome]] = set()
        while not self._stopping or flying:
            self._wake.clear()
            try:
                if not self._stopping:
                    flying |= await self._start(self._free(flying))
                flying -= await self._land(flying)
            except Exception:
                log.exception("delivery stumbled; it goes on")
                await asyncio.sleep(LOOK_SECONDS)

    def _free(self, flying: "Iterable[asyncio.Task[Outcome]]" = ()) -> dict[Channel, int]:
        under_way = Counter(task.get_name() for task in flying)
        return {channel: PARALLEL - under_way[channel.value] for channel in self._senders}

    async def _start(self, free: Mapping[Channel, int]) -> set["asyncio.Task[Outcome]"]:
        now = self._store.clock.now()
        if self._looked_back is None or now - self._looked_back > LOOK_BACK:
            await self._store.write(self._bury)
            self._looked_back = now
        if not any(free.values()):
            return set()
        claimed = await self._store.write(lambda tx: self._claim(tx, free))
        self._more = claimed.more
        return {asyncio.create_task(self._attempt(m), name=m.channel) for m in claimed.messages}

    def _claim(self, tx: Tx, free: Mapping[Channel, int]) -> Claimed:
        channels = [c.value for c in self._senders]
        limits = tx.content.limits
        morning = quiet.not_before(tx.now, Weight.PLAIN, tx.content.zone, limits.quiet_from, limits.quiet_until)
        if morning > tx.now:  # queued by day, kept back by an ill platform: nobody is woken for it either
            messages.hold(tx, channels, Weight.PLAIN, morning)
        found = [
            roads.claim(tx, owner=self._owner, lease=LEASE, limit=limit, channels=[channel.value])
            for channel, limit in free.items()
            if limit
        ]
        return Claimed([m for claimed in found for m in claimed.messages], more=any(c.more for c in found))

    async def _land(self, flying: set["asyncio.Task[Outcome]"]) -> set["asyncio.Task[Outcome]"]:
        """Wait for a call to end or for something to do; what ended is marked."""
        woken = asyncio.create_task(self._wake.wait())
        try:
            await asyncio.wait({*flying, woken}, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            # many messages are claimed and marked in one go, and an idle outbox is not asked all the time
            await asyncio.sleep(GATHER_SECONDS if flying else IDLE_SECONDS)
        finally:
            woken.cancel()
        ended = {task for task in flying if task.done()}
        if ended:
            outcomes = [task.result() for task in ended]
            await self._store.write(lambda tx: settling.mark(tx, outcomes))
            self.sent += sum(o.receipt is not None for o in outcomes)
            self._wake.set()  # their receivers may have more
        return ended

    def _bury(self, tx: Tx) -> None:
        """Take over what processes of this machine had claimed when they died; give up what no channel can take.

        What is owed to a channel that is off waits a day: weeks later nobody wants yesterday's cards. What waited
        because the account's road was closed is chosen for anew when it is open again.
        """
        messages.give_up(tx, [c.value for c in self._senders], before=tx.now - LIFETIME)
        outgoing.expire(tx, tx.now - timedelta(days=tx.content.roads.waiting_days))
        if Road.CUSTOM.value not in roads.closed(tx):
            for openid in outgoing.waiting_for(tx, Why.CLOSED.value, limit=REOPENED):
                waits = overtaken.sifted(tx, openid)
                outgoing.again(tx, [m.id for m in waits if m.id is not None and m.error == Why.CLOSED])
        for owner in messages.claimers(tx):
            if owner != self._owner and owners.is_dead(owner):
                log.warning("taking over %s messages of a process that died", messages.release(tx, owner))

    def stop(self) -> None:
        """Finish the batch under way and end `run`."""
        self._stopping = True
        self._wake.set()

    async def drain(self) -> int:
        """Send one batch of what is due; returns how many messages were tried."""
        tasks = await self._start(self._free())
        if tasks:
            outcomes = list(await asyncio.gather(*tasks))
            await self._store.write(lambda tx: settling.mark(tx, outcomes))
            self.sent += sum(o.receipt is not None for o in outcomes)
        return len(tasks)

    async def drain_all(self, *, rounds: int = 10_000) -> int:
        """Send until nothing is due any more; returns how many attempts were made."""
        total = 0
        for _ in range(rounds):
            count = await self.drain()
            if not count and not self._more:
                break
            total += count
        return total

    async def _attempt(self, message: Outbox) -> Outcome:
        channel = Channel(message.channel)
        try:
            outbound = templates.outbound(self._store.content, message, self._store.clock.now())
            return Outcome(message, await self._senders[channel].send(outbound))
        except PlatformError as error:
            if isinstance(error, PlatformRefused) and message.attempts > 1 and "task_id" in error.message:
                return Outcome(message, Receipt())  # it arrived before a process died without marking it
            return Outcome(message, error=error)
        except Exception:
            log.exception("outbox %s could not be sent", message.id)
            return Outcome(message, broken="internal")
