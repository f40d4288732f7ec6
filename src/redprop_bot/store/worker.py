"""Running jobs: a job is a plain function over a `Tx`, run in a database thread, one hop per message.

SQLite gets one writer thread which commits what has queued up together, a savepoint each; PostgreSQL gets a few
threads with a connection and a transaction per job. Readers never wait for the writer.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from redprop_bot.content import Content
from redprop_bot.ports import Clock
from redprop_bot.store.engine import open_engine
from redprop_bot.store.tx import Listener, Tx

R = TypeVar("R")
Job = Callable[[Tx], R]

GROUP = 32
THREADS = 4
RETRIES = 5
RETRY_STATES = {"40001", "40P01"}  # serialization failure, deadlock


class Store:
    """The database of one process. `write` and `read` are awaited by the shell; `run` is for commands and tests.

    `on_wake` is called, from a database thread, after a commit that queued messages.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Clock,
        content: Content,
        listeners: Sequence[Listener] = (),
        engine: Engine | None = None,
    ) -> None:
        self.url = url
        self.engine = engine or open_engine(url)
        self.clock = clock
        self.content = content
        self.listeners = list(listeners)
        self.on_wake: Callable[[], None] = lambda: None
        self.commits = 0
        self._writer: _GroupWriter | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    # -- for the shell

    async def write(self, job: Job[R]) -> R:
        """Run a job and commit it; returns when it is durable. What the job raises is raised here, undone."""
        if self.is_sqlite:
            return await asyncio.wrap_future(self._group_writer().submit(job))
        return await asyncio.get_running_loop().run_in_executor(self._threads(), self.run, job)

    async def read(self, job: Job[R]) -> R:
        """Run a job that changes nothing."""
        return await asyncio.get_running_loop().run_in_executor(self._threads(), self.look, job)

    # -- for commands, tests and database threads

    def run(self, job: Job[R]) -> R:
        """Run a job in the calling thread and commit it; conflicts of PostgreSQL are tried again."""
        for attempt in range(RETRIES):
            try:
                with self.engine.begin() as connection:
                    tx = self.tx(connection)
                    result = job(tx)
            except DBAPIError as error:
                if attempt + 1 < RETRIES and getattr(error.orig, "sqlstate", None) in RETRY_STATES:
                    continue
                raise
            self.commits += 1
            if tx.wakes:
                self.on_wake()
            return result
        raise AssertionError("unreachable")

    def look(self, job: Job[R]) -> R:
        """Run a job in the calling thread on one consistent view and undo whatever it did."""
        with self.engine.connect() as connection:
            connection = connection.execution_options(sqlite_begin="DEFERRED")
            with connection.begin() as transaction:
                try:
                    return job(self.tx(connection))
                finally:
                    transaction.rollback()

    def tx(self, connection: Connection) -> Tx:
        """A transaction object over an open connection."""
        return Tx(connection, now=self.clock.now(), content=self.content, listeners=self.listeners)

    def close(self) -> None:
        """Finish what was queued and let go of the database."""
        if self._writer:
            self._writer.stop()
        if self._pool:
            self._pool.shutdown(wait=True)
        self.engine.dispose()

    def _group_writer(self) -> "_GroupWriter":
        with self._lock:
            if self._writer is None:
                self._writer = _GroupWriter(self)
            return self._writer

    def _threads(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="store")
            return self._pool


class _GroupWriter:
    """The single writer of SQLite: a thread that commits what has queued up, up to GROUP jobs, together."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._jobs: queue.SimpleQueue[tuple[Job[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job[R]) -> "Future[R]":
        future: Future[R] = Future()
        self._jobs.put((job, future))
        return future

    def stop(self) -> None:
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        stopping = False
        while not stopping:
            batch, stopping = self._gather()
            if batch:
                self._commit(batch)

    def _gather(self) -> tuple[list[tuple[Job[Any], Future[Any]]], bool]:
        batch: list[tuple[Job[Any], Future[Any]]] = []
        item = self._jobs.get()
        while item is not None:
            if item[1].set_running_or_notify_cancel():
                batch.append(item)
            if len(batch) >= GROUP:
                return batch, False
            try:
                item = self._jobs.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _commit(self, batch: list[tuple[Job[Any], Future[Any]]]) -> None:
        outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
        wake = False
        try:
            with self._store.engine.begin() as connection:
                for job, future in batch:
                    tx = self._store.tx(connection)
                    try:
                        with connection.begin_nested():
                            outcomes.append((future, job(tx), None))
                    except Exception as error:  # noqa: BLE001 - belongs to whoever asked, undone by its savepoint
                        outcomes.append((future, None, error))
                    else:
                        wake = wake or tx.wakes
        except Exception as error:  # noqa: BLE001 - the commit itself failed: nothing of the batch happened
            outcomes = [(future, None, error) for _, future in batch]
            wake = False
        else:
            self._store.commits += 1
        for future, result, failure in outcomes:
            if failure is None:
                future.set_result(result)
            else:
                future.set_exception(failure)
        if wake:
            self._store.on_wake()
