"""Opening the database: one place that knows what SQLite and PostgreSQL each need to be durable and correct."""

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from redprop_bot.errors import ConfigError, Fault

BUSY_SECONDS = 30
WAL_TRIES, WAL_PAUSE = 100, 0.05
READING = "redprop_reading"

# Chinese stays readable in the tables and takes half the room.
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def is_sqlite(url: str) -> bool:
    """Whether the address names a SQLite file."""
    return url.startswith("sqlite:")


def sqlite_path(url: str) -> Path:
    """The file of a SQLite address; relative ones are relative to the working directory."""
    return Path(make_url(url).database or "")


def open_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine for the address; raises ConfigError when the address cannot be used."""
    if is_sqlite(url):
        return _open_sqlite(url)
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=4,
        pool_pre_ping=True,
        json_serializer=_to_json,
        hide_parameters=True,
        connect_args={"connect_timeout": 10},
    )


def reading(connection: Connection) -> Connection:
    """The connection, set to one consistent view in which writing is an error."""
    if connection.dialect.name == "sqlite":
        return connection.execution_options(**{READING: True})
    return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _open_sqlite(url: str) -> Engine:
    path = sqlite_path(url)
    if not path.name:
        raise ConfigError([Fault("REDPROP_DATABASE_URL", "缺少文件名")])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():  # for the owner only: it will hold everything people tell the bot
            path.touch(mode=0o600)
    except OSError as error:
        raise ConfigError([Fault("REDPROP_DATABASE_URL", f"无法在文件夹 {path.parent} 里建立数据库")]) from error
    engine = create_engine(
        url,
        json_serializer=_to_json,
        hide_parameters=True,  # values are people's words and phones: an error must not carry them into a log
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        _write_ahead(cursor)
        cursor.execute("PRAGMA synchronous=FULL")  # a commit that was acknowledged survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        # What a savepoint would restore is kept in memory: in a file it costs two writes for every page touched.
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        looks = connection.get_execution_options().get(READING, False)
        if connection.info.get(READING, False) != looks:  # setting it makes the driver's statements void
            connection.connection.driver_connection.execute(f"PRAGMA query_only={int(looks)}")
            connection.info[READING] = looks
        # Whoever means to write takes the lock first: a read that turns into a write cannot wait for it.
        connection.exec_driver_sql("BEGIN DEFERRED" if looks else "BEGIN IMMEDIATE")

    return engine


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Set the journal. Changing it meets others that do the same, and SQLite does not wait for them by itself."""
    for _ in range(WAL_TRIES):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(WAL_PAUSE)
        else:
            return
    cursor.execute("PRAGMA journal_mode=WAL")
