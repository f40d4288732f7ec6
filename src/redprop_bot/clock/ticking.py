"""The scheduler of a serving process: it looks every few seconds whether something is due.

Nothing is planned in its memory. What is due stands in the database, so a restart forgets nothing and several
processes may tick beside each other.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Any, Final

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from redprop_bot.clock import sweeping
from redprop_bot.store.worker import Store

log = logging.getLogger(__name__)

SECONDS: Final = 15
TIDY_MINUTES: Final = 10


@contextmanager
def ticking(store: Store, *, seconds: float = SECONDS) -> Iterator[None]:
    """Tick as long as the block runs; to be entered in the loop that is to do the work."""
    scheduler: Any = AsyncIOScheduler(
        jobstores={"default": MemoryJobStore()}, executors={"default": AsyncIOExecutor()}, timezone=UTC
    )
    once = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler.add_job(_tick, "interval", (store,), seconds=seconds, **once)
    scheduler.add_job(_tidy, "interval", (store,), minutes=TIDY_MINUTES, **once)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


async def _tick(store: Store) -> None:
    try:
        done = await sweeping.sweep(store)
    except Exception:
        log.exception("a sweep stumbled; the next one catches up")
    else:
        if done:
            log.info("done because it was due: %s", dict(done))


async def _tidy(store: Store) -> None:
    try:
        await sweeping.tidy(store)
    except Exception:
        log.exception("tidying up stumbled; it is tried again")
