"""Positions: distances, and the shift of Chinese maps against the satellites."""

import pytest

from redprop_bot.rules.positions import km, on_the_map


@pytest.mark.parametrize(
    ("satellites", "mapped"),
    [  # published pairs of the formula
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
        ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
    ],
)
def test_the_published_pairs(satellites, mapped):
    """To a hundred-millionth of a degree."""
    assert on_the_map(satellites) == pytest.approx(mapped, abs=1e-8)


@pytest.mark.parametrize("abroad", [(48.8566, 2.3522), (-33.86, 151.2), (0.0, 0.0)])
def test_elsewhere_nothing_is_shifted(abroad):
    """The formula is for China only."""
    assert on_the_map(abroad) == abroad


def test_the_shift_is_hundreds_of_metres():
    """Which is why it matters: the next estate is not further."""
    assert 0.3 < km((30.5, 117.25), on_the_map((30.5, 117.25))) < 0.9


def test_a_degree_of_latitude():
    """A hundred and eleven kilometres; nothing from a place to itself."""
    assert km((30, 117), (31, 117)) == pytest.approx(111.2, abs=0.1)
    assert km((30, 117), (30, 117)) == 0
