"""Orders by decision: a unit gets a matter with the date that was decided, whatever the list of duties says.

A matter that nobody has reported becomes an order by it; one that is there is handed over, or, where that unit has
it already, gets the new date.
"""

from datetime import datetime
from typing import Any

from redprop_bot.loop.actor import Actor
from redprop_bot.loop.dispatch import handed, row_for
from redprop_bot.loop.order import fresh
from redprop_bot.loop.planning import begun
from redprop_bot.loop.record import allow, change, happened, held
from redprop_bot.loop.report import Report
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import AT_WORK, Act, Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import events, finding, numbers
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Demand, Person
from redprop_bot.store.tx import Tx


def entrust(tx: Tx, actor: Actor, report: Report, unit_id: int, *, due_at: datetime | None, note: str) -> Demand:
    """A new order for a unit, due at a moment, else as the terms of its matter say."""
    start = fresh(report)
    row = row_for(tx, unit_id, category=report.category, estate_id=report.estate_id, text=report.text)
    values, given = handed(tx, actor, start, unit_id=unit_id, row=row, note=note)
    values["stage"] = Stage.DISPATCHED.value
    if due_at is not None:
        values |= {"due_at": due_at, "due_decided": True}
    return _stored(tx, actor, report, values, given)


def keep(tx: Tx, actor: Actor, report: Report, person: Person | None, *, due_at: datetime) -> Demand:
    """A new order that no unit has: it stands on the community's desk, and may name a person."""
    values = {
        "stage": Stage.NEW.value,
        "due_at": due_at,
        "due_decided": True,
        "assignee_id": person.id if person else None,
    }
    return _stored(tx, actor, report, values)


def _stored(tx: Tx, actor: Actor, report: Report, values: dict[str, Any], *given: Happening) -> Demand:
    values |= {
        "estate_id": report.estate_id,
        "category": report.category,
        "intent": report.intent,
        "urgency": report.urgency,
        "reported_at": report.reported_at,
        "created_at": tx.now,
    }
    demand = tx.insert(
        Demand,
        no=numbers.take(tx, "D", report.reported_at, tx.content.zone),
        community_id=register(tx).community_of(report.estate_id) or report.community_id,
        building=report.building,
        unit=report.unit,
        room=report.room,
        place=report.place,
        text=report.text,
        updated_at=tx.now,
        **values,
        **begun(tx, values),
    )
    finding.keep(tx, demand)
    events.append(tx, demand, [happened("ordered", Act.ORDER, actor, report.text[:200]), *given])
    return demand


def hand_over(tx: Tx, demand: Demand, actor: Actor, unit_id: int, *, due_at: datetime, note: str) -> Demand:
    """An order that is there goes to a unit and is due at a moment. Raises Forbidden (role), Conflict (stage)."""
    demand = held(tx, demand)
    allow(tx, demand, Act.DISPATCH, actor)
    if demand.handler_id == unit_id and demand.stage in AT_WORK:
        again = happened(
            "rescheduled", Act.CORRECT, actor, note, {"unit": register(tx).organisations[unit_id].name}
        )
        return change(tx, demand, again, due_at=due_at, due_decided=True)
    row = row_for(tx, unit_id, category=demand.category, estate_id=demand.estate_id, text=demand.text)
    values, given = handed(tx, actor, demand, unit_id=unit_id, row=row, note=note)
    if demand.intent in CONFIDENTIAL:
        values["released"] = True
    return change(tx, demand, given, **{**values, "due_at": due_at, "due_decided": True})
