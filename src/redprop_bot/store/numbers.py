"""Numbers that people see: `D20261122-0007`, one series a day and prefix, unique in the installation."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.dialects import postgresql, sqlite

from redprop_bot.store.tables import Counter, Revision
from redprop_bot.store.tx import Tx, table_of

_counter = table_of(Counter)
_revision = table_of(Revision)


def _bump(tx: Tx, table: object, name: str) -> int:
    dialect: object = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(name=name, value=1)  # type: ignore[attr-defined]
    statement = statement.on_conflict_do_update(index_elements=["name"], set_={"value": table.c.value + 1})  # type: ignore[attr-defined]
    return int(tx.scalar(statement.returning(table.c.value)))  # type: ignore[attr-defined]


def take(tx: Tx, prefix: str, at: datetime, zone: ZoneInfo) -> str:
    """The next number of the local day; four digits, more when a day needs more."""
    day = f"{prefix}{at.astimezone(zone):%Y%m%d}"
    return f"{day}-{_bump(tx, _counter, day):04d}"


def bump_revision(tx: Tx, name: str) -> int:
    """Tell all processes that something they keep in memory has changed."""
    return _bump(tx, _revision, name)


def revision(tx: Tx, name: str) -> int:
    """How often it has changed."""
    return int(
        tx.scalar(_revision.select().with_only_columns(_revision.c.value).where(_revision.c.name == name))
        or 0
    )
