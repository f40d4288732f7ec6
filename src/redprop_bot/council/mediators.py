"""帮帮团: who may mediate a case: by skill, in turn, and never somebody who has to do with it.

The rule in order: has a skill for this kind of matter, has fewest cases at hand, was asked longest ago.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from redprop_bot.registry.register import Register, register
from redprop_bot.rules.mediation import LIVE
from redprop_bot.store import mediations, people
from redprop_bot.store.tables import Demand, Mediation, MediationSide, Person
from redprop_bot.store.tx import Tx

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


def candidates(tx: Tx, case: Mediation) -> list[Person]:
    """Who could take it, the first the one whose turn it is."""
    reg = register(tx)
    sides = mediations.sides(tx, case.id or 0)
    free = [person for person in pool(tx, case.community_id) if not conflict(tx, case, sides, person)]
    loads = mediations.loads(tx, [person.id or 0 for person in free], sorted(LIVE))
    wanted = tx.content.mediation.by_category.get(case.category or "", ())

    def turn(person: Person) -> tuple[bool, int, datetime, int]:
        live, last = loads.get(person.id or 0, (0, None))
        return not _has(reg, person, wanted), live, last or _NEVER, person.id or 0

    return sorted(free, key=turn)


def pool(tx: Tx, community_id: int | None) -> list[Person]:
    """The 帮帮团 of a community: members with a skill of the list, staff of the units that mediate."""
    reg, table = register(tx), tx.content.mediation
    members = [
        key for key in reg.members if _has(reg, reg.people[key], table.skills) and _here(reg, key, community_id)
    ]
    units = {key for key, unit in reg.organisations.items() if unit.active and _named(unit.name, table.teams)}
    staff = [post.person_id for post in reg.all_posts if post.organisation_id in units]
    return [reg.people[key] for key in dict.fromkeys([*members, *staff]) if reg.people[key].left_at is None]


def conflict(tx: Tx, case: Mediation, sides: Iterable[MediationSide], person: Person) -> str:
    """Why somebody may not mediate a case; empty when nothing stands against it.

    passed: asked before and did not take it · side: is one of the two, or the reporter · unit: works for a unit
    that is a side or has the order · neighbour: lives in the building of a side
    """
    if person.id in case.passed:
        return "passed"
    sides = list(sides)
    persons: set[int | None] = {side.person_id for side in sides} - {None}
    units: set[int | None] = {side.unit_id for side in sides} - {None}
    for key in {case.demand_id, *(side.demand_id for side in sides)} - {None}:
        demand = tx.get(Demand, key or 0)
        persons |= {demand.reporter_id} - {None}
        units |= {demand.handler_id} - {None}
    if person.id in persons:
        return "side"
    reg = register(tx)
    of_sides = {post.organisation_id for key in persons for post in reg.posts.get(key or 0, [])} - {None}
    if any(post.organisation_id in units | of_sides for post in reg.posts.get(person.id or 0, [])):
        return "unit"
    homes = {(p.estate_id, p.building) for p in people.named(tx, {k for k in persons if k}).values() if p.building}
    return "neighbour" if person.building and (person.estate_id, person.building) in homes else ""


def gone(tx: Tx, case: Mediation) -> bool:
    """Whether who mediates has left, or is nobody of the register any more."""
    if case.mediator_id is None:
        return False
    person = register(tx).people.get(case.mediator_id)
    return person is None or person.left_at is not None


def _has(reg: Register, person: Person, wanted: Iterable[str]) -> bool:
    member = reg.members.get(person.id or 0)
    return member is not None and any(word in skill for word in wanted for skill in member.skills)


def _named(name: str, words: Iterable[str]) -> bool:
    return any(word in name for word in words)


def _here(reg: Register, person_id: int, community_id: int | None) -> bool:
    """Whether a member belongs to a community, by branch or home; who belongs to none helps everywhere."""
    branch = reg.members[person_id].branch or ""
    homes = {e.community_id for name, e in reg.estate_names.items() if name in branch}
    homes |= {key for key, community in reg.communities.items() if community.name in branch}
    if (home := reg.people[person_id].estate_id) is not None:
        homes.add(reg.estates[home].community_id)
    return not homes or community_id is None or community_id in homes
