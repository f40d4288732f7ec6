"""What must be known of a message before anything is done, in one look: statements are most of what it costs."""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import bindparam, literal, select

from redprop_bot.ports import Channel
from redprop_bot.store.prepared import Prepared
from redprop_bot.store.tables import Conversation, Inbox, Person, Revision
from redprop_bot.store.tx import Tx, table_of

_inbox, _person = table_of(Inbox), table_of(Person)
_talk, _revision = table_of(Conversation), table_of(Revision)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that arrives.

    reply: what its first delivery was answered, None when this is the first. person: None for somebody new.
    talk: what they and the bot are in the middle of. revision: that of the register.
    """

    reply: str | None
    person: Person | None
    talk: dict[str, Any]
    revision: int


def _looking(channel: Channel) -> Prepared:
    identity = _person.c.openid if channel == Channel.OA else _person.c.userid
    reply = select(_inbox.c.reply).where(
        _inbox.c.channel == bindparam("channel"), _inbox.c.key == bindparam("key_")
    )
    revision = select(_revision.c.value).where(_revision.c.name == bindparam("revision_"))
    always = select(literal(1).label("one")).subquery("always")
    people = always.outerjoin(_person, identity == bindparam("sender"))
    return Prepared(
        select(
            *_person.c,
            _talk.c.state.label("talk"),
            reply.scalar_subquery().label("reply"),
            revision.scalar_subquery().label("revision"),
        ).select_from(people.outerjoin(_talk, _talk.c.person_id == _person.c.id))
    )


_LOOK = {channel: _looking(channel) for channel in Channel}


def look(tx: Tx, channel: Channel, key: str, sender: str, *, revision: str) -> Arrival:
    """Look up the message with this key, who sent it, and the revision with this name."""
    values = {"channel": channel.value, "key_": key, "sender": sender, "revision_": revision}
    row = tx.first(_LOOK[channel], values)
    person = cast("Person", row) if row.id is not None else None
    return Arrival(row.reply, person, dict(row.talk or {}), int(row.revision or 0))
