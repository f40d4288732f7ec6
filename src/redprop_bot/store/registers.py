"""Statements about the register: reading it whole, and what a changed roster needs to know and to take away."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import delete, func, select
from sqlmodel import SQLModel

from redprop_bot.rules.flow import OPEN
from redprop_bot.store.tables import (
    Building,
    Community,
    Demand,
    Estate,
    Member,
    Organisation,
    Person,
    Post,
    Responsibility,
    Revision,
    Street,
    metadata,
)
from redprop_bot.store.tx import Tx, table_of

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class RegisterRows:
    """All rows of the register, each kind in the order it was entered."""

    streets: list[Street]
    communities: list[Community]
    estates: list[Estate]
    buildings: list[Building]
    organisations: list[Organisation]
    people: list[Person]
    posts: list[Post]
    members: list[Member]
    responsibilities: list[Responsibility]


def read_all(tx: Tx) -> RegisterRows:
    """Everything; `people` are those with a post or a membership, never plain residents."""
    person, post, member = table_of(Person), table_of(Post), table_of(Member)
    known = select(post.c.person_id).union(select(member.c.person_id))
    row = table_of(Responsibility)
    return RegisterRows(
        streets=tx.list(Street, order=table_of(Street).c.id),
        communities=tx.list(Community, order=table_of(Community).c.id),
        estates=tx.list(Estate, order=table_of(Estate).c.id),
        buildings=tx.list(Building, order=table_of(Building).c.id),
        organisations=tx.list(Organisation, order=table_of(Organisation).c.id),
        people=tx.list(Person, person.c.id.in_(known), order=person.c.id),
        posts=tx.list(Post, order=post.c.id),
        members=tx.list(Member, order=member.c.id),
        responsibilities=tx.list(Responsibility, row.c.active.is_(True), order=row.c.id),
    )


def hold(tx: Tx, name: str) -> None:
    """Wait until nobody else changes what this revision stands for, and keep others waiting until the end."""
    tx.insert_new(Revision, name=name, value=0)
    tx.find(Revision, table_of(Revision).c.name == name, lock=True)


def retired_responsibilities(tx: Tx) -> list[Responsibility]:
    """Rows that were taken off the responsibility list; demands may still cite them."""
    row = table_of(Responsibility)
    return tx.list(Responsibility, row.c.active.is_(False), order=row.c.id)


def cited_responsibilities(tx: Tx, ids: Collection[int]) -> set[int]:
    """Which of these rows a demand was dispatched by."""
    column = table_of(Demand).c.responsibility_id
    return {
        int(row[0]) for some in _chunks(ids) for row in tx.rows(select(column).where(column.in_(some)).distinct())
    }


def accounts(tx: Tx, userids: Collection[str]) -> dict[str, Person]:
    """People by their account in WeCom, whether or not they stand in the register."""
    person = table_of(Person)
    return {
        str(found.userid): found
        for some in _chunks(userids)
        for found in tx.list(Person, person.c.userid.in_(some))
    }


def some(tx: Tx, model: type[SQLModel], ids: Collection[int]) -> list[Any]:
    """Rows by key, in the order of their keys."""
    table = table_of(model)
    return [row for part in _chunks(sorted(ids)) for row in tx.list(model, table.c.id.in_(part), order=table.c.id)]


def remove(tx: Tx, model: type[SQLModel], ids: Collection[int]) -> None:
    """Delete rows by key: only of tables that no history refers to."""
    table = table_of(model)
    for some in _chunks(ids):
        tx.execute(delete(table).where(table.c.id.in_(some)))


def estates_in_use(tx: Tx, ids: Collection[int]) -> set[int]:
    """Which of these estates are referred to from anywhere but their own buildings."""
    estate = table_of(Estate)
    pointing: list[Any] = [
        key.parent
        for table in metadata.sorted_tables
        if table is not table_of(Building)
        for key in table.foreign_keys
        if key.column is estate.c.id
    ]
    return {
        key
        for some in _chunks(ids)
        for column in pointing
        for key in _keys(tx, select(column).where(column.in_(some)).distinct())
    }


def open_orders(tx: Tx, organisation_ids: Collection[int]) -> dict[int, int]:
    """How many open demands each of these units answers for; units without any are left out."""
    demand = table_of(Demand)
    counted = (
        select(demand.c.handler_id, func.count())
        .where(demand.c.stage.in_(sorted(OPEN)))
        .group_by(demand.c.handler_id)
    )
    return {
        int(unit): int(orders)
        for some in _chunks(organisation_ids)
        for unit, orders in map(tuple, tx.rows(counted.where(demand.c.handler_id.in_(some))))
    }


def _keys(tx: Tx, statement: Any) -> list[int]:
    return [int(key) for (key,) in map(tuple, tx.rows(statement))]


def _chunks(values: Collection[V], size: int = 500) -> Iterator[list[V]]:
    """Parts small enough for one statement."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part
