"""Who gets a digest, and what is theirs in it: out of the register, each person once.

What is told to them is made in `digests`; who gets which is data.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from redprop_bot.registry.register import Register, register
from redprop_bot.rules.digests import To
from redprop_bot.store.digests import Place
from redprop_bot.store.tables import Person
from redprop_bot.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who gets one, and what is theirs: communities with estates (None: all of it), or units."""

    person: Person
    communities: tuple[tuple[int | None, frozenset[int] | None], ...] = ()
    units: frozenset[int] = frozenset()
    all: bool = False  # the street

    def has(self, place: Place) -> bool:
        """Whether what is counted there is theirs."""
        community, unit = place
        return self.all or unit in self.units or any(community == own for own, _estates in self.communities)


def readers(tx: Tx, to: Collection[To]) -> list[Reader]:
    """Who gets a digest, each person once, in the first of its audiences that they are in."""
    reg = register(tx)
    found: dict[int, Reader] = {}
    for audience in to:
        for reader in _READERS[audience](reg):
            found.setdefault(reader.person.id or 0, reader)
    return list(found.values())


def _secretaries(reg: Register) -> Iterator[Reader]:
    homes: dict[int, list[tuple[int | None, frozenset[int] | None]]] = {}
    for post in reg.all_posts:
        if post.duty == "secretary" and post.street_id is None and post.community_id is not None:
            homes.setdefault(post.person_id, []).append((post.community_id, None))
    for person in reg.secretaries(None):  # what belongs to no community yet
        homes.setdefault(person.id or 0, []).append((None, None))
    for key, own in homes.items():
        yield Reader(reg.people[key], tuple(own))


def _grid(reg: Register) -> Iterator[Reader]:
    homes: dict[int, list[tuple[int | None, frozenset[int] | None]]] = {}
    for post in reg.all_posts:
        if post.duty == "grid" and post.community_id is not None and post.on_duty:
            named = [reg.estate(name) for name in post.estates]
            estates = frozenset(one.id for one in named if one is not None and one.id is not None)
            homes.setdefault(post.person_id, []).append((post.community_id, estates or None))
    for key, own in homes.items():
        yield Reader(reg.people[key], tuple(own))


def _managers(reg: Register) -> Iterator[Reader]:
    units: dict[int, set[int]] = {}
    for unit in reg.organisations.values():
        if unit.id is not None and unit.active:
            for person in reg.managers(unit.id):
                units.setdefault(person.id or 0, set()).add(unit.id)
    for key, own in units.items():
        yield Reader(reg.people[key], units=frozenset(own))


_READERS: Mapping[To, Callable[[Register], Iterator[Reader]]] = {
    To.SECRETARY: _secretaries,
    To.GRID: _grid,
    To.MANAGER: _managers,
    To.STREET: lambda reg: (Reader(person, all=True) for person in reg.street_staff),
}
