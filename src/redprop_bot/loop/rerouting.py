"""What another responsibility list would do to real matters: who would have got what, had it been in force."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from redprop_bot.rules import matching
from redprop_bot.rules.matching import Row
from redprop_bot.store.tables import Demand


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list that is not in force (yet)."""

    id: int | None
    category: str
    estate_id: int | None
    unit_id: int
    match: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A demand that would go elsewhere; a unit of None is nobody, so that the secretary decides."""

    demand: Demand
    before: int | None
    after: int | None


def moved(
    demands: Iterable[Demand],
    before: Sequence[Row],
    after: Sequence[Row],
    *,
    otherwise: Callable[[Demand], int | None] = lambda _: None,
) -> list[Moved]:
    """The demands whose unit the two lists name differently, in their order.

    `otherwise` names who takes what no row answers, where somebody does.
    """
    found = []
    for demand in demands:
        old, new = (_unit(rows, demand) or otherwise(demand) for rows in (before, after))
        if old != new:
            found.append(Moved(demand, old, new))
    return found


def _unit(rows: Sequence[Row], demand: Demand) -> int | None:
    if demand.category is None:
        return None
    row = matching.choose(rows, category=demand.category, estate_id=demand.estate_id, text=demand.text)
    unit_id = getattr(row, "unit_id", None)
    return int(unit_id) if unit_id is not None else None
