"""The responsibility list (责任清单) of a roster.

A row has no name. It is the same row as one of the register when it agrees in most of what it says: first in
everything that finds it, then with another unit for the same matter, then with other words for the same unit. So a
change is a new version of a row that demands have cited, not a new row.
"""

from collections.abc import Callable
from typing import Any, cast

from redprop_bot.registry.import_places import Places
from redprop_bot.registry.ledger import Ledger
from redprop_bot.registry.roster import Roster
from redprop_bot.store import registers
from redprop_bot.store.tables import Responsibility

Values = dict[str, Any]


def take_responsibilities(
    ledger: Ledger, roster: Roster, rows: registers.RegisterRows, places: Places, units: dict[str, int]
) -> None:
    """Rows of the file; what is not in it is retired, except for estates that the file leaves alone."""
    if roster.responsibilities is None:
        return
    left = {estate.id for estate in rows.estates if estate.community_id in places.left}
    moved = {places.estates[entry.name] for _, entry in roster.estates()}  # may come out of such a community
    left_alone = left - moved if roster.whole("communities") else set()
    wanted: list[Values] = [
        {
            "category": entry.category,
            "estate_id": places.estates[entry.estate] if entry.estate else None,
            "unit_id": units[entry.unit],
            "match": list(entry.match),
            "respond_hours": entry.respond_hours,
            "resolve_hours": entry.resolve_hours,
            "active": True,
        }
        for entry in roster.responsibilities
    ]
    retired = registers.retired_responsibilities(ledger.tx)
    paired = _pair(wanted, rows.responsibilities, retired)
    for n, values in enumerate(wanted):
        ledger.put(Responsibility, paired.get(n), **values)
    kept = {row.id for row in paired.values()}
    gone = [r for r in rows.responsibilities if r.id not in kept and r.estate_id not in left_alone]
    _retire(ledger, gone)
    _shadowed(ledger, roster)


_SAME: tuple[Callable[[Values], Any], ...] = (
    lambda row: (row["category"], row["estate_id"], row["unit_id"], *sorted(row["match"])),
    lambda row: (row["category"], row["estate_id"], *sorted(row["match"])),
    lambda row: (row["category"], row["estate_id"], row["unit_id"]),
)


def _pair(
    wanted: list[Values], active: list[Responsibility], retired: list[Responsibility]
) -> dict[int, Responsibility]:
    """The row of the register for each wanted one, by position."""
    found: dict[int, Responsibility] = {}
    for rows, sameness in ((active, _SAME), (retired, _SAME[:1])):
        for same in sameness:
            taken = {row.id for row in found.values()}
            free: dict[Any, list[Responsibility]] = {}
            for row in rows:
                if row.id not in taken:
                    free.setdefault(same(_values(row)), []).append(row)
            for n, values in enumerate(wanted):
                if n not in found and (fitting := free.get(same(values))):
                    found[n] = fitting.pop(0)
    return found


def _values(row: Responsibility) -> Values:
    return {name: getattr(row, name) for name in ("category", "estate_id", "unit_id", "match")}


def _retire(ledger: Ledger, rows: list[Responsibility]) -> None:
    """Rows that a demand was dispatched by stay as history; others leave nothing behind."""
    cited = registers.cited_responsibilities(ledger.tx, [cast("int", row.id) for row in rows])
    for row in rows:
        if row.id in cited:
            ledger.retire(Responsibility, row)
    ledger.remove(Responsibility, [row.id for row in rows if row.id not in cited])


def _shadowed(ledger: Ledger, roster: Roster) -> None:
    """Of two rows for the same matter at the same place only the older one is ever found."""
    first: dict[Any, str] = {}
    for entry in roster.responsibilities or ():
        key = (entry.category, entry.estate, *sorted(entry.match))
        unit = first.setdefault(key, entry.unit)
        if unit != entry.unit:
            category = ledger.tx.content.labels.category.get(entry.category, entry.category)
            ledger.note(
                f"责任清单里 {category}（{entry.estate or '各小区'}）写了“{unit}” 和“{entry.unit}”："
                "只会派给前一个，请用关键词分开。"
            )
