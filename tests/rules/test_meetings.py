"""Quarters, quorum, majority, how far a resolution is, topics that are alike."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.rules import meetings as rules
from redprop_bot.rules.flow import Stage

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), 20264),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), 20271),  # midnight here
        (datetime(2026, 3, 31, 15, tzinfo=UTC), 20261),
        (datetime(2026, 4, 1, 0, tzinfo=ZONE), 20262),
    ],
)
def test_a_quarter_is_that_of_the_local_day(moment, number):
    """The last hour of a quarter belongs to it, midnight to the next."""
    assert rules.quarter_number(moment, ZONE) == number


def test_days_of_a_quarter():
    """Counted from one: day 60 of the fourth is the 29th of November."""
    assert rules.day_of_quarter(20264, 1) == date(2026, 10, 1)
    assert rules.day_of_quarter(20264, 60) == date(2026, 11, 29)
    assert rules.day_of_quarter(20261, 80) == date(2026, 3, 21)
    assert rules.quarter_name(20262) == "2026年第二季度"


@pytest.mark.parametrize(
    ("seats", "quorum", "least"),
    [(4, 0.5, 3), (5, 0.5, 3), (1, 0.5, 1), (3, 0.67, 3), (9, 0.67, 7), (6, 1, 6), (10, 0.3, 3)],
)
def test_how_many_must_be_there(seats, quorum, least):
    """More than half where half is asked for, else at least the share."""
    assert rules.needed(seats, quorum) == least


@pytest.mark.parametrize(
    ("yes", "voted", "passed"), [(2, 3, True), (2, 4, False), (3, 5, True), (0, 1, False), (1, 1, True)]
)
def test_more_than_half_of_those_who_voted(yes, voted, passed):
    """Half is not enough; abstentions count among those who voted."""
    assert rules.passes(yes, voted) is passed


@pytest.mark.parametrize(
    ("stages", "found"),
    [
        ([], Stage.CLOSED),
        ([Stage.CLOSED, Stage.ACCEPTED], Stage.ACCEPTED),
        ([Stage.DONE, Stage.DISPATCHED, Stage.CLOSED], Stage.DISPATCHED),
        ([Stage.CLOSED, Stage.WITHDRAWN], Stage.WITHDRAWN),
        ([Stage.RETURNED, Stage.DISPATCHED], Stage.RETURNED),
    ],
)
def test_a_resolution_is_as_far_as_its_slowest_order(stages, found):
    """Every stage has its place on the way."""
    assert rules.furthest_behind(stages) == found
    assert {rules.furthest_behind([stage]) for stage in Stage} == set(Stage)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("东门晚上留个小门", "东门夜里留个小门", True),
        ("加装充电桩", "小区加装充电桩的事", True),
        ("东门留个小门", "停车位不够", False),
        ("停车", "停车位", False),  # too short to be sure
        ("好", "好的", False),
        ("同意在5号楼装雨棚", "不同意在5号楼装雨棚", False),
        ("西门夜里留个小门", "东门夜里留个小门", False),
        ("在5号楼装雨棚", "在6号楼装雨棚", False),
        ("在5号楼装雨棚", "在五号楼装雨棚", True),
        ("东门能不能留个小门", "东门留个小门", True),
    ],
)
def test_topics_that_ask_for_the_same(one, other, same):
    """Half of the pairs of the shorter one; a single character is nothing."""
    assert rules.alike(one, other) is same
    assert rules.alike(other, one) is same


def test_spans_and_free_days():
    """Touching is no overlap; the first day on which nothing is."""
    hour = [datetime(2026, 12, 1, n, tzinfo=UTC) for n in range(4)]
    assert rules.overlaps((hour[0], hour[2]), (hour[1], hour[3]))
    assert not rules.overlaps((hour[0], hour[1]), (hour[1], hour[2]))
    days = [date(2026, 12, n) for n in (1, 2, 3)]
    assert rules.free_day(days, [days[0], days[2]]) == days[1]
    assert rules.free_day(days, days) is None
