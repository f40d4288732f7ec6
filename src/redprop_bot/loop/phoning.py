"""A resident whom no message has reached for hours: somebody of the community calls, with the words at hand.

The grid worker of the estate does it, else the secretary. When they say that it is done, the message is told.
"""

import re

from redprop_bot.loop import tasks
from redprop_bot.notify import outbox, overtaken, waiting, words
from redprop_bot.notify.words import Reads
from redprop_bot.registry.register import register
from redprop_bot.rules.budget import Road
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import messages, outgoing
from redprop_bot.store.tables import Demand, Outbox, Person, Task
from redprop_bot.store.tx import Tx

KIND = "phone"
_LINK = re.compile(r"\s*https?://\S+")
PRIVATE = "mediation_"
"""Messages of which only the secretary may know, who then calls."""


def ask(tx: Tx, message_id: int) -> None:
    """Ask somebody to call, unless the message has arrived in the meantime."""
    message = tx.get(Outbox, message_id, lock=True)
    if message.state == "waiting":
        overtaken.sifted(tx, message.receiver)
        message = tx.get(Outbox, message_id, lock=True)
    asked: set[int] = tx.cache.setdefault(KIND, set())  # by others that were due at the same moment
    if message.state not in ("waiting", "dead") or message.person_id is None or message.id in asked:
        return
    demand = tx.get(Demand, message.demand_id) if message.demand_id is not None else None
    reg = register(tx)
    person = tx.get(Person, message.person_id)
    community_id = message.community_id or reg.community_of(person.estate_id)
    all_ = [message, *_others(tx, message)]
    callers = reg.grid(community_id, demand.estate_id if demand else person.estate_id)
    if not callers or any(one.message.startswith(PRIVATE) for one in all_):
        callers = reg.secretaries(community_id)
    asked |= {one.id for one in all_ if one.id is not None}
    newest_first = sorted(all_, key=lambda one: one.id or 0, reverse=True)  # a card has room for few words
    said = "\n\n".join(_LINK.sub("", waiting.words_of(tx, one, whole=True)) for one in newest_first)
    told = {"outbox": [one.id for one in all_]}
    task = tasks.open_task(tx, KIND, said, community_id=community_id, person_id=message.person_id, slots=told)
    slots = words.slots(tx, demand, Reads.STAFF) if demand is not None else {}
    phone = _phone(person, demand)
    text = tx.content.replies.say(
        "tell.phone",
        call=task.no if phone else "",
        visit="" if phone else task.no,
        where=slots.get("where") or _home(tx, person),
        what=slots.get("what", ""),
        text=words.quoted(said),
        reporter=_named(person, phone),
    )
    danger = demand is not None and demand.urgency == "emergency"
    draft = outbox.Draft(
        key=f"{task.no}:phone",
        message=KIND,
        text=text,
        weight=Weight.PRESSING if danger else Weight.PLAIN,
        rows=(("编号", task.no), ("联系", _named(person, phone or tx.content.replies.say("waiting.no_phone")))),
        quote=said[:200],
        buttons=((f"done:{task.no}", tx.content.labels.button["done"]),),
        subject="task",
        subject_id=task.id,
    )
    outbox.queue(tx, [(caller, draft) for caller in callers], demand)


def _others(tx: Tx, message: Outbox) -> list[Outbox]:
    """What else waits for the same person and matters: one call tells it all, so no other is planned."""
    waits = [m for m in outgoing.waiting(tx, message.receiver) if m.id != message.id and m.rank != Rank.SMALL]
    for other in waits:
        messages.cancel(tx, f"phone:{other.id}")
    return waits


def _phone(person: Person, demand: Demand | None) -> str | None:
    """The number that was given for the matter, when they reported it, else their own."""
    own = demand is not None and demand.reporter_id == person.id
    return (demand.phone if demand is not None and own else None) or person.phone


def _named(person: Person, phone: str | None) -> str:
    return " ".join(part for part in (person.name, phone) if part)


def _home(tx: Tx, person: Person) -> str:
    """Where they live, as far as it is known."""
    estate = register(tx).estates.get(person.estate_id or 0)
    parts = (person.building and f"{person.building}栋", person.unit and f"{person.unit}单元", person.room)
    return "".join([estate.name, *(part for part in parts if part)]) if estate is not None else ""


def called(tx: Tx, task: Task) -> None:
    """They were called: the messages need not stand before their next word any more."""
    if task.kind != KIND:
        return
    for key in task.slots.get("outbox", ()):
        if tx.get(Outbox, int(key), lock=True).state in ("waiting", "dead"):
            outgoing.told(tx, [int(key)], Road.PHONE.value)
