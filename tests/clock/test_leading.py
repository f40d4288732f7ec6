"""One process of several holds the scheduler: the lease on both engines, two stores, one frozen clock."""

import asyncio
from datetime import timedelta

import pytest
from tests.conftest import OpenStore

from redprop_bot.clock.leading import LOOK_SECONDS, TERM, Leader
from redprop_bot.clock.ticking import ticking
from redprop_bot.ports import FrozenClock
from redprop_bot.store.tables import Lease
from redprop_bot.store.worker import Store


@pytest.fixture
def two(database_url: str, open_store: OpenStore) -> tuple[Store, Store]:
    """Two processes on one database."""
    return open_store(database_url), open_store(database_url)


async def test_one_leads_and_the_other_waits(two: tuple[Store, Store], clock: FrozenClock) -> None:
    """As long as the first renews, the second never does."""
    one, other = Leader(two[0]), Leader(two[1])
    for _ in range(10):
        assert (await one.look(), await other.look()) == (True, False)
        clock.at += timedelta(seconds=LOOK_SECONDS)


async def test_a_dead_holder_is_followed_within_thirty_seconds(
    two: tuple[Store, Store], clock: FrozenClock
) -> None:
    """It renews no more; whoever looks every few seconds leads when its lease has run out, not before."""
    one, other = Leader(two[0]), Leader(two[1])
    assert await one.look()
    waited = timedelta()
    while not await other.look():
        clock.at += timedelta(seconds=LOOK_SECONDS)
        waited += timedelta(seconds=LOOK_SECONDS)
    assert TERM < waited <= TERM + timedelta(seconds=LOOK_SECONDS) < timedelta(seconds=30)
    assert not await one.look()  # back from the dead: it has lost the lease and knows it


async def test_whoever_stops_lets_go_at_once(two: tuple[Store, Store]) -> None:
    """The twin: no waiting where nobody died."""
    one, other = Leader(two[0]), Leader(two[1])
    assert await one.look()
    assert not await other.look()
    one.let_go()
    assert await other.look()
    one.let_go()  # what is not its own it does not let go
    assert await other.look()
    assert not await one.look()  # and who has stopped does not come back


async def test_a_clock_that_is_put_back_locks_nobody_out(two: tuple[Store, Store], clock: FrozenClock) -> None:
    """The dead holder's lease ends in a future that nobody could have set by now: it counts for nothing."""
    one, other = Leader(two[0]), Leader(two[1])
    assert await one.look()
    clock.at -= timedelta(hours=3)
    assert await other.look()


async def test_of_many_at_the_same_moment_one_leads(two: tuple[Store, Store]) -> None:
    """The very first look included, when there is no row yet."""
    leaders = [Leader(two[n % 2]) for n in range(8)]
    assert sum(await asyncio.gather(*(leader.look() for leader in leaders))) == 1
    assert two[0].look(lambda tx: len(tx.list(Lease))) == 1


async def test_where_the_database_cannot_be_asked_nobody_leads(sqlite_store: Store) -> None:
    """A process that cannot renew must not go on as if it had."""
    leader = Leader(sqlite_store)
    assert await leader.look()
    sqlite_store.run(lambda tx: tx.connection.exec_driver_sql("DROP TABLE lease"))
    assert not await leader.look()


async def test_who_does_not_lead_does_not_sweep(two: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch) -> None:
    """Ticks of the other process pass by; when the first has stopped they are its own."""
    swept: list[Store] = []

    async def sweep(store: Store) -> dict[str, int]:
        swept.append(store)
        return {}

    monkeypatch.setattr("redprop_bot.clock.sweeping.sweep", sweep)

    async def until(store: Store) -> None:
        for _ in range(6000):  # it is the machine that may be slow
            if store in swept:
                return
            await asyncio.sleep(0.02)
        raise AssertionError("nobody swept")

    with ticking(two[0], seconds=0.03) as first:
        await until(two[0])
        assert first.leads
        with ticking(two[1], seconds=0.03) as second:
            await asyncio.sleep(0.2)
            assert (second.leads, two[1] in swept) == (False, False)
    with ticking(two[1], seconds=0.03):
        await until(two[1])


async def test_a_start_that_fails_at_once_leaves_no_traceback(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """A port that is taken ends the ticking while the first look is under way: that is no error of the scheduler."""
    with ticking(store):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.sleep(0.1)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
