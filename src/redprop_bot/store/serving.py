"""SQLite takes one `serve`: a lock on a file beside the database, held as long as the process lives.

The operating system lets go of it when the process ends, however it ends, so nothing is ever left to clean up.
Other commands do not take it; they wait their turn at the database. PostgreSQL needs none.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redprop_bot.errors import ConfigError, Fault
from redprop_bot.store.engine import is_sqlite, sqlite_path

BUSY = "这个 SQLite 数据库已有一个 serve 在运行；要同时运行几个，请改用 PostgreSQL"


@contextmanager
def alone(url: str, *, says: str = BUSY) -> Iterator[None]:
    """Be the only `serve` of a SQLite database; raises ConfigError, with `says`, when there is one."""
    if not is_sqlite(url):
        yield
        return
    path = lock_path(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        says = f"{path.parent} 这个文件夹建不了或写不进去（{error.strerror}）"
        raise ConfigError([Fault("REDPROP_DATABASE_URL", says)]) from None
    try:
        if not _take(handle):
            raise ConfigError([Fault("REDPROP_DATABASE_URL", says)])
        yield
    finally:
        os.close(handle)


def lock_path(url: str) -> Path:
    """The file that carries the lock; the same for every way to write the address of one database."""
    path = sqlite_path(url).resolve()
    return path.with_name(path.name + ".serve")


def _take(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - each platform has only its own

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
