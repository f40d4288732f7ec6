"""What is told of the way to the door goes to who comes; somebody's dog is a matter of its own."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand

LEAK = "槐荫里1栋1单元502水管漏水"


@pytest.mark.parametrize("text", ["家里有狗不咬人", "我家狗拴好了", "5楼别走错", "门铃坏了直接敲"])
def test_it_opens_no_order(stage: Stage, say: Say, text: str) -> None:
    """It is added to the one for which somebody comes."""
    say("r:罗阿姨", LEAK)
    assert say("r:罗阿姨", text) == ["done.supplement"]
    assert len(stage.store.look(lambda tx: tx.list(Demand))) == 1


@pytest.mark.parametrize(
    "text", ["槐荫里2栋有人把狗拴在楼道里臭死了", "槐荫里3栋的狗不咬人但是半夜叫", "槐荫里5栋楼下有狗没拴乱跑"]
)
def test_trouble_with_a_dog_is_reported(stage: Stage, say: Say, text: str) -> None:
    """Though something else was reported before."""
    say("r:罗阿姨", LEAK)
    stage.clock.at += stage.pace * 10
    say("r:罗阿姨", text)
    assert len(stage.store.look(lambda tx: tx.list(Demand))) == 2
