"""调解 (帮帮团): a case is opened, gets a mediator, goes from meeting to offer; what both sign is in `agreement`.

Private: only the secretary in charge, the mediator and the two sides know of it; see `sees`. Every step holds the
case first. What time does to it stands in `mediation_clock`.
"""

import hmac
from dataclasses import dataclass
from typing import Any, Final

from redprop_bot.council import mediation_telling as telling
from redprop_bot.council.hands import Hand, speaks_as_secretary
from redprop_bot.council.mediators import conflict, gone
from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop import clocks
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.record import change, happened, needed
from redprop_bot.notify.covering import covered
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import RUNNING, Act, is_open
from redprop_bot.rules.mediation import LIVE, MAY, Case
from redprop_bot.rules.roles import Capacity
from redprop_bot.store import events, mediations, messages, numbers
from redprop_bot.store.tables import Demand, Mediation, MediationSide, Person
from redprop_bot.store.tx import Tx

PEACE: Final = Actor("帮帮团", None, None, lambda _tx, _demand: {Capacity.SECRETARY})
"""Who notes on an order what became of it: no name of mediator or side stands there."""
SIDES: Final = ("a", "b")
TRIES: Final = 10
NAME: Final = 30
OFFER: Final = 1000


@dataclass(frozen=True, slots=True)
class Party:
    """A side: a person who is known here, a unit, or a name whose owner joins by the code.

    demand_id: the order by which they are a side; it goes the way of the case.
    """

    person_id: int | None = None
    unit_id: int | None = None
    name: str = ""
    demand_id: int | None = None

    @property
    def who(self) -> tuple[int | None, int | None, str]:
        """What tells one from another: the name only where there is nothing else."""
        return self.person_id, self.unit_id, "" if self.person_id or self.unit_id else self.name


def open_case(
    tx: Tx,
    hand: Hand,
    parties: tuple[Party, Party],
    *,
    demand: Demand | None = None,
    matter: str = "",
    community_id: int | None = None,
) -> Mediation:
    """A new case, of an order or without one. Raises Forbidden, Conflict (one is open, order over), Invalid."""
    where = demand.community_id if demand is not None else community_id
    if not speaks_as_secretary(register(tx), hand, where):
        raise Forbidden("mediation_role")
    if demand is not None:
        demand = tx.get(Demand, demand.id or 0, lock=True)
        _must_be_free(tx, demand)
        if not is_open(demand.stage):
            raise Conflict("whistle_closed", no=demand.no)
    first, second = parties
    if first.who == second.who:
        raise Invalid("same_side", field="sides")
    for key in {first.demand_id, second.demand_id} - {None, demand.id if demand is not None else None}:
        _must_be_free(tx, tx.get(Demand, key or 0, lock=True), side=True)
    about = matter or (covered(demand.text, room=demand.room) if demand is not None else "")
    case = tx.insert(
        Mediation,
        no=numbers.take(tx, "J", tx.now, tx.content.zone),
        demand_id=demand.id if demand is not None else None,
        community_id=where,
        category=demand.category if demand is not None else None,
        matter=needed(about, "matter"),
        by_name=hand.name,
        created_at=tx.now,
        updated_at=tx.now,
    )
    for side, party in zip(SIDES, parties, strict=True):
        _enter(tx, case, side, party)
    noted(tx, case, "mediation_opened", hand.name)
    for order in orders(tx, case):
        if is_open(order.stage):
            _stand_still(tx, order)
    telling.opened(tx, case, but=hand.person_id)
    return case


def _must_be_free(tx: Tx, demand: Demand, *, side: bool = False) -> None:
    """Refuse an order that another case is about; as that of a side, while that case goes on.

    An order has one case: what has ended is taken up again, so that its history stays together.
    """
    there = mediations.of_demand(tx, demand.id or 0)
    if there is None:
        return
    if there.stage in LIVE:
        raise Conflict("mediation_there", no=demand.no, case=there.no)
    if side or there.demand_id != demand.id:
        return
    if there.stage in MAY["again"]:
        raise Conflict("mediation_ended", no=demand.no, case=there.no, now=there.stage)
    raise Conflict("mediation_kept", no=demand.no, case=there.no)


def orders(tx: Tx, case: Mediation) -> list[Demand]:
    """The orders of a case, held: the one it came from and those by which the two are its sides."""
    keys = {case.demand_id, *(side.demand_id for side in mediations.sides(tx, case.id or 0))} - {None}
    return [tx.get(Demand, key or 0, lock=True) for key in sorted(keys, key=lambda key: key or 0)]


def _stand_still(tx: Tx, demand: Demand) -> None:
    """An order that nobody else has waits for its mediation: no clock runs, and it climbs to no meeting."""
    still = {"due_at": None, "respond_by": None, "contact_by": None} if demand.handler_id is None else {}
    note = tx.content.replies.say("mediate.noted")
    change(tx, demand, happened("mediated", Act.SUPPLEMENT, PEACE, note), **still)


def _go_on(tx: Tx, case: Mediation) -> None:
    """The mediation came to nothing: its orders are the secretary's again, with a whole term."""
    note = tx.content.replies.say("mediate.unsettled")
    for demand in orders(tx, case):
        if demand.stage in RUNNING:
            anew = clocks.rework(tx, demand) if demand.handler_id is None else {}
            change(tx, demand, happened("mediation_over", Act.SUPPLEMENT, PEACE, note), **anew)


def _enter(tx: Tx, case: Mediation, side: str, party: Party) -> None:
    tx.insert(
        MediationSide,
        mediation_id=case.id,
        side=side,
        person_id=party.person_id,
        unit_id=party.unit_id,
        name=party.name.strip()[:NAME],
        demand_id=party.demand_id,
    )


# -- the secretary


def ask(tx: Tx, case: Mediation, hand: Hand, person: Person) -> Mediation:
    """Somebody is asked to mediate. Raises Forbidden, Conflict (stage, has to do with it)."""
    case = _secretarys(tx, case, hand, "replace" if gone(tx, case) else "ask")
    if why := conflict(tx, case, mediations.sides(tx, case.id or 0), person):
        raise Conflict(f"mediator_{why}", who=person.name or "", no=case.no)
    if case.mediator_id is not None and case.mediator_id != person.id:
        telling.settled(tx, case, "mediate.card_other", person_id=case.mediator_id)
    case = put(tx, case, stage=Case.ASKED, mediator_id=person.id, asked_at=tx.now, took_at=None)
    noted(tx, case, "mediation_asked", hand.name)
    telling.asked(tx, case, person)
    until = tx.content.mediation.answer.after(tx.now, tx.content.calendar)
    key = f"mediation:{case.id}:ask:{case.version}"
    messages.plan(tx, key, "mediation_ask", until, case.id, version=case.version)
    return case


def withdraw(tx: Tx, case: Mediation, hand: Hand, *, reason: str) -> Mediation:
    """Called off: by the secretary, or by a side, who takes part of their own will. Raises Forbidden, Conflict."""
    case = held(tx, case)
    side = side_of(tx, case, hand)
    if side is None and not speaks_as_secretary(register(tx), hand, case.community_id):
        raise Forbidden("mediation_role")
    must(case, "withdraw")
    why = needed(reason, "reason")
    case = over(tx, case, Case.WITHDRAWN, why)
    noted(tx, case, "mediation_withdrawn", telling.said_of(tx, side) if side is not None else hand.name)
    telling.ended(tx, case, "mediation_withdrawn", but=hand.person_id)
    return case


def again(tx: Tx, case: Mediation, hand: Hand) -> Mediation:
    """Once more, with the same mediator where there is one. Raises Forbidden, Conflict (stage)."""
    case = _secretarys(tx, case, hand, "again")
    goes_on = case.mediator_id is not None and case.took_at is not None and not gone(tx, case)
    stage = Case.RUNNING if goes_on else Case.OPEN
    for side in mediations.sides(tx, case.id or 0):
        tx.update(MediationSide, side.id, accepted=0, accepted_at=None, refused_at=None, kept=None, kept_at=None)
    case = put(tx, case, stage=stage, offer="", agreed_at=None, follow_at=None, followed_at=None, ended_at=None)
    noted(tx, case, "mediation_again", hand.name)
    telling.again(tx, case, but=hand.person_id)
    return case


# -- somebody joins


def code(tx: Tx, case: Mediation, side: MediationSide) -> str:
    """Six digits by which a side that is only a name joins; the secretary hands them over."""
    about = f"mediation code:{case.no}:{side.side}"
    digest = hmac.digest(tx.content.secret or b"-", about.encode(), "sha256")
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def unjoined(tx: Tx, case: Mediation) -> list[MediationSide]:
    """Sides that are only a name so far."""
    return [s for s in mediations.sides(tx, case.id or 0) if s.person_id is None and s.unit_id is None]


def join(tx: Tx, case: Mediation, person: Person, said: str) -> Mediation | None:
    """Somebody is the side that was only a name; None where the code is wrong or nobody is expected.

    A wrong code is counted; after TRIES none is taken any more. Raises Conflict (is the other side already).
    """
    case = held(tx, case)
    waiting = unjoined(tx, case)
    if case.code_tries >= TRIES or case.stage not in LIVE or not waiting:
        return None
    fits = [s for s in waiting if hmac.compare_digest(said.encode(), code(tx, case, s).encode())]
    if not fits:
        tx.update(Mediation, case.id, code_tries=case.code_tries + 1)
        return None
    if any(side.person_id == person.id for side in mediations.sides(tx, case.id or 0)):
        raise Conflict("same_side")
    tx.update(MediationSide, fits[0].id, person_id=person.id)
    case = put(tx, case)
    noted(tx, case, "mediation_joined", telling.said_of(tx, fits[0]))
    telling.joined(tx, case, person)
    return case


# -- who and where


def sees(tx: Tx, case: Mediation, hand: Hand) -> bool:
    """Whether a case is there for somebody: the secretary in charge, its mediator, the two sides."""
    if speaks_as_secretary(register(tx), hand, case.community_id):
        return True
    if case.mediator_id is not None and case.mediator_id == hand.person_id:
        return True
    return side_of(tx, case, hand) is not None


def side_of(tx: Tx, case: Mediation, hand: Hand) -> MediationSide | None:
    """The side that somebody is, or speaks for."""
    for side in mediations.sides(tx, case.id or 0):
        if side.person_id is not None and side.person_id == hand.person_id:
            return side
        if side.unit_id is not None and side.unit_id in hand.units:
            return side
    return None


def held(tx: Tx, case: Mediation) -> Mediation:
    """The case as it is now; nobody else changes it before this job ends."""
    assert case.id is not None
    return tx.get(Mediation, case.id, lock=True)


def put(tx: Tx, case: Mediation, *, stage: Case | None = None, **values: Any) -> Mediation:
    """The case with new values and the next version."""
    if stage is not None:
        values["stage"] = stage.value
    return tx.update(Mediation, case.id, **values, updated_at=tx.now, version=case.version + 1)


def noted(tx: Tx, case: Mediation, name: str, by: str, **data: Any) -> None:
    """Write down that it happened, without a word of what it is about."""
    events.note(tx, "mediation", case.id or 0, name, by=by, data=data, community_id=case.community_id)


def plan_wiping(tx: Tx, case: Mediation) -> None:
    """Its words go after their time."""
    until = telling.days_from(tx, tx.content.mediation.keep_days)
    messages.plan(tx, f"mediation:{case.id}:forget:{case.version}", "mediation_forget", until, case.id)


def over(tx: Tx, case: Mediation, stage: Case, reason: str) -> Mediation:
    """The case has ended; its order, if there is one, is the secretary's again."""
    telling.settled(tx, case, "mediate.card_over")
    case = put(tx, case, stage=stage, reason=reason, ended_at=tx.now)
    plan_wiping(tx, case)
    _go_on(tx, case)
    return case


def must(case: Mediation, step: str) -> None:
    """Refuse a step that the stage does not allow."""
    if case.stage not in MAY[step]:
        raise Conflict("mediation_stage", no=case.no, now=case.stage)


def _secretarys(tx: Tx, case: Mediation, hand: Hand, step: str) -> Mediation:
    case = held(tx, case)
    if not speaks_as_secretary(register(tx), hand, case.community_id):
        raise Forbidden("mediation_role")
    must(case, step)
    return case
