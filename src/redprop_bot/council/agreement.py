"""The agreement: yes of both sides with its time, the paper, and whether it is kept afterwards.

A yes is for one wording. Who signed on paper, having no telephone, is written down as that by the secretary.
"""

from datetime import datetime
from typing import Final

from redprop_bot.council import mediation_telling as telling
from redprop_bot.council.hands import Hand, speaks_as_secretary
from redprop_bot.council.mediation import PEACE, held, must, noted, orders, plan_wiping, put, side_of
from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop import arrange
from redprop_bot.loop.paper import new_paper
from redprop_bot.loop.record import optional
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import is_open
from redprop_bot.rules.mediation import Case
from redprop_bot.store import mediations, messages
from redprop_bot.store.tables import Mediation, MediationSide
from redprop_bot.store.tx import Tx

SIGNED: Final = frozenset({Case.AGREED, Case.KEPT, Case.BROKEN})


def accept(tx: Tx, case: Mediation, hand: Hand, *, number: int | None = None) -> Mediation:
    """Yes to the offer; `number` is the wording that was seen. With the second yes the agreement stands.

    Raises Forbidden (no side), Conflict (stage, another wording, said already).
    """
    case = held(tx, case)
    side = _mine(tx, case, hand)
    return _accepted(tx, case, side, number, by=hand.name if side.unit_id is not None else "")


def accept_on_paper(tx: Tx, case: Mediation, hand: Hand, which: str) -> Mediation:
    """A side signed on paper, says the secretary. Raises Forbidden, Conflict (stage, said before), Invalid."""
    case = held(tx, case)
    if not speaks_as_secretary(register(tx), hand, case.community_id):
        raise Forbidden("mediation_role")
    side = next((one for one in mediations.sides(tx, case.id or 0) if one.side == which), None)
    if side is None:
        raise Invalid("choice", field="side")
    return _accepted(tx, case, side, None, by=tx.content.replies.say("mediate.on_paper", who=hand.name))


def _accepted(tx: Tx, case: Mediation, side: MediationSide, number: int | None, *, by: str) -> Mediation:
    must(case, "yes")
    if number is not None and number != case.offer_number:
        raise Conflict("other_offer", no=case.no)
    if side.accepted == case.offer_number:
        raise Conflict("signed_already", no=case.no)
    side = tx.update(
        MediationSide, side.id, accepted=case.offer_number, accepted_at=tx.now, accepted_by=by, refused_at=None
    )
    noted(tx, case, "mediation_signed", telling.said_of(tx, side), offer=case.offer_number)
    if all(one.accepted == case.offer_number for one in mediations.sides(tx, case.id or 0)):
        return _agreed(tx, case)
    case = put(tx, case)
    telling.signed(tx, case, side)
    return case


def _agreed(tx: Tx, case: Mediation) -> Mediation:
    follow = telling.days_from(tx, tx.content.mediation.follow_days)
    case = put(tx, case, stage=Case.AGREED, agreed_at=tx.now, follow_at=follow)
    noted(tx, case, "mediation_agreed", PEACE.name)
    messages.plan(tx, f"mediation:{case.id}:follow:{case.offer_number}", "mediation_follow", follow, case.id)
    telling.agreed(tx, case)
    for demand in orders(tx, case):
        if is_open(demand.stage):
            arrange.close(tx, demand, PEACE, reason="solved", note=tx.content.replies.say("mediate.settled"))
    return case


def refuse(
    tx: Tx, case: Mediation, hand: Hand, *, number: int | None = None, reason: str | None = None
) -> Mediation:
    """No to the offer; the mediator goes on. Raises Forbidden (no side), Conflict (stage, another wording)."""
    case = held(tx, case)
    side = _mine(tx, case, hand)
    must(case, "no")
    if number is not None and number != case.offer_number:
        raise Conflict("other_offer", no=case.no)
    for one in mediations.sides(tx, case.id or 0):
        refused = tx.now if one.id == side.id else None
        tx.update(MediationSide, one.id, accepted=0, accepted_at=None, refused_at=refused)
    case = put(tx, case, stage=Case.RUNNING)
    noted(tx, case, "mediation_refused", telling.said_of(tx, side), offer=case.offer_number)
    telling.refused(tx, case, side, optional(reason, "reason"))
    return case


def answer(tx: Tx, case: Mediation, hand: Hand, *, kept: bool, note: str | None = None) -> Mediation:
    """Whether the agreement is kept, says a side: both yes ends it well, one no calls the mediator back.

    Raises Forbidden (no side), Conflict (stage).
    """
    case = held(tx, case)
    return _answered(tx, case, _mine(tx, case, hand), kept=kept, note=note)


def answer_for(
    tx: Tx, case: Mediation, hand: Hand, which: str, *, kept: bool, note: str | None = None
) -> Mediation:
    """The same by the secretary, who has asked a side. Raises Forbidden, Conflict (stage), Invalid (side)."""
    case = held(tx, case)
    if not speaks_as_secretary(register(tx), hand, case.community_id):
        raise Forbidden("mediation_role")
    side = next((one for one in mediations.sides(tx, case.id or 0) if one.side == which), None)
    if side is None:
        raise Invalid("choice", field="side")
    return _answered(tx, case, side, kept=kept, note=note)


def _answered(tx: Tx, case: Mediation, side: MediationSide, *, kept: bool, note: str | None) -> Mediation:
    must(case, "kept")
    tx.update(MediationSide, side.id, kept=kept, kept_at=tx.now)
    noted(tx, case, "mediation_answered", telling.said_of(tx, side), kept=kept)
    if not kept:
        case = put(tx, case, stage=Case.BROKEN, followed_at=tx.now)
        telling.settled(tx, case, "mediate.card_over")
        telling.broken(tx, case, side, optional(note, "note"))
        return case
    if all(one.kept for one in mediations.sides(tx, case.id or 0)):
        case = put(tx, case, stage=Case.KEPT, followed_at=tx.now, ended_at=tx.now)
        plan_wiping(tx, case)
        telling.kept(tx, case)
        return case
    return put(tx, case)


def _mine(tx: Tx, case: Mediation, hand: Hand) -> MediationSide:
    side = side_of(tx, case, hand)
    if side is None:
        raise Forbidden("not_a_side", no=case.no)
    return side


# -- the paper


def paper(tx: Tx, case: Mediation) -> bytes:
    """The agreement as a Word file, for sides, mediator and secretary. Raises Conflict (not signed)."""
    if case.stage not in SIGNED or case.agreed_at is None or not case.offer:
        raise Conflict("not_signed", no=case.no)
    say = tx.content.replies.say
    sides = mediations.sides(tx, case.id or 0)
    community = register(tx).community_name(case.community_id) or ""
    made = new_paper(say("mediate.paper.title"), case.agreed_at)
    made.subtitle(case.no)
    for side in sides:
        made.text(say(f"mediate.paper.{side.side}", name=telling.name_of(tx, side)))
    made.text(say("mediate.paper.mediator", name=telling.about(tx, case)["mediator"]))
    made.head(say("mediate.paper.matter"))
    made.text(case.matter)
    made.head(say("mediate.paper.offer"))
    made.text(case.offer)
    made.head(say("mediate.paper.signed"))
    heads = [say(f"mediate.paper.{name}") for name in ("who", "when", "how")]
    rows = [
        [
            telling.name_of(tx, side),
            _minute(tx, side.accepted_at),
            side.accepted_by or say("mediate.paper.by_chat"),
        ]
        for side in sides
    ]
    made.table(heads, rows)
    made.small(say("mediate.paper.note", days=str(tx.content.mediation.follow_days)))
    made.signed(community, _minute(tx, case.agreed_at))
    return made.file()


def _minute(tx: Tx, moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(tx.content.zone)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
