"""Figures of a period: rates with their numbers, and ranks only where the numbers carry them."""

from redprop_bot.rules import figures
from redprop_bot.rules.figures import Counts

WEIGHTS = {"response": 30, "solved": 35, "satisfied": 35}


def made(came: int, response: int = 100, solved: int = 100, satisfied: int = 100) -> Counts:
    """So many orders with these percentages of a hundred each."""
    return Counts(came=came, asked=100, signed=response, to_solve=100, solved=solved, rated=100, content=satisfied)


def test_a_rate_is_never_without_its_numbers() -> None:
    """And nothing divided by nothing is no rate."""
    assert figures.percent(19, 20) == "95%（19/20）"
    assert figures.percent(0, 3) == "0%（0/3）"
    assert figures.percent(0, 0) == "—"


def test_thirty_thirty_five_thirty_five() -> None:
    """The weights of the three rates; without one of them there is no score."""
    assert figures.score(made(20, response=50, solved=80, satisfied=100), WEIGHTS) == 15 + 28 + 35
    assert figures.score(Counts(came=50, asked=1, signed=1, to_solve=1, solved=1), WEIGHTS) is None


def test_under_twenty_orders_nobody_is_ranked() -> None:
    """The twin of a rank: nineteen perfect orders stand behind twenty bad ones, without a rank."""
    rows = {1: made(19), 2: made(20, solved=10), 3: made(25), 4: made(40)}
    found = [(key, rank) for key, _counts, rank in figures.ranked(rows, WEIGHTS, least=20)]
    assert found == [(4, 1), (3, 1), (2, 3), (1, None)]


def test_whoever_would_be_first_of_one_is_not_ranked() -> None:
    """A single unit with orders enough has nobody to be compared with."""
    found = figures.ranked({1: made(40), 2: made(3)}, WEIGHTS, least=20)
    assert [rank for _key, _counts, rank in found] == [None, None]


def test_counts_add_up() -> None:
    """Of two units as of one."""
    assert made(3) + made(4) == figures.total([made(3), made(4)])
    assert (made(3) + made(4)).came == 7
    assert Counts().nothing
    assert not made(1).nothing
