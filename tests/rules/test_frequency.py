"""How many may leave, and when the next: counts and moments in, nothing remembered."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.rules.frequency import MEMBER, ROBOT, Limit, free_at, longest, room

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minute", "hour", "left"), [(0, 0, 30), (29, 29, 1), (30, 30, 0), (0, 999, 1), (5, 1000, 0), (31, 40, 0)]
)
def test_the_narrower_limit_decides(minute, hour, left):
    """Thirty a minute, a thousand an hour."""
    assert room(MEMBER, [minute, hour]) == left


def test_the_next_may_leave_when_enough_are_old():
    """The twentieth from the end decides, in whatever order they are told."""
    sent = [NOW - timedelta(seconds=n) for n in range(20)]
    assert free_at(ROBOT, sent[:19], NOW) == NOW
    assert free_at(ROBOT, sent, NOW) == NOW + timedelta(seconds=41)
    assert free_at(ROBOT, sent[::-1], NOW) == NOW + timedelta(seconds=41)
    assert free_at(ROBOT, [NOW - timedelta(minutes=2)] * 50, NOW) == NOW


def test_how_far_back_it_counts():
    """Older messages need not be looked at."""
    assert longest(MEMBER) == timedelta(hours=1)


@given(st.lists(st.integers(0, 200), min_size=1, max_size=60))
def test_who_waits_as_told_never_meets_a_limit(gaps):
    """Whatever the pace of those who want to speak."""
    limits = (Limit(3, timedelta(seconds=10)), Limit(5, timedelta(seconds=60)))
    sent, now = [], NOW
    for gap in gaps:
        now = free_at(limits, sent, now + timedelta(seconds=gap))
        sent.append(now)
    for limit in limits:
        for at in sent:
            assert sum(at <= other < at + limit.span for other in sent) <= limit.most
