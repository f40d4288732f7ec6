"""The scheduler of a serving process: it looks every few seconds whether something is due, if it is its turn.

Nothing is planned in its memory. What is due stands in the database, so a restart forgets nothing. Several
processes tick beside each other, and the one that holds the lease sweeps.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from redprop_bot.clock import sweeping
from redprop_bot.clock.leading import LOOK_SECONDS, Leader
from redprop_bot.media import Retention
from redprop_bot.ports import MediaStore
from redprop_bot.store.worker import Store

log = logging.getLogger(__name__)

SECONDS: Final = 15
TIDY_MINUTES: Final = 10


@contextmanager
def ticking(
    store: Store,
    *,
    files: MediaStore | None = None,
    seconds: float = SECONDS,
    look_seconds: float = LOOK_SECONDS,
) -> Iterator[Leader]:
    """Tick as long as the block runs; to be entered in the loop that is to do the work."""
    scheduler: Any = AsyncIOScheduler(
        jobstores={"default": MemoryJobStore()}, executors={"default": AsyncIOExecutor()}, timezone=UTC
    )
    leader = Leader(store)
    once = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    # The lease is looked at beside the sweep, so that a long sweep does not lose it.
    at_once = {"next_run_time": datetime.now(UTC)}  # of the machine: the scheduler knows no other clock
    every = min(look_seconds, seconds)
    scheduler.add_job(_calmly, "interval", (leader.look,), seconds=every, **once, **at_once)
    scheduler.add_job(_calmly, "interval", (_tick, store, leader), seconds=seconds, **once)
    retention = Retention(store, files) if files is not None else None
    scheduler.add_job(_calmly, "interval", (_tidy, store, leader, retention), minutes=TIDY_MINUTES, **once)
    scheduler.start()
    try:
        yield leader
    finally:
        scheduler.shutdown(wait=False)
        leader.let_go()


async def _calmly(job: Callable[..., Awaitable[Any]], *given: Any) -> None:
    """A job that is under way when the process stops ends with it, and is no error of the scheduler."""
    with suppress(asyncio.CancelledError):
        await job(*given)


async def _tick(store: Store, leader: Leader) -> None:
    if not leader.leads:
        return
    try:
        done = await sweeping.sweep(store)
    except Exception:
        log.exception("a sweep stumbled; the next one catches up")
    else:
        if done:
            log.info("done because it was due: %s", dict(done))


async def _tidy(store: Store, leader: Leader, retention: Retention | None) -> None:
    if not leader.leads:
        return
    try:
        await sweeping.tidy(store)
        if aged := await sweeping.age(store):
            log.info("named no longer: %s", dict(aged))
        if retention is not None and (gone := await retention.sweep()):
            log.info("kept no longer: %s", dict(gone))
    except Exception:
        log.exception("tidying up stumbled; it is tried again")
