"""Kill -9 the process that holds the scheduler: another one leads within 30 seconds and does what is due, once.

Two real services on one PostgreSQL; what is due is put there after the kill, so that only the survivor can do it.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.crash.test_kill import Victim, prepare

from redprop_bot.content import Content
from redprop_bot.ports import SystemClock
from redprop_bot.simulated import Twin
from redprop_bot.store.tables import Demand, Lease, Reminder
from redprop_bot.store.worker import Store

TAKEOVER = 30.0


async def _holder(store: Store) -> str | None:
    rows = await store.read(lambda tx: [row.owner for row in tx.list(Lease) if row.until > tx.now])
    return rows[0] if rows else None


async def _within(seconds: float, ask, *, what: str):
    """What `ask` gives as soon as it gives anything."""
    for _ in range(int(seconds * 10)):
        if found := await ask():
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}")


def _overdue(tx) -> None:
    at = tx.now - timedelta(days=20)
    tx.insert(
        Demand,
        no="D20261101-0001",
        community_id=1,
        estate_id=1,
        intent="demand.report",
        category="elevator",
        urgency="normal",
        text="电梯坏了",
        stage="accepted",
        handler_id=1,
        dispatches=1,
        reported_at=at,
        created_at=at,
        updated_at=at,
        dispatched_at=at,
        clocked_at=at,
        due_at=tx.now - timedelta(minutes=1),
        remind_at=tx.now - timedelta(minutes=1),
    )


@pytest.mark.slow
@pytest.mark.postgres
async def test_the_scheduler_survives_its_holder(postgres_url: str, tmp_path: Path, content: Content) -> None:
    """The lease passes to the survivor in time, and the order that is due then fires once."""
    prepare(postgres_url, tmp_path, content)
    store = Store(postgres_url, clock=SystemClock(), content=content)
    async with Twin() as twin:
        folders = [tmp_path / "one", tmp_path / "two"]
        for folder in folders:
            folder.mkdir()
        services = [Victim(postgres_url, twin, folder) for folder in folders]
        for service in services:
            await service.start()
        try:
            first = await _within(TAKEOVER, lambda: _holder(store), what="nobody leads")
            pid = int(first.split("/")[1])
            leading = next(s for s in services if s.process is not None and s.process.pid == pid)
            assert leading.process is not None
            leading.process.kill()
            await asyncio.to_thread(leading.process.wait)
            died = datetime.now(UTC)
            await store.write(_overdue)

            async def other() -> str | None:
                now = await _holder(store)
                return now if now != first else None

            await _within(TAKEOVER, other, what="nobody took over")
            assert datetime.now(UTC) - died < timedelta(seconds=TAKEOVER)

            async def fired() -> list[str]:
                return await store.read(lambda tx: [row.rule for row in tx.list(Reminder)])

            assert (await _within(20, fired, what="the survivor does not sweep")).count("overdue") == 1
        finally:
            codes = [await service.stop() for service in services]
            store.close()
        assert sorted(codes) == [-9, 0]
