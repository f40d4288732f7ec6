"""社区派单: by the responsibility list, by the secretary, by the street; assigning within a unit."""

from dataclasses import dataclass
from typing import Any, Protocol

from redprop_bot.errors import Conflict, Invalid
from redprop_bot.loop import clocks, returning
from redprop_bot.loop.actor import CARE, RULE, Actor
from redprop_bot.loop.learning import learn
from redprop_bot.loop.record import allow, change, happened, needed, optional
from redprop_bot.registry import care, working_time
from redprop_bot.registry.register import register
from redprop_bot.rules import deadlines, matching
from redprop_bot.rules.care import takes
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Demand, Organisation, Responsibility
from redprop_bot.store.tx import Tx


class Dispatchable(clocks.Clocked, Protocol):
    """What handing over needs to know of a demand, stored or about to be."""

    @property
    def handler_id(self) -> int | None: ...  # noqa: D102
    @property
    def former_id(self) -> int | None: ...  # noqa: D102
    @property
    def assignee_id(self) -> int | None: ...  # noqa: D102
    @property
    def dispatches(self) -> int: ...  # noqa: D102
    @property
    def transfers(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Answering:
    """The unit that answers for a matter: by a row of the list, or without one as the caretaker of the estate."""

    unit_id: int
    row: Responsibility | None = None


def answering(tx: Tx, *, category: str | None, estate_id: int | None, text: str) -> Answering | None:
    """Who answers for a matter: the row of the list, else who takes what has no property company."""
    if category is None:
        return None
    reg = register(tx)
    live = [r for r in reg.responsibilities if reg.organisations[r.unit_id].active]
    if row := matching.choose(live, category=category, estate_id=estate_id, text=text):
        return Answering(row.unit_id, row)
    key = caretaker_for(tx, category=category, estate_id=estate_id)
    return Answering(key) if key is not None else None


def caretaker_for(tx: Tx, *, category: str | None, estate_id: int | None) -> int | None:
    """Key of the caretaker of the estate, where the matter is one of a property company."""
    unit = care.caretaker(register(tx), estate_id) if takes(category, tx.content.care.categories) else None
    return unit.id if unit is not None else None


def row_for(
    tx: Tx, unit_id: int, *, category: str | None, estate_id: int | None, text: str
) -> Responsibility | None:
    """The row by which a unit answers for a matter, if it has one."""
    rows = [r for r in register(tx).responsibilities if r.unit_id == unit_id]
    return matching.choose(rows, category=category or "", estate_id=estate_id, text=text)


def row_words(tx: Tx, row: Responsibility) -> str:
    """The row as people say it, for the reason of a dispatch."""
    reg, labels = register(tx), tx.content.labels
    where = reg.estates[row.estate_id].name if row.estate_id else "各小区"
    matter = f"（{'、'.join(row.match)}）" if row.match else ""
    return f"第{row.id}条 {where}·{labels.category[row.category]}{matter}"


def handed(
    tx: Tx,
    actor: Actor,
    demand: Dispatchable,
    *,
    unit_id: int,
    row: Responsibility | None = None,
    note: str = "",
    was: Demand | None = None,
    estate_id: int | None = None,
) -> tuple[dict[str, Any], Happening]:
    """What changes when a unit gets a demand, and the event that says so.

    `was` is the demand before its place or category changed: those who were sent are called back, not those who
    would be sent now. `estate_id` is where it is found to be, while the demand does not say so yet.
    """
    last = demand.handler_id or demand.former_id
    moved = last is not None and last != unit_id
    values = {
        **clocks.UNPAUSED,
        **clocks.sent(tx, demand, row, dispatched_at=tx.now, unit_id=unit_id, going_on=True),
        "pauses": clocks.pauses_so_far(tx, demand),
        "contacted_at": None,
        "due_decided": False,
        "stage": Stage.DISPATCHED.value,
        "handler_id": unit_id,
        "former_id": demand.handler_id if demand.handler_id != unit_id else demand.former_id,
        "assignee_id": None,
        "extension_days": None,  # what another unit has asked for is not theirs
        "responsibility_id": row.id if row else None,
        "dispatches": demand.dispatches + 1,
        "transfers": demand.transfers + moved,
        "dispatched_at": tx.now,
        "return_until": deadlines.return_until(
            tx.content.deadlines, working_time.calendar(tx, demand, unit_id), tx.now, demand.complex
        ),
    }
    reg = register(tx)
    unit = reg.organisations[unit_id].name
    there = demand.estate_id if estate_id is None else estate_id
    cared = row is None and unit_id == caretaker_for(tx, category=demand.category, estate_id=there)
    values["by_care"] = cared
    data: dict[str, Any] = {
        "unit": unit,
        "row": row_words(tx, row) if row else "",
        "care": reg.estates[there].name if cared and there is not None else "",
        "former_id": demand.handler_id if moved else None,
        "former_assignee_id": demand.assignee_id if moved else None,
    }
    if was is not None:
        data["was"] = {"estate_id": was.estate_id, "category": was.category}
    by_rule = cared and actor is RULE
    return values, happened(_name(demand, cared=by_rule), Act.DISPATCH, CARE if by_rule else actor, note, data)


def _name(demand: Dispatchable, *, cared: bool) -> str:
    if demand.dispatches:
        return "care_redispatched" if cared else "redispatched"
    if demand.urgency == "emergency":
        return "alarmed"
    if demand.intent in CONFIDENTIAL:
        return "released"
    return "care_dispatched" if cared else "dispatched"


def unit_called(tx: Tx, name: str | None, *, field: str = "to") -> Organisation:
    """The unit of the register that a name means; raises Invalid."""
    unit = register(tx).organisation(needed(name, field))
    if unit is None:
        raise Invalid("unknown_unit", field=field, name=name)
    return unit


def dispatch(tx: Tx, demand: Demand, actor: Actor, *, to: str, note: str | None = None) -> Demand:
    """Give the demand to a unit. A second unit counts a transfer."""
    allow(tx, demand, Act.DISPATCH, actor)
    unit = unit_called(tx, to)
    assert unit.id is not None
    # What became a complaint while the unit had it is out of its sight until it is given to it once more.
    shut = demand.intent in CONFIDENTIAL and not demand.released
    if unit.id == demand.handler_id and demand.stage in (Stage.DISPATCHED, Stage.ACCEPTED) and not shut:
        raise Conflict("already_there", no=demand.no, unit=unit.name)
    given = give(tx, demand, actor, unit.id, note=optional(note, "note"))
    learn(tx, demand, given, given=True)
    returning.ruled(tx, demand, given, actor)
    return given


def give(tx: Tx, demand: Demand, actor: Actor, unit_id: int, *, note: str = "") -> Demand:
    """The same, for a unit and an actor that have been checked."""
    row = row_for(tx, unit_id, category=demand.category, estate_id=demand.estate_id, text=demand.text)
    values, happening = handed(tx, actor, demand, unit_id=unit_id, row=row, note=note)
    if demand.intent in CONFIDENTIAL:
        values["released"] = True
    return change(tx, demand, happening, **values)


def assign(tx: Tx, demand: Demand, actor: Actor, *, person: str) -> Demand:
    """A manager names the worker who goes."""
    allow(tx, demand, Act.ASSIGN, actor)
    assert demand.handler_id is not None
    reg = register(tx)
    name = needed(person, "person")
    fitting = [
        p
        for p in reg.people.values()
        if name in (p.name, p.userid)
        and any(post.organisation_id == demand.handler_id for post in reg.posts.get(p.id or 0, []))
    ]
    if len(fitting) != 1:
        raise Invalid("unknown_person", field="person", name=name)
    who = fitting[0]
    data = {"assignee_id": who.id}
    return change(tx, demand, happened("assigned", Act.ASSIGN, actor, who.name or name, data), assignee_id=who.id)
