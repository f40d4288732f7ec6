"""Which estate a position belongs to. Where the position comes from, and who may know it, is decided elsewhere."""

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
