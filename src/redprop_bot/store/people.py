"""Statements about people and their conversations."""

from typing import Any, cast

from sqlalchemy import bindparam, func, select

from redprop_bot.ports import Channel
from redprop_bot.store.prepared import Prepared
from redprop_bot.store.tables import Conversation, Member, Person
from redprop_bot.store.tx import Tx, table_of

_person = table_of(Person)
_conversation = table_of(Conversation)
_member = table_of(Member)

TALK_LOCK = 0x7270  # beside a hash of the person: two-part advisory locks are a space of their own
_TURN = Prepared(select(func.pg_advisory_xact_lock(TALK_LOCK, func.hashtext(bindparam("who")))))

_WHO = {
    channel: Prepared(
        select(_person, _conversation.c.state.label("talk"))
        .select_from(_person.outerjoin(_conversation, _conversation.c.person_id == _person.c.id))
        .where(column == bindparam("sender"))
    )
    for channel, column in ((Channel.OA, _person.c.openid), (Channel.WORK, _person.c.userid))
}


def who(tx: Tx, channel: Channel, sender: str) -> tuple[Person, dict[str, Any]] | None:
    """The person behind a platform identity, with what they and the bot are in the middle of."""
    rows = tx.rows(_WHO[channel], {"sender": sender})
    return (cast("Person", rows[0]), dict(rows[0].talk or {})) if rows else None


def in_turn(tx: Tx, channel: Channel, sender: str) -> None:
    """Wait until no other process is busy with this person: their messages are handled one after the other.

    SQLite has one writer, who does that anyway.
    """
    if tx.connection.dialect.name == "postgresql":
        tx.scalar(_TURN, {"who": f"{channel.value}:{sender}"})


def add(tx: Tx, channel: Channel, sender: str) -> Person:
    """A person seen for the first time."""
    identity = {"openid" if channel == Channel.OA else "userid": sender}
    person = tx.insert_new(Person, **identity, created_at=tx.now)
    if person is None:  # another process was faster
        found = who(tx, channel, sender)
        assert found is not None
        return found[0]
    return person


def named(tx: Tx, ids: set[int]) -> dict[int, Person]:
    """People by key; those that this transaction has met already are not read again."""
    met: dict[int, Person] = tx.cache.setdefault("people", {})
    if missing := ids - met.keys():
        met.update({cast("int", p.id): p for p in tx.list(Person, _person.c.id.in_(missing))})
    return {i: met[i] for i in ids if i in met}


def now(tx: Tx, ids: set[int]) -> dict[int, Person]:
    """The same, each as the person that they have turned out to be."""
    found = named(tx, ids)
    into = named(tx, {p.merged_into_id for p in found.values() if p.merged_into_id is not None})
    return {key: into.get(p.merged_into_id or 0, p) for key, p in found.items()}


def meet(tx: Tx, person: Person) -> Person:
    """Remember a person for the rest of this transaction."""
    tx.cache.setdefault("people", {})[person.id] = person
    return person


def keep_talk(tx: Tx, person_id: int, state: dict[str, Any]) -> None:
    """Remember it."""
    tx.put(Conversation, person_id, state=state, updated_at=tx.now)


def by_name(tx: Tx, name: str) -> Person | None:
    """The only person with this name who is still reached; None for nobody and for several."""
    found = tx.list(Person, _person.c.name == name, _person.c.left_at.is_(None), order=_person.c.id, limit=2)
    return found[0] if len(found) == 1 else None


def called(tx: Tx, name: str) -> Person | None:
    """The person with this userid, else with this openid."""
    by_userid = tx.find(Person, _person.c.userid == name)
    return by_userid or tx.find(Person, _person.c.openid == name)


def member(tx: Tx, person_id: int) -> Member | None:
    """Somebody's registration as a member or volunteer; nobody else changes it before this job ends."""
    return tx.find(Member, _member.c.person_id == person_id, lock=True)


def claiming(tx: Tx, person_id: int) -> list[Member]:
    """Registrations with a code that would prove them to be this person."""
    return tx.list(Member, _member.c.code_for_id == person_id, order=_member.c.id)


def drop_member(tx: Tx, row: Member) -> None:
    """They are none any more."""
    tx.execute(_member.delete().where(_member.c.id == row.id))
