"""Bringing a database to the present schema, and saying whether it is there.

Any number of processes may start an upgrade at once: they take turns. Each upgrade is one transaction on both
engines, so a database is at one revision or at the next, never between. `store.draft` drafts new revisions.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from redprop_bot.errors import ConfigError, Fault
from redprop_bot.store import finding, triggers
from redprop_bot.store.engine import reading

UPGRADE_LOCK = 0x7270_0002
APPLICATION_ID = 0x72707462  # marks a SQLite file as ours; `restore` asks for it
SETTING = "REDPROP_DATABASE_URL"


class State(StrEnum):
    """How the schema of a database stands to this program."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"
    UNGUARDED = "unguarded"


_SAYS = {
    State.EMPTY: "数据库还是空的，请先运行 redprop-bot db upgrade",
    State.BEHIND: "数据库还是旧版本的结构，请先运行 redprop-bot db upgrade",
    State.AHEAD: "数据库由更新的版本建立，请先升级本程序",
    State.UNGUARDED: "办理历史的防改保护或查找用的索引缺失，请运行 redprop-bot db upgrade 补上",
}


def upgrade(engine: Engine) -> None:
    """Bring the schema to the present revision; does nothing when it is there. Raises ConfigError."""
    with _named_faults(), _alone(engine) as connection:
        if _state(connection) is State.AHEAD:
            raise ConfigError([Fault(SETTING, _SAYS[State.AHEAD])])
        command.upgrade(config(connection), "head")
        triggers.ensure(connection)
        finding.ensure(connection)
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))


def state(engine: Engine) -> State:
    """How the schema stands; writes nothing."""
    with engine.connect() as connection, reading(connection).begin():
        return _state(connection)


def current(engine: Engine) -> bool:
    """Whether the schema is the present one, guards included."""
    return state(engine) is State.CURRENT


def check(engine: Engine) -> None:
    """Raise ConfigError, with what to do, unless the database can be reached and its schema is the present one."""
    with _named_faults():
        found = state(engine)
    if found is not State.CURRENT:
        raise ConfigError([Fault(SETTING, _SAYS[found])])


def revisions() -> set[str]:
    """All revisions this program knows."""
    return {script.revision for script in _scripts().walk_revisions()}


def config(connection: Connection) -> Config:
    """What Alembic needs to work on an open connection."""
    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return settings


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parent / "migrations"))


def _state(connection: Connection) -> State:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        return State.EMPTY
    if revision not in revisions():
        return State.AHEAD
    if revision != _scripts().get_current_head():
        return State.BEHIND
    whole = not triggers.missing(connection) and not finding.missing(connection)
    return State.CURRENT if whole else State.UNGUARDED


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other upgrade runs beside."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(UPGRADE_LOCK)))
            yield connection
        return
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        # A table that is built anew is dropped first, which would take along what refers to it. Only outside of a
        # transaction can this be switched; what it lets through is looked for before the commit.
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():  # takes the write lock at once
                yield connection
                if broken := connection.execute(text("PRAGMA foreign_key_check")).all():
                    raise RuntimeError(f"references broken by a migration: {broken[:5]}")
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


@contextmanager
def _named_faults() -> Iterator[None]:
    """Say what is wrong with the database without its address, which may hold a password."""
    try:
        yield
    except DBAPIError as error:
        first = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
        raise ConfigError([Fault(SETTING, f"无法使用数据库：{first}")]) from error
