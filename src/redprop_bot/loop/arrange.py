"""What the secretary arranges: merge, close, correct; and 提级: table it for the joint meeting."""

from datetime import datetime
from typing import Any

from redprop_bot.content.codes import CATEGORIES, URGENCIES
from redprop_bot.errors import Conflict, Invalid
from redprop_bot.loop import clocks
from redprop_bot.loop.actor import RULE, Actor
from redprop_bot.loop.clocks import UNPAUSED
from redprop_bot.loop.dispatch import answering, handed, row_for
from redprop_bot.loop.learning import learn
from redprop_bot.loop.planning import planned
from redprop_bot.loop.record import allow, change, happened, needed, optional
from redprop_bot.registry import working_time
from redprop_bot.registry.accused import named
from redprop_bot.registry.register import register
from redprop_bot.rules import deadlines, flow
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import demands
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Demand, Supporter
from redprop_bot.store.tx import Tx
from redprop_bot.understand.slots.doors import bare

CLOSE_REASONS = ("solved", "no_action", "not_ours", "duplicate", "other")
INTENTS = ("demand.report", "complaint", "mediation", "suggestion", "consult")
JOINT_MEETING = "街道党建联席会议"
_NAME = 20  # characters that the name of a meeting may have


def merge(tx: Tx, demand: Demand, actor: Actor, *, into: Demand, reason: str | None = None) -> Demand:
    """Two demands are one matter: both numbers stay valid, everybody stays told."""
    stage = allow(tx, demand, Act.MERGE, actor)
    allow(tx, into, Act.MERGE, actor)
    if into.id == demand.id:
        raise Conflict("same", no=demand.no)
    assert demand.id is not None
    assert into.id is not None
    voices = ([demand.reporter_id] if demand.reporter_id else []) + demands.supporters(tx, demand.id)
    joined = 0
    for person_id in voices:
        if person_id != into.reporter_id:
            added = tx.insert_new(Supporter, demand_id=into.id, person_id=person_id, at=tx.now)
            joined += added is not None
    change(
        tx,
        into,
        happened("took_in", Act.MERGE, actor, demand.no, {"from": demand.no}),
        supporters=into.supporters + joined,
    )
    return change(
        tx,
        demand,
        happened(
            "merged",
            Act.MERGE,
            actor,
            optional(reason, "reason"),
            {"into": into.no, "former_id": demand.handler_id, "former_assignee_id": demand.assignee_id},
        ),
        stage=stage.value,
        merged_into_id=into.id,
        closed_at=tx.now,
        **UNPAUSED,
    )


def close(tx: Tx, demand: Demand, actor: Actor, *, reason: str, note: str | None = None) -> Demand:
    """Close it with a reason of the list."""
    stage = allow(tx, demand, Act.CLOSE, actor)
    code = close_reason(tx, reason)
    return change(
        tx,
        demand,
        happened("closed", Act.CLOSE, actor, optional(note, "note"), {"reason": code}),
        stage=stage.value,
        closed_at=tx.now,
        close_reason=code,
        **UNPAUSED,
    )


def close_reason(tx: Tx, reason: str) -> str:
    """The code of a reason that was given as code or in Chinese; raises Invalid."""
    given = needed(reason, "reason").lower().replace(" ", "_").replace("no_action_possible", "no_action")
    names = {name: code for code, name in tx.content.labels.close_reason.items()}
    code = names.get(reason.strip(), given)
    if code not in CLOSE_REASONS:
        raise Invalid("close_reason", field="reason", allowed=list(CLOSE_REASONS))
    return code


def escalate(tx: Tx, demand: Demand, actor: Actor, *, reason: str, to: str | None = None) -> Demand:
    """Table it: the community alone cannot solve it."""
    stage = allow(tx, demand, Act.ESCALATE, actor)
    why = needed(reason, "reason")
    target = table_called(tx, to) or JOINT_MEETING
    return tabled(tx, demand, stage, happened("escalated", Act.ESCALATE, actor, why, {"to": target}), target)


def table_called(tx: Tx, to: str | None) -> str | None:
    """The street or the meeting that a name means, None for none; Invalid for a unit, for it hears nothing."""
    name = optional(to, "to")
    streets = {"街道", *(street.name for street in register(tx).streets.values())}
    meets = name.endswith("会议") or (name.endswith(("会", "厅")) and tx.content.meetings.named(name))
    if not name or name in streets or (meets and len(name) <= _NAME):
        return name or None
    unit = register(tx).organisation(name)
    if unit is not None:
        raise Invalid("whistle_instead", field="to", name=unit.name)
    raise Invalid("unknown_table", field="to", name=name[:_NAME])


def tabled(tx: Tx, demand: Demand, stage: Stage, happening: Happening, target: str) -> Demand:
    """Put it on the table of a meeting, by an act that was allowed."""
    return change(
        tx,
        demand,
        happening,
        stage=stage.value,
        escalated_to=target,
        **clocks.going_on(tx, demand),
    )


_PLACE = ("building", "unit", "room", "place")


def correct(tx: Tx, demand: Demand, actor: Actor, **given: Any) -> Demand:
    """Set right what was understood; of another matter or estate it goes elsewhere, a complaint is taken back."""
    allow(tx, demand, Act.CORRECT, actor)
    values = _corrected(tx, given)
    values = {k: v for k, v in values.items() if getattr(demand, k) != v}
    if not values:
        raise Conflict("nothing_new", no=demand.no)
    assert demand.id is not None
    fields = sorted(values)
    confided = "intent" in values and values["intent"] in CONFIDENTIAL and not demand.released
    if confided:
        values |= _TAKEN_BACK | {"party": demand.party or named(register(tx), demand.text)}
    elif "intent" in values and values["intent"] not in CONFIDENTIAL:
        values |= {"released": False, "urgency": values.get("urgency", demand.urgency) or "normal"}
    if demand.handler_id is not None and not confided and _SENDS & set(fields):
        row_id = _own_row(tx, demand, demand.handler_id, values)
        values |= {"responsibility_id": row_id, "by_care": demand.by_care and row_id is None}
    now = tx.update(Demand, demand.id, **values)
    anew = _confided(demand, actor) if confided else _anew(tx, now, demand, fields)
    name = "corrected_anew" if anew else "corrected"
    data = {"fields": fields, **_sent(demand)} if _SENDS & set(values) else {"fields": fields}
    told = [happened(name, Act.CORRECT, actor, "、".join(fields), data)]
    given = _clocks(tx, now) if _CLOCKED & set(values) else {}  # another matter, other clocks; who has it stays
    if anew is not None:
        given |= anew[0]
        told.append(anew[1])
    if now.due_decided and "due_at" in given:
        given |= _as_decided(demand, now, given["due_at"])
    if values.get("urgency") == "emergency" and not any(event.name == "alarmed" for event in told):
        told = [event for event in told if event.name != "unplaced"]  # the alarm says that, too
        handled = given.get("handler_id") or now.handler_id
        told.append(happened("alarm_spread" if handled else "alarmed_unplaced", Act.CORRECT, actor))
    moved = (
        demand.stage in (Stage.DISPATCHED, Stage.ACCEPTED) and given.get("due_at", demand.due_at) != demand.due_at
    )
    if moved and not any(event.name in _ANEW for event in told):  # which tells the new date as well
        labels = tx.content.labels.field
        told.append(happened("rescheduled", Act.CORRECT, actor, "、".join(labels[name] for name in fields)))
    corrected = change(tx, now, *told, **given, **planned(tx, demand, {**values, **given}))
    if {"intent", "category", "urgency"} & set(values):
        learn(tx, demand, corrected)
    return corrected


def worsened(tx: Tx, demand: Demand, actor: Actor) -> Demand:
    """水都淹到脚脖子了: whoever has it hears that it is urgent now, and its clocks count from now."""
    allow(tx, demand, Act.SUPPLEMENT, actor)
    if demand.urgency != "normal" or demand.paused_at is not None:
        return demand
    assert demand.id is not None
    now = tx.update(Demand, demand.id, urgency="urgent")
    given = clocks.from_now(tx, now)
    if demand.due_at is not None and (demand.due_decided or given["due_at"] > demand.due_at):
        given["due_at"] = demand.due_at
    told = happened("corrected", Act.SUPPLEMENT, actor, "urgency", {"fields": ["urgency"]})
    return change(tx, now, told, **given, **planned(tx, demand, {"urgency": "urgent", **given}))


_ANEW = {"redispatched", "care_redispatched"}
_SENDS = {"category", "estate_id"}
"""What decides who of a unit goes there."""

_TAKEN_BACK: dict[str, Any] = {
    **UNPAUSED,
    **dict.fromkeys(("handler_id", "former_id", "assignee_id", "responsibility_id", "escalated_to")),
    **dict.fromkeys(("dispatched_at", "return_until", "respond_by", "contact_by", "contacted_at", "done_at")),
    **dict.fromkeys(("extension_days", "granted_days")),
    **dict.fromkeys(("released", "extended", "due_decided", "by_care"), False),
    "stage": Stage.NEW.value,
    "pauses": [],
    "dispatches": 0,
}
"""An order that turns out to be a complaint is as one that has just come: nobody has it but the secretary."""


def _confided(demand: Demand, actor: Actor) -> tuple[dict[str, Any], Happening]:
    """Taken in once more, as a complaint: the secretary hears of it, who had it only that they have it no more."""
    return {}, happened("complained", Act.ORDER, actor, data=_had(demand))


def _own_row(tx: Tx, demand: Demand, unit_id: int, values: dict[str, Any]) -> int | None:
    """The row by which the unit that has it answers for what it is by now; none where no row says so."""
    matter = {name: values.get(name, getattr(demand, name)) for name in ("category", "estate_id")}
    row = row_for(tx, unit_id, **matter, text=demand.text)
    return row.id if row is not None else None


def _sent(demand: Demand) -> dict[str, Any]:
    """Who had it before: of the same unit others may be sent now, and who goes no more is told."""
    return _had(demand) if demand.stage in (Stage.DISPATCHED, Stage.ACCEPTED) else {}


def _had(demand: Demand) -> dict[str, Any]:
    return {
        "former_id": demand.handler_id,
        "former_assignee_id": demand.assignee_id,
        "was": {"estate_id": demand.estate_id, "category": demand.category},
    }


def _as_decided(demand: Demand, now: Demand, computed: datetime | None) -> dict[str, Any]:
    """A day that a meeting has set stays whatever is corrected; only a danger waits for no such day."""
    if demand.due_at is None:
        return {}
    soon = now.urgency == "emergency" and computed is not None and computed < demand.due_at
    return {"due_at": computed, "due_decided": False} if soon else {"due_at": demand.due_at, "due_decided": True}


_CLOCKED = {"urgency", "intent", "complex", "category", "estate_id"}
"""What terms, hours and the right to return depend on."""


def _corrected(tx: Tx, given: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field, allowed in (("intent", INTENTS), ("category", CATEGORIES), ("urgency", URGENCIES)):
        if given.get(field) is not None:
            if given[field] not in allowed:
                raise Invalid(field, field=field)
            values[field] = given[field]
    if given.get("complex") is not None:
        if not isinstance(given["complex"], bool):
            raise Invalid("complex", field="complex")
        values["complex"] = given["complex"]
    if given.get("estate") is not None:
        estate = register(tx).estate(given["estate"])
        if estate is None:
            raise Invalid("unknown_estate", field="estate", name=given["estate"])
        values |= {"estate_id": estate.id, "community_id": estate.community_id}
    for field in _PLACE:
        if given.get(field) is not None:
            value = given[field]
            if not isinstance(value, str) or len(value) > 64:
                raise Invalid(field, field=field)
            values[field] = bare(field, value.strip()) or None
    return values


def _anew(tx: Tx, demand: Demand, was: Demand, fields: list[str]) -> tuple[dict[str, Any], Happening] | None:
    """Who answers for it as corrected, and what says so; None when it stays where it is."""
    if not flow.can(Act.DISPATCH, demand.stage) or demand.intent in CONFIDENTIAL:
        return None
    opened = was.intent in CONFIDENTIAL and demand.stage == Stage.NEW  # no complaint after all, and nobody has it
    if not opened and not _SENDS & set(fields):
        return None
    answer = answering(tx, category=demand.category, estate_id=demand.estate_id, text=demand.text)
    if answer is None:
        if demand.handler_id is not None or demand.stage != Stage.NEW:
            return None  # whoever has it keeps it until the secretary decides
        return {}, happened("unplaced", Act.CORRECT, RULE)
    if answer.unit_id == demand.handler_id and demand.stage in (Stage.DISPATCHED, Stage.ACCEPTED):
        return None
    return handed(tx, RULE, demand, unit_id=answer.unit_id, row=answer.row, was=was)


def _clocks(tx: Tx, demand: Demand) -> dict[str, Any]:
    row = clocks.row_of(tx, demand)
    if demand.dispatched_at is None or demand.handler_id is None:
        found = clocks.unsent(tx, demand, row)
        return {name: found[name] for name in ("control_by", "due_at")}
    found = clocks.sent(tx, demand, row, dispatched_at=demand.dispatched_at, unit_id=demand.handler_id)
    if demand.begun_at is None:  # what is done again cannot be given back
        found["return_until"] = deadlines.return_until(
            tx.content.deadlines,
            working_time.calendar(tx, demand, demand.handler_id),
            demand.dispatched_at,
            demand.complex,
        )
    return found
