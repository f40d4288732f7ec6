"""Positions in degrees: how far apart two are, and from the world's datum to that of Chinese maps. Pure.

Phones note in a picture what the satellites say (WGS-84). Maps in China, the platforms' among them, and so the
positions in rosters, are shifted against that by some hundred metres (GCJ-02); the shift is a published formula.
"""

from math import asin, cos, floor, pi, radians, sin, sqrt
from typing import Final

Position = tuple[float, float]
"""Latitude and longitude in degrees."""

CELL: Final = 0.01
"""The side of a square of the map in degrees: about a kilometre."""

_AXIS: Final = 6378245.0  # metres; the ellipsoid of Krasovsky
_OBLATE: Final = 0.00669342162296594323
_EAST, _NORTH = (72.004, 137.8347), (0.8293, 55.8271)  # where the shift is applied


def km(one: Position, other: Position) -> float:
    """Great-circle distance in kilometres."""
    a1, b1, a2, b2 = map(radians, (*one, *other))
    h = sin((a2 - a1) / 2) ** 2 + cos(a1) * cos(a2) * sin((b2 - b1) / 2) ** 2
    return 2 * 6371 * asin(sqrt(h))


def cell(here: Position) -> str:
    """The square of the map that a position lies in."""
    return f"{floor(here[0] / CELL)}:{floor(here[1] / CELL)}"


def cells(here: Position, within_km: float) -> list[str]:
    """All squares that somebody within so many kilometres may be in, that of the position first."""
    lat, lng = floor(here[0] / CELL), floor(here[1] / CELL)
    north = int(within_km / (CELL * 111)) + 1
    east = int(within_km / (CELL * 111 * max(cos(radians(here[0])), 0.05))) + 1
    found = [(y, x) for y in range(-north, north + 1) for x in range(-east, east + 1)]
    found.sort(key=lambda step: abs(step[0]) + abs(step[1]))
    return [f"{lat + y}:{lng + x}" for y, x in found]


def on_the_map(satellites: Position) -> Position:
    """Where a position of the satellites lies on a Chinese map; elsewhere in the world nothing is shifted."""
    lat, lng = satellites
    if not (_NORTH[0] <= lat <= _NORTH[1] and _EAST[0] <= lng <= _EAST[1]):
        return satellites
    north, east = _shift(lng - 105.0, lat - 35.0)
    magic = 1 - _OBLATE * sin(radians(lat)) ** 2
    north = north * 180 / (_AXIS * (1 - _OBLATE) / (magic * sqrt(magic)) * pi)
    east = east * 180 / (_AXIS / sqrt(magic) * cos(radians(lat)) * pi)
    return lat + north, lng + east


def _shift(x: float, y: float) -> tuple[float, float]:
    """To the north and to the east, in metres."""
    both = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + both
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + both
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    return north, east
