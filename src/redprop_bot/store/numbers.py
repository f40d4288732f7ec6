"""Numbers that people see: `D20261122-0007`, one series a day and prefix, unique in the installation."""

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, select

from redprop_bot.store.prepared import Prepared
from redprop_bot.store.tables import Counter, Revision
from redprop_bot.store.tx import Tx, dialect_insert, table_of

_counter = table_of(Counter)
_revision = table_of(Revision)
_REVISION = Prepared(select(_revision.c.value).where(_revision.c.name == bindparam("name")))


@cache
def _bumping(table: Table, dialect: str) -> Prepared:
    statement = dialect_insert(table, dialect)
    bumped = statement.on_conflict_do_update(index_elements=["name"], set_={"value": table.c.value + 1})
    return Prepared(bumped.returning(table.c.value))


def _bump(tx: Tx, table: Table, name: str) -> int:
    statement = _bumping(table, tx.connection.dialect.name)
    return int(tx.scalar(statement, {"name": name, "value": 1}))


def take(tx: Tx, prefix: str, at: datetime, zone: ZoneInfo) -> str:
    """The next number of the local day; four digits, more when a day needs more."""
    day = f"{prefix}{at.astimezone(zone):%Y%m%d}"
    return f"{day}-{_bump(tx, _counter, day):04d}"


RECENT_DAYS = 400
"""So far back a number may be called by its last digits; whoever means an older one says all of it."""


def recent(tx: Tx, prefix: str, digits: str) -> list[str]:
    """The numbers of recent days that end in these digits (`7` means 0007): each is one look into an index."""
    today, tail = tx.now.astimezone(tx.content.zone).date(), digits.lstrip("0").zfill(4)
    return [f"{prefix}{today - timedelta(days=back):%Y%m%d}-{tail}" for back in range(RECENT_DAYS)]


def bump_revision(tx: Tx, name: str) -> int:
    """Tell all processes that something they keep in memory has changed."""
    return _bump(tx, _revision, name)


def put_revision(tx: Tx, name: str, value: int) -> None:
    """Remember the mark of something that is either the same or not, instead of how often it has changed."""
    tx.put(Revision, name, value=value)


def revision(tx: Tx, name: str) -> int:
    """How often it has changed."""
    return int(tx.scalar(_REVISION, {"name": name}) or 0)
