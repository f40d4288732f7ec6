"""One act on one demand: checked, changed and recorded together; demands are changed only here."""

from collections.abc import Mapping
from typing import Any

from redprop_bot.errors import Conflict, Invalid
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.planning import planned
from redprop_bot.rules import flow, roles
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import events, finding
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx

NOTE_LIMIT = 1000


def allow(tx: Tx, demand: Demand, act: Act, actor: Actor) -> Stage:
    """The stage that `act` leads to; raises Forbidden (role) or Conflict (stage)."""
    roles.require(act, actor.capacities(tx, demand))
    try:
        return flow.next_stage(act, demand.stage, before=demand.stage_before)
    except Conflict as refusal:
        refusal.slots["no"] = demand.no  # the stage table knows no numbers, people do
        raise


def held(tx: Tx, demand: Demand) -> Demand:
    """The demand as it is now, and nobody else changes it before this job ends.

    Whoever found it by looking may have been overtaken: of two acts at the same moment one must see the other.
    """
    assert demand.id is not None
    return tx.get(Demand, demand.id, lock=True)


def both_held(tx: Tx, one: Demand, other: Demand) -> tuple[Demand, Demand]:
    """The same for two; always the older first, so that nobody waits for somebody who waits for them."""
    if (one.id or 0) > (other.id or 0):
        second, first = both_held(tx, other, one)
        return first, second
    return held(tx, one), held(tx, other)


def change(tx: Tx, demand: Demand, *happenings: Happening, **values: Any) -> Demand:
    """Write the new state and what happened; returns the demand as it is now."""
    assert demand.id is not None
    values = {**planned(tx, demand, values), **values}
    changed = tx.update(Demand, demand.id, **values, updated_at=tx.now, version=demand.version + 1)
    if changed.text != demand.text:
        finding.keep(tx, changed)
    events.append(tx, changed, happenings)
    return changed


def happened(
    name: str, act: Act, actor: Actor, note: str = "", data: Mapping[str, Any] | None = None
) -> Happening:
    """An event by an actor."""
    return Happening(name, act, actor.person_id, actor.name, note, data or {})


def needed(value: str | None, field: str) -> str:
    """A text that must be there, trimmed and bounded."""
    text = (value or "").strip()
    if not text:
        raise Invalid("missing", field=field)
    if len(text) > NOTE_LIMIT:
        raise Invalid("too_long", field=field, limit=NOTE_LIMIT)
    return text


def optional(value: str | None, field: str) -> str:
    """A text that may be left out."""
    return needed(value, field) if value and value.strip() else ""
