"""Who acts, and what they are to a demand. What a capacity may do stands in `rules.roles`."""

from collections.abc import Callable
from dataclasses import dataclass

from redprop_bot.registry.accused import accused, overseers, passed_by
from redprop_bot.registry.people import Speaker
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.roles import Capacity
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand, Post
from redprop_bot.store.tx import Tx

Capacities = Callable[[Tx, Demand | None], set[Capacity]]


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does an act: a person, a token of the API, or a rule of the house."""

    name: str
    person_id: int | None
    organisation_id: int | None
    capacities: Capacities


def _of_posts(register: Register, posts: list[Post], demand: Demand | None) -> set[Capacity]:
    held: set[Capacity] = set()
    blamed = accused(register, demand) if demand is not None else frozenset[int]()
    for post in posts:
        if post.organisation_id is not None:
            held.add(Capacity.UNIT)
            if demand is not None and post.organisation_id == demand.handler_id:
                held.add(Capacity.HANDLER)
                managers = register.managers(post.organisation_id)
                if post.duty == "manager" or not managers:
                    held.add(Capacity.MANAGER)
        elif post.person_id in blamed:
            pass  # nobody looks after a complaint about themselves or their unit
        elif post.street_id is not None:
            held.add(Capacity.STREET)
        elif demand is not None and post.community_id == demand.community_id:
            held |= {Capacity(post.duty)} & {Capacity.GRID, Capacity.CLERK}
        # the street stands in where there is no community, or no secretary in it
        if demand is None or post.organisation_id is not None:
            continue
        if any(person.id == post.person_id for person in overseers(register, demand)):
            held.add(Capacity.SECRETARY)
    return held


def speaking(speaker: Speaker) -> Actor:
    """The actor behind a chat message."""
    person_id = speaker.person.id
    assert person_id is not None

    def capacities(tx: Tx, demand: Demand | None) -> set[Capacity]:
        held = {Capacity.ANYONE} | _of_posts(register(tx), list(speaker.posts), demand)
        if speaker.member is not None:
            held.add(Capacity.MEMBER)
        if demand is not None and demand.id is not None:
            if demand.reporter_id == person_id:
                held.add(Capacity.REPORTER)
            elif demand.supporters and demands.is_supporter(tx, demand.id, person_id):
                held.add(Capacity.SUPPORTER)
            if demand.handler_id is None and demand.assignee_id == person_id:
                held.add(Capacity.SECRETARY)  # whom a meeting named for what no unit has stands in for it
            if _helps(tx, demand, {post.organisation_id for post in speaker.posts}, person_id):
                held.add(Capacity.HELPER)
        return held

    return Actor(speaker.name, person_id, _organisation(speaker.posts), capacities)


def _helps(tx: Tx, demand: Demand, units: set[int | None], person_id: int | None = None) -> bool:
    """Whether one of these units, or this person, helps beside the unit that leads."""
    named = demands.helpers(tx, demand.id or 0)
    return any(
        (h.organisation_id is not None and h.organisation_id in units)
        or (person_id is not None and h.person_id == person_id)
        for h in named
    )


def _organisation(posts: tuple[Post, ...]) -> int | None:
    return next((p.organisation_id for p in posts if p.organisation_id is not None), None)


_TOKEN = {
    "admin": {Capacity.ADMIN},
    "street": {Capacity.STREET},
    "secretary": {Capacity.SECRETARY},
    "clerk": {Capacity.CLERK},
    "provider": {Capacity.UNIT},
    "viewer": set[Capacity](),
}


def holding(role: str, *, name: str, community_id: int | None = None, organisation_id: int | None = None) -> Actor:
    """The actor behind an API token or a console account."""

    def capacities(tx: Tx, demand: Demand | None) -> set[Capacity]:
        held = set(_TOKEN[role])
        if role != "viewer":
            held.add(Capacity.ANYONE)
        around = demand is not None and passed_by(register(tx), demand)
        if role == "street" and demand is not None and (around or demand.community_id is None):
            held.add(Capacity.SECRETARY)
        mine = organisation_id is not None and demand is not None and demand.handler_id == organisation_id
        if role == "provider" and mine:
            held |= {Capacity.HANDLER, Capacity.MANAGER}
        elif role == "provider" and demand is not None and _helps(tx, demand, {organisation_id}):
            held.add(Capacity.HELPER)
        if role == "secretary" and demand is not None and community_id not in (None, demand.community_id):
            held.discard(Capacity.SECRETARY)
        if role == "secretary" and around:
            held.discard(Capacity.SECRETARY)
        return held

    return Actor(name, None, organisation_id, capacities)


RULE = Actor("责任清单", None, None, lambda _tx, _demand: {Capacity.RULE})
CARE = Actor("兜底托管", None, None, RULE.capacities)
"""Acts where no row of the list answers, and the register names a caretaker."""
COUNTED = Actor("按规定自动", None, None, lambda _tx, _demand: {Capacity.RULE})
"""Acts because a number was reached, without anything being overdue."""
CLOCK = Actor("到期自动", None, None, lambda _tx, _demand: {Capacity.RULE})
