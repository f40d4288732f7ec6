"""Who is called about what was closed: the same ones whoever draws, whenever."""

from hypothesis import given
from hypothesis import strategies as st

from redprop_bot.rules.survey import Closed, Counted, Why, draw, total

ORDERS = [Closed(n, f"D20261103-{n:04d}", None, phone=n % 3 > 0) for n in range(1, 41)]


def test_a_tenth_is_drawn_and_a_part_of_one_counts_as_one() -> None:
    """40 orders give 4, 41 give 5, one gives one, none none; nothing at nought percent."""
    more = [*ORDERS, Closed(41, "D20261103-0041", None, phone=True)]
    sizes = [len(draw("c3:2026-11", some, 10)) for some in (ORDERS, more, ORDERS[:1], [])]
    assert sizes == [4, 5, 1, 0]
    assert draw("c3:2026-11", ORDERS, 0) == []


def test_what_must_be_asked_about_comes_beside_the_tenth() -> None:
    """The unhappy and the reported for are on the list in any case; the tenth is drawn among the others."""
    must = [
        Closed(50, "D20261103-0050", Why.UNHAPPY, phone=False),
        Closed(51, "D20261103-0051", Why.REPORTED_FOR, phone=True),
    ]
    found = draw("c3:2026-11", [*ORDERS, *must], 10)
    assert [(order.id, why) for order, why in found[:2]] == [(50, Why.UNHAPPY), (51, Why.REPORTED_FOR)]
    assert [why for _, why in found[2:]] == [Why.DRAWN] * 5
    assert len({order.id for order, _ in found}) == 7


def test_community_and_month_decide_who_it_is() -> None:
    """The same seed gives the same ones, another one others."""
    first, again, other = (draw(seed, ORDERS, 10) for seed in ("c3:2026-11", "c3:2026-11", "c4:2026-11"))
    assert first == again
    assert first != other


@given(order=st.permutations(ORDERS), gone=st.integers(0, 39))
def test_an_order_that_is_open_again_moves_nobody_else_in_line(order: list[Closed], gone: int) -> None:
    """In whatever order they are found, late or not: who was drawn is drawn again, as far as they are there."""
    late = [one for one in order if one.id != gone + 1]
    drawn = {one.id for one, _ in draw("c3:2026-11", ORDERS, 10)}
    assert drawn - {gone + 1} <= {one.id for one, _ in draw("c3:2026-11", late, 10)}


def test_who_left_a_number_is_drawn_first() -> None:
    """A list nobody can call is of no use; where none has a number they are drawn all the same."""
    assert all(one.phone for one, _ in draw("c3:2026-11", ORDERS, 50))
    silent = [Closed(n, str(n), None, phone=False) for n in range(10)]
    assert len(draw("c3:2026-11", silent, 10)) == 1


def test_lists_add_up() -> None:
    """Counts of several lists together; what nobody has tried yet is what is left."""
    found = total([Counted(20, 3, 1, 1, 0), Counted(10, 2, 1, 0, 1)])
    assert (found.closed, found.picked, found.reached, found.open) == (30, 5, 3, 1)
