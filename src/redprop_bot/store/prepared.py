"""Statements that every message needs: compiled once, then handed to the driver as they are.

SQLAlchemy writes the SQL and knows how each type goes to the driver and back; that is worked out at the first use
for each dialect and kept; its general way of running a statement costs several times the database's own work.
Transactions, connections and errors stay SQLAlchemy's. Nothing here knows a table by name.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

Processor = Callable[[Any], Any]


class Prepared:
    """A statement whose parameters are all named with `bindparam`, or are the columns that it writes.

    Lists in the statement (`IN`) must be fixed; a list that changes from call to call is not for this class.
    columns: those of the rows it gives; by default what the statement itself gives.
    """

    __slots__ = ("_columns", "_forms", "statement")

    def __init__(self, statement: Any, columns: Sequence[Any] = ()) -> None:
        self.statement = statement
        self._columns = columns or tuple(getattr(statement, "exported_columns", ()))
        self._forms: dict[tuple[str, tuple[str, ...]], _Form] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """All rows, read-only, with the columns as attributes; raises what SQLAlchemy raises."""
        return self._form(connection, values).rows(connection, values)

    def added(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Run it as the insert of one row; the row as it is stored, or None when it was left out."""
        return self._form(connection, values).added(connection, values)

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it; returns how many rows it touched."""
        return self._form(connection, values).run(connection, values)

    def run_many(self, connection: Connection, many: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each set of values; all of them have the same names."""
        self._form(connection, many[0]).run_many(connection, many)

    def _form(self, connection: Connection, values: Mapping[str, Any]) -> "_Form":
        key = (connection.dialect.name, tuple(values))
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _Form(self.statement, self._columns, connection.dialect, key[1])
        return form


class _Form:
    """A statement in the language of one driver, for one set of names."""

    def __init__(self, statement: Any, columns: Sequence[Any], dialect: Dialect, names: tuple[str, ...]) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
        state = compiled.construct_expanded_state(dict.fromkeys(names))
        self._sql: str = state.statement
        self._dialect = dialect
        order: Sequence[str] = state.positiontup if compiled.positional else list(state.parameters)
        whole = {part: name for name, parts in state.parameter_expansion.items() for part in parts}
        if dialect.name == "sqlite":
            self._sql, order = _written_out(
                self._sql, order, {n: state.parameters[n] for n in order if whole.get(n, n) not in names}
            )
        self._binds: list[tuple[str, Processor | None, Any]] = []
        for name in order:
            kind = compiled.binds[whole.get(name, name)].type
            processor: Processor | None = kind.dialect_impl(dialect).bind_processor(dialect)
            if name in names:
                self._binds.append((name, processor, None))
            else:
                value = state.parameters[name]
                self._binds.append(("", None, processor(value) if processor else value))
        self._names = None if compiled.positional else order
        self._given = itemgetter(*(name for name, _, _ in self._binds)) if _all_named(self._binds) else None
        self._to_driver = [(n, process) for n, (_, process, _) in enumerate(self._binds) if process is not None]
        self._row: Any = namedtuple("Row", [str(c.key) for c in columns], rename=True) if columns else None  # noqa: PYI024
        self._types = [column.type.dialect_impl(dialect) for column in columns]
        self._processors: list[tuple[int, Processor]] | None = None

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        cursor = self._execute(connection, values)
        fetched = cursor.fetchall()
        if self._processors is None:
            self._processors = self._from_driver(cursor.description)
        make, processors = self._row._make, self._processors
        if not processors:
            return [make(raw) for raw in fetched]
        found = []
        for raw in fetched:
            row = list(raw)
            for index, process in processors:
                row[index] = process(row[index])
            found.append(make(row))
        return found

    def added(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        if self._dialect.name != "sqlite":
            found = self.rows(connection, values)
            return found[0] if found else None
        # What SQLite keeps is what it was given: reading fifty columns back costs as much as writing them.
        given = self._values(values)
        cursor = self._run(connection, given)
        if cursor.rowcount != 1:
            return None
        stored: dict[str, Any] = {"id": cursor.lastrowid}
        for (name, _, _), value in zip(self._binds, given, strict=True):
            stored[name] = str(value) if isinstance(value, str) else value  # a member of an enumeration is a word
        row = [stored.get(column) for column in self._row._fields]
        if self._processors is None:
            self._processors = self._from_driver([(None, None)] * len(row))
        for index, process in self._processors:
            row[index] = process(row[index])
        return self._row._make(row)

    def _from_driver(self, description: Sequence[Any]) -> list[tuple[int, Processor]]:
        """How each column comes back: a driver says its types only with the first rows."""
        made = (
            (index, kind.result_processor(self._dialect, described[1]))
            for index, (kind, described) in enumerate(zip(self._types, description, strict=True))
        )
        return [(index, processor) for index, processor in made if processor is not None]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        return int(self._execute(connection, values).rowcount)

    def run_many(self, connection: Connection, many: Sequence[Mapping[str, Any]]) -> None:
        given = [self._values(values) for values in many]
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(self._sql, given)
        except Exception as error:
            raise self._wrapped(error) from error

    def _execute(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        return self._run(connection, self._values(values))

    def _run(self, connection: Connection, given: Any) -> Any:
        try:
            return _driver(connection).execute(self._sql, given)
        except Exception as error:
            raise self._wrapped(error) from error

    def _values(self, values: Mapping[str, Any]) -> Any:
        if self._given is None:
            row = [
                fixed if not name else processor(values[name]) if processor else values[name]
                for name, processor, fixed in self._binds
            ]
        else:  # the usual case, for every value of every statement of a message
            row = [*self._given(values)]
            for place, processor in self._to_driver:
                row[place] = processor(row[place])
        return row if self._names is None else dict(zip(self._names, row, strict=True))

    def _wrapped(self, error: Exception) -> Exception:
        """The error as SQLAlchemy would raise it, without the values: they are people's words."""
        driver: Any = self._dialect.dbapi
        wrapped = DBAPIError.instance(
            self._sql, None, error, driver.Error, hide_parameters=True, dialect=self._dialect
        )
        return wrapped if isinstance(wrapped, Exception) else error


def _all_named(binds: Sequence[tuple[str, Processor | None, Any]]) -> bool:
    """Whether the values of a statement can be picked out in one go: two or more, none of them fixed."""
    return len(binds) > 1 and all(name for name, _, _ in binds)


def _driver(connection: Connection) -> Any:
    """The driver's own connection: both drivers make the cursor of a statement themselves."""
    return connection.connection.dbapi_connection


_WORD = re.compile(r"[a-z_.]+")


def _written_out(sql: str, order: Sequence[str], fixed: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The statement with its fixed words and numbers standing in it, and what is left to bind.

    SQLite plans a statement anew at every run when a bound value might decide whether a partial index serves
    (`state = ?` beside an index of what is claimed); that costs ten times the run itself.
    """
    parts = sql.split("?")
    if len(parts) != len(order) + 1:  # a question mark inside a word: nothing is known of the places then
        return sql, list(order)
    made, left = parts[0], []
    for name, after in zip(order, parts[1:], strict=True):
        value = fixed.get(name)
        if isinstance(value, str) and _WORD.fullmatch(value):
            made += f"'{value!s}'{after}"
        elif type(value) is int:
            made += f"{value}{after}"
        else:
            made += f"?{after}"
            left.append(name)
    return made, left
