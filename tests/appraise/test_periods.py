"""Periods: what a month, a quarter and any days are, and what stands beside them."""

from datetime import date

import pytest

from redprop_bot.appraise import periods
from redprop_bot.errors import Invalid

TODAY = date(2026, 11, 25)


def days(period: periods.Period) -> tuple[str, str]:
    """First and last day."""
    return period.begin.isoformat(), period.last.isoformat()


def test_a_month_that_runs_ends_today_and_is_held_against_as_many_days() -> None:
    """Twenty-five days of November against twenty-five of October and of November a year ago."""
    november = periods.asked("", "", "", TODAY)
    assert (november.title, november.key, november.running, november.after) == ("2026年11月", "2026-11", True, "")
    assert days(november) == ("2026-11-01", "2026-11-25")
    assert days(november.before) == ("2026-10-01", "2026-10-25")
    assert days(november.last_year) == ("2025-11-01", "2025-11-25")


def test_a_month_that_is_over_is_held_against_whole_months() -> None:
    """February against all of January."""
    february = periods.asked("2026-02", "", "", TODAY)
    assert days(february) == ("2026-02-01", "2026-02-28")
    assert days(february.before) == ("2026-01-01", "2026-01-31")
    assert days(february.last_year) == ("2025-02-01", "2025-02-28")
    assert february.after == "2026-03"


def test_a_running_month_longer_than_the_last_stays_within_it() -> None:
    """On the thirty-first of March the whole of February stands beside it, and no day of March."""
    march = periods.asked("2026-03", "", "", date(2026, 3, 31))
    assert days(march.before)[0] == "2026-02-01"
    assert march.before.end <= date(2026, 3, 1)
    last_day = periods.asked("2026-03", "", "", date(2026, 3, 30))
    assert days(last_day.before) == ("2026-02-01", "2026-02-27")


def test_quarters_and_any_days() -> None:
    """A quarter goes back by three months; any days by as many days."""
    autumn = periods.asked("2026-Q3", "", "", TODAY)
    assert (autumn.title, days(autumn)) == ("2026年三季度", ("2026-07-01", "2026-09-30"))
    assert days(autumn.before) == ("2026-04-01", "2026-06-30")
    assert periods.asked("2025-Q4", "", "", TODAY).after == "2026-Q1"
    week = periods.asked("", "2026-11-09", "2026-11-15", TODAY)
    assert (week.title, week.key) == ("2026年11月9日到11月15日", "")
    assert days(week.before) == ("2026-11-02", "2026-11-08")
    assert days(week.last_year) == ("2025-11-09", "2025-11-15")
    assert periods.asked("", "2026-11-09", "", TODAY).title == "2026年11月9日"


def test_years_and_what_is_over() -> None:
    """A year is twelve months or four quarters; the last one over ended before today."""
    year = periods.asked("2025", "", "", TODAY)
    assert (year.title, year.key, year.kind, days(year)) == (
        "2025年",
        "2025",
        "year",
        ("2025-01-01", "2025-12-31"),
    )
    assert periods.asked("2026", "", "", TODAY).running
    assert [one.key for one in periods.within(year, 3)] == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    assert len(periods.within(year, 1)) == 12
    assert [periods.ended(TODAY, months).key for months in (1, 3, 12)] == ["2026-10", "2026-Q3", "2025"]
    assert [periods.ended(date(2027, 1, 1), months).key for months in (1, 3, 12)] == ["2026-12", "2026-Q4", "2026"]
    assert not periods.ended_by_key("2026-12").running


@pytest.mark.parametrize(
    ("key", "begin", "end"),
    [
        ("2026-13", "", ""),
        ("2026-Q5", "", ""),
        ("１月", "", ""),
        ("", "2026-11-09", "2026-11-01"),
        ("", "2020-01-01", "2026-01-01"),
        ("", "x", "2026-11-01"),
        ("", "9999-12-31", "9999-12-31"),
    ],
)
def test_what_is_no_period_is_refused(key: str, begin: str, end: str) -> None:
    """The wrong way round, too long, or no day at all."""
    with pytest.raises(Invalid):
        periods.asked(key, begin, end, TODAY)
