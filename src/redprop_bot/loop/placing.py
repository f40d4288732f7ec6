"""The answer to "where?": a place completes a demand and gives it to whoever answers for it there."""

from typing import Any

from redprop_bot.errors import Conflict, Forbidden
from redprop_bot.loop.actor import RULE, Actor
from redprop_bot.loop.dispatch import Answering, answering, handed
from redprop_bot.loop.record import NOTE_LIMIT, allow, change, happened, held
from redprop_bot.loop.report import Report, looked_at_first
from redprop_bot.loop.speak import with_words
from redprop_bot.registry.register import register
from redprop_bot.rules import flow
from redprop_bot.rules.flow import AT_WORK, Act, Stage
from redprop_bot.rules.roles import CONFIDENTIAL, Capacity
from redprop_bot.store import messages
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx

_OF_THE_PLACE = ("building", "unit", "place")
_OF_THE_REPORTER = ("room", "phone")


def missing(tx: Tx, demand: Demand, actor: Actor, report: Report) -> dict[str, str]:
    """What the report knows and the demand does not; a neighbour's room and phone are not the reporter's."""
    neighbour = Capacity.SUPPORTER in actor.capacities(tx, demand)
    names = _OF_THE_PLACE if neighbour else _OF_THE_PLACE + _OF_THE_REPORTER
    return {name: getattr(report, name) for name in names if getattr(report, name) and not getattr(demand, name)}


def place(tx: Tx, demand: Demand, actor: Actor, report: Report, *, words: str = "") -> Demand:
    """Complete the demand; an estate that was unknown or another one finds its own unit.

    `words` is what was said besides, 孩子在里面 or 晚上才有人: whoever is told the place reads it with the rest.
    """
    demand = held(tx, demand)
    allow(tx, demand, Act.SUPPLEMENT, actor)
    found: dict[str, Any] = {**missing(tx, demand, actor, report)}
    if words:
        found["text"] = with_words(tx, demand, words[:NOTE_LIMIT])
    return _there(tx, demand, actor, report, found)


def put_right(tx: Tx, demand: Demand, actor: Actor, report: Report) -> Demand:
    """The reporter set a slip right: the place is what they say now. Raises Conflict when it says nothing new."""
    demand = held(tx, demand)
    allow(tx, demand, Act.SUPPLEMENT, actor)
    if Capacity.REPORTER not in actor.capacities(tx, demand):
        raise Forbidden("role", act=Act.SUPPLEMENT.value)
    names = ("building", "unit", "room", "place")
    found = {n: value for n in names if (value := getattr(report, n)) and value != getattr(demand, n)}
    if report.estate_id not in (None, demand.estate_id):  # the unit and the room were those of the other estate
        found |= {n: getattr(report, n) for n in names if getattr(report, n) != getattr(demand, n)}
    if not found and report.estate_id in (None, demand.estate_id):
        raise Conflict("nothing_new", no=demand.no)
    return _there(tx, demand, actor, report, found, anew=True)


def _there(
    tx: Tx, demand: Demand, actor: Actor, report: Report, found: dict[str, Any], *, anew: bool = False
) -> Demand:
    note = "、".join(str(found[n]) for n in ("building", "unit", "room", "place") if found.get(n))
    estate_id = report.estate_id or demand.estate_id
    moved = estate_id != demand.estate_id
    if moved:
        found |= {"estate_id": estate_id, "community_id": register(tx).community_of(estate_id)}
        messages.cancel(tx, f"place:{demand.no}")
    answer = _answer_there(tx, demand, estate_id, found.get("text") or demand.text, moved=moved)
    if answer is None:
        told = [happened(_name(tx, demand, report, moved=moved), Act.SUPPLEMENT, actor, note)]
        if moved and _off_list(tx, demand, estate_id):
            told.append(happened("off_list", Act.SUPPLEMENT, RULE, note))
    else:
        values, given = handed(
            tx, RULE, demand, unit_id=answer.unit_id, row=answer.row, was=demand, estate_id=estate_id
        )
        found |= values
        told = [happened("answered", Act.SUPPLEMENT, actor, note), given]
    found_at = not moved and demand.controlled_at is None and bool({"building", "place"} & found.keys())
    if demand.urgency == "emergency" and (anew or found_at or (moved and demand.stage != Stage.NEW)):
        if demand.stage == Stage.NEW:
            told = []  # the alarm says it to all who have it
        told.append(happened("alarm_spread", Act.SUPPLEMENT, actor, note))  # the people there know only now
    return change(tx, demand, *told, **found)


def _name(tx: Tx, demand: Demand, report: Report, *, moved: bool) -> str:
    """What it is called when it does not go to a unit now: whom that tells depends on who has it."""
    if not moved or demand.stage != Stage.NEW:
        return "placed"
    if demand.intent in CONFIDENTIAL:  # another secretary has it from now on
        elsewhere = register(tx).community_of(report.estate_id) != demand.community_id
        return "complained" if elsewhere else "placed"
    if looked_at_first(tx, demand.reporter_id, demand.urgency):
        return "asked_first"
    return "alarmed_unplaced" if demand.urgency == "emergency" else "unplaced"


def _off_list(tx: Tx, demand: Demand, estate_id: int | None) -> bool:
    """Whether nobody answers where it is now: the unit of the other estate has it until the secretary decides."""
    if demand.estate_id is None or demand.stage not in AT_WORK or demand.intent in CONFIDENTIAL:
        return False
    return answering(tx, category=demand.category, estate_id=estate_id, text=demand.text) is None


def _answer_there(tx: Tx, demand: Demand, estate_id: int | None, text: str, *, moved: bool) -> Answering | None:
    """By whom the demand goes to a unit now that its estate is known; None when it stays where it is."""
    if estate_id is None or demand.intent in CONFIDENTIAL or not flow.can(Act.DISPATCH, demand.stage):
        return None
    if not moved or looked_at_first(tx, demand.reporter_id, demand.urgency):
        return None  # who has it, or should decide, was told before
    answer = answering(tx, category=demand.category, estate_id=estate_id, text=text)
    return None if answer is None or answer.unit_id == demand.handler_id else answer
