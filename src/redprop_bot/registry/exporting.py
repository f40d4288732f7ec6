"""The register as a roster file: YAML and .xlsx that import unchanged, and the templates.

Inactive units and rows of the responsibility list that were taken down are history and are left out.
"""

from collections.abc import Iterable
from typing import Any, Final, cast

import yaml

from redprop_bot.content import packaged_root
from redprop_bot.registry import roster_file
from redprop_bot.registry.roster import (
    BuildingEntry,
    CommunityEntry,
    EstateEntry,
    Known,
    MemberEntry,
    ResponsibilityEntry,
    Roster,
    StaffEntry,
    StreetEntry,
    UnitEntry,
    Words,
    packaged_words,
)
from redprop_bot.store import registers
from redprop_bot.store.tables import Estate, Person, Post
from redprop_bot.store.tx import Tx

TEMPLATE: Final = "data/roster/template.yaml"


def export_yaml(tx: Tx) -> str:
    """The whole register as YAML; importing it changes nothing."""
    return dump_yaml(roster_of(tx))


def export_xlsx(tx: Tx) -> bytes:
    """The whole register as a workbook; importing it changes nothing."""
    from redprop_bot.registry.workbook_out import write_workbook  # noqa: PLC0415 - not needed to start

    return write_workbook(roster_of(tx), Words.of(tx.content.labels, tx.content.workers.posts))


def template_yaml() -> str:
    """An example with explanations, to be filled in; it imports as it stands."""
    return (packaged_root() / TEMPLATE).read_text("utf-8")


def template_xlsx() -> bytes:
    """The same example as a workbook with explanations."""
    from redprop_bot.registry.workbook_out import write_workbook  # noqa: PLC0415 - not needed to start

    example = roster_file.draft_of(template_yaml().encode(), TEMPLATE).settle(Known())
    return write_workbook(example, packaged_words())


# -- from the register to entries


def roster_of(tx: Tx) -> Roster:
    """Everything that is in force in the register."""
    return _Export(registers.read_all(tx)).roster()


class _Export:
    def __init__(self, rows: registers.RegisterRows) -> None:
        self.rows = rows
        self.people = {cast("int", person.id): person for person in rows.people}
        self.estates = {cast("int", estate.id): estate.name for estate in rows.estates}
        self.units = {cast("int", unit.id): unit.name for unit in rows.organisations}

    def roster(self) -> Roster:
        streets = {cast("int", s.id): s.name for s in self.rows.streets}
        several = len(streets) > 1
        return Roster(
            listed_streets=several,
            streets=tuple(StreetEntry(name, self._staff("street_id", i)) for i, name in streets.items()) or None,
            communities=tuple(
                CommunityEntry(
                    c.name,
                    streets.get(c.street_id) if several and c.street_id is not None else None,
                    self._staff("community_id", c.id),
                    tuple(self._estate(e) for e in self.rows.estates if e.community_id == c.id),
                    c.caretaker,
                )
                for c in self.rows.communities
            ),
            organisations=tuple(self._units()),
            members=tuple(self._members()),
            responsibilities=tuple(self._responsibilities()),
        )

    def _staff(self, column: str, key: int | None) -> tuple[StaffEntry, ...]:
        return tuple(self._post(post) for post in self.rows.posts if getattr(post, column) == key)

    def _post(self, post: Post) -> StaffEntry:
        person = self.people[post.person_id]
        return StaffEntry(
            _name(person),
            post.duty,
            userid=person.userid,
            phone=person.phone,
            estates=tuple(post.estates),
            trades=tuple(post.trades),
            on_duty=post.on_duty,
            post=post.post,
            grade=post.grade,
        )

    def _estate(self, estate: Estate) -> EstateEntry:
        return EstateEntry(
            estate.name,
            aliases=tuple(estate.aliases),
            kind=estate.kind,
            households=estate.households,
            lat=estate.lat,
            lng=estate.lng,
            property_name=estate.property_name,
            care=estate.care,
            caretaker=estate.caretaker,
            trial_until=estate.trial_until,
            buildings=tuple(
                BuildingEntry(b.no, b.units, b.floors) for b in self.rows.buildings if b.estate_id == estate.id
            ),
            lacks=tuple(estate.lacks),
        )

    def _units(self) -> Iterable[UnitEntry]:
        for unit in self.rows.organisations:
            if unit.active:
                yield UnitEntry(
                    unit.name,
                    unit.kind,
                    party=unit.party,
                    estate=self.estates[unit.estate_id] if unit.estate_id is not None else None,
                    seats=unit.seats,
                    party_seats=unit.party_seats,
                    party_members=unit.party_members,
                    reviewed=unit.reviewed,
                    staff=self._staff("organisation_id", unit.id),
                )

    def _members(self) -> Iterable[MemberEntry]:
        for member in self.rows.members:
            if member.source != "roster":
                continue  # registered themselves: the roster is what the community keeps
            person = self.people[member.person_id]
            yield MemberEntry(
                _name(person),
                userid=person.userid,
                party=member.party,
                branch=member.branch,
                skills=tuple(member.skills),
                phone=person.phone,
            )

    def _responsibilities(self) -> Iterable[ResponsibilityEntry]:
        active = {unit.id for unit in self.rows.organisations if unit.active}
        for row in self.rows.responsibilities:
            if row.unit_id in active:
                yield ResponsibilityEntry(
                    row.category,
                    self.units[row.unit_id],
                    estate=self.estates[row.estate_id] if row.estate_id is not None else None,
                    match=tuple(row.match),
                    respond_hours=row.respond_hours,
                    resolve_hours=row.resolve_hours,
                )


def _name(person: Person) -> str:
    return person.name or person.userid or f"未填姓名{person.id}"


# -- from entries to YAML


class _Dumper(yaml.SafeDumper):
    """One line for each entry that has no entries below it, as people write it."""

    def represent_mapping(self, tag: str, mapping: Any, flow_style: Any = None) -> yaml.MappingNode:
        node = super().represent_mapping(tag, mapping, flow_style)
        node.flow_style = not any(
            isinstance(item, yaml.MappingNode)
            for _, value in node.value
            for item in (value.value if isinstance(value, yaml.SequenceNode) else [value])
        )
        return node


def dump_yaml(roster: Roster) -> str:
    """A roster as YAML; reading it gives the same entries."""
    raw = sections(roster)
    return yaml.dump(raw, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000, default_flow_style=None)


def sections(roster: Roster) -> dict[str, Any]:
    """A roster as the sections of a file."""
    streets = [{"name": s.name, "staff": _staff(s.staff)} for s in roster.streets or ()]
    raw: dict[str, Any] = {}
    if streets:
        raw["street"] = [_lean(s) for s in streets] if roster.listed_streets else _lean(streets[0])
    if roster.communities is not None:
        raw["communities"] = [_community(c) for c in roster.communities]
    if roster.organisations is not None:
        raw["organisations"] = [_unit(o) for o in roster.organisations]
    if roster.members is not None:
        raw["members"] = [_lean(_fields(m, "name userid party branch skills phone")) for m in roster.members]
    if roster.responsibilities is not None:
        keys = "category estate unit match respond_hours resolve_hours"
        raw["responsibilities"] = [_lean(_fields(r, keys)) for r in roster.responsibilities]
    return raw


def _community(entry: CommunityEntry) -> dict[str, Any]:
    estates = [
        _lean(
            {
                **_fields(estate, "name aliases kind households lat lng"),
                "property": estate.property_name,
                "lacks": estate.lacks,
                **_fields(estate, "care caretaker trial_until"),
                "buildings": [_lean(_fields(b, "no units floors")) for b in estate.buildings],
            }
        )
        for estate in entry.estates
    ]
    return _lean({**_fields(entry, "name street caretaker"), "staff": _staff(entry.staff), "estates": estates})


def _unit(entry: UnitEntry) -> dict[str, Any]:
    values = _fields(entry, "name kind party estate seats party_seats party_members reviewed")
    if values["party"] == "none":
        del values["party"]
    return _lean({**values, "staff": _staff(entry.staff)})


def _staff(entries: Iterable[StaffEntry]) -> list[dict[str, Any]]:
    lines = []
    for one in entries:
        values = _fields(one, "name userid duty phone estates trades on_duty post grade")
        if one.on_duty:
            del values["on_duty"]
        lines.append(_lean(values))
    return lines


def _fields(entry: Any, keys: str) -> dict[str, Any]:
    return {key: getattr(entry, key) for key in keys.split()}


def _lean(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is not there; whole hours without a decimal point."""
    return {
        key: list(value) if isinstance(value, tuple) else int(value) if _whole(value) else value
        for key, value in values.items()
        if value is not None and not (isinstance(value, tuple | list) and not value)
    }


def _whole(value: Any) -> bool:
    return isinstance(value, float) and value.is_integer()
