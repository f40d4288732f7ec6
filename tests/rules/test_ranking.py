"""Places and colours by hand: ties share a place, who has none moves nobody, each bound at its edge."""

import pytest

from redprop_bot.rules import ranking
from redprop_bot.rules.ranking import Line

COLOURS = [
    {"key": "red", "top": 2, "least": 85},
    {"key": "black", "below": 60},
    {"key": "yellow", "bottom": 2, "below": 70},
]


def _ranked(*scores):
    lines = [
        Line(n, score=score, apart="" if score is not None else "no_result") for n, score in enumerate(scores)
    ]
    return [(one.unit, one.place, one.colour) for one in ranking.placed(lines, COLOURS)]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((9000, 8500, 8499), [(0, 1, "red"), (1, 2, "red"), (2, 3, "")]),
        ((8499, 8499), [(0, 1, ""), (1, 1, "")]),
        ((9000, 9000, 9000), [(0, 1, "red"), (1, 1, "red"), (2, 1, "red")]),
        ((9500, 9000, 9000, 8900), [(0, 1, "red"), (1, 2, "red"), (2, 2, "red"), (3, 4, "")]),
        ((None, 5999, 6000), [(2, 1, "yellow"), (1, 2, "black"), (0, None, "")]),
        ((6999, 6999, 6999, 7000), [(3, 1, ""), (0, 2, "yellow"), (1, 2, "yellow"), (2, 2, "yellow")]),
        ((6500, 6600, 6700), [(2, 1, ""), (1, 2, "yellow"), (0, 3, "yellow")]),
        ((), []),
    ],
)
def test_places_and_colours(scores, expected):
    """Scores in hundredths, in the order of the companies."""
    assert _ranked(*scores) == expected


def test_who_stands_apart_has_no_place_whatever_the_score():
    """The others are placed as if it were not there; what is kept is read again."""
    lines = ranking.placed([Line(1, score=9900, apart="appealed"), Line(2, (7,), (4, 5), 8600)], COLOURS)
    assert [(one.unit, one.place, one.colour) for one in lines] == [(2, 1, "red"), (1, None, "")]
    assert ranking.read(ranking.kept(lines)) == lines
