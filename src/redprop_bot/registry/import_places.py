"""Streets, communities, estates, buildings and units of a roster, by their names."""

from typing import Any, cast

from redprop_bot.errors import ContentError, Fault
from redprop_bot.registry.ledger import Ledger
from redprop_bot.registry.roster import LACKS, CommunityEntry, EstateEntry, Roster
from redprop_bot.store import registers
from redprop_bot.store.tables import Building, Community, Estate, Organisation, Post, Street


class Places:
    """Keys by name, after the import of places. `left`: communities the file does not speak of.

    `renamed`: keys of estates that stand in the file under another name.
    """

    def __init__(self) -> None:
        self.streets: dict[str, int] = {}
        self.communities: dict[str, int] = {}
        self.estates: dict[str, int] = {}
        self.left: set[int] = set()
        self.renamed: set[int] = set()


def take_places(ledger: Ledger, roster: Roster, rows: registers.RegisterRows) -> Places:
    """Streets, communities, estates and buildings."""
    places = Places()
    _streets(ledger, roster, rows, places)
    _communities(ledger, roster, rows, places)
    _estates(ledger, roster, rows, places)
    return places


def _streets(ledger: Ledger, roster: Roster, rows: registers.RegisterRows, places: Places) -> None:
    old = {street.name: street for street in rows.streets}
    places.streets = {name: _key(street) for name, street in old.items()}
    for entry in roster.streets or ():
        street = ledger.put(Street, old.get(entry.name), name=entry.name)
        places.streets[entry.name] = _key(street)


def _communities(ledger: Ledger, roster: Roster, rows: registers.RegisterRows, places: Places) -> None:
    old = {community.name: community for community in rows.communities}
    named = {entry.name for entry in roster.communities or ()}
    for entry in roster.communities or ():
        before = old.get(entry.name)
        street = _street_of(entry, roster, places, before.street_id if before else None)
        community = ledger.put(Community, before, name=entry.name, street_id=street, caretaker=entry.caretaker)
        places.communities[entry.name] = _key(community)
    for name, community in old.items():
        if name in named:
            continue
        places.left.add(_key(community))
        places.communities[name] = _key(community)
        if len(places.streets) == 1:  # with one street, every community is its
            ledger.put(Community, community, street_id=next(iter(places.streets.values())))
        if roster.whole("communities"):
            ledger.note(f"社区“{name}” 不在这份名册里，原样保留。")


def _street_of(entry: CommunityEntry, roster: Roster, places: Places, before: int | None) -> int | None:
    if entry.street is not None:
        return places.streets[entry.street]
    if len(places.streets) == 1:
        return next(iter(places.streets.values()))
    if roster.streets and not roster.listed_streets:
        return places.streets[roster.streets[0].name]
    return before


def _estates(ledger: Ledger, roster: Roster, rows: registers.RegisterRows, places: Places) -> None:
    old = {estate.name: estate for estate in rows.estates}
    names = {community.id: community.name for community in rows.communities}
    places.estates = {name: _key(estate) for name, estate in old.items()}
    named = {entry.name for _, entry in roster.estates()}
    units = {u.name for u in rows.organisations if u.active} | {o.name for o in roster.organisations or ()}
    for community, entry in roster.estates():
        before = old.get(entry.name) or _renamed(
            ledger, entry, [old[a] for a in entry.aliases if a in old and a not in named], places
        )
        if before and names[before.community_id] != community.name:
            ledger.note(f"小区“{entry.name}” 从“{names[before.community_id]}” 转到“{community.name}”。")
        estate = ledger.put(
            Estate,
            before,
            name=entry.name,
            community_id=places.communities[community.name],
            aliases=entry.aliases,
            kind=entry.kind,
            households=entry.households,
            lat=entry.lat,
            lng=entry.lng,
            property_name=entry.property_name,
            lacks=entry.lacks,
            care=entry.care,
            caretaker=entry.caretaker,
            trial_until=entry.trial_until,
        )
        places.estates[entry.name] = _key(estate)
        company = entry.property_name
        if company is not None and company not in units and (before is None or before.property_name != company):
            where = roster.where((*entry.path, "property"))
            ledger.note(
                f"{where}: 名册和系统里都没有物业公司“{company}”，请看看“{entry.name}” 这一行是不是写错了。"
            )
        _buildings(ledger, entry, _key(estate), [b for b in rows.buildings if b.estate_id == estate.id])


def _renamed(ledger: Ledger, entry: EstateEntry, former: list[Estate], places: Places) -> Estate | None:
    """The estate that this new name stands for: gone from the file, its name an alias here."""
    former = [estate for estate in former if estate.community_id not in places.left]
    if len(former) != 1:
        return None
    before = former[0]
    places.renamed.add(_key(before))
    ledger.note(f"小区“{before.name}” 改名为“{entry.name}”，它的居民和单子都跟着。")
    # Posts that the file leaves alone name their estates, too.
    for post in ledger.tx.list(Post):
        if before.name in post.estates:
            names = [entry.name if name == before.name else name for name in post.estates]
            ledger.tx.update(Post, post.id, estates=names)
    return before


def _buildings(ledger: Ledger, entry: EstateEntry, estate_id: int, rows: list[Building]) -> None:
    old = {building.no: building for building in rows}
    for one in entry.buildings:
        ledger.put(
            Building, old.pop(one.no, None), estate_id=estate_id, no=one.no, units=one.units, floors=one.floors
        )
    ledger.remove(Building, [building.id for building in old.values()])


def drop_estates(ledger: Ledger, roster: Roster, rows: registers.RegisterRows, places: Places) -> None:
    """Delete estates that are gone and that nothing refers to; to be done when all else is as it will be.

    Raises ContentError where one that stays is an alias of another now: what is said must mean one.
    """
    if roster.communities is None:
        return
    named = {entry.name for _, entry in roster.estates()}
    spoken_of = (e for e in rows.estates if e.community_id not in places.left)
    gone = {_key(e): e.name for e in spoken_of if e.name not in named and _key(e) not in places.renamed}
    held = {name for post in ledger.tx.list(Post) for name in post.estates} if gone else set()
    used = registers.estates_in_use(ledger.tx, gone) | {key for key, name in gone.items() if name in held}
    taken = {alias: (*entry.path, "aliases") for _, entry in roster.estates() for alias in entry.aliases}
    if clash := [(taken[gone[key]], gone[key]) for key in sorted(used) if gone[key] in taken]:
        says = "小区“{}” 还有居民、单子或单位连着它，不能当别家的别名：请把它留在名册里"
        raise ContentError([Fault(roster.where(path), says.format(name)) for path, name in clash])
    for key in sorted(used):
        ledger.note(f"小区“{gone[key]}” 不在这份名册里，但还有居民、单子或单位连着它，保留不动。")
    free = gone.keys() - used
    ledger.remove(Building, [b.id for b in rows.buildings if b.estate_id in free])
    ledger.remove(Estate, free)


def take_units(ledger: Ledger, roster: Roster, rows: registers.RegisterRows, places: Places) -> dict[str, int]:
    """Units by name; gives their keys, those that do not stand in the file included."""
    old = {unit.name: unit for unit in rows.organisations}
    lacks = {(estate.name, code) for _, estate in roster.estates() for code in estate.lacks}
    keys = {name: _key(unit) for name, unit in old.items()}
    for entry in roster.organisations or ():
        unit = ledger.put(
            Organisation,
            old.get(entry.name),
            name=entry.name,
            kind=entry.kind,
            party=entry.party,
            estate_id=places.estates[entry.estate] if entry.estate else None,
            seats=entry.seats,
            party_seats=entry.party_seats,
            party_members=entry.party_members,
            reviewed=entry.reviewed,
            active=True,
        )
        keys[entry.name] = _key(unit)
        if (entry.estate, entry.kind) in lacks:
            what = LACKS[entry.kind]
            ledger.note(f"小区“{entry.estate}” 写着还没有{what}，单位里却有“{entry.name}”：按有算。")
    return keys


def retire_units(ledger: Ledger, roster: Roster, rows: registers.RegisterRows, places: Places) -> None:
    """Put units out of use that are gone and that nothing needs; to be done after everything else."""
    if not roster.whole("organisations"):
        return
    named = {entry.name for entry in roster.organisations or ()}
    gone = {_key(u): u for u in rows.organisations if u.active and u.name not in named}
    if not gone:
        return
    now = registers.read_all(ledger.tx)
    orders = registers.open_orders(ledger.tx, gone)
    of_estates = {name for estate in now.estates for name in (estate.property_name, estate.caretaker)}
    of_estates |= {community.caretaker for community in now.communities}
    of_rows = {row.unit_id for row in now.responsibilities}
    of_left = {e.id for e in now.estates if e.community_id in places.left}
    for key, unit in gone.items():
        if key in orders:
            ledger.note(f"单位“{unit.name}” 不在这份名册里，但还有 {orders[key]} 件在办：先改派，再导入一次。")
        elif unit.name in of_estates or key in of_rows or unit.estate_id in of_left:
            ledger.note(f"单位“{unit.name}” 不在这份名册里，但还有小区或责任清单写着它，保留不动。")
        else:
            ledger.retire(Organisation, unit, estate_id=None)
            ledger.remove(Post, [post.id for post in now.posts if post.organisation_id == key])


def _key(row: Any) -> int:
    return cast("int", row.id)
