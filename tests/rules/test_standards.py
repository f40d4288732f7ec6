"""Marks of a checklist: each item stands in one heap; what is not known is neither met nor missed."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.rules.standards import Mark, following, judged, standing


@dataclass(frozen=True)
class _Item:
    title: str
    mark: str


@given(st.lists(st.builds(_Item, st.text(min_size=1, max_size=4), st.sampled_from(list(Mark)))))
def test_every_item_stands_in_one_heap(items):
    """Nothing is lost and nothing counted twice, in the order of the list."""
    found = standing(items)
    assert found.all == len(items)
    assert list(found.met) == [one.title for one in items if one.mark == "met"]
    assert sorted(found.met + found.not_met + found.open) == sorted(one.title for one in items)


@given(st.none() | st.integers(0, 1000), st.integers(1, 1000))
def test_what_is_not_known_stays_open(value, least):
    """Unknown is never taken for none; a number is held against what it takes."""
    mark = judged(value, least)
    assert (mark == Mark.OPEN) == (value is None)
    if value is not None:
        assert (mark == Mark.MET) == (value >= least)


def test_levels_follow_each_other_to_the_last():
    """The one after the last is none."""
    assert [following(["self", "community", "street"], one) for one in ("self", "community", "street")] == [
        "community",
        "street",
        None,
    ]
