"""Rates count what is known, name who is missing, and set apart what is not said."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.rules.coverage import Committee, Company, Found, Gap, Home, Rate, Terms, rates, reviewed_of

TERMS = Terms(3, (30, 50))
maybe = st.none() | st.booleans()
companies = st.lists(
    st.builds(
        Company,
        st.text(min_size=1, max_size=3),
        st.sampled_from(["branch", "joint", "instructor", "none"]),
        st.none() | st.integers(0, 9),
    ),
    max_size=6,
)
committees = st.lists(
    st.builds(
        Committee,
        st.text(min_size=1, max_size=3),
        st.none() | st.integers(0, 9),
        st.none() | st.integers(0, 9),
        st.sampled_from([None, "yes", "no", "2026-05-12"]),
    ),
    max_size=6,
)
homes = st.lists(st.builds(Home, st.text(min_size=1, max_size=3), maybe, maybe), max_size=6)


def by_code(found: Found) -> dict[tuple[str, int | None], Rate]:
    return {(one.code, one.percent): one for one in rates(found, TERMS)}


@given(companies, committees, homes)
def test_every_one_is_there_missing_or_not_said(firms, boards, places):
    """Of each rate of units and estates: count and missing make the whole, and with the unsaid all there are."""
    told = by_code(Found(firms, boards, places))
    for (code, _), one in told.items():
        if code == "seats":
            continue
        assert one.of == one.count + len(one.missing), code
        if code != "due":  # is about some of the companies only
            all_of = {"organised": firms, "covered": firms, "branch": places, "committee": places}
            assert one.of + len(one.unknown) == len(all_of.get(code, boards)), code
    assert told["organised", None].count <= told["covered", None].count
    assert told["mark", 50].count <= told["mark", 30].count


@given(committees)
def test_the_share_is_of_seats_of_which_both_numbers_are_said(boards):
    """A committee without a number adds to neither side."""
    seats = by_code(Found((), boards))["seats", None]
    known = [one for one in boards if one.seats and one.party_seats is not None]
    assert (seats.count, seats.of) == (sum(o.party_seats for o in known), sum(o.seats for o in known))
    assert [gap.name for gap in seats.unknown] == [one.name for one in boards if one not in known]


def test_a_company_with_three_members_should_have_an_organisation():
    """An instructor is no organisation; two members are too few; who has one need not say how many."""
    firms = [
        Company("甲", "none", 3),
        Company("乙", "instructor", 5),
        Company("丙", "branch", 8),
        Company("丁", "instructor", 2),
        Company("戊", "none"),
        Company("己", "joint"),
    ]
    due = by_code(Found(firms))["due", None]
    assert (due.count, due.of) == (1, 3)
    assert due.missing == (Gap("甲", "due"), Gap("乙", "due"))
    assert due.unknown == (Gap("戊", "no_members"),)
    told = by_code(Found(firms))
    assert (told["organised", None].count, told["covered", None].count) == (2, 4)
    assert told["organised", None].missing == (
        Gap("甲", "none"), Gap("乙", "instructor"), Gap("丁", "instructor"), Gap("戊", "none"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("party", "of", "below"), [(3, 10, [50]), (5, 10, []), (2, 7, [30, 50]), (1, 3, [50]), (1, 2, [])]
)
def test_a_mark_is_reached_when_it_is_met(party, of, below):
    """30 % of ten is three, not four; a third is above it."""
    told = by_code(Found((), [Committee("甲", of, party)]))
    assert [mark for mark in (30, 50) if told["mark", mark].missing] == below


def test_nothing_said_is_neither_there_nor_missing():
    """Estates of which the register says nothing are in no rate, and stand there by name."""
    told = by_code(Found((), [Committee("丙业委会")], [Home("甲"), Home("乙", committee=False)]))
    assert told["committee", None] == Rate(
        "committee", 0, 1, (Gap("乙", "no_committee"),), (Gap("甲", "committee_unsaid"),)
    )
    assert (told["branch", None].of, len(told["branch", None].unknown)) == (0, 2)
    assert told["reviewed", None].unknown == (Gap("丙业委会", "reviewed_unsaid"),)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (None, None), ("", None), ("  ", None), (True, "yes"), (False, "no"), ("是", "yes"), ("否", "no"),
        ("2026-05-12", "2026-05-12"), ("2026年5月12日", "2026-05-12"), ("２０２６.5.12", "2026-05-12"),
        (date(2026, 5, 12), "2026-05-12"), (datetime(2026, 5, 12, 8), "2026-05-12"),  # noqa: DTZ001 - as a sheet has it
    ],
)  # fmt: skip
def test_a_review_is_a_day_yes_or_no(written, kept):
    """However files and forms write it."""
    assert reviewed_of(written) == kept


@pytest.mark.parametrize("written", ["通过了", "2026-02-30", "2026-13-01", "5月12日", 20260512, "0000-01-01"])
def test_what_is_no_review_is_refused(written):
    """A day that there is not, half a day, a word."""
    with pytest.raises(ValueError):
        reviewed_of(written)
