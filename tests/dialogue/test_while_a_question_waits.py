"""Somebody was asked something and speaks of another matter: that is done, and nothing is answered by it."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand, Event, Mode

LIFT, LEAK = "槐荫里1栋1单元电梯坏了", "槐荫里3栋2单元502厨房漏水"


def _stages(stage: Stage) -> list[str]:
    return [d.stage for d in stage.store.look(lambda tx: tx.list(Demand))]


def _events(stage: Stage) -> list[str]:
    return [e.name for e in stage.store.look(lambda tx: tx.list(Event))]


def _two(say: Say) -> None:
    say("r:罗阿姨", LIFT)
    say("r:老马", LEAK)


@pytest.mark.parametrize(
    "text",
    [
        "控制住了", "得到控制", "已控制", "险情解除", "危险解除", "险情排除", "火灭了", "灭了火", "扑灭了",
        "救出来了", "救下来了", "人出来了", "关了阀", "阀门关了", "断了电", "电断了", "已断电", "围起来了", "2栋的火灭了",
    ],
)  # fmt: skip
def test_a_word_of_control_is_no_second_danger(stage: Stage, say: Say, text: str) -> None:
    """The card asks for this one word."""
    say("r:小贺", "槐荫里2栋1单元电梯困人了")
    say("dingsf", "接单")
    assert say("dingsf", text) == ["done.controlled"]
    assert _events(stage)[-1] == "controlled"
    assert len(_stages(stage)) == 1


@pytest.mark.parametrize("text", ["火灭了，还有人困在电梯里出不来", "5栋着火了，冒黑烟", "火还没灭，又爆炸了"])
def test_another_danger_stays_one(stage: Stage, say: Say, text: str) -> None:
    """In doubt it is an alarm."""
    say("r:小贺", "槐荫里2栋1单元电梯困人了")
    say("dingsf", "接单")
    assert say("dingsf", text)[0] in ("order.emergency", "order.several")
    assert "controlled" not in _events(stage)


def test_a_command_after_which_one(stage: Stage, say: Say) -> None:
    """2号单接了 says what to do as well; it is no bare number."""
    _two(say)
    assert say("fangjl", "收到") == ["ask.which"]
    assert say("fangjl", "2号单接了") == ["done.accept"]
    assert _stages(stage) == ["dispatched", "accepted"]
    assert say("qinsj", "都派给康居物业") == ["ask.which"]
    assert say("qinsj", "1、2号单都派给康居物业") == ["done.dispatch", "done.dispatch"]


@pytest.mark.parametrize(("text", "done"), [("1", 1), ("1号单", 0), ("第二个", 0), ("2号", 1)])
def test_a_number_after_which_one(stage: Stage, say: Say, text: str, done: int) -> None:
    """By its place in the list, newest first, or by its own number."""
    _two(say)
    say("fangjl", "收到")
    assert say("fangjl", text) == ["done.accept"]
    assert _stages(stage)[done] == "accepted"


def test_two_numbers_after_which_one(stage: Stage, say: Say) -> None:
    """Both are meant."""
    _two(say)
    say("fangjl", "收到")
    assert say("fangjl", "1和2") == ["done.accept", "done.accept"]


def test_another_order_is_no_reason(stage: Stage, say: Say) -> None:
    """Asked why one is returned they tell that the other is done."""
    _two(say)
    assert say("fangjl", "退单 2号") == ["ask.reason"]
    assert say("fangjl", "1号单修好了") == ["done.fulfil"]
    assert _stages(stage) == ["done", "dispatched"]


@pytest.mark.parametrize("text", ["点错了", "我再看看，先别退", "不好意思点错了", "先不退了"])
def test_taken_back(stage: Stage, say: Say, text: str) -> None:
    """Nothing is returned, and nothing waits any longer."""
    _two(say)
    say("fangjl", "退单 2号")
    assert say("fangjl", text) == ["ask.dropped"]
    assert _stages(stage) == ["dispatched", "dispatched"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("谢谢", "greeting.thanks"),
        ("等一下，我问问", "ask.no_hurry"),
        ("收到", "ask.no_hurry"),
        ("1号单怎么样了", "progress.staff"),
    ],
)
def test_a_moment_and_then_the_reason(stage: Stage, say: Say, text: str, key: str) -> None:
    """The question waits; the reason that follows is taken."""
    _two(say)
    say("fangjl", "退单 2号")
    assert say("fangjl", text) == [key]
    assert _stages(stage) == ["dispatched", "dispatched"]
    assert say("fangjl", "居民已经自己找人弄好了") == ["done.return"]
    assert _stages(stage) == ["dispatched", "returned"]


@pytest.mark.parametrize("text", ["和1号单重复", "2号单不归我们管", "人手不够", "没有配件"])
def test_a_reason_may_name_an_order(stage: Stage, say: Say, text: str) -> None:
    """What is the same as another, and the order that was asked about."""
    _two(say)
    say("fangjl", "退单 2号")
    assert say("fangjl", text) == ["done.return"]
    assert _stages(stage) == ["dispatched", "returned"]


def test_another_order_is_no_reason_for_more_days(stage: Stage, say: Say) -> None:
    """Residents would read it."""
    _two(say)
    assert say("fangjl", "1号单延期两天") == ["ask.extend_reason"]
    assert say("fangjl", "2号单修好了") == ["done.fulfil"]
    assert "extension_asked" not in _events(stage)


def test_too_many_days_are_told_at_once(stage: Stage, say: Say) -> None:
    """Not after the reason, and they can be said again."""
    _two(say)
    say("fangjl", "1号单延期")
    assert say("fangjl", "30天") == ["error.days"]
    assert say("fangjl", "3天") == ["ask.extend_reason"]
    assert say("fangjl", "电机要从厂里发") == ["done.extend"]


@pytest.mark.parametrize("text", ["1号单怎么样了", "1号派给康居物业", "方经理电话多少"])
def test_a_command_is_no_title_of_an_emergency(stage: Stage, say: Say, text: str) -> None:
    """A whole community would be called up by it."""
    _two(say)
    assert say("qinsj", "转应急") == ["mode.ask_title"]
    say("qinsj", text)
    assert stage.store.look(lambda tx: tx.list(Mode)) == []


def test_a_title_of_an_emergency(stage: Stage, say: Say) -> None:
    """The plain answer stays one."""
    say("qinsj", "转应急")
    assert say("qinsj", "停水抢修") == ["mode.began"]


def test_a_moment_is_no_reason_for_staying_away(stage: Stage, say: Say) -> None:
    """Who was called by a whistle asks first."""
    say("r:罗阿姨", LIFT)
    say("qinsj", "吹哨 1号单，请康居物业到场")
    say("wangjl", "到不了")
    assert say("wangjl", "等一下，我问问") == ["ask.no_hurry"]
    assert "declined" not in " ".join(_events(stage))
