"""People of a roster: one person for each account, whatever number of posts.

Without an account somebody is known by name and owner: street, community, unit, or the list of members.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from redprop_bot.registry import grades
from redprop_bot.registry.import_places import Places
from redprop_bot.registry.ledger import Ledger
from redprop_bot.registry.roster import MemberEntry, Roster, StaffEntry
from redprop_bot.store import registers
from redprop_bot.store.tables import Member, Person, Post

Owner = tuple[str, int]
"""The column that names the owner of a post, and its key: `("organisation_id", 7)`."""

_OWNERS = ("street_id", "community_id", "organisation_id")
_MEMBERS: Owner = ("members", 0)


@dataclass
class _Somebody:
    """What the whole file says about one person; `key` is their row, once there is one."""

    name: str
    userid: str | None
    phone: str | None = None
    owners: list[Owner] = field(default_factory=list)
    key: int = 0


@dataclass
class _Crowd:
    """Everybody in the file, each once, with their posts and memberships in the order of the file."""

    people: dict[tuple[object, ...], _Somebody] = field(default_factory=dict)
    posts: list[tuple[_Somebody, Owner, StaffEntry]] = field(default_factory=list)
    members: list[tuple[_Somebody, MemberEntry]] = field(default_factory=list)
    owners: set[Owner] = field(default_factory=set)

    def somebody(self, owner: Owner, one: StaffEntry | MemberEntry) -> _Somebody:
        key = (one.userid,) if one.userid else (owner, one.name)
        found = self.people.setdefault(key, _Somebody(one.name, one.userid))
        found.phone = found.phone or one.phone
        found.owners.append(owner)
        return found


def take_people(
    ledger: Ledger, roster: Roster, rows: registers.RegisterRows, places: Places, units: dict[str, int]
) -> None:
    """Staff of all owners that the file names, and members where it has that section."""
    crowd = _Crowd()
    keys = {"street": places.streets, "community": places.communities, "organisation": units}
    for kind, entry in roster.owners():
        if entry.staff_left:
            continue
        owner = (f"{kind}_id", keys[kind][entry.name])
        crowd.owners.add(owner)
        crowd.posts += [(crowd.somebody(owner, one), owner, one) for one in entry.staff]
    crowd.members += [(crowd.somebody(_MEMBERS, one), one) for one in roster.members or ()]
    _people(ledger, list(crowd.people.values()), rows)
    _posts(ledger, crowd, [post for post in rows.posts if _owner(post) in crowd.owners])
    if roster.members is not None:
        _members(ledger, crowd, rows.members)


def _people(ledger: Ledger, everybody: list[_Somebody], rows: registers.RegisterRows) -> None:
    old = _match(ledger, everybody, rows)
    for n, one in enumerate(everybody):
        given = {"name": one.name, "userid": one.userid, "phone": one.phone}
        values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        before = old.get(n)
        if before is None:
            values["created_at"] = ledger.tx.now
        elif before.left_at is not None:
            values["left_at"] = None  # the file says that they are here
        one.key = cast("int", ledger.put(Person, before, **values).id)


def _match(ledger: Ledger, everybody: list[_Somebody], rows: registers.RegisterRows) -> dict[int, Person]:
    """Who of the register is who of the file, by position.

    First by account; then by name and owner; last, somebody at the same owner who has just been given an account.
    """
    accounts = registers.accounts(ledger.tx, [one.userid for one in everybody if one.userid])
    found = {n: accounts[one.userid] for n, one in enumerate(everybody) if one.userid in accounts}
    taken = {person.id for person in found.values()}
    at_owner = _by_owner(rows)

    def take(fits: Callable[[_Somebody], bool], may: Callable[[Person], bool]) -> None:
        for n, one in enumerate(everybody):
            if n in found or not fits(one):
                continue
            for person in (p for owner in one.owners for p in at_owner.get((owner, one.name), ())):
                if person.id not in taken and may(person):
                    found[n] = person
                    taken.add(person.id)
                    break

    take(lambda one: one.userid is None, lambda _: True)
    take(lambda one: one.userid is not None, lambda person: person.userid is None)
    return found


def _by_owner(rows: registers.RegisterRows) -> dict[tuple[Owner, str | None], list[Person]]:
    people = {person.id: person for person in rows.people}
    held = [(_owner(post), people[post.person_id]) for post in rows.posts]
    members = [(_MEMBERS, people[member.person_id]) for member in rows.members]
    found: dict[tuple[Owner, str | None], list[Person]] = {}
    for owner, person in held + members:
        found.setdefault((owner, person.name), []).append(person)
    return found


def _posts(ledger: Ledger, crowd: _Crowd, rows: list[Post]) -> None:
    old = {(post.person_id, _owner(post), post.duty): post for post in reversed(rows)}
    twins = {post.id for post in rows} - {post.id for post in old.values()}
    before = grades.ranks(old.values())
    now = [
        ledger.put(
            Post,
            old.pop((one.key, owner, entry.duty), None),
            person_id=one.key,
            duty=entry.duty,
            estates=entry.estates,
            trades=entry.trades,
            on_duty=entry.on_duty,
            post=entry.post,
            grade=entry.grade,
            **{column: owner[1] if column == owner[0] else None for column in _OWNERS},
        )
        for one, owner, entry in crowd.posts
    ]
    grades.keep(ledger.tx, before, grades.ranks(now))
    ledger.remove(Post, [*twins, *(post.id for post in old.values())])


def _members(ledger: Ledger, crowd: _Crowd, rows: list[Member]) -> None:
    old = {member.person_id: member for member in rows}
    for one, entry in crowd.members:
        ledger.put(
            Member,
            old.pop(one.key, None),
            person_id=one.key,
            party=entry.party,
            branch=entry.branch,
            skills=entry.skills,
        )
    ledger.remove(Member, [member.id for member in old.values() if member.source == "roster"])


def _owner(post: Post) -> Owner:
    return next((c, getattr(post, c)) for c in _OWNERS if getattr(post, c) is not None)
