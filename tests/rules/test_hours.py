"""Working hours of single estates and units, and terms of single matters: which one holds, and every fault at once."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.content.yaml import parse
from redprop_bot.errors import ContentError
from redprop_bot.rules.deadline_table import parse_deadlines
from redprop_bot.rules.deadlines import About
from redprop_bot.rules.hours import hours_for, parse_hours
from redprop_bot.rules.workdays import work_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
RAW = yaml.safe_load((Path(__file__).parents[2] / "data" / "deadlines" / "deadlines.yaml").read_text("utf-8"))
NIGHT = '{unit: 甲物业, days: daily, shifts: ["00:00-06:00", "08:00-20:00", "22:00-24:00"]}'

moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.integers(0, 60 * 200).map(lambda minutes: timedelta(minutes=minutes))


def hours(text: str):
    raw, line_of = parse(text, "h.yaml")
    return parse_hours(raw, "h.yaml", line_of)


def test_the_more_an_entry_names_the_stronger_it_is():
    rows = hours(
        "hours:\n"
        '  - {estate: 一号院, shifts: ["09:00-17:00"]}\n'
        f"  - {NIGHT}\n"
        '  - {estate: 一号院, unit: 甲物业, shifts: ["10:00-11:00"]}\n'
    )

    def opens(estate: str | None, unit: str | None) -> time | None:
        found = hours_for(rows, estate, unit)
        return found.shifts[0][0] if found else None

    assert opens("一号院", "甲物业") == time(10)
    assert opens("二号院", "甲物业") == time(0)
    assert opens("一号院", "乙物业") == time(9)
    assert opens("二号院", None) is None
    assert opens(None, None) is None


@given(moments, spans)
def test_a_night_shift_that_works_every_day_adds_and_subtracts_alike(moment, span):
    """Adding and subtracting is neutral up to the boundary of a shift; nothing lands in a closed hour."""
    (row,) = hours(f"hours: [{NIGHT}]")
    calendar = work_calendar(SHANGHAI, row.shifts, daily=row.daily)
    end = calendar.add(moment, span)
    assert calendar.is_open(end)
    assert calendar.between(moment, end) == span
    back = calendar.subtract(end, span)
    assert calendar.is_open(back)
    assert calendar.between(back, calendar.next_open(moment)) == timedelta()


def test_every_day_means_holidays_as_well():
    (row,) = hours(f"hours: [{NIGHT}]")
    calendar = work_calendar(SHANGHAI, row.shifts, daily=row.daily)
    assert calendar.is_open(datetime(2026, 10, 1, 9, tzinfo=SHANGHAI))
    assert not work_calendar(SHANGHAI, row.shifts).is_open(datetime(2026, 10, 1, 9, tzinfo=SHANGHAI))


def test_every_fault_of_the_hours_is_told_at_once_with_its_line():
    text = (
        "hours:\n"
        '  - {shifts: ["09:00-17:00"]}\n'
        '  - {estate: 一号院, shifts: ["17:00-09:00"]}\n'
        '  - {estate: 一号院, days: 周末, open: 1, shifts: ["9点"]}\n'
        '  - {unit: 甲, shifts: ["09:00-17:00"]}\n'
        '  - {unit: 甲, shifts: ["10:00-17:00"]}\n'
        "  - 甲\n"
        "  - {unit: 乙}\n"
    )
    with pytest.raises(ContentError) as caught:
        hours(text)
    assert [fault.where for fault in caught.value.faults] == [
        "h.yaml:2 hours.0",
        "h.yaml:3 hours.1.shifts",
        "h.yaml:4 hours.2.open",
        "h.yaml:4 hours.2.days",
        "h.yaml:4 hours.2.shifts.0",
        "h.yaml:6 hours.4",
        "h.yaml:7 hours.5",
        "h.yaml:8 hours.6.shifts",
    ]


@pytest.mark.parametrize("text", ["[]", "hours: 3", "a: []", "hours: []\nmore: 1"])
def test_hours_of_another_shape_are_a_fault(text):
    with pytest.raises(ContentError):
        hours(text)


# -- terms of single matters


def table(special: str):
    return parse_deadlines({**RAW, "special": yaml.safe_load(special)}, "d.yaml", categories=("noise", "pets"))


def test_the_more_conditions_the_stronger_then_the_unit_then_the_estate():
    found = table(
        "- {category: noise, solve: 4wd, sign_for: 2h}\n"
        "- {unit: 甲, solve: 3wd}\n"
        "- {estate: 一号院, solve: 2wd}\n"
        "- {category: noise, estate: 一号院, solve: 1wd}\n"
    )

    def terms(**about):
        held = found.terms("demand.report", "normal", About(**about))
        return str(held.sign_for), str(held.solve)

    assert terms() == ("1wd", "5wd")
    assert terms(category="pets") == ("1wd", "5wd")
    assert terms(category="noise") == ("2h", "4wd")
    assert terms(estate="一号院", unit="甲") == ("1wd", "3wd")
    assert terms(estate="一号院") == ("1wd", "2wd")
    assert terms(category="noise", estate="一号院", unit="甲") == ("2h", "1wd")  # each term from its strongest row


def test_a_complex_suggestion_has_fifteen_working_days_and_a_plain_one_ten():
    found = parse_deadlines(RAW, "d.yaml")
    assert str(found.terms("suggestion", "normal").solve) == "10wd"
    assert str(found.terms("suggestion", "normal", About(complex=True)).solve) == "15wd"
    assert str(found.terms("demand.report", "normal", About(complex=True)).solve) == "5wd"


def test_every_fault_of_the_special_terms_is_told():
    special = (
        "- {category: weather, solve: 1wd}\n- {solve: 1wd}\n- {category: noise}\n"
        "- {complex: maybe, solve: soon}\n- {unit: 甲, solve: 1wd, sign_for: 2wd}\n- {unit: 甲, solve: 2wd}\n- 7\n"
    )
    with pytest.raises(ContentError) as caught:
        table(special)
    where = {fault.where.removeprefix("d.yaml special.") for fault in caught.value.faults}
    assert where >= {"0.category", "1", "2", "3.complex", "3.solve", "4.sign_for", "5", "6"}
