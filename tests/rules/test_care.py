"""Who takes what has no property company, what is not said, and when a trial is spoken of."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.rules.care import Care, Cared, Trial, still, takes, told

units = st.none() | st.sampled_from(["甲", "乙"])
estates = st.builds(
    Cared,
    kind=st.sampled_from(["commercial", "old", "none"]),
    care=st.none() | st.sampled_from([one.value for one in Care]),
    company=st.none() | st.just("某物业"),
    caretaker=units,
    default=units,
)


@given(estates)
def test_whoever_has_a_company_needs_no_caretaker(one: Cared) -> None:
    """Neither one of their own nor that of the community; nor does who is to get a company."""
    if one.company is not None or one.care == Care.MARKET:
        assert one.taker() is None


@given(estates)
def test_the_own_caretaker_goes_before_that_of_the_community(one: Cared) -> None:
    """And nobody is a caretaker who was not named."""
    assert one.taker() in {None, one.caretaker, one.default}
    if one.company is None and one.care != Care.MARKET and one.caretaker is not None:
        assert one.taker() == one.caretaker


@given(estates)
def test_an_old_roster_has_no_caretakers_and_only_estates_of_kind_none_are_unclear(one: Cared) -> None:
    """Who says nothing new is treated as before."""
    plain = Cared(one.kind, company=one.company)
    assert plain.taker() is None
    if plain.company is None:
        assert plain.unclear() == ("mode_and_taker" if plain.kind == "none" else "company_or_mode")


@pytest.mark.parametrize(
    ("one", "taker", "unclear"),
    [
        (Cared("none", default="乙"), "乙", "mode"),
        (Cared("none", "fallback", default="乙"), "乙", ""),
        (Cared("none", "fallback", caretaker="甲", default="乙"), "甲", ""),
        (Cared("none", "fallback"), None, "taker"),
        (Cared("none", "self", default="乙"), None, ""),
        (Cared("none", "self", caretaker="甲", default="乙"), "甲", ""),
        (Cared("none", "market", default="乙"), None, "company"),
        (Cared("old", default="乙"), None, "company_or_mode"),
        (Cared("old", "fallback", default="乙"), "乙", ""),
        (Cared("none", "fallback", company="丙", default="乙"), None, "company_all_the_same"),
        (Cared("commercial", company="丙"), None, ""),
        (Cared("commercial", "market", company="丙"), None, ""),
    ],
)
def test_each_kind_of_estate(one: Cared, taker: str | None, unclear: str) -> None:
    """Self-governed estates are not given to the community's caretaker over their heads."""
    assert (one.taker(), one.unclear()) == (taker, unclear)


def test_only_matters_of_a_property_company_are_taken() -> None:
    """What is not known, or belongs to others, is for people to decide."""
    assert takes("sanitation", {"sanitation"})
    assert not takes("illegal_build", {"sanitation"})
    assert not takes(None, {"sanitation"})


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 365), st.integers(-500, 500))
def test_a_trial_never_ends_soon_and_is_over_on_the_same_day(until: date, warn: int, off: int) -> None:
    """On its last day it goes on."""
    today = until + timedelta(days=off)
    assert [trial for trial in Trial if still(trial, until, today)] == [Trial.SOON if off <= 0 else Trial.OVER]
    days = told(until, warn)
    assert days[Trial.SOON] < until < days[Trial.OVER]
