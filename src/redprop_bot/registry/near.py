"""What is near: the estate a position belongs to, the estates around one.

Where a position comes from, and who may know it, is decided elsewhere.
"""

from collections.abc import Iterable

from redprop_bot.registry.register import Register
from redprop_bot.rules import positions
from redprop_bot.rules.positions import Position
from redprop_bot.store.tables import Estate


def nearest(register: Register, here: Position, within_km: float) -> Estate | None:
    """The nearest estate whose position is known; None when even that is further away."""
    known = [(e.lat, e.lng, e) for e in register.estates.values() if e.lat is not None and e.lng is not None]
    measured = [(positions.km(here, (lat, lng)), e) for lat, lng, e in known]
    far, estate = min(measured, key=lambda pair: pair[0], default=(within_km + 1, None))
    return estate if far <= within_km else None


def position(estate: Estate | None) -> Position | None:
    """Where an estate is, if somebody has said it."""
    if estate is None or estate.lat is None or estate.lng is None:
        return None
    return estate.lat, estate.lng


def around(
    register: Register, estate: Estate, within_km: float, *, most: int
) -> list[tuple[Estate, float | None]]:
    """Other estates with their distance, the nearest first; without a position those of the same community."""
    here = position(estate)
    if here is None:
        same = (e for e in register.estates.values() if e.community_id == estate.community_id)
        unmeasured: list[tuple[Estate, float | None]] = [(e, None) for e in same if e.id != estate.id]
        return unmeasured[:most]
    others = (e for key in positions.cells(here, within_km) for e in register.estates_in.get(key, ()))
    return _within(here, (e for e in others if e.id != estate.id), within_km)[:most]


def _within(here: Position, estates: Iterable[Estate], within_km: float) -> list[tuple[Estate, float | None]]:
    measured = [(positions.km(here, there), e) for e in estates if (there := position(e)) is not None]
    return [(e, far) for far, e in sorted(measured, key=lambda pair: pair[0]) if far <= within_km]
