"""Whom a name means as a side of a mediation: an order's reporter, a unit, a person, else a name that joins."""

import re
from typing import Final

from redprop_bot.council.hands import Hand, speaks_as_secretary
from redprop_bot.council.mediation import NAME, Party
from redprop_bot.errors import Invalid
from redprop_bot.notify import words
from redprop_bot.registry.register import register
from redprop_bot.store import demands, mediations
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx

_ORDER: Final = re.compile(r"D\d{8}-\d{4,}")
_PHONE: Final = re.compile(r"1\d{10}")


def reporter(tx: Tx, demand: Demand) -> Party:
    """Who reported an order, called by where they live."""
    where = words.where(register(tx), demand, room=True)
    name = f"{where}居民" if where else "居民"
    return Party(person_id=demand.reporter_id, name=name, demand_id=demand.id)


def called(tx: Tx, hand: Hand, said: str) -> Party:
    """A side as it was said. Raises Invalid where it means nobody."""
    name, reg = said.strip(), register(tx)
    if not name or len(name) > NAME:
        raise Invalid("unknown_side", field="sides", name=name[:NAME])
    if _ORDER.fullmatch(name):
        found = demands.by_no(tx, name)
        if found is None or not speaks_as_secretary(reg, hand, found.community_id) or found.reporter_id is None:
            raise Invalid("unknown_side", field="sides", name=name)
        return reporter(tx, found)
    if (unit := reg.organisation(name) if len(name) > 1 else None) is not None:
        return Party(unit_id=unit.id, name=unit.name)
    if (person := reg.person_named(name)) is not None:
        return Party(person_id=person.id, name=person.name or "")
    if _PHONE.fullmatch(name):
        known = mediations.resident_with_phone(tx, name)
        if known is None:
            raise Invalid("unknown_side", field="sides", name=name)
        return Party(person_id=known.id, name=known.name or "")
    return Party(name=name)
