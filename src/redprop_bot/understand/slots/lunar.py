"""Days around the lunar new year, as far as people make appointments by them: 腊月二十三, 初八, 正月十五."""

from datetime import date, timedelta

# The first day of the year, and how many days the month before it, 腊月, has.
_FIRST = {
    2024: (2, 10, 30),
    2025: (1, 29, 29),
    2026: (2, 17, 29),
    2027: (2, 6, 29),
    2028: (1, 26, 29),
    2029: (2, 13, 29),
    2030: (2, 3, 30),
    2031: (1, 23, 29),
    2032: (2, 11, 29),
    2033: (1, 31, 30),
    2034: (2, 19, 30),
    2035: (2, 8, 30),
}
_OVER = 60  # days behind new year's day from which the next one is meant


def day_of(number: int, today: date, *, last_month: bool = False) -> date | None:
    """Day `number` of the first month, or of the last month before it; None outside the table."""
    year = next((y for y in (today.year, today.year + 1) if (today - _first(y)).days <= _OVER), None)
    if year is None or year not in _FIRST:
        return None
    length = _FIRST[year][2]
    if not 1 <= number <= (length if last_month else 30):
        return None
    return _first(year) + timedelta(days=number - 1 - (length if last_month else 0))


def _first(year: int) -> date:
    month, day, _ = _FIRST.get(year, (1, 31, 0))
    return date(year, month, day)
