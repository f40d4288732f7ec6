"""除了3号都接: all the others, and it is said which were left; a picture goes with what was just done."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.simulated.talking import Phone
from redprop_bot.store.tables import Attachment, Demand

REPORTS = ("槐荫里1栋1单元电梯坏了", "槐荫里3栋2单元502厨房漏水", "槐荫里2栋楼道灯不亮")


@pytest.fixture(autouse=True)
def _three(say: Say) -> None:
    for who, text in zip(("罗阿姨", "老马", "小贺"), REPORTS, strict=True):
        say(f"r:{who}", text)


def _stages(stage: Stage) -> list[str]:
    return [d.stage for d in stage.store.look(lambda tx: tx.list(Demand))]


@pytest.mark.parametrize("text", ["除了3号都接", "除了D3其他都接了"])
def test_all_but_one_are_taken(stage: Stage, say: Say, text: str) -> None:
    """Nobody promised the third."""
    assert say("fangjl", text) == ["done.accept", "done.accept", "done.left_out"]
    assert _stages(stage) == ["accepted", "accepted", "dispatched"]


def test_all_but_one_are_done_and_closed(stage: Stage, say: Say) -> None:
    """By the unit, then by the secretary."""
    say("fangjl", "都接了")
    assert say("qinsj", "除了1号都办结") == ["ask.none_done"]
    assert say("fangjl", "除了2号都修好了") == ["done.fulfil", "done.fulfil", "done.left_out"]
    assert _stages(stage) == ["done", "accepted", "done"]
    assert say("qinsj", "除了1号都办结") == ["done.close", "done.left_out"]
    assert _stages(stage) == ["done", "accepted", "closed"]


def test_what_is_more_than_ten_is_told(stage: Stage, say: Say) -> None:
    """The oldest are taken first, and the rest is not passed over in silence."""
    for number in range(1, 10):
        say(f"r:居民{number}", f"槐荫里5栋1单元{number}01厨房漏水")
    assert _stages(stage) == ["dispatched"] * 12
    assert say("fangjl", "都接了") == ["done.accept"] * 10 + ["done.more_left"]
    assert _stages(stage)[0] == "accepted"


def test_a_picture_goes_with_what_was_just_done(stage: Stage, say: Say) -> None:
    """Not with the next order, which is another home."""
    say("fangjl", "都接了")
    say("fangjl", "1号单修好了")
    answer = stage.town.deliver(stage.town.picture(Phone.of("work:fangjl")))
    assert [said.key for said in answer.said] == ["done.picture_of_work"]
    say("fangjl", "2号单修好了")
    first = stage.store.look(lambda tx: tx.list(Demand)[0].id)
    assert [a.demand_id for a in stage.store.look(lambda tx: tx.list(Attachment))] == [first]
