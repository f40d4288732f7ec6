"""Points by hand, wherever they are asked for: those who may agree are told, and who asked hears their word."""

from redprop_bot.loop.actor import Actor
from redprop_bot.notify import outbox
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.registry.register import register
from redprop_bot.rules.telling import Weight
from redprop_bot.store import messages, people
from redprop_bot.store.tables import Person, PointRequest
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import ledger


def ask(tx: Tx, person_id: int, number: int, reason: str, by: Actor, *, community_id: int | None) -> PointRequest:
    """Ask, and tell who may agree. Raises as `ledger.ask`."""
    made = ledger.ask(tx, person_id, number, reason, by, community_id=community_id)
    _tell_approvers(tx, made)
    return made


def decide(tx: Tx, request_id: int, by: Actor, *, approve: bool) -> PointRequest:
    """Somebody else's word, and who asked hears it. Raises as `ledger.decide`."""
    request = ledger.decide(tx, request_id, by, approve=approve)
    _told(tx, request, by=by.person_id)
    return request


def _tell_approvers(tx: Tx, request: PointRequest) -> None:
    labels, reg = tx.content.labels, register(tx)
    person = tx.get(Person, request.person_id)
    slots = {"name": person.name or RESIDENT_NAME, "points": str(request.points), "reason": request.reason}
    draft = outbox.Draft(
        key=f"points:{request.id}",
        message="points_request",
        text=tx.content.replies.say("tell.points_request", **slots, who=request.by_name),
        rows=(("给", slots["name"]), ("分数", f"+{request.points}"), ("来自", request.by_name)),
        quote=request.reason,
        buttons=tuple((f"{key}:{request.id}", labels.button[key]) for key in ("agree", "disagree")),
        link=f"{tx.content.address}/console/points",
        subject="points",
        subject_id=request.id,
    )
    asked = {request.by_id, request.person_id}
    able = [p for p in reg.secretaries(request.community_id) if p.id not in asked]
    able = able or [p for p in reg.street_staff if p.id not in asked]
    outbox.queue(tx, [(p, draft) for p in able])


def _told(tx: Tx, request: PointRequest, *, by: int | None) -> None:
    """Who asked is told; the cards of the others give way."""
    labels, known = tx.content.labels.button, people.named(tx, {request.by_id} if request.by_id else set())
    what = labels["agree" if request.state == "approved" else "disagree"]
    person = tx.get(Person, request.person_id)
    slots = {"name": person.name or RESIDENT_NAME, "points": str(request.points), "what": what}
    draft = outbox.Draft(
        key=f"points:{request.id}:decided",
        message="points_decided",
        text=tx.content.replies.say("tell.points_decided", **slots),
        weight=Weight.PLAIN,
    )
    outbox.queue(tx, [(p, draft) for p in known.values() if p.id != by])
    assert request.id is not None
    for card in messages.cards_about(tx, "points", request.id):
        if card.person_id != by:
            outbox.settle_card(tx, card, tx.get(Person, card.person_id or 0), what)
