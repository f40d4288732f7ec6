"""Digests: on which days, about which period, in which section an order stands; and a broken file."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.content import Content, load_content, roots
from redprop_bot.errors import ContentError
from redprop_bot.rules import digests
from redprop_bot.rules.digests import Digest, Every, Section, To
from redprop_bot.rules.workdays import work_calendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = work_calendar(ZONE)
NOW = datetime(2026, 11, 25, 0, 30, tzinfo=UTC)  # Wednesday, half past eight


def one(every: Every) -> Digest:
    return Digest("one", every, time(8, 30), (To.SECRETARY,), "morning", digests.TODAY)


@pytest.mark.parametrize(
    ("every", "day", "falls"),
    [
        (Every.WORKDAY, "2026-11-25", True),
        (Every.WORKDAY, "2026-11-28", False),  # Saturday
        (Every.WORKDAY, "2026-10-10", True),  # a Saturday that is worked
        (Every.WORKDAY, "2026-10-05", False),  # a Monday of National Day
        (Every.WEEK, "2026-11-23", True),  # Monday
        (Every.WEEK, "2026-11-24", False),
        (Every.WEEK, "2026-10-05", False),
        (Every.WEEK, "2026-10-08", True),  # the first working day of that week is Thursday
        (Every.MONTH, "2026-12-01", True),
        (Every.MONTH, "2026-11-02", True),  # the first of November is a Sunday
        (Every.MONTH, "2026-11-03", False),
        (Every.MONTH, "2026-10-08", True),
        (Every.QUARTER, "2026-10-08", True),
        (Every.QUARTER, "2026-11-02", False),
    ],
)
def test_the_days(every: Every, day: str, falls: bool) -> None:
    """Working days; of a week, month or quarter the first one."""
    assert digests.falls_on(every, date.fromisoformat(day), CALENDAR) is falls


@pytest.mark.parametrize(
    ("every", "day", "key", "begin", "end", "before"),
    [
        (Every.WORKDAY, "2026-11-23", "2026-11-23", "2026-11-20 08:30", "2026-11-23 08:30", "2026-11-19 08:30"),
        (Every.WORKDAY, "2026-10-08", "2026-10-08", "2026-09-30 08:30", "2026-10-08 08:30", "2026-09-29 08:30"),
        (Every.WEEK, "2026-11-23", "2026-W47", "2026-11-16 00:00", "2026-11-23 00:00", "2026-11-09 00:00"),
        (Every.WEEK, "2026-02-24", "2026-W07", "2026-02-09 00:00", "2026-02-23 00:00", "2026-02-02 00:00"),
        (Every.MONTH, "2026-12-01", "2026-11", "2026-11-01 00:00", "2026-12-01 00:00", "2026-10-01 00:00"),
        (Every.MONTH, "2027-01-04", "2026-12", "2026-12-01 00:00", "2027-01-01 00:00", "2026-11-01 00:00"),
        (Every.QUARTER, "2027-01-04", "2026-Q4", "2026-10-01 00:00", "2027-01-01 00:00", "2026-07-01 00:00"),
    ],
)
def test_the_period_and_the_one_before(  # noqa: PLR0917
    every: Every, day: str, key: str, begin: str, end: str, before: str
) -> None:
    """What has ended when it is sent; since the last card for the morning's."""
    found = digests.period(one(every), date.fromisoformat(day), CALENDAR, ZONE)
    said = [
        moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") for moment in (found.begin, found.end, found.before)
    ]
    assert (found.key, *said) == (key, begin, end, before)


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.sampled_from(Every))
def test_periods_follow_each_other_without_a_gap(day: date, every: Every) -> None:
    """Every day of a year belongs to one; each period has one day on which it is told."""
    while not digests.falls_on(every, day, CALENDAR):
        day += timedelta(days=1)
    after = day + timedelta(days=1)
    while not digests.falls_on(every, after, CALENDAR):
        after += timedelta(days=1)
    this, following = (digests.period(one(every), d, CALENDAR, ZONE) for d in (day, after))
    assert this.before < this.begin < this.end
    assert (following.before, following.begin) == (this.begin, this.end)
    assert this.key != following.key


@dataclass(frozen=True)
class Made:
    id: int = 1
    no: str = "D1"
    stage: str = "accepted"
    intent: str = "demand.report"
    urgency: str | None = "normal"
    community_id: int | None = 1
    estate_id: int | None = 1
    due_at: datetime | None = NOW + timedelta(days=5)
    created_at: datetime = NOW - timedelta(days=9)
    dispatched_at: datetime | None = NOW - timedelta(days=9)
    extended: bool = False
    paused_until: datetime | None = None


AT = digests.today(NOW, NOW - timedelta(days=1), CALENDAR)
CAME = attrgetter("created_at")
TONIGHT = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "section"),
    [
        (Made(), None),
        (Made(due_at=NOW - timedelta(minutes=1)), Section.OVERDUE),
        (Made(due_at=NOW - timedelta(minutes=1), stage="returned"), Section.OVERDUE),
        (Made(stage="returned"), Section.RETURNED),
        (Made(due_at=TONIGHT - timedelta(minutes=1)), Section.DUE_TODAY),
        (Made(due_at=TONIGHT), None),
        (Made(due_at=TONIGHT, extended=True), Section.PROMISED),
        (Made(due_at=TONIGHT + timedelta(days=1), extended=True), None),
        (Made(stage="suspended", paused_until=TONIGHT - timedelta(hours=1), due_at=NOW), Section.PROMISED),
        (Made(stage="suspended", paused_until=TONIGHT, due_at=NOW - timedelta(days=3)), None),
        (Made(created_at=NOW - timedelta(hours=2)), Section.NEW),
        (Made(stage="done", due_at=NOW - timedelta(days=1)), None),
    ],
)
def test_an_order_stands_in_the_most_pressing_section_only(row: Made, section: Section | None) -> None:
    """So the numbers of a card add up; what waits for a rating, or for a later day, stands in none."""
    assert digests.section_of(row, AT, CAME) == section


def test_what_is_new_to_a_unit_is_what_was_sent_to_it() -> None:
    """A week-old report that came to them last night is new to them, and not to the secretary."""
    row = Made(dispatched_at=NOW - timedelta(hours=3))
    assert digests.section_of(row, AT, attrgetter("dispatched_at")) == Section.NEW
    assert digests.section_of(row, AT, CAME) is None


def test_the_most_urgent_stand_first() -> None:
    """Danger before what presses before the rest, then by the due moment."""
    rows = [
        Made(1, due_at=NOW - timedelta(days=2)),
        Made(2, due_at=NOW - timedelta(days=3)),
        Made(3, due_at=NOW - timedelta(hours=1), urgency="emergency"),
    ]
    found = digests.sorted_out(rows, AT, digests.TODAY, CAME)
    assert {section: [row.id for row in orders] for section, orders in found.items()} == {
        Section.OVERDUE: [3, 2, 1]
    }


def test_all_faults_of_the_file_are_told_with_their_lines(tmp_path) -> None:
    """Every fault of every entry at once; a community's file replaces the shipped one."""
    text = """digests:
  - {name: Morning, every: workday, at: "08:30", to: [secretary], message: morning, sections: [new]}
  - {name: two, every: daily, at: "08:30", to: [secretary], message: morning, sections: [new]}
  - {name: three, every: week, at: "25:00", to: [mayor], message: weekly, sections: [new]}
  - {name: four, every: month, at: "09:00", to: [residents, grid], message: none_such, sections: [own]}
  - {name: five, every: month, at: "09:00", to: [street], message: monthly}
  - {name: five, every: month, at: "09:00", to: [street], message: monthly, sections: [flow], colour: red}
weights: {response: 30, solved: 35, satisfied: 30}
rank_from: many
shown: 0
"""
    path = tmp_path / "data/digests/digests.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    with pytest.raises(ContentError) as error:
        load_content(roots(tmp_path), zone=ZONE, address="")
    found = [fault.where.removeprefix(str(tmp_path) + "/").split(" ")[0] for fault in error.value.faults]
    lines = {int(where.split(":")[1]) for where in found if where.startswith("data/digests/digests.yaml:")}
    assert lines == {2, 3, 4, 5, 6, 7, 8, 9, 10}


def test_another_day_or_hour_is_noticed(content: Content) -> None:
    """By this mark the first sweep of a day knows that it has to plan."""
    day = date(2026, 11, 25)
    later = replace(content, digests=replace(content.digests, entries=content.digests.entries[1:]))
    marks = {content.digest_mark(day), content.digest_mark(day + timedelta(days=1)), later.digest_mark(day)}
    assert len(marks) == 3
    assert content.digest_mark(day) == replace(content, address="x").digest_mark(day)
