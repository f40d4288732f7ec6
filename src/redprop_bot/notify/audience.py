"""From an audience of the telling table to people of the register."""

from collections.abc import Callable

from redprop_bot.registry.accused import accused, apart, overseers
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.rules.telling import Audience
from redprop_bot.store import demands, people
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Demand, Person
from redprop_bot.store.tx import Tx


def _unit(reg: Register, demand: Demand, unit_id: int | None) -> list[Person]:
    if unit_id is None:
        return []
    return reg.staff(unit_id, estate_id=demand.estate_id, category=demand.category)


def _reporters(tx: Tx, demand: Demand, _event: Happening) -> list[Person]:
    ids = [demand.reporter_id] if demand.reporter_id is not None else []
    if demand.supporters and demand.id is not None:
        ids += demands.supporters(tx, demand.id)
    known = people.named(tx, set(ids))
    return [known[i] for i in ids]


def _handler(tx: Tx, demand: Demand, _event: Happening) -> list[Person]:
    reg = register(tx)
    if demand.handler_id is not None and (assigned := reg.people.get(demand.assignee_id or 0)):
        return _assigned(reg, demand.handler_id, assigned)
    return _unit(reg, demand, demand.handler_id)


def _assigned(reg: Register, unit_id: int, person: Person) -> list[Person]:
    """Once somebody is named, they and the managers stand for the unit."""
    return list({p.id: p for p in (*reg.managers(unit_id), person)}.values())


def _former(tx: Tx, demand: Demand, event: Happening) -> list[Person]:
    unit_id, was = event.data.get("former_id"), event.data.get("was") or {}
    if unit_id is None:
        return []
    reg = register(tx)
    if assigned := reg.people.get(event.data.get("former_assignee_id") or 0):
        return _assigned(reg, unit_id, assigned)
    return reg.staff(
        unit_id,
        estate_id=was.get("estate_id", demand.estate_id),
        category=was.get("category", demand.category),
    )


def _secretary(tx: Tx, demand: Demand, _event: Happening) -> list[Person]:
    return overseers(register(tx), demand)


def _grid(tx: Tx, demand: Demand, _event: Happening) -> list[Person]:
    reg = register(tx)
    return apart(reg.grid(demand.community_id, demand.estate_id), accused(reg, demand))


def _street(tx: Tx, demand: Demand, _event: Happening) -> list[Person]:
    reg = register(tx)
    return apart(reg.street_staff, accused(reg, demand))


def _alarmed(tx: Tx, demand: Demand, event: Happening) -> list[Person]:
    if demand.urgency != "emergency":
        return []
    called = [*_secretary(tx, demand, event), *_grid(tx, demand, event)]
    if event.name == "withdrawn" and _alarmed_from_nowhere(tx, demand):
        called += [person for person in _street(tx, demand, event) if person not in called]
    return called


def _alarmed_from_nowhere(tx: Tx, demand: Demand) -> bool:
    """Whether it was an alarm before anybody knew where: then the street was called to it, too."""
    return any(
        one.name.startswith("alarmed") and one.community_id is None for one in demands.history(tx, demand.id or 0)
    )


def _overseer(tx: Tx, demand: Demand, event: Happening) -> list[Person]:
    return _secretary(tx, demand, event) if demand.intent in CONFIDENTIAL else []


def _orderer(tx: Tx, demand: Demand, event: Happening) -> list[Person]:
    return _secretary(tx, demand, event) if demand.reporter_id is None else []


def _holder(tx: Tx, demand: Demand, event: Happening) -> list[Person]:
    return _handler(tx, demand, event) or _secretary(tx, demand, event)


def _assignee(tx: Tx, demand: Demand, _event: Happening) -> list[Person]:
    found = register(tx).people.get(demand.assignee_id or 0)
    return [found] if found else []


def _called(tx: Tx, demand: Demand, event: Happening) -> list[Person]:
    reg = register(tx)
    found = (
        reg.staff(unit, estate_id=demand.estate_id, category=demand.category)
        for unit in event.data.get("unit_ids", ())
    )
    return list({person.id: person for staff in found for person in staff}.values())


def _whistler(tx: Tx, demand: Demand, event: Happening) -> list[Person]:
    reg = register(tx)
    found = reg.people.get(event.data.get("whistler_id") or 0)
    return apart([found] if found else [], accused(reg, demand)) or _secretary(tx, demand, event)


_FIND: dict[Audience, Callable[[Tx, Demand, Happening], list[Person]]] = {
    Audience.REPORTERS: _reporters,
    Audience.HANDLER: _handler,
    Audience.FORMER: _former,
    Audience.HOLDER: _holder,
    Audience.OVERSEER: _overseer,
    Audience.SECRETARY: _secretary,
    Audience.ORDERER: _orderer,
    Audience.GRID: _grid,
    Audience.ALARMED: _alarmed,
    Audience.STREET: _street,
    Audience.ASSIGNEE: _assignee,
    Audience.CALLED: _called,
    Audience.WHISTLER: _whistler,
}


def people_of(tx: Tx, audience: Audience, demand: Demand, event: Happening) -> list[Person]:
    """The people who are this audience of this event."""
    return _FIND[audience](tx, demand, event)
