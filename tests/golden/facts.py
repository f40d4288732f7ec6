"""What a database holds, table by table, and what differs between two looks at it."""

from dataclasses import dataclass
from typing import Any

from redprop_bot.store.tables import metadata
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

Row = tuple[Any, ...]
Facts = dict[str, dict[Any, Row]]


UNSEEN = {"remind_at", "clocked_at"}
"""Columns that say when the sweep looks next: what it then does is what is judged."""

DERIVED = {"recount", "figure", "tally", "fit_mark", "fit_key"}
"""Tables that are made from the others: `tests/figures` and `tests/volunteers` judge them."""


def _statement(name: str) -> str:
    table = metadata.tables[name]
    key = next(iter(table.primary_key.columns)).name
    others = [column.name for column in table.columns if column.name not in {key, *UNSEEN}]
    columns = ", ".join(f'"{column}"' for column in [key, *others])
    return f'SELECT {columns} FROM "{name}"'


_STATEMENTS = {name: _statement(name) for name in sorted(metadata.tables) if name not in DERIVED}


def facts(store: Store) -> Facts:
    """Every row of every table by its key, as the database gives it."""

    def look(tx: Tx) -> Facts:
        found: Facts = {}
        for name, statement in _STATEMENTS.items():
            rows = tx.connection.exec_driver_sql(statement).fetchall()
            found[name] = {row[0]: _plain(row) for row in rows}
        return found

    return store.look(look)


def _plain(row: Any) -> Row:
    return tuple(repr(value) if isinstance(value, dict | list) else value for value in row)


@dataclass(frozen=True)
class Difference:
    """Keys of one table that came, changed and went."""

    added: tuple[Any, ...] = ()
    changed: tuple[Any, ...] = ()
    removed: tuple[Any, ...] = ()

    def __len__(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)


def differences(before: Facts, after: Facts) -> dict[str, Difference]:
    """By table, what differs; tables that are alike are left out."""
    found = {}
    for name, rows in after.items():
        known = before[name]
        if rows == known:
            continue
        found[name] = Difference(
            tuple(k for k in rows if k not in known),
            tuple(k for k, row in rows.items() if k in known and known[k] != row),
            tuple(k for k in known if k not in rows),
        )
    return found
