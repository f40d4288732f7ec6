"""The mediator leads a case: takes it or not, meets the sides, notes, offers, or says that it came to nothing."""

from datetime import datetime, timedelta
from typing import Final

from redprop_bot.council import mediation_telling as telling
from redprop_bot.council.hands import Hand, speaks_as_secretary
from redprop_bot.council.mediation import OFFER, held, must, noted, over, put
from redprop_bot.errors import Forbidden, Invalid
from redprop_bot.loop.record import needed, optional
from redprop_bot.notify import words
from redprop_bot.registry.register import register
from redprop_bot.rules.mediation import BEFORE, Case
from redprop_bot.store import mediations
from redprop_bot.store.tables import Mediation, MediationSession, MediationSide, Person
from redprop_bot.store.tx import Tx

FARTHEST: Final = timedelta(days=180)
"""So far ahead nobody makes a date; a day that is meant to be past is read as the next one of that name."""


def take(tx: Tx, case: Mediation, hand: Hand) -> Mediation:
    """Who was asked takes it; both sides hear who it is. Raises Forbidden, Conflict (stage)."""
    case = _own(tx, case, hand, "take", alone=True)
    case = put(tx, case, stage=Case.RUNNING, took_at=tx.now)
    noted(tx, case, "mediation_taken", hand.name)
    telling.settled(tx, case, "mediate.card_taken", person_id=hand.person_id)
    telling.taken(tx, case)
    return case


def pass_on(tx: Tx, case: Mediation, hand: Hand, *, reason: str | None = None) -> Mediation:
    """Who was asked, or mediates, cannot; the secretary asks the next. Raises Forbidden, Conflict (stage)."""
    case = _own(tx, case, hand, "pass", alone=True)
    why = optional(reason, "reason")
    case = passed(tx, case, hand.name)
    telling.without(tx, case, "mediation_passed", hand.name, why)
    return case


def passed(tx: Tx, case: Mediation, by: str) -> Mediation:
    """The case is without a mediator again; who had it is not asked for it any more."""
    telling.settled(tx, case, "mediate.card_other", person_id=case.mediator_id)
    gone = [*case.passed, *([case.mediator_id] if case.mediator_id is not None else [])]
    case = put(tx, case, stage=Case.OPEN, passed=gone, mediator_id=None, took_at=None)
    noted(tx, case, "mediation_passed", by)
    return case


def left(tx: Tx, person: Person) -> None:
    """Somebody is gone: their cases need another mediator; what both were offered they may still sign."""
    name = person.name or ""
    for found in mediations.of_mediator(tx, person.id or 0, sorted(BEFORE)):
        case = held(tx, found)
        if case.stage == Case.OFFERED:
            telling.without(tx, case, "mediation_left_offered", name)
        else:
            telling.without(tx, passed(tx, case, name), "mediation_left", name)


def date(tx: Tx, case: Mediation, hand: Hand, *, starts_at: datetime, place: str) -> MediationSession:
    """A meeting; one that was planned before gives way. Raises Forbidden, Conflict (stage), Invalid (past)."""
    case = _own(tx, case, hand, "date")
    if starts_at <= tx.now:
        raise Invalid("mediation_past", field="starts_at")
    if starts_at > tx.now + FARTHEST:  # 11月1日, said in December, is the one that is over
        raise Invalid("mediation_far", field="starts_at", when=words.full_date(starts_at, tx.content.zone))
    for one in mediations.sessions(tx, case.id or 0):
        if one.state == "planned" and one.starts_at > tx.now:
            tx.update(MediationSession, one.id, state="moved")
    made = tx.insert(
        MediationSession, mediation_id=case.id, starts_at=starts_at, place=optional(place, "place")[:100]
    )
    case = put(tx, case)
    noted(tx, case, "mediation_dated", hand.name)
    telling.dated(tx, case, made, but=hand.person_id)
    telling.plan_reminder(tx, case, made)
    return made


def note(tx: Tx, case: Mediation, hand: Hand, text: str) -> MediationSession:
    """What was said at a meeting, for mediator and secretary only. Raises Forbidden, Conflict (stage), Invalid."""
    case = _own(tx, case, hand, "note")
    said = needed(text, "note")
    rows = [one for one in mediations.sessions(tx, case.id or 0) if one.state == "planned"]
    begun = [one for one in rows if one.starts_at <= tx.now] or rows
    values = {"state": "held", "note": said, "noted_at": tx.now}
    if begun:
        row = tx.update(MediationSession, begun[-1].id, **values)
    else:  # nobody had told the date before
        row = tx.insert(MediationSession, mediation_id=case.id, starts_at=tx.now, **values)
    noted(tx, put(tx, case), "mediation_held", hand.name)
    return row


def offer(tx: Tx, case: Mediation, hand: Hand, text: str) -> Mediation:
    """What both are asked to sign; a yes to an earlier wording is none to this one. Raises as `note`."""
    case = _own(tx, case, hand, "offer")
    wording = needed(text, "offer")
    for side in mediations.sides(tx, case.id or 0):
        tx.update(MediationSide, side.id, accepted=0, accepted_at=None, refused_at=None)
    number = case.offer_number + 1
    case = put(tx, case, stage=Case.OFFERED, offer=wording[:OFFER], offer_number=number, offered_at=tx.now)
    noted(tx, case, "mediation_offered", hand.name, offer=number)
    telling.offered(tx, case)
    return case


def fail(tx: Tx, case: Mediation, hand: Hand, *, reason: str) -> Mediation:
    """It came to nothing, and why; the secretary goes on by other ways. Raises Forbidden, Conflict, Invalid."""
    case = held(tx, case)
    mine = case.mediator_id is not None and case.mediator_id == hand.person_id
    if not (mine or speaks_as_secretary(register(tx), hand, case.community_id)):
        raise Forbidden("mediation_role")
    must(case, "fail")
    case = over(tx, case, Case.FAILED, needed(reason, "reason"))
    noted(tx, case, "mediation_failed", hand.name)
    telling.ended(tx, case, "mediation_failed", but=hand.person_id)
    return case


def _own(tx: Tx, case: Mediation, hand: Hand, step: str, *, alone: bool = False) -> Mediation:
    """The case for who mediates it; the secretary may write down for them, but not say their yes or no."""
    case = held(tx, case)
    mine = case.mediator_id is not None and case.mediator_id == hand.person_id
    if not mine and (alone or not speaks_as_secretary(register(tx), hand, case.community_id)):
        raise Forbidden("not_mediator", no=case.no)
    must(case, step)
    return case
