"""What all tables share: named constraints, times in UTC with zone, JSON columns."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Integer, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)


class Table(SQLModel):
    """Base of every table. Selected rows are read-only snapshots with the same attribute names."""

    metadata = metadata


class Utc(TypeDecorator[datetime]):
    """A moment: UTC with zone in Python, `timestamptz` in PostgreSQL, a sortable text in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse moments without a zone: they are a bug, wherever they come from."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    # SQLite keeps text: one step each way instead of the three of the general path, a dozen times a message.

    def bind_processor(self, dialect: Dialect) -> Any:
        """How a moment goes to the driver."""
        return _to_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """How it comes back."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


# A message writes and reads the same few moments many times.


@lru_cache(maxsize=256)
def _to_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment without a zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=256)
def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


BigKey = BigInteger().with_variant(Integer, "sqlite")


def key() -> Any:
    """A generated primary key."""
    return Field(default=None, primary_key=True, sa_type=BigKey)


def ref(target: str, *, index: bool = False, nullable: bool = True) -> Any:
    """A reference to another table's key, `table.id`."""
    default: dict[str, Any] = {"default": None} if nullable else {}
    return Field(**default, foreign_key=target, index=index, nullable=nullable, sa_type=BigKey)


def number(*, nullable: bool = True) -> Any:
    """A key of some table that another column names: no reference the database could check."""
    default: dict[str, Any] = {"default": None} if nullable else {}
    return Field(**default, nullable=nullable, sa_type=BigKey)


def moment(*, index: bool = False, nullable: bool = True) -> Any:
    """A moment in UTC."""
    default: dict[str, Any] = {"default": None} if nullable else {}
    return Field(**default, sa_type=Utc, index=index, nullable=nullable)


def json_list() -> Any:
    """A JSON array, empty by default."""
    return Field(default_factory=list, sa_type=JSON, nullable=False)


def json_map() -> Any:
    """A JSON object, empty by default."""
    return Field(default_factory=dict, sa_type=JSON, nullable=False)
