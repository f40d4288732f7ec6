"""Time by agreement: asking for more days, granting or refusing them, pausing (挂账) and going on."""

from datetime import datetime, timedelta

from redprop_bot.errors import Conflict, Invalid
from redprop_bot.loop import clocks
from redprop_bot.loop.accept import heard
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.record import allow, change, happened, held, needed, optional
from redprop_bot.notify import words
from redprop_bot.registry import working_time
from redprop_bot.rules import deadlines
from redprop_bot.rules.flow import Act
from redprop_bot.rules.roles import Capacity
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx


def extend(tx: Tx, demand: Demand, actor: Actor, *, days: int, reason: str) -> Demand:
    """Ask for more working days: once, before the term is over, with a reason."""
    allow(tx, demand, Act.EXTEND, actor)
    why = needed(reason, "reason")
    _whole(days, tx.content.deadlines.extension_street)
    if demand.extended:
        raise Conflict("extended", no=demand.no)
    if demand.due_at is not None and tx.now > demand.due_at:
        raise Conflict("too_late", no=demand.no)
    return change(
        tx,
        demand,
        happened("extension_asked", Act.EXTEND, actor, why, {"days": days}),
        extension_days=days,
        **heard(tx, demand),  # the reporter is told why
    )


def grant(tx: Tx, demand: Demand, actor: Actor, *, days: int | None = None) -> Demand:
    """Agree to what was asked, or to fewer days: the secretary up to five, the street up to ten, once."""
    allow(tx, demand, Act.GRANT, actor)
    if demand.extended:
        raise Conflict("extended", no=demand.no)
    if demand.extension_days is None or demand.due_at is None:
        raise Conflict("nothing_asked", no=demand.no)
    table = tx.content.deadlines
    wide = {Capacity.STREET, Capacity.ADMIN} & actor.capacities(tx, demand)
    days = _whole(
        demand.extension_days if days is None else days,
        table.extension_street if wide else table.extension_secretary,
    )
    due = deadlines.extended(working_time.calendar(tx, demand, demand.handler_id), demand.due_at, days)
    assert demand.id is not None
    why = demands.last_note(tx, demand.id, "extension_asked")
    return change(
        tx,
        demand,
        happened("granted", Act.GRANT, actor, why, {"days": days}),
        due_at=due,
        granted_days=days,
        extended=True,
        extension_days=None,
    )


def refuse(tx: Tx, demand: Demand, actor: Actor, *, reason: str | None = None) -> Demand:
    """Do not agree to more days: the term stays."""
    demand = held(tx, demand)
    allow(tx, demand, Act.GRANT, actor)
    if demand.extension_days is None:
        raise Conflict("nothing_asked", no=demand.no)
    return change(
        tx,
        demand,
        happened("extension_refused", Act.GRANT, actor, optional(reason, "reason"), {"days": 0}),
        extension_days=None,
    )


def _whole(days: object, most: int) -> int:
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= most:
        raise Invalid("days", field="days", most=most)
    return days


def pause(tx: Tx, demand: Demand, actor: Actor, *, reason: str, until: datetime) -> Demand:
    """Stop the clocks until a date, with the reason that people will read."""
    stage = allow(tx, demand, Act.PAUSE, actor)
    why = needed(reason, "reason")
    if not isinstance(until, datetime) or until.tzinfo is None or until <= tx.now:
        raise Invalid("until", field="until")
    longest = tx.content.deadlines.pause.after(tx.now, tx.content.calendar)
    if until > longest + timedelta(days=1):  # the last day whole
        raise Invalid("until_late", field="until", longest=words.date(longest, tx.content.zone))
    return change(
        tx,
        demand,
        happened("paused", Act.PAUSE, actor, why, {"until": until.isoformat()}),
        stage=stage.value,
        stage_before=demand.stage,
        paused_at=tx.now,
        paused_until=until,
    )


def resume(tx: Tx, demand: Demand, actor: Actor, *, note: str | None = None) -> Demand:
    """Go on: what was left of each clock when it stopped is left now."""
    stage = allow(tx, demand, Act.RESUME, actor)
    assert demand.id is not None
    why = demands.last_note(tx, demand.id, "paused")
    return change(
        tx,
        demand,
        happened("resumed", Act.RESUME, actor, optional(note, "note"), {"reason": why}),
        stage=stage.value,
        **clocks.going_on(tx, demand),
    )
