"""A consistent copy of a SQLite database while it serves, and putting one back.

A copy is one file without a log beside it, readable by the owner only: it holds everything people told the bot.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from redprop_bot.errors import ConfigError, Fault
from redprop_bot.store import schema, serving
from redprop_bot.store.engine import BUSY_SECONDS, is_sqlite, sqlite_path

_STOP_FIRST = "服务还在运行，请先停止 serve，再恢复备份"
_POSTGRES = "PostgreSQL 的备份请用它自己的 pg_dump 和 pg_restore；本命令目前只支持 SQLite"


def backup(url: str, file: Path) -> None:
    """Copy the database to a file, replacing it in one go when the copy is whole. Raises ConfigError."""
    source = _sqlite_file(url)
    if not source.is_file():
        raise _wrong(str(source), "没有这个数据库")
    if file.exists() and file.samefile(source):
        raise _wrong(str(file), "这是正在使用的数据库本身，请换一个文件名")
    with _readable_faults(file), _beside(file) as half, closing(_connect(source)) as from_:
        with closing(sqlite3.connect(half)) as to:
            from_.backup(to)  # in one step: a copy in pieces starts over whenever another process writes
            to.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        _put(half, file)


def restore(file: Path, url: str, *, force: bool = False) -> None:
    """Put a copy in the place of the database, in one go, after proving it. ConfigError: nothing has changed.

    force: replace a database that is there.
    """
    target = _sqlite_file(url)
    with serving.alone(url, says=_STOP_FIRST):
        prove(file)
        if target.exists():
            if target.samefile(file):
                raise _wrong(str(file), "备份就是正在使用的数据库本身")
            if not force:
                raise _wrong(str(target), "这里已有数据库；确实要用备份换掉它，请加 --force")
        with _readable_faults(target), _beside(target) as half:
            with closing(_read_only(file)) as from_, closing(sqlite3.connect(half)) as to:
                from_.backup(to)
            _fold_log(target)
            _put(half, target)


def prove(file: Path) -> None:
    """Raise ConfigError unless the file is a sound database of ours that this program can read or upgrade."""
    if not file.is_file():
        raise _wrong(str(file), "没有这个文件")
    try:
        with closing(_read_only(file)) as connection:
            fault = _fault(connection)
    except sqlite3.DatabaseError:
        fault = "不是完好的数据库文件"
    if fault:
        raise _wrong(str(file), fault)


def _fault(connection: sqlite3.Connection) -> str | None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION_ID:
        return "不是本程序的数据库"
    if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        return "文件已损坏，没有通过完整性检查"
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        return "文件已损坏，表之间的引用对不上"
    versions = {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}
    if not versions or not versions <= set(schema.revisions()):
        return "由更新的版本建立，请先升级本程序"
    return None


def _sqlite_file(url: str) -> Path:
    if not is_sqlite(url):
        raise _wrong("REDPROP_DATABASE_URL", _POSTGRES)
    return sqlite_path(url)


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_SECONDS)


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)


def _fold_log(path: Path) -> None:
    """Leave no log beside a database that is about to be replaced: it would be applied to the one that follows."""
    if path.exists():
        try:
            with closing(sqlite3.connect(path, timeout=2)) as old:
                old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                busy = old.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete"
        except sqlite3.OperationalError:
            busy = True
        except sqlite3.DatabaseError:  # it was no database any more; that is why it is being replaced
            busy = False
        if busy:
            raise _wrong(str(path), "还有别的命令在使用数据库，请等它结束再恢复")
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A new file in the same folder, for the owner only; gone afterwards unless it was put in place."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _put(half: Path, target: Path) -> None:
    """Make a finished file the target, surviving a power cut at any moment."""
    _flush(half)
    half.replace(target)
    if os.name == "posix":
        _flush(target.parent)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _readable_faults(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.DatabaseError) as error:
        raise _wrong(str(path), f"无法写入：{error}") from error


def _wrong(where: str, what: str) -> ConfigError:
    return ConfigError([Fault(where, what)])
