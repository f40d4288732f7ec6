"""被忘记: a resident's own data are deleted on their word; what must stay is told before.

    goes   name, phone, home, the account they come by, what they wrote to us, their pictures, phones and rooms in
           their orders and in what was told about these, the words of their ratings, that they are a volunteer,
           their points, who they were in a mediation, that a topic was theirs,
           what they booked and offered, with every version of it; their words and name in the history of orders
    stays  that something was reported, where to the building, what was done when and by whom, stars: without who
           it was

Not while something of theirs is under way, for somebody may have to reach them: it is done first, or withdrawn.
Who holds a post stands in the register, which the community keeps.
"""

from dataclasses import dataclass
from typing import Final

from redprop_bot.errors import Conflict, Forbidden
from redprop_bot.loop import forgetting_help, unnaming
from redprop_bot.loop.offers import LISTS
from redprop_bot.loop.unnaming import Known
from redprop_bot.registry.people import RESIDENT_NAME, speaker
from redprop_bot.registry.register import changed, register
from redprop_bot.rules.flow import OPEN, Stage
from redprop_bot.rules.mediation import LIVE
from redprop_bot.store import demands, events, finding, forgetting, mediations, meeting_topics, people
from redprop_bot.store.tables import (
    Demand,
    Edition,
    Mediation,
    Outbox,
    Person,
    Resource,
    Service,
    Task,
    Topic,
)
from redprop_bot.store.tx import Tx

_UNDER_WAY: Final = OPEN - {Stage.DONE}
_SHOWN: Final = 5


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
    # Who only ever said their name and phone inside an order is known by these, in everything of theirs.
    who = unnaming.known(person, orders=forgetting.orders(tx, person.id))
    orders = sum(_cover(tx, demand, who) for demand in forgetting.orders(tx, person.id))
    for task in forgetting.tasks(tx, person.id):
        tx.update(Task, task.id, text=who.words(task.text), slots={})
    for case in forgetting.mediations(tx, person.id):
        _leave(tx, case, person, who)
    for topic in meeting_topics.forget(tx, person.id):
        tx.update(Topic, topic.id, text=who.words(topic.text))
    for demand_id in forgetting.supported(tx, person.id):
        unnaming.past(tx, demand_id, who)
    for no in forgetting_help.forget(tx, person, who):
        _unname_letters(tx, no, who)
    for offer in forgetting.offers(tx, person.id):
        _cover_offer(tx, offer, who)
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


def _cover(tx: Tx, demand: Demand, who: Known) -> int:
    assert demand.id is not None
    gone = dict.fromkeys(("phone", "room", "unit", "place", "party", "rating_reason"))
    finding.keep(tx, tx.update(Demand, demand.id, text=who.words(demand.text), **gone))
    for message in forgetting.told_about(tx, demand.id):
        _unname_letter(tx, message, who)
    unnaming.past(tx, demand.id, who)
    return 1


def _cover_offer(tx: Tx, offer: Resource | Service, who: Known) -> None:
    """What they offered, and every version of it."""
    said = {name: who.words(getattr(offer, name)) for name in ("title", "note")}
    tx.update(LISTS[offer.no[0]], offer.id, **said, owner=None, status="withdrawn", version=offer.version + 1)
    for edition in forgetting.versions(tx, offer.no):
        data = {name: who.words(text) if isinstance(text, str) else text for name, text in edition.data.items()}
        by = RESIDENT_NAME if edition.by_name in who.names else edition.by_name
        tx.update(Edition, edition.id, data=data | {"owner": None}, note=who.words(edition.note), by_name=by)
    _unname_letters(tx, offer.no, who)


def _leave(tx: Tx, case: Mediation, person: Person, who: Known) -> None:
    """A mediation that is over, without them: that there was one stays, and what the other side agreed to."""
    assert case.id is not None
    assert person.id is not None
    called = tuple(one.name for one in forgetting.names_in(tx, case.id, person.id) if one.name)
    who = who.called(called)
    matter, offer = who.words(case.matter), who.words(case.offer)
    tx.update(Mediation, case.id, matter=matter, offer=offer, version=case.version + 1)
    _unname_letters(tx, case.no, who)
    forgetting.leave_mediation(tx, case.id, person.id)


def _unname_letters(tx: Tx, no: str, who: Known) -> None:
    """What others were told about this number."""
    for message in mediations.letters(tx, no):
        _unname_letter(tx, message, who)


def _unname_letter(tx: Tx, message: Outbox, who: Known) -> None:
    payload = who.payload(message.payload)
    if payload != message.payload:
        tx.update(Outbox, message.id, payload=payload)
