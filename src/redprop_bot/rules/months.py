"""Months: the one before, the one after, all from one day to another. Pure; days or moments, as they are given."""

from datetime import date, timedelta
from typing import TypeVar

D = TypeVar("D", bound=date)


def before(day: D) -> D:
    """The first of the month before a day's."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def after(day: D) -> D:
    """The first of the month after a day's."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def keys(first: date, last: date) -> list[str]:
    """The months from one day to another, both included, such as 2026-11."""
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(f"{month:%Y-%m}")
        month = after(month)
    return found
