"""Who is on duty when an emergency begins: secretaries, grid workers, units, members who stand by."""

from collections.abc import Iterator

from redprop_bot.loop.scope import Scope, of_mode
from redprop_bot.registry.care import caretaker
from redprop_bot.registry.register import Register, changed, register
from redprop_bot.store import events, modes
from redprop_bot.store.tables import Duty, Member, Mode, Person
from redprop_bot.store.tx import Tx

Line = tuple[Person, str, str | None]  # person, part, unit


def on_duty(tx: Tx, scope: Scope) -> list[Line]:
    """The duty list of an area, each person once, in the first part that they have."""
    reg = register(tx)
    lines: dict[int | None, Line] = {}
    for person, part, unit in _lines(tx, reg, scope):
        lines.setdefault(person.id, (person, part, unit))
    return list(lines.values())


def _lines(tx: Tx, reg: Register, scope: Scope) -> Iterator[Line]:
    estates = scope.all_estates(reg)
    for community in scope.communities(reg):
        yield from ((p, "secretary", None) for p in reg.secretaries(community))
        inside = [e for e in estates if reg.estates[e].community_id == community]
        places: list[int | None] = [*inside] or [None]
        for estate in places:
            yield from ((p, "grid", None) for p in reg.grid(community, estate))
    for unit_id, estate in _units(tx, reg, estates):
        unit = reg.organisations[unit_id]
        if unit.active:
            yield from ((p, "unit", unit.name) for p in reg.staff(unit_id, estate_id=estate) if _serves(reg, p))
    for key, member in reg.members.items():
        if member.on_call and stands_by(reg, scope, member):
            yield reg.people[key], "member", member.branch


def _serves(reg: Register, person: Person) -> bool:
    """Whether somebody is on duty at all: where nobody is, all are told of orders, but not woken for this."""
    return any(post.on_duty for post in reg.posts.get(person.id or 0, []))


def _units(tx: Tx, reg: Register, estates: list[int]) -> Iterator[tuple[int, int]]:
    """Companies or caretakers of the estates, and the units that answer there for what an emergency affects."""
    affected = set(tx.content.emergency_mode.categories)
    for estate in estates:
        name = reg.estates[estate].property_name
        company = reg.organisation_names.get(name) if name else caretaker(reg, estate)
        if company is not None and company.id is not None:
            yield company.id, estate
        rows = [r for r in reg.responsibilities if r.category in affected and r.estate_id in (None, estate)]
        own = {row.category for row in rows if row.estate_id == estate}
        for row in rows:  # a row for all estates serves where the estate has none of its own, or by its words
            if row.estate_id == estate or row.match or row.category not in own:
                yield row.unit_id, estate


def stands_by(reg: Register, scope: Scope, member: Member) -> bool:
    """Whether a member belongs to an area: by where they live, by the name of their branch, or to the only one."""
    person = reg.people[member.person_id]
    if person.estate_id is not None:
        return scope.covers(reg.estates[person.estate_id].community_id, person.estate_id)
    branch = member.branch or ""
    if any(reg.estates[key].name in branch for key in scope.all_estates(reg)):
        return True
    if not scope.estates and any(reg.communities[key].name in branch for key in scope.communities(reg)):
        return True
    return len(reg.communities) == 1 and not any(estate.name in branch for estate in reg.estates.values())


def agree(tx: Tx, member: Member, *, yes: bool) -> Mode | None:
    """A member says whether they stand by; gives the emergency that they join at once, if there is one."""
    assert member.id is not None
    if member.on_call != yes:
        tx.update(Member, member.id, on_call=yes)
        changed(tx)
    reg = register(tx)
    for mode in modes.active(tx) if yes else []:
        if stands_by(reg, of_mode(mode), member) and mode.id is not None:
            tx.insert_new(
                Duty,
                mode_id=mode.id,
                person_id=member.person_id,
                part="member",
                unit=member.branch,
                called_at=tx.now,
                received_at=tx.now,
            )
            name = reg.people[member.person_id].name or ""
            events.note(tx, "mode", mode.id, "mode_joined", by=name, data={}, community_id=mode.community_id)
            return mode
    return None
