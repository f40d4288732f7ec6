"""Figures of a period, rolled up by day and month: read in the same time however many demands are stored.

How they are kept stands in `counting`. Whoever reads adds what still waits there, so that no figure is behind.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from redprop_bot.rules import tallies
from redprop_bot.rules.figures import Counts
from redprop_bot.rules.tallies import Cell
from redprop_bot.store import counting
from redprop_bot.store.sifting import Scope
from redprop_bot.store.tables import Figure
from redprop_bot.store.tx import Tx, table_of

_f = table_of(Figure)
_SUMS = [func.sum(_f.c[name]).label(name) for name in counting.COUNTS]

Span = tuple[str, str, str]
"""Grain, first day, and the day behind the last."""
Place = tuple[int | None, int | None]
"""Community and unit of an order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures: the places (see `rules.tallies`), and from `begin` to before `end` as local days."""

    places: Sequence[str]
    begin: date
    end: date

    @property
    def spans(self) -> list[Span]:
        """The period in whole months and days."""
        return tallies.spans(self.begin, self.end)


def places(scope: Scope) -> list[str]:
    """The places whose figures together are those of a scope: a unit's are without what is kept from it."""
    communities = [None] if scope.communities is None else scope.communities
    return [tallies.place(community, unit_id=scope.handler_id) for community in communities]


def total(tx: Tx, asked: Asked) -> Counts:
    """The counts of the places together."""
    return sum(by_place(tx, asked).values(), Counts())


def by_place(tx: Tx, asked: Asked) -> dict[str, Counts]:
    """The counts of each of the places; one without any is left out."""
    return _read(tx, asked.places, asked.spans, "place", tallies.ALL)


def by_name(tx: Tx, asked: Asked, face: str) -> dict[str, Counts]:
    """The counts of the places together by category (`BY_CATEGORY`) or building (`BY_BUILDING`)."""
    return _read(tx, asked.places, asked.spans, "name", face)


def by_day(tx: Tx, asked: Asked, grain: str) -> dict[str, Counts]:
    """The counts of the places together by day, or by the first days of months."""
    return _read(tx, asked.places, [(grain, asked.begin.isoformat(), asked.end.isoformat())], "day", tallies.ALL)


def by_community_and_unit(tx: Tx, begin: date, end: date) -> dict[Place, Counts]:
    """All there are in a period, by community and unit; what waits is added however much it is."""
    both = _Which([_f.c.place.like("c%u%")], _is_both)
    found = _summed(tx, both, tallies.spans(begin, end), "place", exact=True)
    keys = {place: place[1:].split("u") for place in found}
    return {(int(keys[p][0]) or None, int(keys[p][1]) or None): counts for p, counts in found.items()}


def _is_both(place: str) -> bool:
    return place.startswith("c") and "u" in place


@dataclass(frozen=True, slots=True)
class _Which:
    """Places, as a condition and as a question about one, and the face."""

    where: Sequence[Any]
    has: Callable[[str], bool]
    face: str = tallies.ALL


def _read(tx: Tx, places: Sequence[str], spans: Sequence[Span], by: str, face: str) -> dict[str, Counts]:
    if not places:
        return {}
    which = _Which([_f.c.place.in_(sorted(places))], set(places).__contains__, face)
    return _summed(tx, which, spans, by)


def _summed(tx: Tx, which: _Which, spans: Sequence[Span], by: str, *, exact: bool = False) -> dict[str, Counts]:
    """Sums by one column of the figures, with what waits."""
    found: dict[str, Counts] = {}
    for grain, first, behind in spans:
        inside = (_f.c.face == which.face, _f.c.grain == grain, _f.c.day >= first, _f.c.day < behind)
        for row in tx.rows(select(_f.c[by], *_SUMS).where(*which.where, *inside).group_by(_f.c[by])):
            counts = Counts(**{name: int(getattr(row, name) or 0) for name in counting.COUNTS})
            found[row[0]] = found.get(row[0], Counts()) + counts
    for cell, change in counting.waiting_change(tx, exact=exact).items():
        if cell.face == which.face and which.has(cell.place) and _in(cell, spans):
            key = getattr(cell, by)
            found[key] = found.get(key, Counts()) + Counts(**change)
    return {key: counts for key, counts in found.items() if not counts.nothing}


def _in(cell: Cell, spans: Sequence[Span]) -> bool:
    return any(cell.grain == grain and first <= cell.day < behind for grain, first, behind in spans)
