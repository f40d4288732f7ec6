"""Statements that read the whole register."""

from dataclasses import dataclass

from sqlalchemy import select

from redprop_bot.store.tables import (
    Building,
    Community,
    Estate,
    Member,
    Organisation,
    Person,
    Post,
    Responsibility,
    Street,
)
from redprop_bot.store.tx import Tx, table_of


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
