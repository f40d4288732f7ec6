"""评选表彰: conditions on counts and rates to the last one, and who wins a vote, ties said as ties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.rules import commendation as rules
from redprop_bot.rules.commendation import Known, Verdict


@pytest.mark.parametrize(
    ("known", "least", "most", "from_", "verdict"),
    [
        ((9, 10), 90, None, 1, "met"),
        ((899, 1000), 90, None, 1, "not_met"),
        ((9, 10), 90, None, 11, "unknown"),
        ((0, 0), 90, None, 1, "unknown"),
        ((None, None), 4, None, 1, "unknown"),
        ((4, None), 4, None, 1, "met"),
        ((3, None), 4, None, 1, "not_met"),
        ((3, None), None, 3, 1, "met"),
        ((4, None), None, 3, 1, "not_met"),
        ((0, None), None, 0, 1, "met"),
        ((1, 3), None, 33, 1, "not_met"),
    ],
)
def test_a_condition_holds_to_the_last_one(known, least, most, from_, verdict):
    """Rates are compared exactly; what is not known, or of too few, is neither met nor not met."""
    assert rules.judged(Known(known[0], "", known[1]), least=least, most=most, from_=from_) == verdict


def test_one_condition_that_is_not_met_decides():
    """Then one that is not known; of none at all everything is met."""
    met, missed, unknown = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
    assert rules.together([met, unknown, missed]) == missed
    assert rules.together([met, unknown]) == unknown
    assert rules.together([met, met]) == rules.together([]) == met


def test_a_tie_at_the_last_place_takes_all_in_and_is_said():
    """Two places, three with as many votes for the second; nobody wins with no vote."""
    placed = rules.result({1: 5, 2: 3, 3: 3, 4: 0, 5: 3}, 2)
    assert [(one.number, one.place, one.tied, one.wins) for one in placed] == [
        (1, 1, False, True),
        (2, 2, True, True),
        (3, 2, True, True),
        (5, 2, True, True),
        (4, 5, False, False),
    ]
    assert [one.number for one in rules.crowded(placed, 2)] == [2, 3, 5]
    clear = rules.result({1: 5, 2: 3, 3: 2}, 2)
    assert rules.crowded(clear, 2) == []
    assert [one.number for one in clear if one.wins] == [1, 2]
    assert not any(one.wins for one in rules.result({1: 0, 2: 0}, 2))
    even = rules.result({1: 4, 2: 4}, 2)  # a tie that takes nothing from anybody
    assert (rules.crowded(even, 2), [one.tied for one in even]) == ([], [True, True])


@given(st.dictionaries(st.integers(1, 30), st.integers(0, 5), max_size=12), st.integers(1, 12))
def test_whoever_has_more_votes_never_stands_lower(votes, winners):
    """And nobody with as many votes as somebody who wins is left out."""
    placed = {one.number: one for one in rules.result(votes, winners)}
    for one in placed.values():
        for other in placed.values():
            assert (one.votes > other.votes) == (one.place < other.place)
            if one.votes == other.votes:
                assert one.wins == other.wins
    won = [one for one in placed.values() if one.wins]
    assert len(won) >= min(winners, sum(number > 0 for number in votes.values()))
