"""What is said again of an open matter of one's own is no second order; whatever is another matter is."""

from datetime import timedelta

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand

WHO = "r:罗阿姨"


def _orders(stage: Stage) -> list[Demand]:
    return stage.store.look(lambda tx: tx.list(Demand))


def _later(stage: Stage, **by: int) -> None:
    stage.office.clock.at += timedelta(**by)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("槐荫里3栋2单元401厨房水管漏水", "厨房还在漏呢"),
        ("槐荫里3栋2单元401厨房水管漏水", "水管还在滴，没人管啊"),
        ("槐荫里3栋2单元电梯停了", "电梯还停着呢"),
        ("槐荫里3栋2单元的楼道灯不亮", "楼道灯还不亮"),
    ],
)
def test_still_so_hurries_the_one_that_is_open(stage: Stage, say: Say, first: str, then: str) -> None:
    """A second card went to the same people, and the place was asked for again."""
    say(WHO, first)
    say("fangjl", "收到")
    _later(stage, hours=3)
    assert say(WHO, then) == ["done.urge"]
    assert len(_orders(stage)) == 1


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("槐荫里3栋2单元401厨房水管漏水", "厕所还在漏"),
        ("槐荫里3栋2单元401厨房水管漏水", "槐荫里5栋1单元厨房还在漏"),
        ("槐荫里3栋2单元401厨房水管漏水", "楼道灯还不亮"),
        ("槐荫里3栋2单元401厨房水管漏水", "还有楼道灯也不亮"),
        ("槐荫里3栋2单元的楼道灯不亮", "路灯还不亮"),
        ("槐荫里3栋垃圾三天没收了", "小广告还在贴"),
        ("槐荫里3栋2单元电梯停了", "楼下还在放音响"),
        ("槐荫里3栋2单元电梯停了", "电梯里还关着人呢"),
    ],
)
def test_another_room_thing_place_or_danger_is_an_order_of_its_own(
    stage: Stage, say: Say, first: str, then: str
) -> None:
    """Nothing is lost in the words beside something else."""
    say(WHO, first)
    _later(stage, hours=3)
    say(WHO, then)
    assert len(_orders(stage)) == 2


def test_still_so_after_it_was_called_done(stage: Stage, say: Say) -> None:
    """It goes back to whoever said that it was."""
    say(WHO, "槐荫里3栋2单元401厨房水管漏水")
    say("fangjl", "修好了")
    assert say(WHO, "厨房还在漏呢") == ["done.rate_bad"]


@pytest.mark.parametrize(("first", "made"), [("停水了", 1), ("厨房地上漏水", 2)])
def test_water_is_back_of_who_had_none(stage: Stage, say: Say, first: str, made: int) -> None:
    """有水了 was an urgent order; after a leak it may still be one."""
    say(WHO, f"槐荫里3栋2单元401{first}")
    _later(stage, hours=3)
    say(WHO, "有水了")
    assert len(_orders(stage)) == made


@pytest.mark.parametrize("text", ["人咋还没来，他脸都紫了", "救护车还没到", "怎么还没人来，他喘不上气"])
def test_waiting_for_help_is_no_second_alarm(stage: Stage, say: Say, text: str) -> None:
    """Those on their way hear it; a second alarm had no place."""
    say(WHO, "老头子摔倒了动不了，槐荫里3栋2单元102")
    _later(stage, minutes=20)
    assert say(WHO, text) == ["done.still"]
    assert len(_orders(stage)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "着火了，消防车还没来",
        "又有个人晕倒了，救护车还没到",
        "槐荫里5栋有人晕倒了，还没人来",
        "隔壁也有人喘不上气，救护车还没到",
    ],
)
def test_another_danger_is_an_alarm_of_its_own(stage: Stage, say: Say, text: str) -> None:
    """Whatever is said of help beside it."""
    say(WHO, "老头子摔倒了动不了，槐荫里3栋2单元102")
    _later(stage, minutes=20)
    assert "order.emergency" in say(WHO, text)
    assert [order.urgency for order in _orders(stage)] == ["emergency", "emergency"]


@pytest.mark.parametrize(
    "text", ["厨房漏水还没人修，越来越严重", "厨房还在漏水，越来越厉害", "厨房还在漏，越漏越大了"]
)
def test_said_again_and_worse_is_urgent(stage: Stage, say: Say, text: str) -> None:
    """Hurried, and from now on in a hurry; no alarm, for nobody is in danger."""
    say("r:罗阿姨", "槐荫里2栋1单元301厨房漏水")
    _later(stage, hours=3)
    assert say("r:罗阿姨", text) == ["done.urge"]
    (one,) = stage.store.look(lambda tx: tx.list(Demand))
    assert one.urgency == "urgent"


def test_said_again_beside_a_rating(stage: Stage, say: Say) -> None:
    """What is done is rated, what is not is urged, and what is new is an order."""
    say(WHO, "槐荫里3栋2单元的楼道灯不亮")
    say(WHO, "槐荫里3栋门口垃圾没人收")
    say("fangjl", "2号单清走了")
    assert say(WHO, "垃圾清掉了，满意；楼道灯还黑着呢") == ["done.rate_good", "done.urge"]
    assert len(_orders(stage)) == 2


def test_what_is_new_beside_a_rating(stage: Stage, say: Say) -> None:
    """Nobody comes is said of a new matter, too."""
    say(WHO, "槐荫里3栋门口垃圾没人收")
    say("fangjl", "清走了")
    assert say(WHO, "垃圾清掉了，满意；电梯停了一天，没人管")[0] == "done.rate_good"
    assert [order.category for order in _orders(stage)] == ["sanitation", "elevator"]
