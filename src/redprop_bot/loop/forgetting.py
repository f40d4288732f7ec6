"""被忘记: a resident's own data are deleted on their word; what must stay is told before.

    goes   name, phone, home, the account they come by, what they wrote to us, their pictures, phones and rooms in
           their orders and in what was told about these, the words of their ratings, that they are a volunteer,
           their points, who they were in a mediation, that a topic was theirs,
           what they booked and offered
    stays  that something was reported, where to the building, what was done by whom, stars: without who it was;
           the history of orders, which nobody can change

Not while something of theirs is under way, for somebody may have to reach them: it is done first, or withdrawn.
Who holds a post stands in the register, which the community keeps.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redprop_bot.errors import Conflict, Forbidden
from redprop_bot.loop import forgetting_help
from redprop_bot.loop.offers import LISTS
from redprop_bot.notify.covering import PHONE, covered, roomless
from redprop_bot.registry.people import RESIDENT_NAME, speaker
from redprop_bot.registry.register import changed, register
from redprop_bot.rules.flow import OPEN, Stage
from redprop_bot.rules.mediation import LIVE
from redprop_bot.store import demands, events, finding, forgetting, mediations, meeting_topics, people
from redprop_bot.store.tables import Demand, Mediation, Outbox, Person, Task, Topic
from redprop_bot.store.tx import Tx

_UNDER_WAY: Final = OPEN - {Stage.DONE}
_SHOWN: Final = 5
_ADDRESS: Final = re.compile(r"([a-z]+://[!-~]+)")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done: `files` are the names of pictures that may now be removed."""

    files: tuple[str, ...]
    orders: int


def under_way(tx: Tx, person_id: int) -> list[str]:
    """Numbers of orders that must be done or withdrawn before."""
    found = demands.of_person_in(tx, person_id, _UNDER_WAY, limit=_SHOWN)
    cases = [case.no for case in forgetting.mediations(tx, person_id) if case.stage in LIVE]
    return [*(demand.no for demand in found), *cases, *forgetting_help.under_way(tx, person_id)]


def forget(tx: Tx, person: Person) -> Forgotten:
    """Delete what is theirs. Raises Forbidden for who holds a post, Conflict while something is under way."""
    assert person.id is not None
    held = speaker(register(tx), person, {})
    listed = held.member is not None and held.member.source == "roster"
    if person.userid is not None or held.posts or listed:
        raise Forbidden("in_register")
    if waiting := under_way(tx, person.id):
        raise Conflict("under_way", no="、".join(waiting))
    openid, alias = person.openid or "", f"forgotten:{person.id}"
    orders = sum(_cover(tx, demand, person) for demand in forgetting.orders(tx, person.id))
    for task in forgetting.tasks(tx, person.id):
        tx.update(Task, task.id, text=covered(task.text, room=person.room, name=person.name), slots={})
    for case in forgetting.mediations(tx, person.id):
        _leave(tx, case, person)
    for topic in meeting_topics.forget(tx, person.id):
        tx.update(Topic, topic.id, text=covered(topic.text, room=person.room, name=person.name))
    for no in forgetting_help.forget(tx, person):
        _unname_letters(tx, no, [person.name] if person.name else [], person)
    for offer in forgetting.offers(tx, person.id):
        said = {name: covered(getattr(offer, name), name=person.name) for name in ("title", "note")}
        tx.update(LISTS[offer.no[0]], offer.id, **said, owner=None, status="withdrawn", version=offer.version + 1)
    forgetting.helping(tx, person.id)
    files = tuple(forgetting.pictures(tx, person.id))
    forgetting.letters(tx, openid, person.id, alias)
    forgetting.rest(tx, openid, person.id)
    nobody = dict.fromkeys(("name", "phone", "openid", "estate_id", "building", "unit", "room"))
    if held.member is not None:
        changed(tx)
    people.meet(tx, tx.update(Person, person.id, **nobody, following=False, photo_place=None, monthly=False))
    data = {"orders": orders, "pictures": len(files)}
    events.note(tx, "person", person.id, "forgotten", by="本人", data=data)
    return Forgotten(files, orders)


def _cover(tx: Tx, demand: Demand, person: Person) -> int:
    text = covered(demand.text, room=demand.room or person.room, name=person.name)
    changed = tx.update(
        Demand, demand.id, text=text, phone=None, room=None, unit=None, place=None, party=None, rating_reason=None
    )
    finding.keep(tx, changed)
    assert demand.id is not None
    phones = [one for one in (person.phone, demand.phone) if one]
    for message in forgetting.told_about(tx, demand.id):
        payload = _unnamed(message.payload, person.name, phones, demand.room or person.room)
        if payload != message.payload:
            tx.update(Outbox, message.id, payload=payload)
    return 1


def _leave(tx: Tx, case: Mediation, person: Person) -> None:
    """A mediation that is over, without them: that there was one stays, and what the other side agreed to."""
    assert case.id is not None
    assert person.id is not None
    names = [one for one in (person.name, *(s.name for s in forgetting.names_in(tx, case.id, person.id))) if one]
    matter, offer = (_without(text, names, person.room) for text in (case.matter, case.offer))
    tx.update(Mediation, case.id, matter=matter, offer=offer, version=case.version + 1)
    _unname_letters(tx, case.no, names, person)
    forgetting.leave_mediation(tx, case.id, person.id)


def _unname_letters(tx: Tx, no: str, names: Sequence[str], person: Person) -> None:
    """What others were told about this number."""
    for message in mediations.letters(tx, no):
        payload = message.payload
        for name in names or [""]:
            payload = _unnamed(payload, name, [person.phone] if person.phone else [], person.room)
        if payload != message.payload:
            tx.update(Outbox, message.id, payload=payload)


def _without(text: str, names: Sequence[str], room: str | None) -> str:
    for name in names or [""]:
        text = covered(text, room=room, name=name or None)
    return text


def _unnamed(value: Any, name: str | None, phones: Sequence[str], room: str | None) -> Any:
    """Words told to others without the one who is forgotten; addresses and keys stay as they are."""
    if isinstance(value, Mapping):
        return {key: _unnamed(one, name, phones, room) for key, one in value.items()}
    if isinstance(value, list):
        return [_unnamed(one, name, phones, room) for one in value]
    if not isinstance(value, str):
        return value
    said = _ADDRESS.split(value)  # words and addresses by turns
    said[::2] = [_nobodys(words, name, phones, room) for words in said[::2]]
    return "".join(said)


def _nobodys(words: str, name: str | None, phones: Sequence[str], room: str | None) -> str:
    for told in phones:
        words = words.replace(told, PHONE)
    return roomless(words.replace(name, RESIDENT_NAME) if name and len(name) > 1 else words, room)
