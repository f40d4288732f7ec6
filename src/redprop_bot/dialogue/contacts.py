"""A change of WeCom's directory: the register follows it, and what a leaver held goes to those who stay.

Nobody speaks here: no person is met or added by the event itself, and nothing is answered.
"""

from redprop_bot.council import conducting, mediation_telling
from redprop_bot.notify import outbox
from redprop_bot.notify.cards_of_whistles import TO_UNITS
from redprop_bot.ports import Inbound
from redprop_bot.registry import contacts
from redprop_bot.registry.contacts import Step
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.flow import OPEN
from redprop_bot.store import leaving, mediations
from redprop_bot.store.tables import Card, Demand, Person, Task
from redprop_bot.store.tx import Tx

EVENT = "change_contact"
_PEOPLE = frozenset({"create_user", "update_user", "delete_user"})


def take(tx: Tx, inbound: Inbound) -> None:
    """Do what one event asks for; a kind of change that is not known does nothing."""
    change = inbound.extra
    if change.get("change_type") not in _PEOPLE:
        contacts.note_party(tx, change)
        return
    step = contacts.follow(tx, change)
    if step is None:
        return
    if step.what == "left":
        _passed_on(tx, step, inbound.key)
    elif step.what == "taken":
        _tell(tx, step, "contacts.taken", inbound.key, account=change.get("new_user_id", ""))
    elif step.what == "returned" and step.posts:
        _tell(tx, step, "contacts.returned", inbound.key)


def _passed_on(tx: Tx, step: Step, key: str) -> None:
    """Open cards to the manager of the unit, else to others of it, else to the secretary."""
    assert step.person.id is not None
    userid = str(step.person.userid)
    sent, passed = leaving.cards_owed(tx, userid), 0
    for card in leaving.open_cards(tx, step.person.id):
        assert card.id is not None
        tx.update(Card, card.id, state="done", response_code=None)
        demand = tx.get(Demand, card.demand_id) if card.demand_id is not None else None
        if card.task_id not in sent or (demand is not None and demand.stage not in OPEN):
            continue
        told = [
            outbox.pass_on(tx, card, sent[card.task_id], heir, demand) for heir in _heirs(tx, step, card, demand)
        ]
        passed += any(told)
    leaving.give_up(tx, userid, "left the directory")
    conducting.left(tx, step.person)
    if step.posts:
        _tell(tx, step, "contacts.left", key, cards=str(passed) if passed else "")


def _heirs(tx: Tx, step: Step, card: Card, demand: Demand | None) -> list[Person]:
    """Who takes a card over: those of the same side who do not hold the same already."""
    reg = register(tx)
    if card.subject == mediation_telling.CARD or card.message in TO_UNITS:
        heirs = _of_mediation(tx, step, card) if card.message not in TO_UNITS else _colleagues(reg, step, None)
        return [one for one in heirs if one.id is not None and not leaving.has_card_like(tx, one.id, card)]
    heirs = []
    if demand is not None and demand.handler_id in {post.organisation_id for post in step.posts} - {None}:
        assert demand.handler_id is not None
        heirs = reg.managers(demand.handler_id) or reg.staff(
            demand.handler_id, estate_id=demand.estate_id, category=demand.category
        )
    heirs = heirs or reg.secretaries(_community(tx, step, card, demand))
    return [one for one in heirs if one.id is not None and not leaving.has_card_like(tx, one.id, card)]


def _of_mediation(tx: Tx, step: Step, card: Card) -> list[Person]:
    """A case is private: who is in charge of it may be told, and a side's own unit; whoever else, never."""
    case = mediations.by_key(tx, card.subject_id or 0)
    if case is None:
        return []
    if card.message == mediation_telling.PROPOSE:
        return register(tx).secretaries(case.community_id)
    if card.message == mediation_telling.ASKED:
        return []
    return _colleagues(register(tx), step, {side.unit_id for side in mediations.sides(tx, case.id or 0)})


def _colleagues(reg: Register, step: Step, among: set[int | None] | None) -> list[Person]:
    """Who else speaks for the units of somebody who left: managers, else their colleagues."""
    units = {p.organisation_id for p in step.posts if p.organisation_id is not None}
    found = [
        one
        for unit in sorted(units if among is None else units & among)
        for one in reg.managers(unit) or reg.staff(unit)
    ]
    return list({one.id: one for one in found}.values())


def _community(tx: Tx, step: Step, card: Card, demand: Demand | None) -> int | None:
    if demand is not None:
        return demand.community_id
    if card.subject == "task" and card.subject_id is not None:
        return tx.get(Task, card.subject_id).community_id
    return next((post.community_id for post in step.posts if post.community_id is not None), None)


def _tell(tx: Tx, step: Step, reply: str, key: str, **slots: str) -> None:
    """Managers of the units concerned and the secretaries of the communities; once per event."""
    reg = register(tx)
    posts = step.posts or tuple(reg.posts.get(step.person.id or 0, ()))
    told: dict[int | None, Person] = {}
    for post in posts:
        if post.organisation_id is not None:
            told |= {one.id: one for one in reg.managers(post.organisation_id)}
            unit = reg.organisations[post.organisation_id]
            places = {e.community_id for e in reg.estates.values() if e.property_name == unit.name}
        else:
            places = {post.community_id} if post.community_id is not None else set()
        for community in places or (None,):
            told |= {one.id: one for one in reg.secretaries(community)}
    told.pop(step.person.id, None)
    text = tx.content.replies.say(reply, name=step.person.name or "一位同事", **slots)
    draft = outbox.Draft(key=f"{reply}:{key}", message=reply.rpartition(".")[2], text=text)
    outbox.queue(tx, [(person, draft) for person in told.values()])
