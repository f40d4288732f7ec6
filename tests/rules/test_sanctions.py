"""Months are counted by the calendar, to either side."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.rules.sanctions import months_from


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 11, 25), 12, date(2027, 11, 25)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
    ],
)
def test_the_same_day_of_another_month(day, months, found):
    """The last day of a month that is shorter."""
    assert months_from(day, months) == found


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(-60, 60))
def test_it_is_so_many_months_away(day, months):
    """Always in the month that was asked for, on the same day or the last one."""
    found = months_from(day, months)
    assert (found.year - day.year) * 12 + found.month - day.month == months
    assert found.day <= day.day
    assert found.day == day.day or (found + timedelta(days=1)).month != found.month
