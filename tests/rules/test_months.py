"""Months before, after and between, over ends of months, leap days and years."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.rules import months

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(DAYS)
def test_before_and_after_are_the_months_beside(day: date) -> None:
    """Both are firsts; the day lies between the one and the other; there and back is its own month."""
    one, other = months.before(day), months.after(day)
    assert (one.day, other.day) == (1, 1)
    assert one < day.replace(day=1) <= day < other
    assert months.before(other) == months.after(one) == day.replace(day=1)
    assert (other - timedelta(days=1)).month == day.month


@pytest.mark.parametrize(
    ("first", "last", "keys"),
    [
        (date(2026, 11, 30), date(2026, 11, 30), ["2026-11"]),
        (date(2026, 10, 1), date(2026, 12, 31), ["2026-10", "2026-11", "2026-12"]),
        (date(2026, 12, 31), date(2027, 1, 1), ["2026-12", "2027-01"]),
        (date(2027, 1, 31), date(2027, 3, 1), ["2027-01", "2027-02", "2027-03"]),
        (date(2027, 2, 1), date(2027, 1, 31), []),
    ],
)
def test_keys_name_every_month_once(first: date, last: date, keys: list[str]) -> None:
    """Also where no day of the first month is left, and where a month is short."""
    assert months.keys(first, last) == keys


def test_a_moment_stays_a_moment() -> None:
    """Hour and zone are kept."""
    assert months.after(datetime(2026, 12, 5, 8, tzinfo=UTC)) == datetime(2027, 1, 1, 8, tzinfo=UTC)
