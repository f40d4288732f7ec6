"""The single writer of SQLite: a thread that commits what has queued up together.

A commit costs a disk flush whatever it holds, so jobs that wait for the same flush share it. Isolation stays: when
a job raises, the group is undone and its jobs run again one by one, as PostgreSQL's jobs do after a conflict; a
savepoint would cost every job what only a failing one needs. Nobody is told of success before the flush is over.
"""

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine

from redprop_bot.store.tx import Tx

GROUP = 32

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Asked:
    """A job, who waits for it, and how it came out."""

    job: Callable[[Tx], Any]
    future: "asyncio.Future[Any]"
    result: Any = None
    error: BaseException | None = None
    wakes: bool = False


class GroupWriter:
    """Runs jobs one after the other in its own thread.

    make_tx: a `Tx` over an open connection. committed: called in the writer's thread after each commit, with
    whether messages were queued.
    """

    def __init__(
        self, engine: Engine, make_tx: Callable[[Connection], Tx], committed: Callable[[bool], None]
    ) -> None:
        self._engine = engine
        self._make_tx = make_tx
        self._committed = committed
        self._queue: queue.SimpleQueue[Asked | None] = queue.SimpleQueue()
        self._open = True
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[Tx], Any]) -> "asyncio.Future[Any]":
        """Queue a job of the running loop; the future is settled in that loop. Raises RuntimeError when closed."""
        asked = Asked(job, asyncio.get_running_loop().create_future())
        with self._gate:  # nothing may be queued behind the stop mark: nobody would ever settle it
            if not self._open:
                raise RuntimeError("the store is closed")
            self._queue.put(asked)
        return asked.future

    def stop(self) -> None:
        """Finish what was queued, then end the thread."""
        with self._gate:
            if self._open:
                self._open = False
                self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        # One connection for good: what the driver has compiled for it serves every group.
        with self._engine.connect() as connection:
            going = True
            while going:
                batch, going = self._gather()
                if batch:
                    self._commit(batch, connection)

    def _gather(self) -> tuple[list[Asked], bool]:
        batch: list[Asked] = []
        item = self._queue.get()
        while item is not None:
            if not item.future.cancelled():
                batch.append(item)
            if len(batch) == GROUP:
                return batch, True
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False

    def _commit(self, batch: list[Asked], connection: Connection) -> None:
        if not self._committed_together(batch, connection):
            for asked in batch:
                self._committed_together([asked], connection)
        _hand_back(batch)

    def _committed_together(self, batch: list[Asked], connection: Connection) -> bool:
        """Run and commit; False when a job of several raised, and nothing has happened."""
        running = True
        try:
            with connection.begin():
                for asked in batch:
                    asked.wakes = False
                    self._run(asked, connection)
                running = False
        except BaseException as error:  # noqa: BLE001 - belongs to whoever asked; the thread must live on
            _undo(connection)
            if running and len(batch) > 1:
                return False
            for asked in batch:  # the commit failed, or the only job did: nothing happened
                asked.error = error
        else:
            try:
                self._committed(any(asked.wakes for asked in batch))
            except Exception:
                log.exception("after a commit")
        return True

    def _run(self, asked: Asked, connection: Connection) -> None:
        tx = self._make_tx(connection)
        asked.result = asked.job(tx)
        if not connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
            # The database undid everything, and the job went on as if it had not.
            raise sqlite3.OperationalError("the transaction was lost")
        asked.wakes = tx.wakes


def _undo(connection: Connection) -> None:
    """A refused commit leaves the transaction open; a connection that cannot undo it is replaced."""
    try:
        connection.connection.rollback()
    except Exception:
        log.exception("a transaction could not be undone")
        connection.invalidate()


def _hand_back(batch: Sequence[Asked]) -> None:
    """Settle all futures of a loop in one go: waking a loop costs a system call."""
    loops: dict[asyncio.AbstractEventLoop, list[Asked]] = {}
    for asked in batch:
        loops.setdefault(asked.future.get_loop(), []).append(asked)
    for loop, mine in loops.items():
        try:
            loop.call_soon_threadsafe(_settle, mine)
        except RuntimeError:  # the loop is closed: nobody waits any more
            log.debug("a loop was closed before its jobs were done")


def _settle(batch: Sequence[Asked]) -> None:
    for asked in batch:
        if asked.future.done():  # whoever waited was cancelled meanwhile; what was committed stays
            continue
        if asked.error is None:
            asked.future.set_result(asked.result)
        elif isinstance(asked.error, StopIteration):  # a future refuses this one
            asked.future.set_exception(RuntimeError("a job raised StopIteration"))
        else:
            asked.future.set_exception(asked.error)
