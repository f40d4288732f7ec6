"""What people add to an open demand without moving it: urge it, add to it, help with it."""

from collections.abc import Mapping

from redprop_bot.errors import Conflict, Forbidden
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.record import NOTE_LIMIT, allow, change, happened, needed, optional
from redprop_bot.registry.register import register
from redprop_bot.rules import flow
from redprop_bot.rules.control import under_control
from redprop_bot.rules.flow import Act
from redprop_bot.rules.roles import Capacity
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand, Helper
from redprop_bot.store.tx import Tx

_RESIDENTS = frozenset({Capacity.REPORTER, Capacity.SUPPORTER})
_COMMUNITY = frozenset({Capacity.SECRETARY, Capacity.GRID})


def urge(tx: Tx, demand: Demand, actor: Actor, *, note: str | None = None) -> Demand:
    """Ask for speed: it reaches who holds it now."""
    allow(tx, demand, Act.URGE, actor)
    office = not actor.capacities(tx, demand) & _RESIDENTS
    data = {"office": True} if office else None
    return change(tx, demand, happened("urged", Act.URGE, actor, optional(note, "note"), data))


def supplement(tx: Tx, demand: Demand, actor: Actor, *, text: str) -> Demand:
    """Add something to what was said."""
    allow(tx, demand, Act.SUPPLEMENT, actor)
    return change(tx, demand, happened("supplemented", Act.SUPPLEMENT, actor, needed(text, "text")))


def tell_on(
    tx: Tx, demand: Demand, actor: Actor, *, text: str, named: Mapping[str, str | None] | None = None
) -> Demand:
    """The next line of a report that came in several: the demand says all of it, and whoever holds it is told.

    `named` is the category and urgency where only this line says what the matter is, before any unit has it.
    """
    allow(tx, demand, Act.SUPPLEMENT, actor)
    said = needed(text[:NOTE_LIMIT], "text")
    values = {"text": with_words(tx, demand, said), **(named or {})}
    return change(tx, demand, happened("supplemented", Act.SUPPLEMENT, actor, said), **values)


def with_words(tx: Tx, demand: Demand, said: str) -> str:
    """The text of a demand with one more line of what was said."""
    return f"{demand.text}\n{said}"[: tx.content.limits.text_length]


def tend(tx: Tx, demand: Demand, actor: Actor, *, note: str) -> Demand:
    """How it stands by the community's own people, who were there or are on their way: reporters hear it.

    Where no unit was sent, who helps may say it as well; nobody but the community's people ends a danger by it.
    Where no unit was sent, they are who goes: their words of control end the clock of the danger.
    """
    unheld = demand.handler_id is None
    held = actor.capacities(tx, demand)
    ours = bool(held & _COMMUNITY)
    if not ours and not (unheld and Capacity.HELPER in held):
        raise Forbidden("role", act=Act.PROGRESS.value)
    if demand.stage not in flow.RUNNING:
        raise Conflict("stage", act=Act.PROGRESS.value, stage=demand.stage, no=demand.no)
    said = needed(note, "note")
    waits = unheld and demand.control_by is not None and demand.controlled_at is None
    over = ours and waits and under_control(said, tx.content.deadlines.control_words)
    return change(
        tx,
        demand,
        happened("tended", Act.SUPPLEMENT, actor, said),
        **({"controlled_at": tx.now} if over else {}),
    )


def assist(tx: Tx, demand: Demand, actor: Actor, *, note: str | None = None) -> Demand:
    """Help beside the lead unit; only the lead unit reports it done."""
    allow(tx, demand, Act.ASSIST, actor)
    assert demand.id is not None
    if demand.handler_id is not None and Capacity.HANDLER in actor.capacities(tx, demand):
        raise Conflict("own_order", no=demand.no)
    if any(_is(helper, actor) for helper in demands.helpers(tx, demand.id)):
        raise Conflict("already_helping", no=demand.no)
    name = actor.name
    if actor.person_id is None and actor.organisation_id is not None:
        name = register(tx).organisations[actor.organisation_id].name
    tx.insert(
        Helper,
        demand_id=demand.id,
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        name=name,
        at=tx.now,
    )
    return change(tx, demand, happened("assisted", Act.ASSIST, actor, optional(note, "note") or name))


def _is(helper: Helper, actor: Actor) -> bool:
    if actor.person_id is not None:
        return helper.person_id == actor.person_id
    return actor.organisation_id is not None and helper.organisation_id == actor.organisation_id
