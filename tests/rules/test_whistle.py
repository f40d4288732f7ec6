"""The clocks, kinds, quarters and figures of whistles."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.rules.deadlines import Duration
from redprop_bot.rules.whistle import (
    KindTerms,
    by_unit,
    figures,
    kind_of,
    moments,
    quarter_before,
    quarter_bounds,
    quarter_of,
)
from redprop_bot.rules.workdays import work_calendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = work_calendar(ZONE)
ROUTINE = KindTerms("日常", "working", Duration(30, "min"), Duration(4, "h"), Duration(5, "wd"))
EMERGENCY = KindTerms("应急", "calendar", Duration(30, "min"), Duration(30, "min"), Duration(24, "h"), ("马上",))
SPECIAL = replace(ROUTINE, name="专项", words=("专项",))
KINDS = {"routine": ROUTINE, "emergency": EMERGENCY, "special": SPECIAL}


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_an_emergency_counts_at_any_hour_and_a_routine_one_in_working_time() -> None:
    """Blown on Friday at 22:30: one is due at 23:00, the other on Monday half an hour after opening."""
    late = _at("2026-11-27 22:30")
    assert moments(EMERGENCY, [CALENDAR], late).answer_by == _at("2026-11-27 23:00")
    assert moments(EMERGENCY, [CALENDAR], late).table_by == _at("2026-11-27 23:30")
    assert moments(ROUTINE, [CALENDAR], late).answer_by == _at("2026-11-30 09:00")
    assert moments(ROUTINE, [CALENDAR], late).table_by == _at("2026-11-30 14:30")  # the lunch hour is closed


def test_units_that_are_called_together_have_one_clock_by_whoever_opens_last() -> None:
    """On Friday at 22:30 a unit with a night shift could answer by 23:00; the other opens on Monday."""
    nights = work_calendar(ZONE, ((time(0), time(6)), (time(22), time(0))), daily=True)
    late = _at("2026-11-27 22:30")
    assert moments(ROUTINE, [nights], late).answer_by == _at("2026-11-27 23:00")
    assert moments(ROUTINE, [nights, CALENDAR], late) == moments(ROUTINE, [CALENDAR], late)


def test_a_limit_never_lies_before_the_time_to_answer() -> None:
    """A community that sets half an hour to solve still gives the half hour to answer."""
    odd = replace(EMERGENCY, solve=Duration(10, "min"))
    found = moments(odd, [CALENDAR], _at("2026-11-25 10:00"))
    assert found.limit_at == found.answer_by


@pytest.mark.parametrize(
    ("text", "urgency", "kind"),
    [
        ("吹哨，请供水公司到场", "normal", "routine"),
        ("吹哨，请供水公司马上到场", "normal", "emergency"),
        ("吹哨，请供水公司到场", "emergency", "emergency"),
        ("专项吹哨，请供水公司马上到场", "emergency", "special"),
    ],
)
def test_which_kind_is_meant(text: str, urgency: str, kind: str) -> None:
    """Its own word first, then the danger of the matter."""
    assert kind_of(text, urgency, KINDS) == kind


def test_quarters_begin_and_end_at_local_midnight() -> None:
    """The last instant of December is the fourth quarter, the next one the first of the next year."""
    begin, end = quarter_bounds(2026, 4, ZONE)
    assert (begin, end) == (_at("2026-10-01 00:00"), _at("2027-01-01 00:00"))
    assert quarter_of(end.astimezone(UTC) - timedelta(seconds=1), ZONE) == (2026, 4)
    assert quarter_of(end.astimezone(UTC), ZONE) == (2027, 1)
    assert quarter_before(2027, 1) == (2026, 4)
    with pytest.raises(ValueError, match="quarter"):
        quarter_bounds(2026, 5, ZONE)


ANSWER_BY, LIMIT_AT = _at("2026-11-25 10:30"), _at("2026-11-26 10:00")


@dataclass(frozen=True)
class _Call:
    organisation_id: int = 1
    state: str = "called"
    answer_by: datetime = ANSWER_BY
    answered_at: datetime | None = None
    limit_at: datetime = LIMIT_AT
    done_at: datetime | None = None
    tabled_at: datetime | None = None
    stars: int | None = None


def test_the_figures_count_what_was_promised_and_what_was_kept() -> None:
    """In time, late, never; what ended before its time counts nowhere; no stars are not zero stars."""
    rows = [
        _Call(state="done", answered_at=_at("2026-11-25 10:30"), done_at=_at("2026-11-26 10:01"), stars=4),
        _Call(state="declined", answered_at=_at("2026-11-25 10:31")),
        _Call(organisation_id=2, tabled_at=_at("2026-11-25 14:00")),
        _Call(organisation_id=2, state="void"),
    ]
    total = figures(rows)
    assert (total.called, total.answered, total.in_time, total.claimed, total.declined) == (3, 2, 1, 1, 1)
    assert (total.done, total.done_in_time, total.tabled, total.rated, total.stars) == (1, 0, 1, 1, 4.0)
    units = by_unit(rows)
    assert (units[1].called, units[2].called, units[2].stars) == (2, 1, None)
