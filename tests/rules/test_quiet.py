"""Quiet hours: plain notices wait until morning, pressing ones and answers leave at once."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.rules.quiet import is_quiet, not_before

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = (time(21), time(8))


def _at(text: str) -> datetime:
    return datetime.strptime(text, "%m-%d %H:%M:%S").replace(year=2026, tzinfo=ZONE)


CASES = [
    ("11-25 20:59:59", "11-25 20:59:59"),
    ("11-25 21:00:00", "11-26 08:00:00"),
    ("11-25 23:59:59", "11-26 08:00:00"),
    ("11-26 00:00:00", "11-26 08:00:00"),
    ("11-26 07:59:59", "11-26 08:00:00"),
    ("11-26 08:00:00", "11-26 08:00:00"),
    ("12-31 22:00:00", "01-01 08:00:00"),
]


@pytest.mark.parametrize(("now", "leaves"), CASES)
def test_a_plain_notice_leaves_at_the_first_hour_it_may(now: str, leaves: str) -> None:
    """From nine in the evening to eight in the morning it waits for eight."""
    moment, wanted = _at(now), _at(leaves)
    if wanted < moment:
        wanted = wanted.replace(year=2027)
    assert not_before(moment, "plain", ZONE, *NIGHT) == wanted
    assert is_quiet(moment, ZONE, *NIGHT) == (now != leaves)


@pytest.mark.parametrize("weight", ["pressing", "answer"])
@pytest.mark.parametrize("now", [case[0] for case in CASES])
def test_what_presses_and_what_answers_never_waits(weight: str, now: str) -> None:
    """At any hour."""
    assert not_before(_at(now), weight, ZONE, *NIGHT) == _at(now)


def test_hours_within_one_day_and_none_at_all() -> None:
    """A siesta works too; the same hour twice means no quiet hours."""
    noon = _at("11-25 12:30:00")
    assert not_before(noon, "plain", ZONE, time(12), time(14)) == _at("11-25 14:00:00")
    assert not_before(noon, "plain", ZONE, time(14), time(12)) == noon
    assert not_before(noon, "plain", ZONE, time(12), time(12)) == noon


def test_the_moment_comes_back_in_its_own_zone() -> None:
    """What goes in as UTC comes out as UTC: the outbox compares it there."""
    moment = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
    leaves = not_before(moment, "plain", ZONE, *NIGHT)
    assert leaves.isoformat() == "2026-11-26T00:00:00+00:00"
