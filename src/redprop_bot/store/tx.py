"""One transaction as the steps see it: typed reads and writes, the moment, the content, the listeners.

A step is a plain function over a `Tx`. It never commits; whoever runs the job does. Selected rows are read-only
snapshots: they have the attributes of their table class, and are given that type, but are bare database rows.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import Connection, Row, Select, Table, bindparam, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement, ColumnElement
from sqlmodel import SQLModel

from redprop_bot.content import Content
from redprop_bot.store.prepared import Prepared

if TYPE_CHECKING:
    from redprop_bot.store.events import Happening
    from redprop_bot.store.tables import Demand

T = TypeVar("T", bound=SQLModel)
Listener = Callable[["Tx", "Happening", "Demand"], None]


def table_of(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table behind a table class."""
    return cast("Table", model.__table__)  # type: ignore[attr-defined]


def among(column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    """A column is one of these values; of a single one an index gives the rows in the order of what follows."""
    return cast("ColumnElement[bool]", column == values[0] if len(values) == 1 else column.in_(values))


def without(column: Any, keys: Collection[int]) -> list[ColumnElement[bool]]:
    """A column is none of these keys; no condition at all where there are none."""
    return [or_(column.is_(None), column.not_in(sorted(keys)))] if keys else []


class Tx:
    """An open transaction.

    now: the moment of this job, UTC. content: what the community decided. listeners: called for every event.
    `wakes` tells the runner that messages were queued, so that delivery need not wait for its next look. tries:
    how often the runner would run the job again if it met another process on its way.
    """

    __slots__ = ("cache", "connection", "content", "listeners", "now", "statements", "tries", "wakes")

    def __init__(
        self,
        connection: Connection,
        *,
        now: datetime,
        content: Content,
        listeners: Sequence[Listener] = (),
        tries: int = 0,
    ) -> None:
        self.connection = connection
        self.now = now
        self.content = content
        self.listeners = listeners
        self.wakes = False
        self.tries = tries
        self.statements = 0
        self.cache: dict[Any, Any] = {}

    @property
    def database(self) -> object:
        """The database this transaction is open on: a key for what a process keeps in memory about it."""
        return self.connection.engine

    # -- reading

    def rows(self, statement: Any, values: Mapping[str, Any] | None = None) -> list[Row[*tuple[Any, ...]]]:
        """All rows of a statement."""
        self.statements += 1
        if isinstance(statement, Prepared):
            return statement.rows(self.connection, values or {})
        return list(self.connection.execute(statement, values).all())

    def scalar(self, statement: Any, values: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row, or None."""
        if isinstance(statement, Prepared):
            found = self.rows(statement, values)
            return found[0][0] if found else None
        self.statements += 1
        return self.connection.execute(statement, values).scalar()

    def execute(self, statement: Any, values: Any = None) -> int:
        """Run a statement that changes rows; returns how many."""
        self.statements += 1
        if isinstance(statement, Prepared):
            return statement.run(self.connection, values or {})
        return self.connection.execute(statement, values).rowcount

    def execute_many(self, statement: Prepared, many: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement once for each set of values; all sets have the same names."""
        if many:
            self.statements += 1
            statement.run_many(self.connection, many)

    def first(self, statement: Any, values: Mapping[str, Any] | None = None) -> Any:
        """The first row of a statement, or None."""
        if isinstance(statement, Prepared):
            found = self.rows(statement, values)
            return found[0] if found else None
        self.statements += 1
        return self.connection.execute(statement, values).first()

    def find(self, model: type[T], *where: ColumnElement[bool] | bool, lock: bool = False) -> T | None:
        """The first row that fits, or None; with `lock` nobody else changes it before this job ends."""
        statement: Select[Any] = select(table_of(model)).where(*cast("Any", where)).limit(1)
        if lock:
            statement = statement.with_for_update()
        return cast("T | None", self.first(statement))

    def list(
        self,
        model: type[T],
        *where: ColumnElement[bool] | bool,
        order: Any = None,
        limit: int | None = None,
    ) -> list[T]:
        """All rows that fit, in order."""
        statement: Select[Any] = select(table_of(model)).where(*cast("Any", where))
        if order is not None:
            statement = statement.order_by(*(order if isinstance(order, tuple) else (order,)))
        if limit is not None:
            statement = statement.limit(limit)
        return cast("list[T]", self.rows(statement))

    def get(self, model: type[T], key: int, *, lock: bool = False) -> T:
        """The row with this key, which must exist."""
        row = self.first(_by_key(model, lock), {"key_": key})
        if row is None:
            raise LookupError(f"{table_of(model).name} {key}")
        return cast("T", row)

    # -- writing

    def insert(self, model: type[T], **values: Any) -> T:
        """Add a row; returns it as stored. Missing columns take the defaults of the table class."""
        self.statements += 1
        return cast("T", _insert(model, self._dialect).added(self.connection, _defaults(model) | values))

    def insert_many(self, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows at once, without reading them back."""
        if rows:
            self.statements += 1
            _insert_many(model).run_many(self.connection, [{**_defaults(model), **row} for row in rows])

    def insert_many_new(self, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows at once, leaving out those whose unique key is there."""
        if rows:
            self.statements += 1
            statement = _insert_many_new(model, self._dialect)
            statement.run_many(self.connection, [{**_defaults(model), **row} for row in rows])

    def insert_new(self, model: type[T], **values: Any) -> T | None:
        """Add a row unless one with the same unique key is there; None then."""
        self.statements += 1
        return cast(
            "T | None", _insert_new(model, self._dialect).added(self.connection, _defaults(model) | values)
        )

    def mark(self, model: type[SQLModel], **values: Any) -> bool:
        """Add a row unless one with the same unique key is there; whether it was added."""
        return self.execute(_insert_many_new(model, self._dialect), _defaults(model) | values) == 1

    def update(self, model: type[T], key: Any, **values: Any) -> T:
        """Change one row by its key; returns it as it is now. A value may be an expression over its columns."""
        prepared = _update(model)
        computed = {n: v for n, v in values.items() if isinstance(v, ClauseElement)}
        if computed:
            given = {n: v for n, v in values.items() if n not in computed}
            row = self.first(prepared.statement.values(**computed), {"key_": key} | given)
        else:
            row = self.first(prepared, {"key_": key} | values)
        if row is None:
            raise LookupError(f"{table_of(model).name} {key}")
        return cast("T", row)

    def put(self, model: type[T], key: Any, **values: Any) -> None:
        """Add the row with this key or change it."""
        name = _key_of(table_of(model)).name
        self.execute(_put(model, self._dialect, tuple(sorted(values))), {name: key} | values)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the job that is undone alone when it raises; whoever catches that may go on with the rest."""
        self.statements += 2
        kept, wakes = {k: dict(v) if isinstance(v, dict) else v for k, v in self.cache.items()}, self.wakes
        part = driver_savepoint if self._dialect == "sqlite" else _savepoint
        try:
            with part(self.connection, "part"):
                yield
        except BaseException:
            self.cache, self.wakes = kept, wakes  # what was remembered of the part did not happen
            raise

    def must_pass(self, error: BaseException) -> bool:
        """Whether a step that catches what goes wrong must let this pass to the runner.

        So it is when running the whole job again would help, and when the database has undone the transaction, so
        that nothing can be written about the failure either.
        """
        if self._dialect == "sqlite":
            driver: Any = self.connection.connection.driver_connection
            return not driver.in_transaction
        return self.tries > 0 and met_another(error)

    @property
    def _dialect(self) -> str:
        return self.connection.dialect.name


# Serialization failure, deadlock, and a unique key that another process was faster with: then its row is seen.
_MET = {"40001", "40P01", "23505"}


def met_another(error: BaseException) -> bool:
    """Whether a job failed because another process was on the same rows: running it again may well succeed."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _MET


@contextmanager
def driver_savepoint(connection: Connection, name: str) -> Iterator[None]:
    """A savepoint of SQLite by its driver: SQLAlchemy's own costs as much as two statements.

    Raises what was raised inside. A full disk or a failed write undoes the whole transaction; there is nothing
    left to go back to then, and what follows fails when this or the outer savepoint ends.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute(f"SAVEPOINT {name}")
    try:
        yield
    except BaseException:
        if driver.in_transaction:
            driver.execute(f"ROLLBACK TO {name}")
            driver.execute(f"RELEASE {name}")
        raise
    driver.execute(f"RELEASE {name}")


@contextmanager
def _savepoint(connection: Connection, _name: str) -> Iterator[None]:
    with connection.begin_nested():
        yield


# Building, hashing or running a select over forty columns the general way costs more than the database needs.


def _key_of(table: Table) -> Any:
    return next(iter(table.primary_key.columns))


def dialect_insert(table: Table, dialect: str) -> Any:
    """An insert with the conflict clauses of `postgresql` or `sqlite`, which are spelt alike."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _by_key(model: type[SQLModel], lock: bool) -> Prepared:  # noqa: FBT001 - part of the cache key
    table = table_of(model)
    statement = select(table).where(_key_of(table) == bindparam("key_"))
    return Prepared(statement.with_for_update() if lock else statement)


@cache
def _insert(model: type[SQLModel], dialect: str) -> Prepared:
    table = table_of(model)
    return _adding(table, dialect_insert(table, dialect), dialect)


def _adding(table: Table, statement: Any, dialect: str) -> Prepared:
    return Prepared(statement if dialect == "sqlite" else statement.returning(*table.c), tuple(table.c))


@cache
def _insert_many(model: type[SQLModel]) -> Prepared:
    return Prepared(insert(table_of(model)))


@cache
def _insert_many_new(model: type[SQLModel], dialect: str) -> Prepared:
    return Prepared(dialect_insert(table_of(model), dialect).on_conflict_do_nothing())


@cache
def _insert_new(model: type[SQLModel], dialect: str) -> Prepared:
    table = table_of(model)
    return _adding(table, dialect_insert(table, dialect).on_conflict_do_nothing(), dialect)


@cache
def _update(model: type[SQLModel]) -> Prepared:
    table = table_of(model)
    return Prepared(update(table).where(_key_of(table) == bindparam("key_")).returning(*table.c))


@cache
def _put(model: type[SQLModel], dialect: str, names: tuple[str, ...]) -> Prepared:
    table = table_of(model)
    statement = dialect_insert(table, dialect)
    taken = {name: statement.excluded[name] for name in names}
    return Prepared(statement.on_conflict_do_update(index_elements=[_key_of(table)], set_=taken))


_DEFAULTS: dict[type[SQLModel], dict[str, Any]] = {}
_MADE: dict[type[SQLModel], dict[str, Callable[[], Any]]] = {}


def _defaults(model: type[SQLModel]) -> dict[str, Any]:
    """The defaults of a table class; SQLModel applies them only to instances, which we do not make."""
    if model not in _DEFAULTS:
        fields: Mapping[str, Any] = model.model_fields
        _MADE[model] = {n: f.default_factory for n, f in fields.items() if f.default_factory is not None}
        _DEFAULTS[model] = {
            n: f.default
            for n, f in fields.items()
            if f.default_factory is None and not f.is_required() and n != "id"
        }
    return _DEFAULTS[model] | {name: make() for name, make in _MADE[model].items()}
