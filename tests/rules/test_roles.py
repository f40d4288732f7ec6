"""The table of capacities by itself. Its cells are tried in `tests/loop/test_cells`, who has which in `test_actor`."""

import pytest

from redprop_bot.errors import Forbidden
from redprop_bot.rules.flow import Act
from redprop_bot.rules.roles import MAY, Capacity, may, require


def test_every_act_has_somebody() -> None:
    """A verb without anybody could never be used."""
    assert set(MAY) == set(Act)
    assert all(MAY.values())


def test_an_administrator_may_what_people_may_but_is_not_the_clock() -> None:
    """Only time lets a demand expire."""
    assert {act for act in Act if not may(act, [Capacity.ADMIN])} == {Act.EXPIRE}


def test_one_capacity_that_allows_it_is_enough() -> None:
    """A secretary who reported something is both."""
    assert may(Act.WITHDRAW, [Capacity.SECRETARY, Capacity.REPORTER])


def test_nobody_may_nothing() -> None:
    """Without a capacity even reporting is refused, and the refusal names the act."""
    for act in Act:
        assert not may(act, [])
    with pytest.raises(Forbidden) as refusal:
        require(Act.CLOSE, [Capacity.REPORTER])
    assert refusal.value.slots == {"act": "close"}
