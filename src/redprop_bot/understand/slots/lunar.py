"""The first day of the lunar year, as far as people make appointments by it (初八开工)."""

from datetime import date

_FIRST = {
    2024: (2, 10),
    2025: (1, 29),
    2026: (2, 17),
    2027: (2, 6),
    2028: (1, 26),
    2029: (2, 13),
    2030: (2, 3),
    2031: (1, 23),
    2032: (2, 11),
    2033: (1, 31),
    2034: (2, 19),
    2035: (2, 8),
}


def spring_festival(year: int) -> date | None:
    """Lunar new year's day, or None outside the table."""
    found = _FIRST.get(year)
    return date(year, *found) if found else None
