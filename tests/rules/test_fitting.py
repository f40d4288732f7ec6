"""How well an offer fits a need, part by part."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.rules.fitting import Measures, Side, Vocabulary, fits, score, total, words_in
from redprop_bot.rules.opening import read

VOCABULARY = Vocabulary(
    {"convenience": (("理发", "剪头发"), ("轮椅",)), "aid": (("法律",),)}, frozenset({"可以", "帮忙"})
)
MEASURES = Measures({"skill": 40, "place": 25, "time": 10, "load": 10, "turn": 15}, 3.0, 30, 3)
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
NEED = words_in("想找人上门理发", VOCABULARY, "convenience")


def _side(offer: str = "会理发", **values) -> Side:
    filled = {"same_estate": True, "km": None, "times": None, "helping": 0, "helped_at": None}
    return Side(words_in(offer, VOCABULARY), **(filled | values))


def _points(part: str, **values) -> int:
    times = values.pop("wanted", None)
    parts = score(NEED, read(times), _side(**values), MEASURES, NOW)
    return next(one.points for one in parts if one.name == part)


def test_a_word_in_common_is_worth_more_than_a_kind_and_a_kind_more_than_signs():
    """Nothing in common is worth nothing."""
    word, kind = _points("skill", offer="会理发"), _points("skill", offer="有轮椅")
    signs, nothing = _points("skill", offer="上门送菜"), _points("skill", offer="打鼓")
    assert word == _points("skill", offer="专门剪头发") == 40
    assert word > kind > signs > nothing == 0


def test_nearer_is_better_and_beyond_the_way_there_is_nothing():
    """The same estate first; unknown is between."""
    points = [_points("place", same_estate=False, km=km) for km in (0.2, 1.5, 3.0)]
    assert _points("place") == 25
    assert 25 > points[0] > points[1] > points[2] == 0
    assert 0 < _points("place", same_estate=False, km=None) < points[0]


def test_time_load_and_turn():
    """Times that meet beat unknown ones, free hands full ones, who rested those who were asked lately."""
    assert _points("time", wanted="周六上午", times=read("周末")) == 10
    assert _points("time", wanted="周六上午", times=read("工作日")) == 0
    assert _points("time", wanted=None, times=read("工作日")) == 5
    assert [_points("load", helping=n) for n in (0, 1, 3, 9)] == [10, 7, 0, 0]
    turns = [_points("turn", helped_at=NOW - timedelta(days=d)) for d in (0, 15, 30, 90)]
    assert turns == [0, 8, 15, 15]
    assert _points("turn", helped_at=None) == 15


@pytest.mark.parametrize(
    ("offer", "fit"), [("会理发", True), ("轮椅可以借", False), ("可以帮忙", False), ("上门送菜", False)]
)
def test_what_is_about_the_need_at_all(offer, fit):
    """A word in common, or two pairs of signs; another trade of the same kind is none."""
    assert fits(words_in("谁来帮我一下", VOCABULARY, "convenience"), words_in("会理发", VOCABULARY))
    assert fits(NEED, words_in(offer, VOCABULARY)) is fit


@given(
    offer=st.text(max_size=60),
    same=st.booleans(),
    km=st.none() | st.floats(0, 1000),
    helping=st.integers(0, 100),
    days=st.none() | st.integers(-5, 5000),
)
def test_a_score_is_between_nothing_and_a_hundred(offer, same, km, helping, days):
    """Whatever is known of the other side; each part within its weight and with words."""
    helped = None if days is None else NOW - timedelta(days=days)
    side = Side(words_in(offer, VOCABULARY), same, km, read(offer), helping, helped)
    parts = score(NEED, read("周末"), side, MEASURES, NOW)
    assert 0 <= total(parts) <= 100
    assert all(0 <= part.points <= part.most and part.code for part in parts)
