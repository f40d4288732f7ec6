"""吹哨: units are called to a demand that the lead unit cannot solve alone; they answer, do it, and are rated.

A whistle moves no stage: it adds units and clocks. What stays unanswered is tabled by `whistle_clock`. Every step
holds the demand first, so that of two people who answer at once the second is told what the first has said.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.dispatch import unit_called
from redprop_bot.loop.record import change, happened, held, needed, optional
from redprop_bot.registry import working_time
from redprop_bot.registry.register import register
from redprop_bot.rules import flow, roles, whistle
from redprop_bot.rules.flow import Act
from redprop_bot.rules.roles import Capacity
from redprop_bot.rules.whistle import KINDS, WhistleState
from redprop_bot.rules.workdays import WorkCalendar
from redprop_bot.store import demands, messages, whistles
from redprop_bot.store.tables import Demand, Helper, Organisation, WhistleCall
from redprop_bot.store.tx import Tx

_WAITS = (WhistleState.CALLED, WhistleState.CLAIMED)


def blow(
    tx: Tx,
    demand: Demand,
    actor: Actor,
    *,
    units: Sequence[str],
    kind: str | None = None,
    reason: str | None = None,
) -> Demand:
    """Call these units to a demand. Raises Forbidden, Conflict (closed, called already), Invalid (units, kind)."""
    demand = held(tx, demand)
    if not roles.may(Act.ESCALATE, actor.capacities(tx, demand)):
        raise Forbidden("whistle_role", no=demand.no)
    _must_be_open(demand)
    called = _units(tx, demand, units)
    why = optional(reason, "reason")
    terms = tx.content.whistle.terms
    code = kind or whistle.kind_of(why, demand.urgency, terms)
    if code not in KINDS:
        raise Invalid("whistle_kind", field="kind", name=code)
    due = whistle.moments(terms[code], calendars(tx, demand, (unit.id for unit in called)), tx.now)
    rows = [
        tx.insert(
            WhistleCall,
            demand_id=demand.id,
            community_id=demand.community_id,
            organisation_id=unit.id,
            kind=code,
            matter=why,
            by_id=actor.person_id,
            by_name=actor.name,
            called_at=tx.now,
            answer_by=due.answer_by,
            table_by=due.table_by,
            limit_at=due.limit_at,
        )
        for unit in called
    ]
    ids = [row.id for row in rows]
    messages.plan(tx, f"whistle:{ids[0]}:answer", "whistle_answer", due.answer_by, demand.id, calls=ids)
    messages.plan(tx, f"whistle:{ids[0]}:limit", "whistle_limit", due.limit_at, demand.id, calls=ids)
    data = told(tx, rows)
    return change(tx, demand, happened("whistled", Act.ESCALATE, actor, data["unit"], data))


def calendars(tx: Tx, demand: Demand, units: Iterable[int | None]) -> list[WorkCalendar]:
    """Working time of these units at the place of a demand."""
    return [working_time.calendar(tx, demand, unit) for unit in units]


def told(tx: Tx, rows: Sequence[WhistleCall]) -> dict[str, Any]:
    """What an event about calls of one blow carries: who is told, and what the words need."""
    reg, one = register(tx), rows[0]
    return {
        "unit": "、".join(reg.organisations[row.organisation_id].name for row in rows),
        "unit_ids": [row.organisation_id for row in rows],
        "whistler_id": one.by_id,
        "kind": one.kind,
        "matter": one.matter,
        "answer": one.answer_by.isoformat(),
        "limit": one.limit_at.isoformat(),
        "pressing": one.kind == "emergency",
    }


def _units(tx: Tx, demand: Demand, names: Sequence[str]) -> list[Organisation]:
    found = {unit.id: unit for unit in (unit_called(tx, name, field="units") for name in names)}
    if not found:
        raise Invalid("whistle_units", field="units")
    if len(found) > tx.content.whistle.most_units:
        raise Invalid("whistle_many", field="units", most=tx.content.whistle.most_units)
    assert demand.id is not None
    waiting = {c.organisation_id for c in whistles.of_demand(tx, demand.id) if c.state in _WAITS}
    if twice := [unit.name for unit in found.values() if unit.id in waiting]:
        raise Conflict("whistled_already", no=demand.no, unit="、".join(twice))
    return list(found.values())


def _must_be_open(demand: Demand) -> None:
    if not flow.is_open(demand.stage):
        raise Conflict("whistle_closed", no=demand.no, stage=demand.stage)


# -- the units answer


def units_of(tx: Tx, actor: Actor) -> set[int]:
    """The units that somebody speaks for."""
    own = {actor.organisation_id} if actor.organisation_id is not None else set()
    posts = register(tx).posts.get(actor.person_id or 0, [])
    return own | {post.organisation_id for post in posts if post.organisation_id is not None}


def call_of(tx: Tx, demand: Demand, units: Iterable[int]) -> WhistleCall | None:
    """The call of one of these units to a demand: one that waits for them, else the newest."""
    assert demand.id is not None
    wanted = set(units)
    calls = whistles.of_demand(tx, demand.id)
    mine = [c for c in calls if c.organisation_id in wanted]
    return next((c for c in mine if c.state == WhistleState.CALLED), mine[-1] if mine else None)


def _mine(tx: Tx, demand: Demand, actor: Actor) -> WhistleCall:
    call = call_of(tx, demand, units_of(tx, actor))
    if call is None:
        raise Forbidden("not_whistled", no=demand.no)
    _must_be_open(demand)
    return call


def claim(tx: Tx, demand: Demand, actor: Actor) -> Demand:
    """报到: the unit comes and helps from now on; late is better than not at all."""
    demand = held(tx, demand)
    return _claimed(tx, demand, actor, _mine(tx, demand, actor))


def _claimed(tx: Tx, demand: Demand, actor: Actor, call: WhistleCall) -> Demand:
    _must_wait(tx, demand, call)
    _answer(tx, call, actor, state=WhistleState.CLAIMED.value)
    unit = register(tx).organisations[call.organisation_id].name
    assert demand.id is not None
    if not any(
        h.organisation_id == call.organisation_id or (h.person_id is not None and h.person_id == actor.person_id)
        for h in demands.helpers(tx, demand.id)
    ):
        tx.insert(
            Helper,
            demand_id=demand.id,
            person_id=actor.person_id,
            organisation_id=call.organisation_id,
            name=unit,
            at=tx.now,
        )
    return change(tx, demand, happened("whistle_claimed", Act.ASSIST, actor, unit, told(tx, [call])))


def at_work(tx: Tx, demand: Demand, actor: Actor, *, done: bool = False) -> None:
    """The unit that leads works on it: that answers its own call; nobody is told once more than by its work."""
    assert demand.id is not None
    unit = demand.handler_id
    if unit is None or unit not in units_of(tx, actor):
        return  # the clock that counts silence as acceptance is no answer
    for call in whistles.of_demand(tx, demand.id):
        if call.organisation_id != unit or call.state not in _WAITS:
            continue
        if call.state == WhistleState.CALLED:
            _answer(tx, call, actor, state=WhistleState.CLAIMED.value)
        if done:
            _update(tx, call, state=WhistleState.DONE.value, done_at=tx.now)


def decline(tx: Tx, demand: Demand, actor: Actor, *, reason: str) -> Demand:
    """到不了, with the reason; whoever blew decides what then."""
    demand = held(tx, demand)
    call = _mine(tx, demand, actor)
    why = needed(reason, "reason")
    _must_wait(tx, demand, call)
    _answer(tx, call, actor, state=WhistleState.DECLINED.value, reason=why)
    return change(tx, demand, happened("whistle_declined", Act.RETURN, actor, why, told(tx, [call])))


def report(tx: Tx, demand: Demand, actor: Actor, *, note: str) -> Demand:
    """How far the unit's part is; who has not answered yet answers by it."""
    demand = held(tx, demand)
    call = _mine(tx, demand, actor)
    what = needed(note, "note")
    if call.state == WhistleState.CALLED:
        demand = _claimed(tx, demand, actor, call)
    elif call.state != WhistleState.CLAIMED:
        _must_wait(tx, demand, call)
    _update(tx, call, progress_at=tx.now, progress_note=what)
    return change(tx, demand, happened("whistle_progressed", Act.PROGRESS, actor, what, told(tx, [call])))


def done(tx: Tx, demand: Demand, actor: Actor, *, note: str | None = None) -> Demand:
    """The unit's part is done; who has not answered yet answers by doing."""
    demand = held(tx, demand)
    call = _mine(tx, demand, actor)
    what = optional(note, "note")
    if call.state == WhistleState.CALLED:
        demand = _claimed(tx, demand, actor, call)
    elif call.state != WhistleState.CLAIMED:
        _must_wait(tx, demand, call)
    _update(tx, call, state=WhistleState.DONE.value, done_at=tx.now, done_note=what)
    data = told(tx, [call]) | {"call_id": call.id}
    return change(tx, demand, happened("whistle_done", Act.PROGRESS, actor, what, data))


def _must_wait(tx: Tx, demand: Demand, call: WhistleCall) -> None:
    if call.state == WhistleState.CALLED:
        return
    who = call.answered_by or register(tx).organisations[call.organisation_id].name
    if call.state == WhistleState.CLAIMED:
        raise Conflict("whistle_claimed", no=demand.no, who=who)
    if call.state == WhistleState.DECLINED:
        raise Conflict("whistle_declined", no=demand.no, who=who)
    raise Conflict("whistle_over", no=demand.no)


def _answer(tx: Tx, call: WhistleCall, actor: Actor, **values: Any) -> None:
    _update(tx, call, answered_at=tx.now, answered_by=actor.name, **values)


def _update(tx: Tx, call: WhistleCall, **values: Any) -> None:
    tx.update(WhistleCall, call.id, **values, version=tx.get(WhistleCall, call.id or 0).version + 1)


# -- whoever blew rates


def rate(tx: Tx, demand: Demand, actor: Actor, *, call_id: int, stars: int, reason: str | None = None) -> Demand:
    """One to five stars for what a unit did, once, by who blew or who stands in for them; also after the end."""
    demand = held(tx, demand)
    try:
        call = tx.get(WhistleCall, call_id)
    except LookupError:
        raise Forbidden("not_whistled", no=demand.no) from None
    if call.demand_id != demand.id:
        raise Forbidden("not_whistled", no=demand.no)
    own = call.by_id is not None and call.by_id == actor.person_id
    if not own and not actor.capacities(tx, demand) & {Capacity.SECRETARY, Capacity.STREET, Capacity.ADMIN}:
        raise Forbidden("role", act="rate")
    if isinstance(stars, bool) or not isinstance(stars, int) or not 1 <= stars <= 5:
        raise Invalid("stars", field="stars")
    unit = register(tx).organisations[call.organisation_id].name
    if call.state != WhistleState.DONE:
        raise Conflict("whistle_not_done", no=demand.no, unit=unit)
    if call.stars is not None:
        raise Conflict("whistle_rated", no=demand.no, unit=unit)
    why = optional(reason, "reason")
    _update(tx, call, stars=stars, rated_at=tx.now, rating_reason=why or None)
    data = told(tx, [call]) | {"call_id": call.id, "given": str(stars)}
    return change(tx, demand, happened("whistle_rated", Act.RATE, actor, why, data))
