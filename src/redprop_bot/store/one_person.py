"""Statements that make two rows of one person one: every reference to the one becomes one to the other.

History and ledger are only added to and stay as they were written: `person.merged_into_id` says whose they are.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Column, Table, UniqueConstraint, and_, exists, select, update

from redprop_bot.store.tables import Person, metadata
from redprop_bot.store.tx import Tx, table_of

_person = table_of(Person)
_STAY: Final = frozenset(
    {"event", "point_entry", "point_balance", "conversation", "member", "outbox", "card", "post", "person"}
)
"""Written once, one a person, or sent to an account that was theirs."""

Moved = dict[str, list[int]]
"""Keys of rows by `table.column`."""


def _references() -> list[tuple[Table, Column[Any]]]:
    return [
        (table, column)
        for table in metadata.sorted_tables
        if table.name not in _STAY
        for column in table.columns
        if any(key.target_fullname == "person.id" for key in column.foreign_keys)
    ]


def repoint(tx: Tx, old: int, new: int) -> Moved:
    """Whatever names the one names the other; what the other has already stays. Gives what was changed."""
    moved: Moved = {}
    for table, column in _references():
        free = [~_taken(table, column, unique, new) for unique in _uniques(table, column)]
        change = update(table).where(column == old, *free).values({column: new}).returning(table.c.id)
        if keys := sorted(row.id for row in tx.rows(change)):
            moved[f"{table.name}.{column.name}"] = keys
    return moved


def _uniques(table: Table, column: Column[Any]) -> list[UniqueConstraint]:
    return [one for one in table.constraints if isinstance(one, UniqueConstraint) and column in set(one.columns)]


def _taken(table: Table, column: Column[Any], unique: UniqueConstraint, new: int) -> Any:
    theirs = table.alias()
    same = [theirs.c[other.name] == other for other in unique.columns if other is not column]
    return exists(select(theirs.c.id).where(and_(theirs.c[column.name] == new, *same))).correlate(table)


def put_back(tx: Tx, moved: Mapping[str, Sequence[int]], new: int, old: int) -> None:
    """The reverse for these rows, as far as they still name the one."""
    for table, column in _references():
        if keys := list(moved.get(f"{table.name}.{column.name}", ())):
            tx.execute(update(table).where(table.c.id.in_(keys), column == new).values({column: old}))


def holder(tx: Tx, person_id: int) -> int:
    """Who has what this person had: themselves, unless they turned out to be somebody who was known already."""
    into = tx.scalar(select(_person.c.merged_into_id).where(_person.c.id == person_id))
    return person_id if into is None else int(into)


def merged_from(tx: Tx, person_id: int) -> list[Person]:
    """Rows that turned out to be this person."""
    return tx.list(Person, _person.c.merged_into_id == person_id, order=_person.c.id)
