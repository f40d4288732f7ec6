"""The table of terms and the clocks of an order, on the shipped defaults."""

import copy
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.errors import ContentError, Invalid
from redprop_bot.rules.deadline_table import parse_deadlines, parse_duration
from redprop_bot.rules.deadlines import (
    Duration,
    clocks,
    counting,
    due,
    extended,
    level,
    resumed,
    return_until,
    rework_due,
)
from redprop_bot.rules.workdays import DEFAULT_SHIFTS, work_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
FILE = Path(__file__).parents[2] / "data" / "deadlines" / "deadlines.yaml"
RAW = yaml.safe_load(FILE.read_text("utf-8"))
TABLE = parse_deadlines(RAW, "deadlines.yaml")
CALENDAR = work_calendar(SHANGHAI)

moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
intents = st.sampled_from(["demand.report", "complaint", "mediation", "consult", "suggestion", "wish"])
urgencies = st.sampled_from(["emergency", "urgent", "normal", None])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def said(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def told(
    intent: str, urgency: str | None, reported: str, dispatched: str | None = None, **row: float
) -> list[str]:
    found = clocks(
        TABLE,
        CALENDAR,
        intent=intent,
        urgency=urgency,
        reported_at=at(reported),
        dispatched_at=at(dispatched or reported),
        **row,
    )
    return [said(found.respond_by), said(found.contact_by), said(found.due_at)]


# -- levels and clocks


@pytest.mark.parametrize(
    ("intent", "urgency", "expected"),
    [
        ("demand.report", "emergency", "red"),
        ("demand.report", "urgent", "orange"),
        ("demand.report", "normal", "yellow"),
        ("demand.report", None, "yellow"),
        ("complaint", None, "yellow"),
        ("mediation", "normal", "yellow"),
        ("consult", "normal", "blue"),
        ("suggestion", None, "blue"),
        ("consult", "emergency", "red"),  # danger outranks the kind of matter
        ("suggestion", "urgent", "orange"),
    ],
)
def test_levels(intent, urgency, expected):
    assert level(intent, urgency) == expected


@pytest.mark.parametrize(
    ("intent", "urgency", "expected"),
    [
        # Said on a Saturday night: red and orange run at once, the others from Monday's opening.
        ("demand.report", "emergency", ["03-07 22:15", "03-07 22:15", "03-08 22:00"]),
        ("demand.report", "urgent", ["03-07 22:30", "03-08 00:00", "03-08 22:00"]),
        ("demand.report", "normal", ["03-09 18:00", "03-09 18:00", "03-13 18:00"]),
        ("complaint", None, ["03-09 18:00", "03-09 18:00", "03-13 18:00"]),
        ("consult", None, ["03-09 18:00", "03-09 18:00", "03-09 18:00"]),
        ("suggestion", None, ["03-09 18:00", "03-09 18:00", "03-20 18:00"]),
    ],
)
def test_shipped_terms(intent, urgency, expected):
    assert told(intent, urgency, "2026-03-07 22:00") == expected


def test_working_terms_pass_over_the_national_day():
    assert told("demand.report", "normal", "2026-09-29 10:00") == [
        "09-30 10:00",
        "09-30 10:00",
        "10-12 10:00",
    ]


def test_sign_for_and_contact_count_from_the_dispatch_and_the_solve_term_from_the_report():
    found = told("demand.report", "normal", "2026-03-02 10:00", "2026-03-04 10:00")
    assert found == ["03-05 10:00", "03-05 10:00", "03-09 10:00"]


def test_a_row_counts_working_hours_for_normal_and_calendar_hours_for_urgent():
    row = {"respond_hours": 1, "resolve_hours": 24}
    assert told("demand.report", "normal", "2026-03-06 17:30", **row) == [
        "03-09 09:00",
        "03-09 17:30",
        "03-11 17:30",
    ]
    assert told("demand.report", "urgent", "2026-03-06 17:30", **row) == [
        "03-06 18:30",
        "03-06 19:30",
        "03-07 17:30",
    ]
    assert told("demand.report", "emergency", "2026-03-07 17:30", **row)[0] == "03-07 18:30"


def test_a_row_that_gives_one_term_leaves_the_others_to_the_table():
    assert told("demand.report", "normal", "2026-03-02 10:00", respond_hours=2)[2] == "03-09 10:00"
    assert told("demand.report", "normal", "2026-03-02 10:00", resolve_hours=80)[0] == "03-03 10:00"


def test_first_terms_of_the_table_lie_inside_a_short_solve_term():
    assert told("demand.report", "normal", "2026-03-02 10:00", resolve_hours=1) == ["03-02 11:00"] * 3


def test_an_order_that_was_due_before_its_dispatch_still_gives_the_unit_its_time():
    found = told("demand.report", "urgent", "2026-03-02 10:00", "2026-03-05 10:00")
    assert found == ["03-05 10:30", "03-05 12:00", "03-03 10:00"]


@pytest.mark.parametrize("hours", [-1, float("nan"), float("inf"), 1e9])
def test_hours_that_cannot_be_are_refused_by_name(hours):
    with pytest.raises(Invalid) as caught:
        told("demand.report", "normal", "2026-03-02 10:00", resolve_hours=hours)
    assert caught.value.field == "resolve_hours"


@given(moments, st.timedeltas(timedelta(), timedelta(days=30)), intents, urgencies)
def test_clocks_hold_for_every_moment(reported, delay, intent, urgency):
    """No clock ends before it begins; working clocks end in open hours; first terms lie inside the solve term."""
    dispatched = reported + delay
    found = clocks(TABLE, CALENDAR, intent=intent, urgency=urgency, reported_at=reported, dispatched_at=dispatched)
    ends = (found.respond_by, found.contact_by, found.due_at)
    assert found.due_at > reported
    assert min(found.respond_by, found.contact_by) > dispatched
    assert all(end.tzinfo is UTC for end in ends)
    if level(intent, urgency) in ("yellow", "blue"):
        assert all(map(CALENDAR.is_open, ends))
    if found.due_at > dispatched:
        assert max(ends) == found.due_at
    assert found.due_at == due(TABLE, CALENDAR, intent=intent, urgency=urgency, reported_at=reported)


# -- rework, return, extension, pause


def test_rework_takes_three_working_days():
    moment = at("2026-03-05 10:00")
    assert said(rework_due(TABLE, CALENDAR, moment, intent="demand.report", urgency="normal")) == "03-10 10:00"


def test_rework_never_takes_longer_than_the_order_did():
    moment = at("2026-03-05 10:00")
    emergency = rework_due(TABLE, CALENDAR, moment, intent="demand.report", urgency="emergency")
    short_row = rework_due(TABLE, CALENDAR, moment, intent="complaint", urgency=None, resolve_hours=4)
    assert (said(emergency), said(short_row)) == ("03-06 10:00", "03-05 15:30")


def test_an_order_can_be_returned_for_one_working_day_and_a_complex_one_for_two():
    moment = at("2026-03-06 10:00")
    assert said(return_until(TABLE, CALENDAR, moment)) == "03-09 10:00"
    assert said(return_until(TABLE, CALENDAR, moment, True)) == "03-10 10:00"


def test_an_extension_moves_the_due_moment_by_working_days():
    assert said(extended(CALENDAR, at("2026-09-30 18:00"), 5)) == "10-13 18:00"


@pytest.mark.parametrize("days", [0, -1, 367])
def test_an_extension_that_cannot_be_is_refused(days):
    with pytest.raises(Invalid):
        extended(CALENDAR, at("2026-09-30 18:00"), days)


def after_pauses(due_at: datetime, pauses: list[tuple[datetime, datetime]], urgency: str | None) -> datetime:
    for start, end in pauses:
        terms = TABLE.terms("demand.report", urgency)
        clock = counting(terms, terms.solve, urgency)
        due_at = resumed(CALENDAR, due_at, paused_at=start, resumed_at=end, clock=clock)
    return due_at


def test_a_pause_gives_back_what_was_left():
    due_at = at("2026-03-09 10:00")
    pause = [(at("2026-03-05 10:00"), at("2026-03-11 16:00"))]
    assert said(after_pauses(due_at, pause, "normal")) == "03-13 16:00"
    assert said(after_pauses(due_at, pause, "urgent")) == "03-15 16:00"


def test_a_pause_after_the_due_moment_does_not_make_the_order_punctual():
    due_at = at("2026-03-09 10:00")
    assert after_pauses(due_at, [(at("2026-03-09 10:01"), at("2026-03-20 10:00"))], "normal") == due_at


@pytest.mark.parametrize("urgency", ["normal", "urgent"])
def test_a_pause_that_ends_before_it_begins_changes_nothing(urgency):
    """The clock of the machine may have been set back in between."""
    due_at = at("2026-03-09 10:00")
    assert after_pauses(due_at, [(at("2026-03-05 10:00"), at("2026-03-04 10:00"))], urgency) == due_at


@given(moments, st.lists(st.timedeltas(timedelta(), timedelta(days=9)), min_size=3, max_size=3), urgencies)
def test_pauses_add_up(reported, gaps, urgency):
    """A pause in two pieces is one pause; one that lasts no time or only closed time changes nothing."""
    due_at = due(TABLE, CALENDAR, intent="demand.report", urgency=urgency, reported_at=reported)
    start, middle, end = reported + gaps[0], reported + gaps[0] + gaps[1], reported + sum(gaps, timedelta())
    whole = after_pauses(due_at, [(start, end)], urgency)
    assert after_pauses(due_at, [(start, middle), (middle, end)], urgency) == whole
    assert whole >= due_at
    assert after_pauses(due_at, [(start, start)], urgency) == due_at
    if urgency in ("normal", None) and start < due_at:
        assert CALENDAR.between(end, whole) == CALENDAR.between(start, due_at)


# -- durations


@pytest.mark.parametrize(
    ("text", "clock", "end"),
    [
        ("90min", "calendar", "03-06 19:00"),
        ("90min", "working", "03-09 09:30"),
        ("2h", "working", "03-09 10:00"),
        ("1wd", "calendar", "03-09 17:30"),  # a working day is one on any clock
        ("1d", "working", "03-07 17:30"),  # and so is a calendar day
        ("0.5wd", "working", "03-09 12:00"),
    ],
)
def test_durations(text, clock, end):
    duration = parse_duration(text)
    assert said(duration.after(at("2026-03-06 17:30"), CALENDAR, clock)) in (
        end,
        end.replace("13:30", "12:30"),
    )
    assert str(duration) == text


@pytest.mark.parametrize(
    "text", ["", "5", 5, None, "5 days", "-1h", "0h", "1e3h", "367d", "999999h", True, "１０h天"]
)
def test_what_is_no_duration(text):
    with pytest.raises(ValueError):
        parse_duration(text)


# -- the table


def test_the_shipped_table_says_what_the_reference_says():
    assert TABLE.shifts == DEFAULT_SHIFTS
    assert TABLE.rework == Duration(3, "wd")
    assert (TABLE.extension_secretary, TABLE.extension_street) == (5, 10)
    assert (TABLE.auto_close, TABLE.reopen, TABLE.pause) == (
        Duration(14, "d"),
        Duration(30, "d"),
        Duration(30, "d"),
    )
    assert TABLE.place_question == Duration(30, "min")
    assert TABLE.levels["blue"].terms.solve == Duration(15, "wd")
    assert TABLE.terms("suggestion", None).solve == Duration(10, "wd")
    assert TABLE.terms("suggestion", "urgent").solve == Duration(24, "h")


def test_shifts_may_end_at_midnight_and_bear_chinese_colons():
    raw = RAW | {"shifts": ["00:00-06:00", "22：00–24:00"]}
    assert parse_deadlines(raw, "d.yaml").shifts == ((time(0), time(6)), (time(22), time(0)))


def broken(**changes: object) -> list[str]:
    """The faults of the shipped table with some keys changed; `a__b` is the key b of a, None takes it away."""
    raw = copy.deepcopy(RAW)
    for path, value in changes.items():
        *parents, last = path.split("__")
        row = raw
        for parent in parents:
            row = row[parent]
        row.pop(last, None)
        if value is not None:
            row[last] = value
    with pytest.raises(ContentError) as caught:
        parse_deadlines(raw, "d.yaml", intents=["consult", "suggestion"])
    return [str(fault) for fault in caught.value.faults]


def test_all_faults_of_a_table_are_reported_at_once():
    faults = broken(
        shifts=["8点到12点", "13:30-18:00", "25:00-26:00"],
        levels__red__solve="两小时",
        levels__red__clock="always",
        levels__orange__sign_for=None,
        levels__yellow__slove="5wd",
        levels__blue__intents__consult__solve=3,
        levels__blue__intents__sugestion={"solve": "1wd"},
        extension__street="10d",
        rework=None,
        pause="400d",
        reopened="30d",
    )
    assert [fault.split(": ")[0] for fault in faults] == [
        "d.yaml reopened",
        "d.yaml",
        "d.yaml shifts.0",
        "d.yaml shifts.2",
        "d.yaml levels.red.solve",
        "d.yaml levels.red.clock",
        "d.yaml levels.orange",
        "d.yaml levels.yellow.slove",
        "d.yaml levels.blue.intents.consult.solve",
        "d.yaml levels.blue.intents.sugestion",
        "d.yaml extension.street",
        "d.yaml pause",
    ]
    assert faults[1] == "d.yaml: 缺少 rework"
    assert faults[6] == "d.yaml levels.orange: 缺少 sign_for"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"shifts": "08:30-12:00"}, "shifts"),
        ({"shifts": []}, "shifts"),
        ({"shifts": ["13:30-18:00", "08:30-12:00"]}, "shifts"),
        ({"shifts": ["12:00-08:30"]}, "shifts"),
        ({"shifts": [720]}, "shifts.0"),
        ({"levels": ["red"]}, "levels"),
        ({"levels__red": "24h"}, "levels.red"),
        ({"levels__purple": {}}, "levels.purple"),
        ({"levels__blue__intents": ["consult"]}, "levels.blue.intents"),
        ({"levels__blue__intents__consult": "1wd"}, "levels.blue.intents.consult"),
        (
            {"levels__blue__intents__consult": {"sign_for": "2wd", "solve": "1wd"}},
            "levels.blue.intents.consult.sign_for",
        ),
        ({"levels__yellow__sign_for": "6wd"}, "levels.yellow.sign_for"),
        ({"return__complex": "0.5wd"}, "return.complex"),
        ({"extension__secretary": "2.5wd"}, "extension.secretary"),
        ({"extension__secretary": "11wd"}, "extension.street"),
    ],
)
def test_each_fault_names_its_place(changes, where):
    assert [fault.split(": ")[0] for fault in broken(**changes)] == [f"d.yaml {where}"]


def test_a_missing_section_is_one_fault():
    assert broken(**{"return": None}) == ["d.yaml: 缺少 return"]
    assert broken(levels=None) == ["d.yaml: 缺少 levels"]


@pytest.mark.parametrize("raw", [None, [], "text", 3])
def test_a_file_of_another_shape_is_one_fault(raw):
    with pytest.raises(ContentError) as caught:
        parse_deadlines(raw, "d.yaml")
    assert len(caught.value.faults) == 1


def test_faults_bear_the_line_that_the_loader_knows():
    lines = {("levels", "red", "solve"): 12, ("levels", "orange"): 14}
    raw = copy.deepcopy(RAW)
    raw["levels"]["red"]["solve"] = "soon"
    del raw["levels"]["orange"]["clock"]
    raw["pause"] = "long"
    with pytest.raises(ContentError) as caught:
        parse_deadlines(raw, "d.yaml", lambda path: lines[path])
    assert [fault.where for fault in caught.value.faults] == [
        "d.yaml:12 levels.red.solve",
        "d.yaml:14 levels.orange",
        "d.yaml pause",
    ]
