"""Running jobs: durable or undone, alone among others, readers never in the way. The same on both engines."""

import asyncio
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.support import rows

from redprop_bot.store.tables import Community, Counter
from redprop_bot.store.tx import table_of
from redprop_bot.store.worker import Store


def names(store: Store) -> list[str]:
    """Names of all communities, in the order they were added."""
    return store.look(lambda tx: [c.name for c in tx.list(Community, order=table_of(Community).c.id)])


async def test_write_returns_what_the_job_returns(store: Store) -> None:
    """The awaiter gets the result, and the row is there."""
    row = await store.write(lambda tx: rows.community(tx, "甲"))
    assert row.name == "甲"
    assert names(store) == ["甲"]


async def test_a_failing_job_leaves_nothing(store: Store) -> None:
    """What a job raises reaches its own awaiter, and its changes are undone."""

    def job(tx):
        rows.community(tx, "甲")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await store.write(job)
    assert names(store) == []


async def test_jobs_of_one_group_are_alone(store: Store) -> None:
    """Of many jobs at once every third fails: exactly the others are there, each told its own outcome."""

    def job(n):
        def run(tx):
            rows.community(tx, f"c{n}")
            if n % 3 == 0:
                raise ValueError(n)
            return n

        return run

    outcomes = await asyncio.gather(*(store.write(job(n)) for n in range(60)), return_exceptions=True)
    good = [n for n in range(60) if n % 3]
    assert [o for o in outcomes if isinstance(o, int)] == good
    assert [o.args[0] for o in outcomes if isinstance(o, ValueError)] == [n for n in range(60) if not n % 3]
    assert sorted(names(store)) == sorted(f"c{n}" for n in good)


async def test_a_job_sees_what_earlier_jobs_of_its_group_did(store: Store) -> None:
    """Jobs that add one to the same row, all at once, lose nothing."""
    counter = table_of(Counter)
    store.run(lambda tx: tx.insert(Counter, name="n", value=0))

    def job(tx):
        tx.find(Counter, counter.c.name == "n", lock=True)
        return tx.update(Counter, "n", value=counter.c.value + 1).value

    values = await asyncio.gather(*(store.write(job) for _ in range(40)))
    assert sorted(values) == list(range(1, 41))


async def test_a_job_given_up_by_its_awaiter_harms_nobody(store: Store) -> None:
    """A cancelled awaiter neither stops the writer nor the jobs of others, before or during its own job."""
    begun, go = threading.Event(), threading.Event()

    def slow(tx):
        begun.set()
        go.wait(10)
        rows.community(tx, "slow")

    running = asyncio.create_task(store.write(slow))
    await asyncio.to_thread(begun.wait, 10)
    waiting = asyncio.create_task(store.write(lambda tx: rows.community(tx, "waiting")))
    other = asyncio.create_task(store.write(lambda tx: rows.community(tx, "other")))
    await asyncio.sleep(0)
    running.cancel()
    waiting.cancel()
    go.set()
    assert (await other).name == "other"
    assert (await store.write(lambda tx: rows.community(tx, "later"))).name == "later"
    for _ in range(200):  # on PostgreSQL it runs beside the others and may be the last to commit
        if "slow" in names(store):
            break
        await asyncio.sleep(0.05)
    assert {"slow", "other", "later"} <= set(names(store))


async def test_read_awaits_a_look(store: Store) -> None:
    """The awaited read gives what is committed."""
    await store.write(lambda tx: rows.community(tx, "甲"))
    assert await store.read(lambda tx: len(tx.list(Community))) == 1


def test_look_refuses_writing(store: Store) -> None:
    """A job that only looks cannot write, whatever it tries; the next job can."""
    with pytest.raises(DBAPIError):
        store.look(rows.community)
    assert names(store) == []
    store.run(rows.community)
    assert len(names(store)) == 1


def test_look_sees_one_moment(store: Store, open_store) -> None:
    """What others commit while a job looks stays unseen until the next look."""
    other = open_store(store.url)

    def job(tx):
        before = len(tx.list(Community))
        other.run(rows.community)
        return before, len(tx.list(Community))

    assert store.look(job) == (0, 0)
    assert len(names(store)) == 1


def test_readers_do_not_wait_for_the_writer(store: Store) -> None:
    """While a job holds the write lock, a look answers with what was committed before."""
    store.run(lambda tx: rows.community(tx, "甲"))

    def job(tx):
        rows.community(tx, "乙")
        seen = []
        thread = threading.Thread(target=lambda: seen.extend(names(store)))
        thread.start()
        thread.join(10)
        return seen

    assert store.run(job) == ["甲"]
    assert names(store) == ["甲", "乙"]


def test_wakes_only_after_a_commit_that_queued(store: Store) -> None:
    """Delivery is woken by a committed job that queued messages, not by others and not by one that failed."""
    woken = []
    store.on_wake = lambda: woken.append(len(names(store)))

    def queue(tx):
        rows.community(tx)
        tx.wakes = True

    def fail(tx):
        tx.wakes = True
        raise ValueError

    store.run(lambda tx: tx.list(Community))
    with pytest.raises(ValueError):
        store.run(fail)
    assert woken == []
    store.run(queue)
    assert woken == [1]


async def test_wakes_after_a_group(store: Store) -> None:
    """The same for awaited jobs: one that queued is enough."""
    woken = threading.Event()
    store.on_wake = woken.set

    def queue(tx):
        tx.wakes = True

    await asyncio.gather(store.write(lambda tx: None), store.write(queue))
    assert await asyncio.to_thread(woken.wait, 10)


async def test_a_wake_that_fails_harms_nobody(sqlite_store: Store) -> None:
    """A fault in what follows a commit is logged; the job that was committed succeeded."""

    def queue(tx):
        tx.wakes = True
        return rows.community(tx).name

    sqlite_store.on_wake = lambda: 1 / 0
    assert await sqlite_store.write(queue) == "梧桐社区"
    assert await sqlite_store.write(lambda tx: len(tx.list(Community))) == 1


def test_nothing_is_left_of_a_connection_that_broke(postgres_store: Store) -> None:
    """When the server drops the connection inside a job, the job fails, nothing stays, the next one works."""
    store = postgres_store

    def job(tx):
        rows.community(tx)
        mine = tx.scalar(text("SELECT pg_backend_pid()"))
        with store.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
        rows.community(tx, "乙")

    with pytest.raises(DBAPIError):
        store.run(job)
    assert names(store) == []
    store.run(rows.community)


def test_deadlocks_are_tried_again(postgres_store: Store) -> None:
    """Two jobs that lock the same rows in opposite order both succeed in the end."""
    store = postgres_store
    store.run(lambda tx: [tx.insert(Counter, name=n, value=0) for n in ("a", "b")])
    counter = table_of(Counter)
    met = threading.Barrier(2)

    def job(order):
        first_try = []

        def run(tx):
            tx.update(Counter, order[0], value=counter.c.value + 1)
            if not first_try:
                first_try.append(1)
                met.wait(10)
            tx.update(Counter, order[1], value=counter.c.value + 1)

        return run

    threads = [threading.Thread(target=store.run, args=(job(order),)) for order in ("ab", "ba")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert store.run(lambda tx: [c.value for c in tx.list(Counter)]) == [2, 2]


def test_a_twin_that_was_faster_is_seen(postgres_store: Store, open_store) -> None:
    """A unique key that another process took meanwhile: the job runs again and finds its row."""
    store, other = postgres_store, open_store(postgres_store.url)
    runs = []

    def job(tx):
        runs.append(1)
        found = tx.find(Community, table_of(Community).c.name == "甲")
        if found is None:
            other.run(lambda tx2: rows.community(tx2, "甲"))
            return rows.community(tx, "甲").id, "made"
        return found.id, "found"

    assert store.run(job)[1] == "found"
    assert len(runs) == 2


def _careful(tx, step):
    """A step as the turn takes it: what fails is undone and noted, what must pass passes."""
    try:
        with tx.savepoint():
            step()
    except Exception as error:
        if tx.must_pass(error):
            raise
        rows.community(tx, f"failed: {type(error).__name__}")


def test_a_conflict_passes_those_who_catch_everything(postgres_store: Store, open_store) -> None:
    """A step that notes every failure still lets a conflict through, so that the job runs again and succeeds."""
    other = open_store(postgres_store.url)

    def job(tx):
        def step():
            if tx.find(Community, table_of(Community).c.name == "甲") is None:
                other.run(lambda tx2: rows.community(tx2, "甲"))
                rows.community(tx, "甲")

        _careful(tx, step)

    postgres_store.run(job)
    assert names(postgres_store) == ["甲"]


def test_a_conflict_that_never_ends_is_noted_in_the_end(store: Store) -> None:
    """A step that fails in the same way each time is a fault of ours: after the last try it is noted as one."""
    store.run(lambda tx: rows.community(tx, "甲"))
    store.run(lambda tx: _careful(tx, lambda: rows.community(tx, "甲")))
    assert names(store) == ["甲", "failed: IntegrityError"]


def test_an_ordinary_failure_is_noted_at_once(store: Store) -> None:
    """What is no conflict is not tried again."""
    runs = []

    def job(tx):
        runs.append(1)
        _careful(tx, lambda: 1 / 0)

    store.run(job)
    assert len(runs) == 1
    assert names(store) == ["failed: ZeroDivisionError"]


def test_nothing_is_noted_in_a_lost_transaction(sqlite_store: Store) -> None:
    """When the database undid the transaction a step does not write about it: the whole job fails."""

    def job(tx):
        def step():
            tx.connection.connection.driver_connection.execute("ROLLBACK")
            raise OSError("disk full")

        _careful(tx, step)

    with pytest.raises(OSError, match="disk full"):
        sqlite_store.run(job)
    assert names(sqlite_store) == []


async def test_using_a_closed_store_is_an_error(store: Store) -> None:
    """After its end a store refuses jobs at once instead of leaving their awaiters hanging."""
    await store.write(rows.community)
    store.close()
    with pytest.raises(RuntimeError, match="closed"):
        await store.write(rows.community)
    with pytest.raises(RuntimeError, match="closed"):
        await store.read(rows.community)


async def test_closing_finishes_what_was_queued(store: Store) -> None:
    """Jobs that were handed over before the end are committed and answered."""
    tasks = [asyncio.create_task(store.write(lambda tx, n=n: rows.community(tx, f"c{n}"))) for n in range(20)]
    await asyncio.sleep(0)
    await asyncio.to_thread(store.close)
    assert [row.name for row in await asyncio.gather(*tasks)] == [f"c{n}" for n in range(20)]
