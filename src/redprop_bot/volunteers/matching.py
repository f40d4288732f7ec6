"""匹配: somebody is sought for a need and asked, one after the other, until one says yes.

    (yes ──cannot after all──▶ seeking: everybody concerned is told)
    begin ──▶ seeking ──ask──▶ waiting ──yes──▶ paired: both are told, the others need not answer any more
                 ▲                │
                 └── no, silence ─┘   nobody left ──▶ none: the secretary is told; a new offer may wake it again

Nobody is asked at night, twice for the same, or while they want to be left alone. Whoever acts on a pairing holds
its row first: of two who say yes at once the second is told that somebody was faster.
"""

from datetime import datetime, timedelta
from typing import Final

from redprop_bot.errors import Conflict, Forbidden, NotFound
from redprop_bot.loop.actor import Actor
from redprop_bot.rules import quiet
from redprop_bot.rules.deadlines import UNIT_HOURS
from redprop_bot.rules.telling import Weight
from redprop_bot.store import fits, messages, pairings
from redprop_bot.store.tables import Pairing, PairingAsk, Person
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import candidates, indexing, pairing_telling
from redprop_bot.volunteers.candidates import Candidate, Need
from redprop_bot.volunteers.needs import KINDS

SEEKING, PAIRED, NONE, ENDED = "seeking", "paired", "none", "ended"
STATES: Final = (SEEKING, PAIRED, NONE, ENDED)
ASK, SILENT = "pairing_ask", "pairing_silent"
"""Kinds of timers: ask the next when the night is over; the time to answer has passed."""


def begin(tx: Tx, need: Need, by: Actor) -> Pairing:
    """Seek somebody for a need and ask the first; sought in vain before, it is sought anew. Raises Conflict."""
    fresh = tx.insert_new(
        Pairing,
        need=need.kind,
        need_id=need.id,
        need_no=need.no,
        side=need.side,
        community_id=need.community_id,
        estate_id=need.estate_id,
        category=need.category,
        by_id=by.person_id,
        by_name=by.name,
        opened_at=tx.now,
    )
    if fresh is not None:
        return go_on(tx, fresh)
    there = next(one for one in pairings.of_need(tx, need.kind, need.id) if one.side == need.side)
    return again(tx, tx.get(Pairing, there.id or 0, lock=True))


def again(tx: Tx, pairing: Pairing) -> Pairing:
    """Seek once more where nobody was found; the pairing is held."""
    if pairing.state == SEEKING:
        raise Conflict("pairing_running", no=pairing.need_no)
    if pairing.state == PAIRED:
        raise Conflict("pairing_paired", no=pairing.need_no)
    return go_on(tx, _changed(tx, pairing, state=SEEKING, ended_at=None, why=None))


def go_on(tx: Tx, pairing: Pairing) -> Pairing:
    """Ask whoever is next, as long as fewer are asked than may be; at night it waits. The pairing is held."""
    rules = tx.content.matching
    need = KINDS[pairing.need].read(tx, pairing.need_id, pairing.side)
    if need is None:
        return end(tx, pairing, "over")
    waiting = sum(ask.state == "waiting" for ask in pairings.asks(tx, [pairing.id or 0]))
    if waiting >= rules.at_once:
        return pairing
    if (morning := _morning(tx)) is not None:
        messages.plan(tx, f"pairing:{pairing.id}:{morning.isoformat()}", ASK, morning, pairing.id)
        return pairing
    indexing.settle(tx)
    left = min(rules.at_once - waiting, rules.most_asked - pairing.asked)
    found = [one for one in candidates.find(tx, need) if one.score >= rules.least][: max(left, 0)]
    for candidate in found:
        pairing = _ask(tx, pairing, candidate)
    if not found and not waiting:
        pairing = _changed(tx, pairing, state=NONE, ended_at=tx.now, why="nobody")
        pairing_telling.nobody(tx, pairing)
    return pairing


def _ask(tx: Tx, pairing: Pairing, candidate: Candidate) -> Pairing:
    ask = tx.insert_new(
        PairingAsk,
        pairing_id=pairing.id,
        need=pairing.need,
        need_id=pairing.need_id,
        person_id=candidate.person.id,
        subject=candidate.subject,
        subject_id=candidate.subject_id,
        title=candidate.title,
        score=candidate.score,
        parts=pairing_telling.explained(tx, candidate.parts),
        asked_at=tx.now,
        answer_by=_answer_by(tx),
    )
    if ask is None:
        return pairing  # asked meanwhile for the same
    messages.plan(tx, f"pairing:ask:{ask.id}", SILENT, ask.answer_by, ask.id)
    fits.turned(tx, candidate.subject, candidate.subject_id)
    pairing_telling.ask(tx, pairing, ask, candidate.person)
    return _changed(tx, pairing, asked=pairing.asked + 1)


def ask_this(tx: Tx, pairing: Pairing, subject: str, subject_id: int) -> Pairing:
    """Ask somebody whom a person has chosen at the desk. Raises Conflict or NotFound; nothing has changed then."""
    pairing = tx.get(Pairing, pairing.id or 0, lock=True)
    if pairing.state not in (SEEKING, NONE):
        raise Conflict("pairing_over", no=pairing.need_no)
    need = KINDS[pairing.need].read(tx, pairing.need_id, pairing.side)
    if need is None:
        raise Conflict("pairing_over", no=pairing.need_no)
    if _morning(tx) is not None:
        raise Conflict("pairing_night")
    indexing.settle(tx)
    for candidate in candidates.find(tx, need):
        if (candidate.subject, candidate.subject_id) == (subject, subject_id):
            return _ask(tx, _changed(tx, pairing, state=SEEKING, ended_at=None, why=None), candidate)
    raise NotFound("no_candidate")


def answer(
    tx: Tx, ask_id: int, person: Person, *, agrees: bool, reason: str | None = None
) -> tuple[PairingAsk, Pairing]:
    """Yes or no of somebody who was asked; who has said yes may still say that they cannot after all.

    Raises Forbidden (another's), Conflict (answered, taken, over).
    """
    ask = tx.get(PairingAsk, ask_id)
    if ask.person_id != person.id:
        raise Forbidden("pairing_foreign")
    pairing = tx.get(Pairing, ask.pairing_id, lock=True)
    ask = tx.get(PairingAsk, ask_id)
    if ask.state == "yes" and not agrees and pairing.state == PAIRED and pairing.ask_id == ask_id:
        return _stepped_back(tx, pairing, ask, person, reason)
    if ask.state in ("yes", "no"):
        raise Conflict("pairing_answered", no=pairing.need_no)
    if agrees and pairing.state == PAIRED:
        raise Conflict("pairing_taken", no=pairing.need_no)
    if agrees and (pairing.state == ENDED or KINDS[pairing.need].read(tx, pairing.need_id, pairing.side) is None):
        raise Conflict("pairing_over", no=pairing.need_no)
    messages.cancel(tx, f"pairing:ask:{ask.id}")
    ask = tx.update(
        PairingAsk,
        ask_id,
        state="yes" if agrees else "no",
        answered_at=tx.now,
        reason=(reason or "")[:200] or None,
    )
    pairing_telling.settled(tx, ask, person, agrees=agrees)
    if not agrees:
        return ask, go_on(tx, pairing) if pairing.state == SEEKING else pairing
    pairing = _changed(tx, pairing, state=PAIRED, ended_at=tx.now, ask_id=ask_id, why=None)
    KINDS[pairing.need].agreed(tx, pairing, person, ask.title)
    for other in pairings.void(tx, pairing.id or 0):
        messages.cancel(tx, f"pairing:ask:{other.id}")
        pairing_telling.taken(tx, pairing, other)
    return ask, pairing


def _stepped_back(
    tx: Tx, pairing: Pairing, ask: PairingAsk, person: Person, reason: str | None
) -> tuple[PairingAsk, Pairing]:
    """Who would have come cannot: those who count on them hear of it at once, and the next is asked."""
    if not KINDS[pairing.need].left(tx, pairing, person):
        raise Conflict("pairing_over", no=pairing.need_no)
    ask = tx.update(PairingAsk, ask.id, state="no", answered_at=tx.now, reason=(reason or "")[:200] or None)
    pairing = _changed(tx, pairing, state=SEEKING, ended_at=None, ask_id=None, why=None)
    pairing_telling.stepped_back(tx, pairing, ask)
    return ask, go_on(tx, pairing)


def end(tx: Tx, pairing: Pairing, why: str) -> Pairing:
    """Nobody is sought any more: the need is over, or somebody has called it off. The pairing is held."""
    for other in pairings.void(tx, pairing.id or 0):
        messages.cancel(tx, f"pairing:ask:{other.id}")
        pairing_telling.taken(tx, pairing, other)
    return _changed(tx, pairing, state=ENDED, ended_at=tx.now, why=why)


def silent(tx: Tx, ask_id: int) -> None:
    """Their time to answer is over: the next is asked. They may still say yes as long as nobody else has."""
    pairing = tx.get(Pairing, tx.get(PairingAsk, ask_id).pairing_id, lock=True)
    ask = tx.get(PairingAsk, ask_id)
    if ask.state != "waiting":
        return
    tx.update(PairingAsk, ask_id, state="silent")
    if pairing.state == SEEKING:
        go_on(tx, pairing)


def _changed(tx: Tx, pairing: Pairing, **values: object) -> Pairing:
    return tx.update(Pairing, pairing.id, **values, version=pairing.version + 1)


def _morning(tx: Tx) -> datetime | None:
    """The end of the quiet hours, while they last."""
    limits = tx.content.limits
    at = quiet.not_before(tx.now, Weight.PLAIN, tx.content.zone, limits.quiet_from, limits.quiet_until)
    return at if at > tx.now else None


def _answer_by(tx: Tx) -> datetime:
    term, limits = tx.content.matching.answer, tx.content.limits
    if term.unit in ("d", "wd"):
        return term.after(tx.now, tx.content.calendar)
    span = timedelta(hours=term.amount * UNIT_HOURS[term.unit])
    return quiet.awake_after(tx.now, span, tx.content.zone, limits.quiet_from, limits.quiet_until)
