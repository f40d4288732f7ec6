"""A number and not a word more asks how it is, whoever says it; nobody helps, merges or adds anything by it."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Event, Helper

LIFT = "槐荫里2栋1单元的电梯按钮失灵了"
SHOWN = {"r:罗阿姨": "progress.dispatched"}


def _events(stage: Stage) -> int:
    return len(stage.store.look(lambda tx: tx.list(Event)))


@pytest.mark.parametrize("who", ["r:罗阿姨", "qinsj", "yaowg", "fangjl", "gaozr"])
@pytest.mark.parametrize("text", ["1号单", "0001", "0001号单子", "单号0001", "D20261125-0001。", "1号单子"])
def test_it_shows_the_order(stage: Stage, say: Say, who: str, text: str) -> None:
    """To whom it concerns."""
    say("r:罗阿姨", LIFT)
    before = _events(stage)
    assert say(who, text) == [SHOWN.get(who, "progress.staff")]
    assert _events(stage) == before


@pytest.mark.parametrize("text", ["1号单", "D20261125-0001"])
def test_a_member_of_elsewhere_helps_nobody_by_it(stage: Stage, say: Say, text: str) -> None:
    """What is not theirs is not found, and nothing is promised."""
    say("r:罗阿姨", LIFT)
    before = _events(stage)
    say("songls", text)
    assert (_events(stage), stage.store.look(lambda tx: tx.list(Helper))) == (before, [])


@pytest.mark.parametrize("who", ["r:罗阿姨", "qinsj", "fangjl"])
def test_a_number_that_is_none_is_said_to_be_none(stage: Stage, say: Say, who: str) -> None:
    """Nobody is greeted for a slip of a digit."""
    say("r:罗阿姨", LIFT)
    for text in ("9号单", "D20261125-0009"):
        assert say(who, text) == ["error.no_such_order"]


def test_what_may_be_something_else_stays_so(stage: Stage, say: Say) -> None:
    """A day, a count, a number nobody knows."""
    say("r:罗阿姨", LIFT)
    for text in ("4号", "4", "8888"):
        assert "progress.staff" not in say("qinsj", text)
