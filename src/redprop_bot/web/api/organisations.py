"""Units: property companies, committees, departments, partners, teams, Party organisations."""

from typing import Any, Final

from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.registry.care import looks_after
from redprop_bot.registry.people import mask_name
from redprop_bot.registry.register import REVISION, changed
from redprop_bot.rules.coverage import reviewed_of
from redprop_bot.store import editions, registers
from redprop_bot.store.tables import Community, Estate, Organisation
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.routes import Item, Route

_OF_ALL: Final = ("name", "active", "kind", "party")
KINDS: Final = ("property", "committee", "department", "partner", "volunteer_team", "party")
PARTY: Final = ("branch", "joint", "instructor", "none")
_SEATS: Final = Field("whole", nullable=True, least=0, most=1000)
_MEMBERS: Final = Field("whole", "Party members who work there", nullable=True, least=0, most=100_000)
_REVIEWED: Final = Field("text", "joint review of the candidates: a day, yes or no", nullable=True, longest=16)

_BODY: Final[Shape] = {
    "name": Field("text", required=True, longest=64),
    "kind": Field("text", required=True, one_of=KINDS),
    "party": Field("text", one_of=PARTY),
    "estate": Field("text", "the estate it belongs to", nullable=True, longest=64),
    "seats": _SEATS,
    "party_seats": _SEATS,
    "party_members": _MEMBERS,
    "reviewed": _REVIEWED,
}
_CHANGE: Final[Shape] = {
    "version": Field("whole", "as it was read", required=True),
    "name": Field("text", longest=64),
    "kind": Field("text", one_of=KINDS),
    "party": Field("text", one_of=PARTY),
    "estate": _BODY["estate"],
    "seats": _SEATS,
    "party_seats": _SEATS,
    "party_members": _MEMBERS,
    "reviewed": _REVIEWED,
    "active": Field("yes_no", "false puts it out of use"),
}
_FILTERS: Final = {"kind": ", ".join(KINDS), "q": "part of the name", **paging.QUERY}


def _item(call: Call, unit: Organisation) -> Item:
    reg, masked = call.register, call.viewer.role == "viewer"
    posts = [post for post in reg.all_posts if post.organisation_id == unit.id]
    return {
        "id": unit.id,
        "name": unit.name,
        "kind": unit.kind,
        "party": unit.party,
        "estate": reg.estates[unit.estate_id].name if unit.estate_id is not None else None,
        "seats": unit.seats,
        "party_seats": unit.party_seats,
        # how many members a company has is for who works on it, not for who only looks
        **({"party_members": unit.party_members} if call.viewer.role in sight.EDITORS else {}),
        "reviewed": unit.reviewed,
        "active": unit.active,
        "staff": [
            {
                "name": mask_name(reg.people[post.person_id].name) if masked else reg.people[post.person_id].name,
                "duty": post.duty,
                "on_duty": post.on_duty,
            }
            for post in posts
        ],
        "version": unit.version,
    }


def _community(call: Call, unit: Organisation) -> int | None:
    return call.register.estates[unit.estate_id].community_id if unit.estate_id is not None else None


def _sees(call: Call, unit: Organisation) -> bool:
    return call.viewer.community_id is None or _community(call, unit) in (None, call.viewer.community_id)


def found(call: Call) -> Reply:
    """A page of the units in use."""
    size, last = paging.limit(call), paging.before(call, "organisations")
    kind, q = call.query.get("kind"), call.query.get("q")
    if kind is not None and kind not in KINDS:
        raise Invalid("choice", field="kind")
    rows = [
        unit
        for unit in sorted(call.register.organisations.values(), key=lambda unit: -(unit.id or 0))
        if unit.active
        and _sees(call, unit)
        and (last is None or (unit.id or 0) < last)
        and kind in (None, unit.kind)
        and (q is None or q in unit.name)
    ]
    return paging.page("organisations", size, rows[: size + 1], [_item(call, unit) for unit in rows[:size]])


def one(call: Call) -> Reply:
    """One unit, in use or not."""
    return Reply(_item(call, _unit(call)))


def _unit(call: Call) -> Organisation:
    unit = call.register.organisations.get(key_in(call))
    if unit is None or not _sees(call, unit):
        raise NotFound
    return unit


def entered(call: Call) -> Reply:
    """A new unit; its staff comes with the roster."""
    sight.must_act(call.viewer)
    registers.hold(call.tx, REVISION)
    values = _values(call, read(call.body, _BODY), None)
    unit = call.tx.insert(Organisation, **values)
    _must_keep(call, unit)
    changed(call.tx)
    return Reply(_kept(call, unit), 201)


def edited(call: Call) -> Reply:
    """The next version of a unit."""
    sight.must_act(call.viewer)
    registers.hold(call.tx, REVISION)
    found_unit = _unit(call)
    unit = call.tx.get(Organisation, found_unit.id or 0, lock=True)
    _must_keep(call, unit)
    given, before = read(call.body, _CHANGE), _plain(_item(call, unit))
    if given.pop("version") != unit.version:
        raise Conflict("stale", field="version")
    values = _values(call, given, unit)
    if any(values.get(name, getattr(unit, name)) != getattr(unit, name) for name in _OF_ALL):
        _must_serve_no_other(call, unit)
    if unit.active and values.get("active") is False and registers.open_orders(call.tx, [unit.id or 0]):
        raise Conflict("has_open_orders", field="active", name=unit.name)
    result = call.tx.update(Organisation, unit.id, **values, version=unit.version + 1)
    _must_keep(call, result)
    _keep_estates(call, unit.name, result.name)
    changed(call.tx)
    return Reply(_kept(call, result, before))


def _keep_estates(call: Call, before: str, name: str) -> None:
    """Estates and communities name their company and caretaker: under another name it is still theirs."""
    if name == before:
        return
    for estate in call.register.estates.values():
        if estate.property_name == before:
            call.tx.update(Estate, estate.id, property_name=name)
        if estate.caretaker == before:
            call.tx.update(Estate, estate.id, caretaker=name)
    for community in call.register.communities.values():
        if community.caretaker == before:
            call.tx.update(Community, community.id, caretaker=name)


def _plain(item: Item) -> Item:
    """A unit without its staff, who are not edited here."""
    return {name: value for name, value in item.items() if name != "staff"}


def _kept(call: Call, unit: Organisation, before: Item | None = None) -> Item:
    """The unit as it is now, kept as a version."""
    item, where, by = _item(call, unit), _community(call, unit), call.viewer.name
    plain = _plain(item)
    editions.keep(
        call.tx, "organisation", unit.id, plain, by=by, version=unit.version, community_id=where, before=before
    )
    return item


def _must_keep(call: Call, unit: Organisation) -> None:
    """A unit without an estate serves all communities; a secretary may still enter it or set it right."""
    sight.must_edit(call.viewer, _community(call, unit) or call.viewer.community_id)


def _must_serve_no_other(call: Call, unit: Organisation) -> None:
    """Its name, what it is and whether it is there concern every community that it serves: the street decides."""
    mine = call.viewer.community_id
    if mine is None:
        return
    reg = call.register
    duties = {row.estate_id for row in reg.responsibilities if row.unit_id == unit.id}
    serves = {
        one.community_id for one in reg.estates.values() if looks_after(reg, unit.name, one) or one.id in duties
    }
    if None in duties or serves - {mine}:
        raise Forbidden("not_your_community")


def _values(call: Call, given: dict[str, Any], unit: Organisation | None) -> dict[str, Any]:
    if "estate" in given:
        name = given.pop("estate")
        estate = call.register.estate(name)
        if name is not None and estate is None:
            raise Invalid("unknown_estate", field="estate", name=name)
        given["estate_id"] = estate.id if estate else None
    for other in call.register.organisations.values():
        if other.name == given.get("name") and (unit is None or other.id != unit.id):
            raise Conflict("name_taken", field="name", name=other.name)
    seats, party = (given.get(n, getattr(unit, n, None)) for n in ("seats", "party_seats"))
    if seats is not None and party is not None and party > seats:
        raise Invalid("seats", field="party_seats")
    if "reviewed" in given:
        try:
            given["reviewed"] = reviewed_of(given["reviewed"])
        except ValueError:
            raise Invalid("reviewed", field="reviewed") from None
    return given


ROUTES: Final = (
    Route("GET", "/organisations", found, "单位", "Organisation", query=_FILTERS, listed=True),
    Route("POST", "/organisations", entered, "单位：新增", "Organisation", body=_BODY, status=201),
    Route("GET", "/organisations/{id}", one, "单位：一家", "Organisation"),
    Route("PATCH", "/organisations/{id}", edited, "单位：修改", "Organisation", body=_CHANGE),
)
