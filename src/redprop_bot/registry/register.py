"""The register in memory: one read-only snapshot per revision, so that a message costs no look-ups.

A change of the register bumps its revision in the same transaction; every process sees it with its next message.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from redprop_bot.rules.positions import cell
from redprop_bot.store import numbers, registers
from redprop_bot.store.tables import (
    Building,
    Community,
    Estate,
    Member,
    Organisation,
    Person,
    Post,
    Responsibility,
    Street,
)
from redprop_bot.store.tx import Tx
from redprop_bot.understand.gazetteer import EstateName, Gazetteer

REVISION = "register"
_SEEN = "register_revision"
T = TypeVar("T")


@dataclass(frozen=True)
class Register:
    """Everything in the register, by key. `people` holds staff and members only."""

    revision: int
    streets: dict[int, Street]
    communities: dict[int, Community]
    estates: dict[int, Estate]
    buildings: dict[int, list[Building]]
    organisations: dict[int, Organisation]
    people: dict[int, Person]
    posts: dict[int, list[Post]]  # by person
    members: dict[int, Member]  # by person
    responsibilities: list[Responsibility]
    all_posts: list[Post]

    # -- places

    @cached_property
    def estate_names(self) -> dict[str, Estate]:
        """Estates by name and alias."""
        found = {alias: estate for estate in self.estates.values() for alias in estate.aliases}
        return found | {estate.name: estate for estate in self.estates.values()}

    def estate(self, name: str | None) -> Estate | None:
        """The estate called so."""
        return self.estate_names.get(name) if name else None

    @cached_property
    def estates_in(self) -> dict[str, list[Estate]]:
        """Estates by the square of the map they lie in; those without a position in none."""
        found: dict[str, list[Estate]] = {}
        for estate in self.estates.values():
            if estate.lat is not None and estate.lng is not None:
                found.setdefault(cell((estate.lat, estate.lng)), []).append(estate)
        return found

    def community_of(self, estate_id: int | None) -> int | None:
        """The community of an estate; without one, the only community there is."""
        if estate_id is not None:
            return self.estates[estate_id].community_id
        return next(iter(self.communities)) if len(self.communities) == 1 else None

    def community_name(self, community_id: int | None) -> str | None:
        """Its name."""
        return self.communities[community_id].name if community_id is not None else None

    @cached_property
    def only_estate(self) -> Estate | None:
        """The estate, when there is just one."""
        return next(iter(self.estates.values())) if len(self.estates) == 1 else None

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Names of places and parties for understanding."""
        estates = tuple(
            EstateName(e.name, tuple(e.aliases), tuple(b.no for b in self.buildings.get(cast("int", e.id), [])))
            for e in self.estates.values()
        )
        parties = [o.name for o in self.organisations.values()] + [p.name for p in self.people.values() if p.name]
        return Gazetteer(estates=estates, parties=tuple(parties))

    # -- units

    @cached_property
    def organisation_names(self) -> dict[str, Organisation]:
        """Active units by name."""
        return {o.name: o for o in self.organisations.values() if o.active}

    def organisation(self, name: str | None) -> Organisation | None:
        """The unit called so, or the only one whose name holds or is held by these words."""
        if not name:
            return None
        if exact := self.organisation_names.get(name):
            return exact
        fitting = [o for n, o in self.organisation_names.items() if name in n or n in name]
        return fitting[0] if len(fitting) == 1 else None

    def responsibility(self, row_id: int | None) -> Responsibility | None:
        """The row of the responsibility list with this key, as long as it is in force."""
        return next((row for row in self.responsibilities if row.id == row_id), None)

    # -- people

    def person_named(self, name: str) -> Person | None:
        """The only person of the register with this name or user id."""
        fitting = [p for p in self.people.values() if name in (p.name, p.userid)]
        return fitting[0] if len(fitting) == 1 else None

    def staff(
        self, organisation_id: int, *, estate_id: int | None = None, category: str | None = None
    ) -> list[Person]:
        """Who gets the cards of a unit: managers and matching workers on duty; without any, all of its staff."""
        posts = [p for p in self.all_posts if p.organisation_id == organisation_id]
        managers = [p for p in posts if p.duty == "manager" and p.on_duty and self._at(p, estate_id)]
        workers = [
            p
            for p in posts
            if p.duty == "worker"
            and p.on_duty
            and self._at(p, estate_id)
            and (not p.trades or (category is not None and category in p.trades))
        ]
        return self._persons([*managers, *workers] or posts)

    def managers(self, organisation_id: int) -> list[Person]:
        """Managers of a unit."""
        return self._persons(
            p for p in self.all_posts if p.organisation_id == organisation_id and p.duty == "manager"
        )

    def secretaries(self, community_id: int | None) -> list[Person]:
        """Secretaries of a community; else the staff of the street; without a street, all secretaries.

        Nobody is ever without somebody who is told.
        """
        posts = [p for p in self.all_posts if p.duty == "secretary" and p.street_id is None]
        own = [p for p in posts if community_id is not None and p.community_id == community_id]
        return self._persons(own) or self.street_staff or self._persons(posts)

    def grid(self, community_id: int | None, estate_id: int | None) -> list[Person]:
        """Grid workers on duty who look after an estate."""
        if community_id is None:
            return []
        return self._persons(
            p
            for p in self.all_posts
            if p.community_id == community_id and p.duty == "grid" and p.on_duty and self._at(p, estate_id)
        )

    @cached_property
    def street_staff(self) -> list[Person]:
        """Staff of the street."""
        return self._persons(p for p in self.all_posts if p.street_id is not None)

    def _at(self, post: Post, estate_id: int | None) -> bool:
        if not post.estates or estate_id is None:
            return True
        return self.estates[estate_id].name in post.estates

    def _persons(self, posts: Iterable[Post]) -> list[Person]:
        ids = dict.fromkeys(post.person_id for post in posts)
        return [self.people[i] for i in ids]


_CACHE: "WeakKeyDictionary[object, Register]" = WeakKeyDictionary()


def register(tx: Tx) -> Register:
    """The register as this transaction sees it; read from the database only when its revision has changed."""
    if found := tx.cache.get("register"):
        return cast("Register", found)
    revision = tx.cache.pop(_SEEN, None)
    if revision is None:
        revision = numbers.revision(tx, REVISION)
    kept = _CACHE.get(tx.database)
    if kept is None or kept.revision != revision:
        kept = _whole(tx, revision)
        if "register_changed" not in tx.cache:  # what may still be undone is not kept for others
            _CACHE[tx.database] = kept
    tx.cache["register"] = kept
    return kept


def seen(tx: Tx, revision: int) -> None:
    """The revision that was read beside something else, so that it need not be read again."""
    tx.cache[_SEEN] = revision


def look_again(tx: Tx) -> None:
    """The next look is at the register as it is now: whoever has waited for it may have seen an older one."""
    tx.cache.pop("register", None)
    tx.cache.pop(_SEEN, None)


def _whole(tx: Tx, revision: int) -> Register:
    """All of it at one revision: on PostgreSQL an import may commit between two of our reads."""
    while True:
        found = _snapshot(registers.read_all(tx), revision)
        now = numbers.revision(tx, REVISION)
        if now == revision:
            return found
        revision = now


def changed(tx: Tx) -> None:
    """Say that the register has changed; to be called in the transaction that changes it."""
    numbers.bump_revision(tx, REVISION)
    tx.cache.pop("register", None)
    tx.cache["register_changed"] = True


def _by_key(rows: list[T]) -> dict[int, T]:
    return {cast("Any", row).id: row for row in rows}


def _snapshot(rows: registers.RegisterRows, revision: int) -> Register:
    posts: dict[int, list[Post]] = {}
    for post in rows.posts:
        posts.setdefault(post.person_id, []).append(post)
    buildings: dict[int, list[Building]] = {}
    for building in rows.buildings:
        buildings.setdefault(building.estate_id, []).append(building)
    return Register(
        revision=revision,
        streets=_by_key(rows.streets),
        communities=_by_key(rows.communities),
        estates=_by_key(rows.estates),
        buildings=buildings,
        organisations=_by_key(rows.organisations),
        people=_by_key(rows.people),
        posts=posts,
        members={member.person_id: member for member in rows.members},
        responsibilities=rows.responsibilities,
        all_posts=rows.posts,
    )
