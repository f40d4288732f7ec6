"""The work calendar: what holds for every moment, and what a Chinese community sees on known days."""

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.errors import ConfigError
from redprop_bot.rules.workdays import (
    WorkCalendar,
    chinese_workday,
    known_until,
    work_calendar,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
DATA = Path(__file__).parents[2] / "data"


def weekdays(day: date) -> bool:
    return day.weekday() < 5


CALENDARS = [
    work_calendar(SHANGHAI),
    WorkCalendar(SHANGHAI, ((time(0), time(6)), (time(22), time(0))), weekdays),
    WorkCalendar(SHANGHAI, ((time(0), time(0)),), lambda _: True),
    # Clocks that go forward and back inside a shift, by an hour and by half an hour.
    WorkCalendar(ZoneInfo("America/New_York"), ((time(1), time(2, 45)), (time(3), time(9))), lambda _: True),
    WorkCalendar(ZoneInfo("Australia/Lord_Howe"), ((time(1, 30), time(4)),), lambda _: True),
    work_calendar(SHANGHAI, ((time(0), time(6)), (time(8), time(20)), (time(22), time(0))), daily=True),
]
calendars = st.sampled_from(CALENDARS)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.timedeltas(timedelta(), timedelta(hours=200))


def at(text: str) -> datetime:
    """A local moment such as `2026-09-30 17:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def said(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


@pytest.fixture
def calendar() -> WorkCalendar:
    return work_calendar(SHANGHAI)


# -- for every moment


@given(calendars, moments, spans)
def test_nothing_lands_in_a_closed_hour(calendar, moment, span):
    assert calendar.is_open(calendar.add(moment, span))
    assert calendar.is_open(calendar.subtract(moment, span))


@given(calendars, moments, spans)
def test_what_was_added_lies_between(calendar, moment, span):
    assert calendar.between(moment, calendar.add(moment, span)) == span
    assert calendar.between(calendar.subtract(moment, span), moment) == span


@given(calendars, moments, spans)
def test_adding_and_subtracting_is_neutral_up_to_the_boundary_of_a_shift(calendar, moment, span):
    """Close and next opening are the same working moment: nothing but closed time lies between them."""
    start = calendar.next_open(moment)
    back = calendar.subtract(calendar.add(start, span), span)
    assert back == start or (calendar.is_open(back) and calendar.between(back, start) == timedelta())
    there = calendar.add(calendar.subtract(start, span), span)
    assert there == start or (calendar.is_open(there) and calendar.between(there, start) == timedelta())


@given(calendars, moments, moments, spans, spans)
def test_later_starts_and_longer_terms_never_end_earlier(calendar, one, two, short, long):
    early, late = sorted((one, two))
    short, long = sorted((short, long))
    assert calendar.add(early, short) <= calendar.add(late, long)
    assert calendar.subtract(early, long) <= calendar.subtract(late, short)


@given(calendars, moments, spans, spans)
def test_two_terms_in_a_row_are_their_sum(calendar, moment, one, two):
    assert calendar.add(calendar.add(moment, one), two) == calendar.add(moment, one + two)


@given(calendars, moments, moments, moments)
def test_working_time_adds_up_and_changes_sign(calendar, a, b, c):
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)
    assert calendar.between(a, b) == -calendar.between(b, a)
    assert timedelta() <= calendar.between(min(a, b), max(a, b)) <= max(a, b) - min(a, b)


@given(calendars, moments)
def test_the_next_opening_is_the_moment_itself_or_after_closed_time_only(calendar, moment):
    opening = calendar.next_open(moment)
    assert (opening == moment) is calendar.is_open(moment)
    assert opening >= moment
    assert calendar.between(moment, opening) == timedelta()
    assert opening.tzinfo is UTC


# -- known days


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-04 09:00", 2, "2026-03-04 11:00"),
        ("2026-03-04 11:00", 2, "2026-03-04 14:30"),  # lunch is closed
        ("2026-03-04 12:30", 1, "2026-03-04 14:30"),  # from lunch it counts from 13:30
        ("2026-03-04 12:30", 0, "2026-03-04 13:30"),
        ("2026-03-04 12:00", 0, "2026-03-04 12:00"),  # the last instant of a shift is open
        ("2026-03-04 08:30", 3.5, "2026-03-04 12:00"),  # and a term may end on it
        ("2026-03-04 17:00", 2, "2026-03-05 09:30"),  # overnight
        ("2026-03-06 17:30", 1, "2026-03-09 09:00"),  # over a weekend
        ("2026-03-07 10:00", 0, "2026-03-09 08:30"),
        ("2026-09-30 17:00", 2, "2026-10-08 09:30"),  # National Day 1–7 October
        ("2026-10-09 17:00", 2, "2026-10-10 09:30"),  # Saturday 10 October is worked
        ("2026-02-13 17:00", 2, "2026-02-14 09:30"),  # so is Saturday 14 February
        ("2026-02-14 17:00", 2, "2026-02-24 09:30"),  # before Spring Festival 15–23 February
    ],
)
def test_terms_in_hours(calendar, start, hours, end):
    assert said(calendar.add(at(start), hours)) == end


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-04 10:00", 1, "2026-03-05 10:00"),
        ("2026-03-08 10:00", 1, "2026-03-09 18:00"),  # said on Sunday: all of Monday
        ("2026-03-08 10:00", 5, "2026-03-13 18:00"),
        ("2026-09-29 10:00", 5, "2026-10-12 10:00"),  # 30, then 8, 9, 10 (Saturday), 12 October
        ("2026-02-12 10:00", 5, "2026-02-26 10:00"),  # 13, 14 (Saturday), then 24, 25, 26 February
        ("2026-03-04 10:00", 0.5, "2026-03-04 15:30"),
    ],
)
def test_terms_in_working_days(calendar, start, days, end):
    assert said(calendar.add_days(at(start), days)) == end


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-04 14:30", 2, "2026-03-04 11:00"),
        ("2026-03-04 10:30", 2, "2026-03-04 08:30"),  # the first instant of a shift is open too
        ("2026-03-04 13:30", 0, "2026-03-04 13:30"),
        ("2026-03-09 09:00", 1, "2026-03-06 17:30"),
        ("2026-03-08 10:00", 0, "2026-03-06 18:00"),
        ("2026-10-08 09:30", 2, "2026-09-30 17:00"),
    ],
)
def test_subtracting_counts_back_over_closed_time(calendar, start, hours, end):
    assert said(calendar.subtract(at(start), hours)) == end


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # make-up Saturday
        ("2026-02-14", True),  # make-up Saturday
        ("2026-02-28", True),  # make-up Saturday
        ("2026-02-17", False),
        ("2026-03-07", False),
        ("2003-10-01", True),  # before the first published year: weekdays
    ],
)
def test_chinese_working_days(day, works):
    assert chinese_workday(date.fromisoformat(day)) is works


def test_beyond_the_published_years_only_weekends_are_free():
    """Ten years on, the week before and after National Day are weeks like any other."""
    year = known_until().year + 10
    assert known_until() >= date(2026, 12, 31)
    days = [date(year, 9, 25) + timedelta(days=n) for n in range(20)]
    assert [chinese_workday(day) for day in days] == [weekdays(day) for day in days]


def test_the_own_table_lies_above_the_published_one():
    extra = {date(2026, 3, 4): False, date(2026, 3, 7): True}
    calendar = work_calendar(SHANGHAI, extra=extra)
    assert said(calendar.add(at("2026-03-03 17:00"), 2)) == "2026-03-05 09:30"
    assert said(calendar.add(at("2026-03-06 17:00"), 2)) == "2026-03-07 09:30"
    assert chinese_workday(date(2026, 3, 4))


def test_a_day_is_as_long_as_its_shifts(calendar):
    assert calendar.day_length == timedelta(hours=8)
    assert CALENDARS[1].day_length == timedelta(hours=8)
    assert CALENDARS[2].day_length == timedelta(hours=24)


def test_a_night_shift_goes_on_over_midnight():
    calendar = WorkCalendar(SHANGHAI, ((time(0), time(6)), (time(22), time(0))), lambda _: True)
    assert said(calendar.add(at("2026-03-04 23:00"), 2)) == "2026-03-05 01:00"
    assert calendar.is_open(at("2026-03-05 00:00"))


def test_the_midnight_that_ends_a_working_day_is_open_and_the_next_instant_is_not():
    calendar = WorkCalendar(SHANGHAI, ((time(18), time(0)),), weekdays)
    midnight = at("2026-03-07 00:00")  # Friday to Saturday
    assert calendar.is_open(midnight)
    assert calendar.add(at("2026-03-06 22:00"), 2) == midnight
    assert calendar.next_open(midnight) == midnight
    assert not calendar.is_open(midnight + timedelta(microseconds=1))


def test_an_hour_that_the_clocks_skip_is_not_counted_twice_or_at_all():
    """On 10 March 2024 New York went from 02:00 to 03:00: between 01:00 and 09:00 lie seven hours."""
    day, night = datetime(2024, 3, 10, 5, tzinfo=UTC), datetime(2024, 3, 10, 20, tzinfo=UTC)
    assert CALENDARS[3].between(day, night) == timedelta(hours=7)
    skipped = WorkCalendar(ZoneInfo("America/New_York"), ((time(2, 30), time(3)),), lambda _: True)
    assert skipped.between(day, night) == timedelta()


# -- what cannot be


def test_a_calendar_without_working_days_says_so_instead_of_searching_on():
    calendar = WorkCalendar(SHANGHAI, ((time(8), time(9)),), lambda _: False)
    for search in (calendar.next_open, partial(calendar.add, hours=1), partial(calendar.subtract, hours=1)):
        with pytest.raises(ConfigError, match="400"):
            search(at("2026-03-04 10:00"))
    assert not calendar.is_open(at("2026-03-04 08:30"))


def test_terms_without_end_are_refused(calendar):
    with pytest.raises(ValueError, match="more working time"):
        calendar.add(at("2026-03-04 10:00"), 1e6)


@pytest.mark.parametrize("hours", [-1, float("nan"), timedelta(days=-1)])
def test_only_real_amounts_are_counted(calendar, hours):
    with pytest.raises(ValueError):
        calendar.add(at("2026-03-04 10:00"), hours)


def test_a_moment_without_a_zone_is_refused(calendar):
    with pytest.raises(ValueError, match="zone"):
        calendar.is_open(datetime(2026, 3, 4, 10))  # noqa: DTZ001


@pytest.mark.parametrize(
    "shifts",
    [
        (),
        ((time(9), time(9)),),
        ((time(12), time(9)),),
        ((time(9), time(12)), (time(11), time(15))),
        ((time(13), time(15)), (time(9), time(12))),
        ((time(9), time(0)), (time(10), time(12))),
    ],
)
def test_shifts_that_cannot_be_are_refused(shifts):
    with pytest.raises(ValueError, match="班次"):
        WorkCalendar(SHANGHAI, shifts, weekdays)


def test_the_holiday_package_is_not_loaded_at_import():
    code = "import sys, redprop_bot.rules.deadlines; print('chinese_calendar' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
