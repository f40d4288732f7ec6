"""What the register says of companies, committees and estates of a place, and the rates of it with their names.

The rates themselves are made in `rules.coverage`; here is only which rows belong to which place.
"""

from collections.abc import Collection
from dataclasses import dataclass

from redprop_bot.content import Content
from redprop_bot.registry.register import Register
from redprop_bot.rules import coverage as rules
from redprop_bot.rules.care import NONE
from redprop_bot.rules.coverage import Committee, Company, Found, Gap, Home, Rate
from redprop_bot.store.tables import Estate, Organisation


@dataclass(frozen=True, slots=True)
class Place:
    """Communities, or one estate of them; `name` is how it is told."""

    name: str
    communities: frozenset[int]
    estate_id: int | None = None


@dataclass(frozen=True, slots=True)
class Serving:
    """A company, and the estates of the place that it serves."""

    unit: Organisation
    estates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the register holds of a place, and its rates."""

    place: Place
    rates: tuple[Rate, ...]
    companies: tuple[Serving, ...]
    committees: tuple[Organisation, ...]
    estates: tuple[tuple[Estate, Home], ...]

    def rate(self, code: str) -> Rate:
        """The first rate of this code."""
        return next(one for one in self.rates if one.code == code)


def street_of(reg: Register, street_id: int | None = None) -> Place:
    """A street with its communities; without a key, everything that the register holds."""
    streets = [one for key, one in reg.streets.items() if street_id in (None, key)]
    keys = [key for key, one in reg.communities.items() if street_id in (None, one.street_id)]
    name = "、".join(one.name for one in streets) or "、".join(one.name for one in reg.communities.values())
    return Place(name, frozenset(keys))


def communities_of(reg: Register, keys: Collection[int]) -> Place:
    """Some communities."""
    ordered = [key for key in reg.communities if key in keys]
    return Place("、".join(reg.communities[key].name for key in ordered), frozenset(ordered))


def estate_of(estate: Estate) -> Place:
    """One estate."""
    return Place(estate.name, frozenset((estate.community_id,)), estate.id)


def coverage(reg: Register, content: Content, place: Place) -> Seen:
    """The rates of a place, with the rows behind them."""
    homes = [one for one in reg.estates.values() if _within(place, one)]
    committees = tuple(one for one in _units(reg, "committee") if _belongs(reg, place, one))
    companies, loose = _companies(reg, homes)
    having = {kind: {one.estate_id for one in _units(reg, kind)} for kind in ("committee", "party")}
    estates = tuple(
        (
            one,
            Home(one.name, _there(one, "committee", having["committee"]), _there(one, "party", having["party"])),
        )
        for one in homes
    )
    placeless = tuple(Gap(one.name, "no_place") for one in committees if one.estate_id is None)
    found = Found(
        [Company(one.unit.name, one.unit.party, one.unit.party_members) for one in companies],
        [Committee(one.name, one.seats, one.party_seats, one.reviewed) for one in committees],
        [home for _, home in estates],
        {"company": loose, "committee": placeless},
    )
    return Seen(place, tuple(rules.rates(found, content.coverage.terms)), tuple(companies), committees, estates)


def _units(reg: Register, kind: str) -> list[Organisation]:
    return [one for one in reg.organisations.values() if one.active and one.kind == kind]


def _within(place: Place, estate: Estate) -> bool:
    if place.estate_id is not None:
        return estate.id == place.estate_id
    return estate.community_id in place.communities


def _belongs(reg: Register, place: Place, unit: Organisation) -> bool:
    """A committee without an estate is of the whole register: nobody knows which community has it."""
    if unit.estate_id is not None:
        return _within(place, reg.estates[unit.estate_id])
    return place.estate_id is None and len(place.communities) == len(reg.communities)


def _there(estate: Estate, kind: str, having: Collection[int | None]) -> bool | None:
    """A unit is the proof; that there is none has to be said, silence is no answer."""
    if estate.id in having:
        return True
    return False if kind in estate.lacks else None


def _companies(reg: Register, homes: list[Estate]) -> tuple[list[Serving], list[Gap]]:
    """Who serves these estates, each company once; and what is written there and leads to no unit."""
    serving: dict[str, list[str]] = {}
    loose: dict[Gap, None] = {}
    for one in homes:
        if one.property_name in reg.organisation_names:
            serving.setdefault(one.property_name or "", []).append(one.name)
        elif one.property_name:
            loose[Gap(one.property_name, "no_unit")] = None
        elif one.kind != NONE:
            loose[Gap(one.name, "no_company")] = None
    return [Serving(reg.organisation_names[n], tuple(at)) for n, at in serving.items()], list(loose)
