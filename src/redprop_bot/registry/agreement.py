"""Whether the entries of a roster agree with each other and with what the register already holds.

Names that collide, references to nothing, one account with two names. Pure: gives faults, changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from redprop_bot.registry.roster import (
    CommunityEntry,
    EstateEntry,
    Known,
    MemberEntry,
    Path,
    ResponsibilityEntry,
    Roster,
    StaffEntry,
    UnitEntry,
    Words,
)

E = TypeVar("E")
Disagreement = tuple[Path, str]


def disagreements(roster: Roster, known: Known, words: Words) -> list[Disagreement]:
    """Every fault between entries, by path; `known` are names that stand in the register and not in the file."""
    return [
        *_twins(roster, words),
        *_spelling_clashes(roster, known),
        *_accounts(roster),
        *_lost_streets(roster, known),
        *_lost_estates(roster, known),
        *_lost_units(roster, known),
    ]


def spellings(roster: Roster, known: Known) -> dict[str, str]:
    """Estates by every spelling; a name goes before an alias, the file before the register."""
    found = dict(known.estates)
    for _, estate in roster.estates():
        found.update(dict.fromkeys(estate.aliases, estate.name))
    found.update({estate.name: estate.name for _, estate in roster.estates()})
    return found


def settled(roster: Roster, known: Known) -> Roster:
    """The same roster with every reference to an estate written as its name instead of an alias."""
    names = spellings(roster, known)

    def staffed(owner: Any) -> Any:
        return replace(owner, staff=tuple(map(person, owner.staff)))

    def person(one: StaffEntry) -> StaffEntry:
        return replace(one, estates=tuple(dict.fromkeys(names.get(e, e) for e in one.estates)))

    def placed(entry: Any) -> Any:
        return replace(entry, estate=names.get(entry.estate, entry.estate))

    return replace(
        roster,
        streets=_each(roster.streets, staffed),
        communities=_each(roster.communities, staffed),
        organisations=_each(roster.organisations, lambda unit: placed(staffed(unit))),
        responsibilities=_each(roster.responsibilities, placed),
    )


def _each(entries: tuple[E, ...] | None, change: Callable[[E], E]) -> tuple[E, ...] | None:
    return None if entries is None else tuple(map(change, entries))


# -- twins


def _twins(roster: Roster, words: Words) -> Iterator[Disagreement]:
    yield from _repeated("街道", ((s.name, (*s.path, "name")) for s in roster.streets or ()))
    yield from _repeated("社区", ((c.name, (*c.path, "name")) for c in roster.communities or ()))
    yield from _repeated("单位", ((o.name, (*o.path, "name")) for o in roster.organisations or ()))
    for _, estate in roster.estates():
        yield from _repeated("楼栋", ((b.no, (*b.path, "no")) for b in estate.buildings))
    for _, owner in roster.owners():
        held = (((one.userid or one.name, one.duty), one) for one in owner.staff)
        yield from _repeated(
            "人员", ((key, (*one.path, "name")) for key, one in held), say=lambda key: str(key[0])
        )
    members = ((m.userid or m.name, (*m.path, "name")) for m in roster.members or ())
    yield from _repeated("党员或志愿者", members)
    rows = roster.responsibilities or ()
    yield from _repeated(
        "责任清单的这一行",
        (((r.category, r.estate, r.unit, tuple(sorted(r.match))), (*r.path, "category")) for r in rows),
        say=lambda key: f"{key[1] or '各小区'}{words.category.get(key[0], key[0])}归{key[2]}",
    )


def _repeated(
    kind: str, keys: Iterable[tuple[Any, Path]], *, say: Callable[[Any], str] = str
) -> Iterator[Disagreement]:
    seen = set()
    for key, path in keys:
        if key in seen:
            yield path, f"{kind}“{say(key)}” 写了两次"
        seen.add(key)


def _spelling_clashes(roster: Roster, known: Known) -> Iterator[Disagreement]:
    """Estates share one space of names: whatever is said must mean one of them."""
    own = {estate.name for _, estate in roster.estates()}
    owner = {said: name for said, name in known.estates.items() if name not in own}
    for _, estate in roster.estates():
        if estate.name in owner:
            yield (*estate.path, "name"), f"小区名“{estate.name}” 已经是“{owner[estate.name]}” 的名字或别名"
        else:
            owner[estate.name] = estate.name
    for _, estate in roster.estates():
        for alias in estate.aliases:
            if owner.setdefault(alias, estate.name) != estate.name:
                yield (*estate.path, "aliases"), f"别名“{alias}” 已经是“{owner[alias]}” 的名字或别名"


# -- people


def _accounts(roster: Roster) -> Iterator[Disagreement]:
    """One account is one person: the same name, one phone."""
    names: dict[str, tuple[str, str]] = {}
    phones: dict[str, str] = {}
    people: list[StaffEntry | MemberEntry] = [one for _, owner in roster.owners() for one in owner.staff]
    for one in [*people, *(roster.members or ())]:
        if one.userid is None:
            continue
        # the platform does not tell accounts apart by case
        spelt, name = names.setdefault(one.userid.lower(), (one.userid, one.name))
        if name != one.name:
            yield (*one.path, "userid"), f"账号 {one.userid} 已经是“{name}” 的，这里却写着“{one.name}”"
        elif spelt != one.userid:
            yield (*one.path, "userid"), f"账号 {one.userid} 前面写作 {spelt}，大小写请统一"
        if one.phone and phones.setdefault(one.userid.lower(), one.phone) != one.phone:
            yield (*one.path, "phone"), f"“{one.name}” 前面写的是另一个电话"


# -- references


def _lost_streets(roster: Roster, known: Known) -> Iterator[Disagreement]:
    streets = known.streets | {s.name for s in roster.streets or ()}
    for community in roster.communities or ():
        if community.street is not None and community.street not in streets:
            yield (*community.path, "street"), f"没有叫“{community.street}” 的街道"


def _lost_estates(roster: Roster, known: Known) -> Iterator[Disagreement]:
    names = spellings(roster, known)
    for _, owner in roster.owners():
        for one in owner.staff:
            for estate in one.estates:
                if estate not in names:
                    yield (*one.path, "estates"), _no_estate(estate)
    placed: list[UnitEntry | ResponsibilityEntry] = [*(roster.organisations or ())]
    for entry in [*placed, *(roster.responsibilities or ())]:
        if entry.estate is not None and entry.estate not in names:
            yield (*entry.path, "estate"), _no_estate(entry.estate)


def _lost_units(roster: Roster, known: Known) -> Iterator[Disagreement]:
    units = known.units | {o.name for o in roster.organisations or ()}
    for row in roster.responsibilities or ():
        if row.unit not in units:
            yield (*row.path, "unit"), f"名册里没有单位“{row.unit}”"
    caring: list[CommunityEntry | EstateEntry] = [*(roster.communities or ()), *(e for _, e in roster.estates())]
    for entry in caring:
        if entry.caretaker is not None and entry.caretaker not in units:
            yield (*entry.path, "caretaker"), f"名册里没有单位“{entry.caretaker}”，托管单位要写在单位里"


def _no_estate(name: str) -> str:
    return f"名册里没有小区“{name}”"
