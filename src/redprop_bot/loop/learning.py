"""What the staff set right is kept as a labelled example: the words, scrubbed, and how they should have been read.

Nothing of it changes the demand or tells anybody. `redprop-bot corrections export` hands it to those who keep the
community's examples; how long it is kept is decided in `data/limits/limits.yaml`.
"""

from redprop_bot.loop.record import NOTE_LIMIT
from redprop_bot.registry.register import register
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import corrections, people
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx
from redprop_bot.understand.scrub import scrub
from redprop_bot.understand.words import people_in

_LABELS = ("intent", "category", "urgency")


def learn(tx: Tx, was: Demand, now: Demand, *, given: bool = False) -> None:
    """Keep how a demand was read and how it is right; `given` says that a person chose its unit.

    What was set back to how it had been read teaches nothing and is dropped.
    """
    assert now.id is not None
    known = corrections.of_demand(tx, now.id)
    first = corrections.first_heard(tx, now.id)
    heard = {name: first.get(name, getattr(was, name)) for name in _LABELS}
    heard["unit"] = known.heard.get("unit") if known else None
    unit = known.unit if known else None
    if given:
        heard["unit"] = heard["unit"] or _unit(tx, was.handler_id or was.former_id)
        unit = _unit(tx, now.handler_id) if heard["unit"] and now.intent not in CONFIDENTIAL else None
        unit = None if unit == heard["unit"] else unit
    right = {name: getattr(now, name) for name in _LABELS}
    if unit is None and all(right[name] == heard[name] for name in _LABELS):
        if known is not None:
            corrections.drop(tx, now.id)
        return
    text = str(first.get("said") or now.text)[:NOTE_LIMIT]
    values = {
        "role": first.get("role", "resident"),
        "text": _scrubbed(tx, now, text),
        "unit": unit,
        "heard": heard,
    }
    corrections.keep(tx, now, {**values, **right})


def _unit(tx: Tx, key: int | None) -> str | None:
    return register(tx).organisations[key].name if key is not None else None


def _scrubbed(tx: Tx, demand: Demand, text: str) -> str:
    reg = register(tx)
    names = {person.name for person in reg.people.values() if person.name}
    if demand.reporter_id is not None:
        reporter = people.named(tx, {demand.reporter_id}).get(demand.reporter_id)
        names |= {reporter.name} if reporter and reporter.name else set()
    rooms = {demand.room} if demand.room else set()
    return scrub(text, names=names, rooms=rooms, gazetteer=reg.gazetteer, guess=people_in)
