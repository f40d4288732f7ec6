"""1+3+N, 1+3+X: who is invited to a meeting, from the register; who holds several posts is invited once.

Each unit is asked for one person: somebody who comes anyway, else its manager, else whoever works there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from redprop_bot.content.meetings import MeetingKind
from redprop_bot.errors import Invalid
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.meetings import Part
from redprop_bot.store.tables import Organisation, Person
from redprop_bot.store.tx import Tx

_OF_KIND = ("department", "partner", "volunteer_team")


@dataclass(slots=True)
class Guest:
    """Somebody to be invited: as what, and for which units."""

    person: Person
    part: str
    units: list[int] = field(default_factory=list)


def guests(
    tx: Tx, kind: MeetingKind, community_id: int | None, *, involved: Iterable[int], named: Sequence[str] = ()
) -> list[Guest]:
    """Everybody to be invited, in the order of the kind's parts, then those named. Raises Invalid (stranger)."""
    reg = register(tx)
    table = _Table(reg)
    parts = kind.street or kind.invite if community_id is None else kind.invite
    for part in parts:
        for person in _persons(reg, part, community_id):
            table.seat(person, part)
        for unit in _units(reg, part, community_id, involved):
            table.speaker(unit, part)
    for name in named:
        _named(reg, table, name)
    return list(table.guests.values())


class _Table:
    """The guests so far."""

    def __init__(self, reg: Register) -> None:
        self.reg = reg
        self.guests: dict[int, Guest] = {}
        self.units: set[int] = set()

    def seat(self, person: Person, part: str) -> Guest:
        assert person.id is not None
        return self.guests.setdefault(person.id, Guest(person, part))

    def speaker(self, unit: Organisation, part: str) -> None:
        """Somebody for a unit, once; a unit in which nobody works has no voice."""
        assert unit.id is not None
        if unit.id in self.units:
            return
        staff = [p.person_id for p in self.reg.all_posts if p.organisation_id == unit.id]
        if not staff:
            return
        self.units.add(unit.id)
        managers = [person.id for person in self.reg.managers(unit.id)]
        chosen = next((key for key in staff if key in self.guests), (managers or staff)[0])
        self.seat(self.reg.people[chosen or 0], part).units.append(unit.id)


def _persons(reg: Register, part: Part, community_id: int | None) -> list[Person]:
    homes = [community_id] if community_id is not None else list(reg.communities)
    if part == "secretary":
        return [person for home in homes for person in reg.secretaries(home)]
    if part == "street":
        return reg.street_staff
    if part == "grid":
        return [person for home in homes for person in reg.grid(home, None)]
    return []


def _units(reg: Register, part: Part, community_id: int | None, involved: Iterable[int]) -> Iterator[Organisation]:
    active = [unit for unit in reg.organisations.values() if unit.active]
    if part == "property":
        estates = [e for e in reg.estates.values() if community_id in (None, e.community_id)]
        names = {estate.property_name for estate in estates}
        yield from (unit for unit in active if unit.name in names)
    elif part in ("committee", "party"):
        yield from (unit for unit in active if unit.kind == part and _at_home(reg, unit, community_id))
    elif part in _OF_KIND:
        yield from (unit for unit in active if unit.kind == part)
    elif part == "involved":
        wanted = set(involved)
        yield from (unit for unit in active if unit.id in wanted)


def _at_home(reg: Register, unit: Organisation, community_id: int | None) -> bool:
    """Whether a unit belongs there: by its estate, by its name, else to all."""
    if community_id is None:
        return True
    if unit.estate_id is not None:
        return reg.estates[unit.estate_id].community_id == community_id
    named = {e.community_id for name, e in reg.estate_names.items() if name in unit.name}
    named |= {key for key, community in reg.communities.items() if community.name in unit.name}
    return not named or community_id in named


def _named(reg: Register, table: _Table, name: str) -> None:
    if person := reg.person_named(name):
        table.seat(person, "named")
    elif unit := reg.organisation(name):
        table.speaker(unit, "named")
    else:
        raise Invalid("unknown_member", field="members", name=name)
