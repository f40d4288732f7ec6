"""The group writer of SQLite when things go wrong: nobody is told of success that is not on the disk."""

import asyncio
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from tests.support import rows

from redprop_bot.store import engine
from redprop_bot.store.engine import sqlite_path
from redprop_bot.store.tables import Community, Estate
from redprop_bot.store.tx import table_of
from redprop_bot.store.worker import Store
from redprop_bot.store.writer import GROUP

_id = table_of(Community).c.id


def count(store: Store) -> int:
    """How many communities there are."""
    return store.look(lambda tx: len(tx.list(Community)))


async def together(store: Store, *jobs) -> list:
    """Run jobs in one group: they queue up behind one that waits until all are there."""
    begun, go = threading.Event(), threading.Event()

    def gate(_tx):
        begun.set()
        go.wait(10)

    first = asyncio.create_task(store.write(gate))
    await asyncio.to_thread(begun.wait, 10)
    rest = [asyncio.create_task(store.write(job)) for job in jobs]
    await asyncio.sleep(0)
    go.set()
    await first
    return await asyncio.gather(*rest, return_exceptions=True)


async def test_jobs_that_wait_share_a_commit(sqlite_store: Store) -> None:
    """What queued up while the writer was busy is committed together, never more than a group at once."""
    before = sqlite_store.commits
    await together(sqlite_store, *[lambda tx, n=n: rows.community(tx, f"c{n}") for n in range(GROUP + 1)])
    assert sqlite_store.commits - before == 3  # the gate, one full group, the one left over
    assert count(sqlite_store) == GROUP + 1


async def test_a_failed_commit_fails_the_whole_group(sqlite_store: Store) -> None:
    """When the commit is refused, every job of the group is told so, nothing of it stays, the next group works."""

    def breaks_the_commit(tx):
        tx.execute(text("PRAGMA defer_foreign_keys = ON"))
        tx.insert(Estate, community_id=404, name="无处")

    outcomes = await together(sqlite_store, rows.community, breaks_the_commit)
    assert [type(o) for o in outcomes] == [IntegrityError, IntegrityError]
    assert count(sqlite_store) == 0
    await sqlite_store.write(rows.community)
    assert count(sqlite_store) == 1


async def test_a_broken_connection_costs_its_job_only(sqlite_store: Store) -> None:
    """When the connection itself is gone, that job is told; the writer lives on with a new one."""

    def breaks_it(tx):
        tx.connection.connection.driver_connection.close()
        rows.community(tx)

    (broken,) = await asyncio.gather(sqlite_store.write(breaks_it), return_exceptions=True)
    assert isinstance(broken, DBAPIError | sqlite3.Error)
    await asyncio.wait_for(sqlite_store.write(rows.community), 20)
    assert count(sqlite_store) == 1


async def test_a_lost_transaction_costs_its_job_only(sqlite_store: Store) -> None:
    """When the database itself undid the transaction inside a job, that job is told; the others run again."""

    def loses_it(tx):
        tx.connection.connection.driver_connection.execute("ROLLBACK")
        raise OSError("disk full")

    first, lost, after = await together(
        sqlite_store, lambda tx: rows.community(tx, "前"), loses_it, lambda tx: rows.community(tx, "后")
    )
    assert (first.name, type(lost), after.name) == ("前", OSError, "后")
    assert sqlite_store.look(lambda tx: sorted(c.name for c in tx.list(Community))) == ["前", "后"]


async def test_a_job_that_swallows_the_loss_is_not_believed(sqlite_store: Store) -> None:
    """A job that goes on after the transaction was undone is told of a failure."""

    def goes_on(tx):
        tx.connection.connection.driver_connection.execute("ROLLBACK")
        return "fine"

    outcomes = await together(sqlite_store, rows.community, goes_on)
    assert [type(o) for o in outcomes[1:]] == [sqlite3.OperationalError]
    assert count(sqlite_store) == 1  # the other job of the group, run again


async def test_a_job_that_raises_is_undone_alone(sqlite_store: Store) -> None:
    """The others of its group are kept, each once and in order, and hear of their own success only."""

    def refuses(tx):
        rows.community(tx, "不留")
        raise LookupError("no")

    outcomes = await together(
        sqlite_store, *[lambda tx, n=n: rows.community(tx, f"c{n}").id for n in range(3)], refuses
    )
    assert [type(o) for o in outcomes] == [int, int, int, LookupError]
    assert sqlite_store.look(lambda tx: [c.name for c in tx.list(Community, order=_id)]) == ["c0", "c1", "c2"]


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), asyncio.CancelledError(), StopIteration()])
async def test_the_writer_outlives_whatever_a_job_raises(sqlite_store: Store, error: BaseException) -> None:
    """Even what would end a process only ends the job; the writer serves the next one."""

    def job(tx):
        rows.community(tx, "不留")
        raise error

    task = asyncio.ensure_future(sqlite_store._group_writer().submit(job))
    await asyncio.wait([task])
    raised = task.exception() if not task.cancelled() else asyncio.CancelledError()
    assert isinstance(raised, RuntimeError if isinstance(error, StopIteration) else type(error))
    assert (await sqlite_store.write(rows.community)).name == "梧桐社区"
    assert count(sqlite_store) == 1


async def test_a_database_that_stays_locked_is_an_error_once(sqlite_url: str, open_store, monkeypatch) -> None:
    """When another process keeps the write lock too long the jobs fail; when it lets go they work again."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    store = open_store(sqlite_url)
    with closing(sqlite3.connect(sqlite_path(sqlite_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            await store.write(rows.community)
        other.execute("ROLLBACK")
    await store.write(rows.community)
    assert count(store) == 1


async def test_commands_beside_wait_their_turn(sqlite_store: Store, open_store) -> None:
    """A second process that writes at the same time waits for the lock and loses nothing."""
    other = open_store(sqlite_store.url)

    def many():
        for n in range(20):
            other.run(lambda tx, n=n: rows.community(tx, f"b{n}"))

    thread = threading.Thread(target=many)
    thread.start()
    await asyncio.gather(*(sqlite_store.write(lambda tx, n=n: rows.community(tx, f"a{n}")) for n in range(20)))
    await asyncio.to_thread(thread.join, 30)
    assert count(sqlite_store) == 40


def test_a_crash_keeps_what_was_acknowledged_and_nothing_else(sqlite_store: Store, tmp_path: Path) -> None:
    """The files as they are on the disk in the middle of a job hold every finished job and nothing of this one."""
    sqlite_store.run(lambda tx: rows.community(tx, "应答过"))
    path = sqlite_path(sqlite_store.url)

    def job(tx):
        for n in range(2000):  # more than a page, so that some of it reaches the file before the commit
            rows.community(tx, f"未应答{n}" * 20)
        for ending in ("", "-wal"):
            shutil.copyfile(f"{path}{ending}", tmp_path / f"crashed.db{ending}")

    sqlite_store.run(job)
    with closing(sqlite3.connect(tmp_path / "crashed.db")) as crashed:
        assert crashed.execute("SELECT name FROM community").fetchall() == [("应答过",)]
        assert crashed.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert count(sqlite_store) == 2001


def test_commits_are_flushed_to_the_disk(sqlite_store: Store) -> None:
    """Every connection flushes at each commit and enforces references: it is set anew for each."""
    for _ in range(2):
        with sqlite_store.engine.connect() as connection:
            settings = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        sqlite_store.engine.dispose()
        assert settings == ["wal", 2, 1]
