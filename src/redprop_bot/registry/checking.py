"""From the raw sections of a roster to entries: each value is checked here, each entry for itself.

Whether entries agree with each other is asked in `agreement`. An entry with a fault is still built as far as it
goes, so that one fault does not look like ten.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final

from redprop_bot.registry.fields import LEFT, Fields, Found
from redprop_bot.registry.roster import (
    CARES,
    COMMUNITY_DUTIES,
    ESTATE_KINDS,
    LACKS,
    PARTY,
    UNIT_DUTIES,
    UNIT_KINDS,
    BuildingEntry,
    CommunityEntry,
    EstateEntry,
    MemberEntry,
    Path,
    ResponsibilityEntry,
    Roster,
    StaffEntry,
    StreetEntry,
    UnitEntry,
    Words,
)
from redprop_bot.rules.coverage import reviewed_of
from redprop_bot.understand.slots.doors import bare

SECTIONS: Final = ("street", "communities", "organisations", "members", "responsibilities")

_STREET = ("name", "staff")
_COMMUNITY = ("name", "street", "caretaker", "staff", "estates")
_ESTATE = (
    *("name", "aliases", "kind", "households", "lat", "lng", "property"),
    *("care", "caretaker", "trial_until", "buildings", "lacks"),
)
_BUILDING = ("no", "units", "floors")
_UNIT = ("name", "kind", "party", "estate", "seats", "party_seats", "party_members", "reviewed", "staff")
_STAFF = ("name", "userid", "duty", "phone", "estates", "trades", "on_duty", "post", "grade")
_MEMBER = ("name", "userid", "party", "branch", "skills", "phone")
_ROW = ("category", "estate", "unit", "match", "respond_hours", "resolve_hours")

MOST_HOURS: Final = 8760
_BUILDING_WORD = re.compile(r"(号楼|号|栋|幢|座|#)$")


def check(raw: Any, words: Words, found: Found, where: Callable[[Path], str]) -> Roster:
    """All entries of the raw sections; every fault within them is added to `found`."""
    return _Reading(words, found).roster(raw, where)


class _Reading:
    def __init__(self, words: Words, found: Found) -> None:
        self.found = found
        self._category = words.category
        self._posts = {row.key: row for row in words.posts}
        self._duties = {
            of: {code: words.duty.get(code, code) for code in codes}
            for of, codes in (("community", COMMUNITY_DUTIES), ("unit", UNIT_DUTIES))
        }

    def roster(self, raw: Any, where: Callable[[Path], str]) -> Roster:
        top = Fields(raw, (), SECTIONS, self.found)
        streets = raw.get("street") if isinstance(raw, Mapping) else None
        listed = isinstance(streets, list)
        return Roster(
            streets=None if streets is None else self._streets(top, streets),
            listed_streets=listed,
            where=where,
            communities=self._section(top, "communities", self._community),
            organisations=self._section(top, "organisations", self._unit),
            members=self._section(top, "members", self._member),
            responsibilities=self._section(top, "responsibilities", self._row),
        )

    def _section(self, top: Fields, key: str, entry: Callable[[Fields], Any]) -> tuple[Any, ...] | None:
        if top.raw.get(key) is None:
            return None
        keys = {"communities": _COMMUNITY, "organisations": _UNIT, "members": _MEMBER, "responsibilities": _ROW}
        return self._entries(top, key, keys[key], entry)

    def _entries(
        self, fields: Fields, key: str, keys: tuple[str, ...], entry: Callable[[Fields], Any]
    ) -> tuple[Any, ...]:
        made = [entry(Fields(raw, path, keys, self.found)) for raw, path in fields.items(key)]
        return tuple(one for one in made if one is not None)

    def _streets(self, top: Fields, raw: Any) -> tuple[StreetEntry, ...]:
        if isinstance(raw, list):
            return self._entries(top, "street", _STREET, self._street)
        street = self._street(Fields(raw, ("street",), _STREET, self.found))
        return (street,) if street else ()

    def _street(self, fields: Fields) -> StreetEntry | None:
        name = fields.text("name", need=True)
        staff = self._staff(fields, "community", "clerk")
        return StreetEntry(name, staff, _left(fields), path=fields.path) if name else None

    def _community(self, fields: Fields) -> CommunityEntry | None:
        name = fields.text("name", need=True)
        street = fields.text("street")
        staff = self._staff(fields, "community", "clerk", ranked=True)
        estates = self._entries(fields, "estates", _ESTATE, self._estate)
        caretaker = fields.text("caretaker")
        if not name:
            return None
        return CommunityEntry(name, street, staff, estates, caretaker, _left(fields), path=fields.path)

    def _estate(self, fields: Fields) -> EstateEntry | None:
        name = fields.text("name", need=True)
        entry = EstateEntry(
            name or "",
            aliases=tuple(alias for alias in fields.words("aliases") if alias != name),
            kind=fields.choice("kind", ESTATE_KINDS, default="commercial") or "commercial",
            households=fields.whole("households", 0, 1_000_000) or 0,
            lat=fields.number("lat", -90, 90),
            lng=fields.number("lng", -180, 180),
            property_name=fields.text("property"),
            care=fields.choice("care", CARES, default="") or None,
            caretaker=fields.text("caretaker"),
            trial_until=fields.day("trial_until"),
            buildings=self._entries(fields, "buildings", _BUILDING, self._building),
            lacks=fields.words("lacks", LACKS),
            path=fields.path,
        )
        return entry if name else None

    def _building(self, fields: Fields) -> BuildingEntry | None:
        text = fields.text("no", need=True, limit=16)
        units, floors = fields.whole("units", 1, 100), fields.whole("floors", 1, 200)
        no = building_no(text) if text else ""
        if text and not no:
            fields.fault("no", f"“{text}” 里没有楼号")
        return BuildingEntry(no, units, floors, path=fields.path) if no else None

    def _unit(self, fields: Fields) -> UnitEntry | None:
        name = fields.text("name", need=True)
        entry = UnitEntry(
            name or "",
            kind=fields.choice("kind", UNIT_KINDS) or "department",
            party=fields.choice("party", PARTY, default="none") or "none",
            estate=fields.text("estate"),
            seats=fields.whole("seats", 0, 1000),
            party_seats=fields.whole("party_seats", 0, 1000),
            party_members=fields.whole("party_members", 0, 100_000),
            reviewed=_reviewed(fields),
            staff=self._staff(fields, "unit", "other"),
            staff_left=_left(fields),
            path=fields.path,
        )
        if entry.seats is not None and (entry.party_seats or 0) > entry.seats:
            fields.fault("party_seats", f"比席位数 {entry.seats} 还多")
        return entry if name else None

    def _staff(self, fields: Fields, of: str, default: str, *, ranked: bool = False) -> tuple[StaffEntry, ...]:
        def person(one: Fields) -> StaffEntry | None:
            name = one.text("name", need=True)
            duty = one.choice("duty", self._duties[of], default=default) or default
            post, grade = self._ranked(one, duty) if ranked else _unranked(one)
            entry = StaffEntry(
                name or "",
                duty,
                userid=one.userid("userid"),
                phone=one.phone("phone"),
                estates=one.words("estates"),
                trades=one.words("trades", self._category),
                on_duty=one.flag("on_duty", default=True),
                post=post,
                grade=grade,
                path=one.path,
            )
            return entry if name else None

        return self._entries(fields, "staff", _STAFF, person)

    def _ranked(self, one: Fields, duty: str) -> tuple[str | None, int | None]:
        """岗位 and 岗级 of a community worker, as `data/workers/posts.yaml` allows them."""
        key = one.choice("post", {key: row.title for key, row in self._posts.items()}, default="")
        row = self._posts.get(key or "")
        if row is None:
            if one.get("grade") is not None and one.get("post") is None:
                one.fault("grade", "写了岗级，也要写岗位")
            return None, None
        if duty not in row.duties:
            may = "、".join(self._duties["community"][code] for code in row.duties)
            one.fault("post", f"{row.title}是给{may}的")
        return row.key, one.whole("grade", row.lowest, row.highest)

    def _member(self, fields: Fields) -> MemberEntry | None:
        name = fields.text("name", need=True)
        entry = MemberEntry(
            name or "",
            userid=fields.userid("userid"),
            party=fields.flag("party", default=False),
            branch=fields.text("branch"),
            skills=fields.words("skills"),
            phone=fields.phone("phone"),
            path=fields.path,
        )
        return entry if name else None

    def _row(self, fields: Fields) -> ResponsibilityEntry | None:
        category = fields.choice("category", self._category)
        unit = fields.text("unit", need=True)
        entry = ResponsibilityEntry(
            category or "",
            unit or "",
            estate=fields.text("estate"),
            match=fields.words("match"),
            respond_hours=self._hours(fields, "respond_hours"),
            resolve_hours=self._hours(fields, "resolve_hours"),
            path=fields.path,
        )
        return entry if category and unit else None

    def _hours(self, fields: Fields, key: str) -> float | None:
        hours = fields.number(key, 0, MOST_HOURS)
        if hours == 0:
            fields.fault(key, "应大于 0；没有时限就不写")
            return None
        return hours


def _unranked(one: Fields) -> tuple[None, None]:
    for key in ("post", "grade"):
        if one.get(key) is not None:
            one.fault(key, "只有社区的工作人员写岗位和岗级")
    return None, None


def _left(fields: Fields) -> bool:
    return fields.raw.get("staff") is LEFT


def _reviewed(fields: Fields) -> str | None:
    try:
        return reviewed_of(fields.get("reviewed"))
    except ValueError:
        fields.fault("reviewed", "写联审的日期，例如 2026-05-12；还没有联审就写 否")
        return None


def building_no(text: str) -> str:
    """The number alone, as it is stored: 3栋, ３号楼, 三号楼 and 3# are 3, a2 is A2.

    It is read as a message is, else what people say would never be the building of the roster.
    """
    number = bare("building", unicodedata.normalize("NFKC", text))
    return _BUILDING_WORD.sub("", number.strip()).strip().upper()
