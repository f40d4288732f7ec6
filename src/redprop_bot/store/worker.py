"""Running jobs: a job is a plain function over a `Tx`, run in a database thread, one hop per message.

SQLite gets one writer thread which commits what has queued up together, a savepoint each (`writer`); PostgreSQL
gets a few threads with a connection and a transaction per job. Readers never wait for the writer.
"""

import asyncio
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from redprop_bot.content import Content
from redprop_bot.ports import Clock
from redprop_bot.store.engine import open_engine, reading
from redprop_bot.store.tx import Listener, Tx, met_another
from redprop_bot.store.writer import GroupWriter

R = TypeVar("R")
Job = Callable[[Tx], R]

THREADS = 4
RETRIES = 4


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
        self._writer: GroupWriter | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._closed = False

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    # -- for the shell

    async def write(self, job: Job[R]) -> R:
        """Run a job and commit it; returns when it is durable. What the job raises is raised here, undone."""
        if self.is_sqlite:
            return cast("R", await self._group_writer().submit(job))
        return await asyncio.get_running_loop().run_in_executor(self._threads(), self.run, job)

    async def read(self, job: Job[R]) -> R:
        """Run a job that changes nothing."""
        return await asyncio.get_running_loop().run_in_executor(self._threads(), self.look, job)

    # -- for commands, tests and database threads

    def run(self, job: Job[R]) -> R:
        """Run a job in the calling thread and commit it; conflicts of PostgreSQL are tried again."""
        for tries in range(RETRIES, 0, -1):
            try:
                return self._run_once(job, tries)
            except DBAPIError as error:
                if not met_another(error):
                    raise
                time.sleep(random.uniform(0, 0.005 * 2 ** (RETRIES - tries)))  # noqa: S311 - only to part two rivals
        return self._run_once(job)

    def _run_once(self, job: Job[R], tries: int = 0) -> R:
        with self.engine.begin() as connection:
            tx = self.tx(connection, tries=tries)
            result = job(tx)
        self._committed(tx.wakes)
        return result

    def _committed(self, wakes: bool) -> None:  # noqa: FBT001 - called by position from the writer
        self.commits += 1
        if wakes:
            self.on_wake()

    def look(self, job: Job[R]) -> R:
        """Run a job in the calling thread on one consistent view; the database refuses it any writing."""
        with self.engine.connect() as connection, reading(connection).begin() as transaction:
            try:
                return job(self.tx(connection))
            finally:
                transaction.rollback()

    def tx(self, connection: Connection, *, tries: int = 0) -> Tx:
        """A transaction object over an open connection."""
        return Tx(connection, now=self.clock.now(), content=self.content, listeners=self.listeners, tries=tries)

    def close(self) -> None:
        """Finish what was queued and let go of the database; using it afterwards raises RuntimeError."""
        with self._lock:
            self._closed = True
        if self._writer:
            self._writer.stop()
        if self._pool:
            self._pool.shutdown(wait=True)
        self.engine.dispose()

    def _group_writer(self) -> GroupWriter:
        with self._lock:
            self._must_be_open()
            if self._writer is None:
                self._writer = GroupWriter(self.engine, self.tx, self._committed)
            return self._writer

    def _threads(self) -> ThreadPoolExecutor:
        with self._lock:
            self._must_be_open()
            if self._pool is None:
                self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="store")
            return self._pool

    def _must_be_open(self) -> None:
        if self._closed:
            raise RuntimeError("the store is closed")
