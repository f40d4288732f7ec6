"""Which days somebody asks figures of."""

from datetime import date

import pytest

from redprop_bot.dialogue.period_words import period_said

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("上个月办了多少件", (2026, 10, 1), (2026, 11, 1)),
        ("上月的数", (2026, 10, 1), (2026, 11, 1)),
        ("这周的周报", (2026, 11, 23), (2026, 11, 26)),
        ("上星期来了几件", (2026, 11, 16), (2026, 11, 23)),
        ("昨天的日报", (2026, 11, 24), (2026, 11, 25)),
        ("三季度汇总", (2026, 7, 1), (2026, 10, 1)),
        ("上季度汇总", (2026, 7, 1), (2026, 10, 1)),
        ("本季度", (2026, 10, 1), (2026, 11, 26)),
        ("去年第四季度", (2025, 10, 1), (2026, 1, 1)),
        ("10月份收了几件", (2026, 10, 1), (2026, 11, 1)),
        ("十二月的数", (2025, 12, 1), (2026, 1, 1)),
        ("上半年办结率", (2026, 1, 1), (2026, 7, 1)),
        ("今年一共多少", (2026, 1, 1), (2026, 11, 26)),
        ("去年一共多少", (2025, 1, 1), (2026, 1, 1)),
        ("月报", (2026, 11, 1), (2026, 11, 26)),
    ],
)
def test_a_period_is_read_as_far_as_it_has_gone(text, begin, end):
    """What has not begun this year was last year's."""
    found = period_said(text, TODAY)
    assert found is not None
    assert (found.begin, found.end) == (date(*begin), date(*end))


@pytest.mark.parametrize("text", ["统计", "槐荫里有多少单", "11月25日那件", "办结率多少"])
def test_words_without_a_period_name_none(text):
    """Then it is the month so far."""
    assert period_said(text, TODAY) is None


def test_at_the_turn_of_the_year_the_last_month_is_of_the_last_year():
    """Also the last quarter."""
    first = date(2027, 1, 2)
    assert period_said("上个月", first).begin == date(2026, 12, 1)
    assert period_said("上季度", first).begin == date(2026, 10, 1)
    assert period_said("上周", first).begin == date(2026, 12, 21)
