"""Opening hours and free time as people write them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.rules.opening import RESTDAY, WORKDAY, read, spoken, stretches

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK, ALL = [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("周一至周五 8:30-17:30，周六 9:00-12:00", [(WEEK, 510, 1050), ([5], 540, 720)]),
        ("工作日 9点到17点", [([WORKDAY], 540, 1020)]),
        ("每天8:00—20:00", [(ALL, 480, 1200)]),
        ("周末上午", [([RESTDAY], 480, 720)]),
        ("24小时", [(ALL, 0, 1440)]),
        ("周一到周日", [(ALL, 0, 1440)]),
        ("8:30-11:30 14:00-17:00", [(ALL, 510, 690), (ALL, 840, 1020)]),
        ("周三、周五 下午2点-5点", [([2, 4], 840, 1020)]),
        ("早8点到晚8点", [(ALL, 480, 1200)]),
        ("周二至周日 9:00-17:00，周一闭馆", [([1, 2, 3, 4, 5, 6], 540, 1020)]),
        ("周一至周五8:00-12:00，14:00-18:00；周六日 9:00-11:00", [(WEEK, 480, 720), (WEEK, 840, 1080), ([5, 6], 540, 660)]),
        ("下午两点半到四点一刻", [(ALL, 870, 975)]),
        ("周一至周五 8:30-17:30，中午不休息", [(WEEK, 510, 1050)]),
        ("周一至周五 8:30-17:30，中午休息", [(WEEK, 510, 1050)]),
        ("每天8:00-20:00，全年无休", [(ALL, 480, 1200)]),
        ("周一三五 14:00-17:00", [([0, 2, 4], 840, 1020)]),
        ("周二、四、六上午", [([1, 3, 5], 480, 720)]),
        ("周六一点到三点", [([5], 780, 900)]),
        ("周一到周六 9:00-17:00，法定节假日除外", [([0, 1, 2, 3, 4, 5], 540, 1020)]),
    ],
)  # fmt: skip
def test_what_people_write(words, found):
    """Days and minutes; hours without days are those of every day."""
    assert [(sorted(days), a, b) for days, a, b in read(words).stretches] == found


@pytest.mark.parametrize("words", ["来之前打电话", "", None, "10-12号", "随时", "25点到30点"])
def test_words_without_hours_say_nothing(words):
    """Nothing is known then, so nothing is refused."""
    assert read(words) is None


def test_afternoon_is_meant_where_nobody_meets_at_night():
    """两点到四点 is in the afternoon, 9点到11点 in the morning."""
    assert stretches("两点到四点") == [(840, 960)]
    assert stretches("9点到11点") == [(540, 660)]
    assert stretches("3号楼到5号楼") == []


def _workday(day: date) -> bool:
    return day.weekday() < 5 and day != date(2026, 12, 31)


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        ("2026-11-26 09:00", "2026-11-26 17:30", True),
        ("2026-11-26 08:29", "2026-11-26 09:30", False),
        ("2026-11-26 17:00", "2026-11-26 17:31", False),
        ("2026-11-28 09:00", "2026-11-28 10:00", False),  # a Saturday
        ("2026-12-31 09:00", "2026-12-31 10:00", False),  # a Thursday that is off
        ("2026-11-26 16:00", "2026-11-27 09:00", True),  # fetched and brought back while it is open
        ("2026-11-27 16:00", "2026-11-28 09:00", False),
    ],
)
def test_inside_the_hours(start, end, inside):
    """To the minute, by the calendar of the community."""
    moments = [datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) for text in (start, end)]
    assert read("工作日 8:30-17:30").holds(*moments, _workday) is inside


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("周末", "周六上午", True),
        ("工作日", "周六", False),
        ("晚上", "周三 19:00-21:00", True),
        ("上午", "下午", False),
    ],
)
def test_times_that_meet(one, other, meet):
    """There is a day of the week with a minute in common."""
    assert read(one).meets(read(other)) is meet


def test_spoken():
    """As on a clock."""
    assert spoken([(510, 690), (840, 1440)]) == "08:30–11:30、14:00–24:00"


def test_closed_on_days_that_a_calendar_decides():
    """节假日休息 closes a Friday that is off and no plain Saturday; 周末休息 closes both."""
    friday_off, saturday, monday = date(2027, 1, 1), date(2027, 1, 9), date(2027, 1, 4)
    works = lambda day: day.weekday() < 5 and day != friday_off  # noqa: E731
    holidays, weekends = read("每天 9:00-17:00，节假日休息"), read("9:00-17:00（周末休息）")
    never = read("工作日 9:00-17:00，节假日不休息")
    assert [bool(holidays.of(day, works)) for day in (friday_off, saturday, monday)] == [False, True, True]
    assert [bool(weekends.of(day, works)) for day in (friday_off, saturday, monday)] == [False, False, True]
    assert never.of(friday_off, works) == never.of(monday, works) == [(540, 1020)]


def test_hours_past_midnight_go_on_on_the_next_day() -> None:
    """18:00-次日8:00 is not until 20:00; and what begins after midnight is the next day's."""
    found = read("每天 18:00-次日8:00")
    assert found is not None
    assert found.of(date(2026, 11, 25), lambda _day: True) == [(0, 480), (1080, 1440)]
    friday = read("周五 20:00-次日2:00")
    assert friday is not None
    assert friday.of(date(2026, 11, 27), lambda _day: True) == [(1200, 1440)]
    assert friday.of(date(2026, 11, 28), lambda _day: False) == [(0, 120)]
    assert stretches("明天20:00到次日9:00") == []
