"""How the schema of a database stands to this program: empty, behind, current, ahead, unguarded.

Looking at it needs no migration tool, whose loading would cost every start; bringing it there is `store.migrate`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from redprop_bot.errors import ConfigError, Fault
from redprop_bot.store import finding, triggers
from redprop_bot.store.engine import reading

MIGRATIONS: Final = Path(__file__).parent / "migrations"
APPLICATION_ID: Final = 0x72707462  # marks a SQLite file as ours; `restore` asks for it
SETTING: Final = "REDPROP_DATABASE_URL"


class State(StrEnum):
    """How the schema of a database stands to this program."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"
    UNGUARDED = "unguarded"


SAYS: Final = {
    State.EMPTY: "数据库还是空的，请先运行 redprop-bot db upgrade",
    State.BEHIND: "数据库还是旧版本的结构，请先运行 redprop-bot db upgrade",
    State.AHEAD: "数据库由更新的版本建立，请先升级本程序",
    State.UNGUARDED: "办理历史的防改保护或查找用的索引缺失，请运行 redprop-bot db upgrade 补上",
}


def state(engine: Engine) -> State:
    """How the schema stands; writes nothing."""
    with engine.connect() as connection, reading(connection).begin():
        return state_of(connection)


def current(engine: Engine) -> bool:
    """Whether the schema is the present one, guards included."""
    return state(engine) is State.CURRENT


def check(engine: Engine) -> None:
    """Raise ConfigError, with what to do, unless the database can be reached and its schema is the present one."""
    with named_faults():
        found = state(engine)
    if found is not State.CURRENT:
        raise ConfigError([Fault(SETTING, SAYS[found])])


def revisions() -> list[str]:
    """All revisions this program knows, the newest last: `store.draft` numbers their files."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def state_of(connection: Connection) -> State:
    """How the schema stands that an open connection sees."""
    if not inspect(connection).has_table("alembic_version"):
        return State.EMPTY
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    known = revisions()
    if not found:
        return State.EMPTY
    if not set(found) <= set(known):
        return State.AHEAD
    if found != known[-1:]:
        return State.BEHIND
    whole = not triggers.missing(connection) and not finding.missing(connection)
    return State.CURRENT if whole else State.UNGUARDED


@contextmanager
def named_faults() -> Iterator[None]:
    """Say what is wrong with the database without its address, which may hold a password."""
    try:
        yield
    except DBAPIError as error:
        first = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
        raise ConfigError([Fault(SETTING, f"无法使用数据库：{first}")]) from error
