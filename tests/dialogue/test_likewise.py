"""The same trouble at another place is of the same kind, where the words tell of no other."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand

WHO = "r:罗阿姨"


def _kinds(stage: Stage) -> list[tuple[str | None, str | None, str | None]]:
    return [(d.category, d.urgency, d.building) for d in stage.store.look(lambda tx: tx.list(Demand))]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("槐荫里1栋电梯停了", "5栋的也停了"),
        ("槐荫里1栋电梯坏了", "5栋也坏了"),
        ("槐荫里1栋的楼道灯不亮", "5栋的也不亮"),
    ],
)
def test_the_same_elsewhere(stage: Stage, say: Say, first: str, then: str) -> None:
    """As urgent, and an order of its own."""
    say(WHO, first)
    say(WHO, then)
    one, other = _kinds(stage)
    assert other == (*one[:2], "5")


@pytest.mark.parametrize("then", ["5栋也停水了", "5栋门口的垃圾也没人收"])
def test_another_trouble_elsewhere(stage: Stage, say: Say, then: str) -> None:
    """What is named is what it is."""
    say(WHO, "槐荫里1栋电梯停了")
    say(WHO, then)
    one, other = _kinds(stage)
    assert (other[0] != one[0], other[2]) == (True, "5")


def test_long_ago(stage: Stage, say: Say) -> None:
    """An hour later nobody speaks of the lift any more."""
    say(WHO, "槐荫里1栋电梯停了")
    stage.office.clock.at += stage.pace * 120
    say(WHO, "5栋的也停了")
    one, other = _kinds(stage)
    assert other[0] != one[0]
