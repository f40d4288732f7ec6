"""The flat sheets of a workbook put into each other, as the sections of the YAML form are.

A sheet without content says nothing: what hangs on its entries finds them in the register (`standing`), and what
the register holds of an entry in another empty sheet stays with it. So a file with only people moves only the
people of the owners that it names.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

from redprop_bot.registry.checking import SECTIONS
from redprop_bot.registry.fields import BROKEN, LEFT
from redprop_bot.registry.sheets import SHEETS, Sheet, qualified

_OWNERS: Final = ("street", "communities", "organisations")
_SHEETS: Final = {one.key: one for one in SHEETS}


class Row(dict[str, Any]):
    """The cells of a row by column key, and where it stands; number 0 is one that stands in the register."""

    def __init__(self, table: "Table", number: int) -> None:
        super().__init__()
        self.table, self.number = table, number


@dataclass
class Table:
    """A sheet as it was found: the letters of its columns by key, its rows."""

    sheet: Sheet
    title: str
    letters: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def place(self, row: Row, key: str) -> str:
        """Where a cell is."""
        column = next(c for c in self.sheet.columns if c.key == key)
        return f"「{self.title}」第 {row.number} 行 {self.letters.get(key, '?')} 列（{column.title}）"


Telling = Callable[[tuple[str, ...], str, str], None]
"""Takes a fault: its path, its place, what it is."""


class Nesting:
    """The tables of one workbook put into each other; `standing` are the sections that the register would export.

    `partial` are the sections of owners that have no sheet of their own: what they do not name is not gone.
    """

    def __init__(self, tables: Mapping[str, Table], tell: Telling, standing: Mapping[str, Any]) -> None:
        self._tables, self._tell = tables, tell
        self._standing = {key: {one["name"]: one for one in found} for key, found in _flat(standing).items()}
        self._stubs = {
            key: [_stub(key, one) for one in found.values()]
            for key, found in self._standing.items()
            if not self._rows(key)
        }
        self.partial = frozenset(key for key in _OWNERS if key in self._stubs)

    def sections(self) -> dict[str, Any]:
        """The same nesting as in YAML; entries whose owner is not there are still read, for their other faults."""
        owners = [row for key in _OWNERS for row in self._entries(key)]
        loose_buildings = self._hang("buildings", "estate", self._entries("estates"))
        loose_estates = self._hang("estates", "community", self._entries("communities"))
        loose_staff = self._hang("staff", "owner", owners)
        spoken_of = self._spoken_of()
        self._keep_estates()
        self._keep_staff(owners)
        raw: dict[str, Any] = {key: self._rows(key) for key in ("members", "responsibilities")}
        raw |= {key: [row for row in self._entries(key) if row.number or id(row) in spoken_of] for key in _OWNERS}
        raw = {key: raw[key] for key in SECTIONS if raw[key]}
        if loose_buildings:
            loose_estates.append({"name": BROKEN, "buildings": loose_buildings})
        if loose_estates:
            raw.setdefault("communities", []).append({"name": BROKEN, "estates": loose_estates})
        if loose_staff:
            for one in loose_staff:
                one.pop("duty", None)  # which duties there are depends on the owner
            raw.setdefault("organisations", []).append({"name": BROKEN, "kind": BROKEN, "staff": loose_staff})
        streets = raw.get("street", [])
        only = len(streets) == 1 and "street" not in self.partial
        if only and not any("street" in community for community in raw.get("communities", [])):
            raw["street"] = streets[0]
        return raw

    def _rows(self, key: str) -> list[Row]:
        table = self._tables.get(key)
        return table.rows if table else []

    def _entries(self, key: str) -> list[Row]:
        """The rows of a sheet, or what the register holds where it has none."""
        return self._rows(key) or self._stubs.get(key, [])

    def _hang(self, key: str, link: str, owners: list[Row]) -> list[Any]:
        """Put the rows of a sheet under the entries they name; gives those whose name fits none, or two."""
        by_name: dict[str, list[Row]] = {}
        for owner in owners:
            name = said(owner.get("name"))
            by_name.setdefault(name, []).append(owner)
            by_name.setdefault(qualified(name, owner.table.sheet), []).append(owner)
        loose = []
        for row in self._rows(key):
            value = row.pop(link, None)
            fitting = by_name.get(said(value), []) if value is not None else []
            if len(fitting) == 1 or (fitting and _twice(fitting)):
                fitting[0].setdefault(key, []).append(row)
                continue
            loose.append(row)
            if value is not BROKEN:
                what = (
                    "没有填"
                    if value is None
                    else f"有几个叫“{value}” 的，请写成 {_ways(fitting)}"
                    if fitting
                    else f"没有叫“{value}” 的"
                )
                table = self._tables[key]
                self._tell((table.title, str(row.number), link), table.place(row, link), what)
        return loose

    # -- what the register holds

    def _spoken_of(self) -> set[int]:
        """The entries of the register that the file says something about."""
        homes = {one["name"] for one in self._stubs.get("estates", []) if "buildings" in one}
        found = set()
        for row in (row for key in _OWNERS for row in self._stubs.get(key, [])):
            own = self._held(row).get("estates", []) if row.table.sheet.key == "communities" else []
            if "staff" in row or "estates" in row or any(estate["name"] in homes for estate in own):
                found.add(id(row))
        return found

    def _keep_estates(self) -> None:
        """Estates and buildings whose sheet is empty stay as they are."""
        hung = {one["name"]: one["buildings"] for one in self._stubs.get("estates", []) if "buildings" in one}
        for estate in self._rows("estates") if not self._rows("buildings") else ():
            self._keep(estate, "buildings")
        for community in self._entries("communities"):
            if not self._rows("estates") or (not community.number and "estates" not in community):
                self._keep(community, "estates")
                for estate in community.get("estates", ()) if not self._rows("estates") else ():
                    estate["buildings"] = hung.get(estate["name"], estate.get("buildings", []))

    def _keep_staff(self, owners: list[Row]) -> None:
        """Staff of whom the file does not speak."""
        for owner in owners:
            if not self._rows("staff") or (not owner.number and "staff" not in owner):
                owner["staff"] = LEFT

    def _keep(self, row: Row, key: str) -> None:
        if found := self._held(row).get(key):
            row[key] = deepcopy(found)

    def _held(self, row: Row) -> Mapping[str, Any]:
        """What the register holds of the entry with this name."""
        found: Mapping[str, Any] = self._standing.get(row.table.sheet.key, {}).get(said(row.get("name")), {})
        return found


def said(value: Any) -> str:
    """A cell as a name."""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


def _flat(standing: Mapping[str, Any]) -> dict[str, list[Any]]:
    street, communities = standing.get("street") or [], standing.get("communities") or []
    return {
        "street": street if isinstance(street, list) else [street],
        "communities": communities,
        "organisations": standing.get("organisations") or [],
        "estates": [estate for community in communities for estate in community.get("estates", ())],
    }


def _stub(key: str, one: Mapping[str, Any]) -> Row:
    row = Row(Table(_SHEETS[key], _SHEETS[key].title), 0)
    row |= {name: value for name, value in one.items() if name not in ("staff", "estates", "buildings")}
    return row


def _twice(owners: list[Row]) -> bool:
    """Whether these are one unit that was written several times, which is a fault of its own."""
    return all(owner.table.sheet.key == "organisations" for owner in owners)


def _ways(owners: list[Row]) -> str:
    return " 或 ".join(dict.fromkeys(qualified(said(o.get("name")), o.table.sheet) for o in owners))
