"""A member whom WeCom does not know: the secretary is told, once for each such person."""

from redprop_bot.notify import outbox
from redprop_bot.registry.register import register
from redprop_bot.store.tables import Outbox, Person
from redprop_bot.store.tx import Tx


def tell_of_unreachable(tx: Tx, message: Outbox) -> None:
    """Tell the secretaries of the community, else the street, of whom they must look after another way."""
    if message.person_id is None:
        return
    reg = register(tx)
    person = tx.get(Person, message.person_id)
    told = [p for p in reg.secretaries(message.community_id) if p.id != person.id]
    told = told or [p for p in reg.street_staff if p.id != person.id]
    text = tx.content.replies.say(
        "tell.unreachable", name=person.name or message.receiver, userid=message.receiver
    )
    draft = outbox.Draft(key=f"unreachable:{person.id}", message="unreachable", text=text)
    outbox.queue(tx, [(secretary, draft) for secretary in told])
