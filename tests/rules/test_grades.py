"""Points, percent and stars of 考评: whole numbers, so that anybody gets the same by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.rules import grades
from redprop_bot.rules.grades import Damping, Line, Part

PRIOR = Damping(10, 80)
STEPS = (90, 80, 70, 60)


def part(key: str, weight: int, points: int, full: int = 100, **more) -> Part:
    """A part with one line."""
    return Part(key, key, weight, (Line("x", "x", full, points, "mean", 1),), 1, **more)


def test_a_mean_is_rounded_once_half_up() -> None:
    """17, 18 and 18 are 17.67; nobody is no points and not none of them."""
    assert grades.given("a", "环境", 20, [17, 18, 18]).points == 1767
    assert grades.given("a", "环境", 20, [0]).points == 0
    assert grades.given("a", "环境", 20, []).points is None
    assert (grades.half_up(5, 2), grades.half_up(1, 3), grades.half_up(2, 3)) == (3, 0, 1)


def test_a_small_sample_is_drawn_to_the_prior_and_a_large_one_is_not() -> None:
    """One bad word of one is not nothing of a hundred; of nothing there is no rate at all."""
    assert grades.rated("s", "满意", 60, (0, 1), PRIOR).points == 4364  # (0 + 8) of 11
    assert grades.rated("s", "满意", 60, (1, 1), PRIOR).points == 4909
    assert grades.rated("s", "满意", 60, (0, 1000), PRIOR).points == 48
    assert grades.rated("s", "满意", 60, (3, 4), Damping(0, 80)).points == 4500
    assert grades.rated("s", "满意", 60, (0, 0), PRIOR).points is None


def test_the_score_leaves_out_what_is_missing_with_its_weight() -> None:
    """Two of three parties: their weights count as they are, and the third is no zero."""
    parts = [part("a", 20, 9000), part("b", 30, 8000), part("c", 50, 0, missing="silent")]
    assert grades.weights(parts) == (50, 100)
    assert grades.score(parts) == 8400
    assert grades.enough(parts, 50)
    assert not grades.enough(parts, 51)
    assert grades.score([part("c", 50, 0, missing="few")]) is None
    assert not grades.enough([part("c", 50, 0, missing="few")], 1)


def test_lines_that_do_not_count_take_their_full_marks_along() -> None:
    """40 of 60 with another 40 unknown is two thirds, not 40 of 100."""
    lines = (Line("a", "a", 60, 4000, "rate", 9, 6), Line("b", "b", 40, None, "rate", 0))
    assert Part("figures", "数", 20, lines).percent == 6667


@pytest.mark.parametrize(
    ("score", "stars"), [(10000, 5), (9000, 5), (8999, 4), (7000, 3), (6000, 2), (5999, 1), (0, 1)]
)
def test_stars_begin_at_their_step(score: int, stars: int) -> None:
    """A hundredth below is a star less."""
    assert grades.stars(score, STEPS) == stars


def test_a_correction_keeps_what_was_there() -> None:
    """Only the line that is named; what is stored reads back the same."""
    parts = (part("a", 20, 5000), part("b", 20, 5000))
    now = grades.corrected(parts, {("b", "x"): 9000})
    assert [(p.lines[0].points, p.lines[0].was) for p in now] == [(5000, None), (9000, 5000)]
    assert grades.score(now) == 7000
    assert grades.read(grades.kept(now)) == now


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(0, 10000)), min_size=1, max_size=8))
def test_a_score_lies_between_the_worst_and_the_best(given_: list[tuple[int, int]]) -> None:
    """Whatever the weights."""
    parts = [part(str(n), weight, points) for n, (weight, points) in enumerate(given_)]
    found = grades.score(parts)
    assert found is not None
    assert min(p.percent for p in parts) <= found <= max(p.percent for p in parts)
