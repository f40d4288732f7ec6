"""群众点单: a matter becomes a demand at once, is joined to a neighbour's like report, or waits for its place."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redprop_bot.errors import Invalid
from redprop_bot.loop import clocks, joining
from redprop_bot.loop.actor import RULE, Actor
from redprop_bot.loop.dispatch import Dispatchable, answering, handed
from redprop_bot.loop.placing import missing, place
from redprop_bot.loop.planning import begun
from redprop_bot.loop.record import change, happened
from redprop_bot.loop.report import Report, looked_at_first
from redprop_bot.registry.register import register
from redprop_bot.rules import roles
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import events, finding, messages, numbers
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Ordered:
    """The outcome: the demand, and whether it was there before."""

    demand: Demand
    joined: bool = False  # a neighbour's like report was there first
    repeated: bool = False  # the same person said it again
    needs_estate: bool = False


def order(
    tx: Tx,
    actor: Actor,
    report: Report,
    *,
    reporter_id: int | None,
    first: bool = False,
) -> Ordered:
    """Take a report in. Nothing is ever lost here: whatever is unknown is asked afterwards.

    `first` says that the reporter has never reported anything, so that nothing need be looked for.
    """
    roles.require(Act.ORDER, actor.capacities(tx, None))
    if not report.text.strip():
        raise Invalid("missing", field="text")
    if reporter_id is not None:
        if not first and (again := joining.said_before(tx, report, reporter_id)):
            return Ordered(_repeat(tx, again, actor, report), repeated=True)
        if twin := joining.neighbours(tx, report, reporter_id):
            return Ordered(joining.support(tx, twin, actor, reporter_id, report), joined=True)
    return _create(tx, actor, report, reporter_id)


def _create(tx: Tx, actor: Actor, report: Report, reporter_id: int | None) -> Ordered:
    reg = register(tx)
    ask_first = looked_at_first(tx, reporter_id, report.urgency)
    community_id = reg.community_of(report.estate_id) or report.community_id
    waits = report.estate_id is None and reg.only_estate is None and not report.is_emergency
    answer = None
    if report.intent not in CONFIDENTIAL and not waits and not ask_first:
        answer = answering(tx, category=report.category, estate_id=report.estate_id, text=report.text)
    happenings = [_ordered(actor, report, waits=waits, found=answer is not None, ask_first=ask_first)]
    values: dict[str, Any] = {
        "stage": Stage.NEW.value,
        **clocks.unsent(tx, _Fresh(report)),
    }
    if answer is not None:
        given, happening = handed(tx, RULE, _Fresh(report), unit_id=answer.unit_id, row=answer.row)
        values |= given
        happenings.append(happening)
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
        community_id=community_id,
        building=report.building,
        unit=report.unit,
        room=report.room,
        place=report.place,
        text=report.text,
        phone=report.phone,
        party=report.party,
        reporter_id=reporter_id,
        updated_at=tx.now,
        **values,
        **begun(tx, values),
    )
    finding.keep(tx, demand)
    events.append(tx, demand, happenings)
    if waits:
        due = tx.content.deadlines.place_question.after(tx.now, tx.content.calendar)
        messages.plan(tx, f"place:{demand.no}", "place_wait", due, demand.id)
    return Ordered(demand, needs_estate=report.estate_id is None and reg.only_estate is None)


def _ordered(actor: Actor, report: Report, *, waits: bool, found: bool, ask_first: bool) -> Happening:
    if report.intent in CONFIDENTIAL:
        name = "complained"
    elif ask_first:
        name = "asked_first"
    elif found:
        name = "ordered"
    elif waits:
        name = "questioned"
    else:
        name = "alarmed_unplaced" if report.is_emergency else "unplaced"
    return happened(name, Act.ORDER, actor, report.text[:200], {"heard": _heard(report)})


def _heard(report: Report) -> dict[str, str | None]:
    """How it was read, for the day when somebody sets it right; see `learning`."""
    said = {} if report.said in (None, report.text) else {"said": report.said}
    return {
        "role": report.role,
        "intent": report.intent,
        "category": report.category,
        "urgency": report.urgency,
        **said,
    }


def fresh(report: Report) -> Dispatchable:
    """A report as the demand it is about to be, for whoever hands it to a unit at once."""
    return _Fresh(report)


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A report seen as the demand it is about to be, for the step that hands it to a unit."""

    report: Report
    handler_id: None = None
    former_id: None = None
    assignee_id: None = None
    dispatches: int = 0
    transfers: int = 0
    complex: bool = False
    begun_at: None = None
    granted_days: None = None
    paused_at: None = None
    pauses: tuple[()] = ()
    control_by: None = None

    @property
    def category(self) -> str | None:
        return self.report.category

    @property
    def estate_id(self) -> int | None:
        return self.report.estate_id

    @property
    def intent(self) -> str:
        return self.report.intent

    @property
    def urgency(self) -> str | None:
        return self.report.urgency

    @property
    def reported_at(self) -> datetime:
        return self.report.reported_at


def _repeat(tx: Tx, demand: Demand, actor: Actor, report: Report) -> Demand:
    """The same person says it again: the words go to who has it, and a place that was missing completes it."""
    said = happened("supplemented", Act.SUPPLEMENT, actor, report.text[:200])
    if report.estate_id is None or demand.estate_id is not None:
        return change(tx, demand, said, **missing(tx, demand, actor, report))
    return place(tx, change(tx, demand, said), actor, report)
