"""Words about the result are of what waits for stars; a closed one is rated anew where it is named."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand

LIFT, RUBBISH = "槐荫里1栋1单元电梯坏了", "槐荫里1栋门口垃圾没人收"


def _rated(stage: Stage) -> list[tuple[str, int | None]]:
    return [(d.stage, d.stars) for d in stage.store.look(lambda tx: tx.list(Demand))]


def _first_is_closed(say: Say) -> None:
    say("r:罗阿姨", LIFT)
    say("r:罗阿姨", RUBBISH)
    say("fangjl", "1号单修好了")
    assert say("r:罗阿姨", "满意") == ["done.rate_good"]
    say("fangjl", "2号单清走了")


@pytest.mark.parametrize("text", ["不满意", "没弄好", "不行，不满意，还是臭", "两星"])
def test_what_waits_goes_first(stage: Stage, say: Say, text: str) -> None:
    """Whatever was talked about last has its stars."""
    _first_is_closed(say)
    assert say("r:罗阿姨", text) == ["done.rate_bad"]
    (lift, stars), (rubbish, _) = _rated(stage)
    assert (lift, stars, rubbish) == ("closed", 5, "dispatched")


@pytest.mark.parametrize("text", ["不满意", "不太满意", "没弄好"])
def test_no_thing_is_named_by_a_no(stage: Stage, say: Say, text: str) -> None:
    """The lamp was reported as not lit, and that is no name of it."""
    say("r:罗阿姨", "槐荫里1栋1单元的灯不太亮，没弄过")
    say("r:罗阿姨", RUBBISH)
    say("fangjl", "1号单修好了")
    say("r:罗阿姨", "满意")
    say("fangjl", "2号单清走了")
    assert say("r:罗阿姨", text) == ["done.rate_bad"]
    assert [stage for stage, _ in _rated(stage)] == ["closed", "dispatched"]


@pytest.mark.parametrize("text", ["满意", "好了，谢谢"])
def test_praise_is_of_what_waits(stage: Stage, say: Say, text: str) -> None:
    """And so is praise."""
    _first_is_closed(say)
    say("r:罗阿姨", text)
    assert _rated(stage) == [("closed", 5), ("closed", 5)]


def test_a_closed_one_by_its_name(stage: Stage, say: Say) -> None:
    """It broke again, and that is said."""
    _first_is_closed(say)
    assert say("r:罗阿姨", "电梯没修好") == ["done.rate_bad"]
    assert [stage for stage, _ in _rated(stage)] == ["dispatched", "done"]


def test_a_closed_one_where_nothing_waits(stage: Stage, say: Say) -> None:
    """As before."""
    say("r:罗阿姨", LIFT)
    say("fangjl", "修好了")
    say("r:罗阿姨", "满意")
    assert say("r:罗阿姨", "没修好") == ["done.rate_bad"]


def test_stars_after_thanks_are_of_the_same(stage: Stage, say: Say) -> None:
    """Nothing was done in between: nobody has looked at the other one."""
    say("r:罗阿姨", LIFT)
    say("r:罗阿姨", RUBBISH)
    say("fangjl", "1号单修好了")
    say("fangjl", "2号单清走了")
    say("r:罗阿姨", "电梯好了，谢谢师傅")
    say("r:罗阿姨", "4")
    assert _rated(stage) == [("closed", 4), ("done", None)]
