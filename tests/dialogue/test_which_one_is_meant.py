"""A vague word for an order means the one that was reported so, or it is asked."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand, Event

LIFT, LEAK, DRAIN = "槐荫里1栋1单元电梯坏了", "槐荫里3栋2单元502厨房漏水", "槐荫里5栋下水道堵了"
LAMP, RUBBISH = "槐荫里2栋楼道灯不亮", "槐荫里2栋垃圾没人收"


def _stages(stage: Stage) -> list[str]:
    return [d.stage for d in stage.store.look(lambda tx: tx.list(Demand))]


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("漏水那单修好了", ["done", "accepted"]),
        ("堵的那单修好了", ["accepted", "done"]),
        ("下水道那个修好了", ["accepted", "done"]),
        ("刚才那个修好了", ["accepted", "done"]),
    ],
)
def test_two_of_one_kind(stage: Stage, say: Say, text: str, stages: list[str]) -> None:
    """The words of the report tell them apart; the last one is meant only by words that say so."""
    say("r:老马", LEAK)
    say("r:罗阿姨", DRAIN)
    say("fangjl", "1号单接了")
    say("fangjl", "2号单接了")
    assert say("fangjl", text) == ["done.fulfil"]
    assert _stages(stage) == stages


def test_what_fits_none_is_asked(stage: Stage, say: Say) -> None:
    """Nobody said anything of a boiler."""
    say("r:老马", LEAK)
    say("r:罗阿姨", DRAIN)
    say("fangjl", "2号单接了")
    assert say("fangjl", "锅炉那单修好了") == ["ask.which"]


@pytest.mark.parametrize("text", ["快递不用取了", "轮椅不借了", "预约取消吧", "字帖不要了"])
def test_something_else_is_taken_back(stage: Stage, say: Say, text: str) -> None:
    """The lift stays reported."""
    say("r:罗阿姨", LIFT)
    say("r:罗阿姨", text)
    assert _stages(stage)[0] == "dispatched"


@pytest.mark.parametrize(
    "text",
    ["不用修了", "电梯不用修了", "撤销吧", "不用来了，自己好了", "师傅不用来了", "取消报修", "我报的事取消"],
)
def test_taken_back(stage: Stage, say: Say, text: str) -> None:
    """Bare, or by its name."""
    say("r:罗阿姨", LIFT)
    assert say("r:罗阿姨", text) == ["done.withdraw"]


@pytest.mark.parametrize("text", ["昨天的活动真好 谢谢", "物业费交了 谢谢"])
def test_praise_of_something_else(stage: Stage, say: Say, text: str) -> None:
    """No stars for the lift."""
    say("r:罗阿姨", LIFT)
    say("fangjl", "1号单修好了")
    say("r:罗阿姨", text)
    assert _stages(stage) == ["done"]


@pytest.mark.parametrize("text", ["满意", "修好了，谢谢师傅", "电梯好了，谢谢", "师傅来得快，态度也好"])
def test_praise(stage: Stage, say: Say, text: str) -> None:
    """Of what was done."""
    say("r:罗阿姨", LIFT)
    say("fangjl", "1号单修好了")
    assert say("r:罗阿姨", text) == ["done.rate_good"]


def test_a_thing_is_urged_by_its_name(stage: Stage, say: Say) -> None:
    """Not whatever was reported last."""
    say("r:罗阿姨", LAMP)
    say("r:罗阿姨", RUBBISH)
    say("r:罗阿姨", "灯的事催一下")
    lamp = stage.store.look(lambda tx: tx.list(Demand)[0].id)
    assert [e.subject_id for e in stage.store.look(lambda tx: tx.list(Event)) if e.name == "urged"] == [lamp]
