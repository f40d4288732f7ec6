"""What can be matched, kind by kind: how it is read, whether it is over, what comes of it when somebody says yes.

    demand  an open report; who says yes becomes a helper (助力) of it, by the step of those who come by themselves
    wish    one on the wall; who says yes has claimed it, by the step of those who claim it there

A further kind is a row of `KINDS`. Who is sought and asked is `matching`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from redprop_bot.errors import Conflict
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.acts import perform
from redprop_bot.notify import words
from redprop_bot.notify.covering import covered
from redprop_bot.notify.words import Reads
from redprop_bot.registry.register import register
from redprop_bot.rules import flow
from redprop_bot.rules.flow import Act
from redprop_bot.rules.roles import CONFIDENTIAL, Capacity
from redprop_bot.store import demands, people
from redprop_bot.store.tables import Demand, Pairing, Person, Wish
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import wishes
from redprop_bot.volunteers.candidates import Need


@dataclass(frozen=True, slots=True)
class NeedKind:
    """One kind of need.

    read: the need behind a pairing, None when it is over. agreed: somebody came. left: who
    came cannot after all, and whether it was not too late for that. shown: the slots `where`, `what`,
    `text` for who is asked, without what tells who it is. contact: the same for who said yes, with whom to reach.
    """

    read: Callable[[Tx, int, str], Need | None]
    agreed: Callable[[Tx, Pairing, Person, str], None]
    left: Callable[[Tx, Pairing, Person], bool]
    shown: Callable[[Tx, int], dict[str, str]]
    contact: Callable[[Tx, int], dict[str, str]]


def of_demand(tx: Tx, demand: Demand, side: str) -> Need | None:
    """An open report as a need; None for what is over, and for complaints and quarrels: nobody's to see."""
    if not flow.can(Act.ASSIST, demand.stage) or demand.intent in CONFIDENTIAL or demand.id is None:
        return None
    voices = (
        {demand.reporter_id, *demands.supporters(tx, demand.id)} if demand.supporters else {demand.reporter_id}
    )
    helpers = {helper.person_id for helper in demands.helpers(tx, demand.id)}
    return Need(
        kind="demand",
        id=demand.id,
        no=demand.no,
        side=side,
        text=demand.text,
        category=demand.category,
        community_id=demand.community_id,
        estate_id=demand.estate_id,
        but=frozenset(key for key in voices | helpers if key is not None),
    )


def side_of(tx: Tx, text: str) -> str:
    """Whether a thing or somebody is wanted, by the words of the need."""
    return "resource" if any(word in text for word in tx.content.matching.things) else "service"


def _read(tx: Tx, key: int, side: str) -> Need | None:
    return of_demand(tx, tx.get(Demand, key), side)


def _agreed(tx: Tx, pairing: Pairing, person: Person, title: str) -> None:
    """They help with it, as if they had come by themselves; who asked for help hears of it."""
    capacities = {Capacity.ANYONE, Capacity.MEMBER}
    actor = Actor(person.name or "热心人", person.id, None, lambda _tx, _demand: capacities)
    note = tx.content.replies.say("pairing.note", title=title)
    try:
        perform(tx, tx.get(Demand, pairing.need_id), Act.ASSIST, actor, {"note": note})
    except Conflict as refusal:
        if refusal.code != "already_helping":
            raise


def _left(tx: Tx, pairing: Pairing, person: Person) -> bool:
    """They help with it no more; False where it is over."""
    if not flow.can(Act.ASSIST, tx.get(Demand, pairing.need_id).stage):
        return False
    demands.drop_helper(tx, pairing.need_id, person.id or 0)
    return True


def _shown(tx: Tx, key: int) -> dict[str, str]:
    demand = tx.get(Demand, key)
    reporter = people.named(tx, {demand.reporter_id or 0}).get(demand.reporter_id or 0)
    estate = register(tx).estates.get(demand.estate_id or 0)
    text = covered(demand.text, room=demand.room, name=reporter.name if reporter else None)
    return {
        "where": estate.name if estate else demand.place or "",
        "what": words.what(tx, demand),
        "text": words.quoted(text, 120),
    }


def _contact(tx: Tx, key: int) -> dict[str, str]:
    found = words.slots(tx, tx.get(Demand, key), Reads.CONTACT)
    return {name: str(found[name]) for name in ("where", "what", "text", "reporter", "handler")}


def of_wish(wish: Wish, side: str) -> Need | None:
    """A wish on the wall as a need; None for one that is not published, or has somebody already."""
    if wish.status != "published" or wish.id is None:
        return None
    return Need(
        kind="wish",
        id=wish.id,
        no=wish.no,
        side=side,
        text=wish.text,
        community_id=wish.community_id,
        estate_id=wish.estate_id,
        but=frozenset(key for key in (wish.wisher_id,) if key is not None),
    )


def _read_wish(tx: Tx, key: int, side: str) -> Need | None:
    return of_wish(tx.get(Wish, key), side)


def _claimed(tx: Tx, pairing: Pairing, person: Person, _title: str) -> None:
    """They take the wish on, as from the wall; who wished hears of it."""
    capacities = {Capacity.ANYONE, Capacity.MEMBER}
    actor = Actor(person.name or "热心人", person.id, None, lambda _tx, _demand: capacities)
    wishes.claim(tx, tx.get(Wish, pairing.need_id), actor, person_id=person.id)


def _let_go(tx: Tx, pairing: Pairing, person: Person) -> bool:
    """The wish hangs on the wall again, and who wished hears of it; False where it is not theirs any more."""
    wish = tx.get(Wish, pairing.need_id)
    if wish.status != "claimed" or wish.claimer_id != person.id:
        return False
    wishes.release(tx, wish, Actor(person.name or "热心人", person.id, None, lambda _tx, _demand: set()))
    return True


def _shown_wish(tx: Tx, key: int) -> dict[str, str]:
    """What stands on the wall; whose wish it is, is for the community to tell."""
    wish = tx.get(Wish, key)
    estate = register(tx).estates.get(wish.estate_id or 0)
    what = tx.content.labels.intent["wish"]
    return {"where": estate.name if estate else "", "what": what, "text": words.quoted(wish.shown, 120)}


def _contact_wish(tx: Tx, key: int) -> dict[str, str]:
    return _shown_wish(tx, key) | {"reporter": "", "handler": tx.content.replies.say("pairing.by_community")}


KINDS: Final[Mapping[str, NeedKind]] = {
    "demand": NeedKind(_read, _agreed, _left, _shown, _contact),
    "wish": NeedKind(_read_wish, _claimed, _let_go, _shown_wish, _contact_wish),
}
