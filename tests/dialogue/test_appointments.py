"""When somebody comes: what the worker says is told to the resident, and what the resident answers to the worker."""

from datetime import timedelta

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand, Event


def _told(stage: Stage, name: str) -> list[str]:
    return stage.store.look(lambda tx: [event.note for event in tx.list(Event) if event.name == name])


@pytest.fixture
def _taken(stage: Stage, say: Say) -> None:
    say("r:小贺", "槐荫里3栋2单元702厨房水管漏水")
    stage.clock.at += timedelta(minutes=30)
    assert say("dingsf", "接单") == ["done.accept"]


@pytest.mark.parametrize(
    "text",
    ["明天下午三点上门", "我十点到", "明天过去", "明早八点来", "今天晚上六点去他家", "马上到", "下午去看看"],
)
@pytest.mark.usefixtures("_taken")
def test_a_worker_says_when_they_come(stage: Stage, say: Say, text: str) -> None:
    """That is no order to take: it is the one at hand, and whoever waits hears it."""
    assert say("dingsf", text) == ["done.progress"]
    assert _told(stage, "progressed") == [text]


@pytest.mark.usefixtures("_taken")
def test_a_number_beside_the_time_is_not_the_end(stage: Stage, say: Say) -> None:
    """Nobody has mended anything yet."""
    no = stage.store.look(lambda tx: tx.list(Demand)[0].no)
    assert say("dingsf", f"{no} 明天上午九点上门") == ["done.progress"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("接单", "done.accept"), ("收到，下午到", "done.accept"), ("接了，明天九点到", "done.accept")],
)
@pytest.mark.usefixtures("_taken")
def test_what_takes_an_order_still_does(say: Say, text: str, said: str) -> None:
    """Another one waits."""
    say("r:罗阿姨", "槐荫里1栋1单元301卫生间马桶堵了")
    assert say("dingsf", text) == [said]


@pytest.mark.parametrize(
    "text",
    [
        "明天没空",
        "三点太早了",
        "好的 三点我在家",
        "改到后天上午",
        "换个时间吧",
        "明天我不在",
        "修的时候小心瓷砖",
        "上来按门铃",
        "带个新水龙头来",
        "我在家等",
        "明天不在家，别来",
        "不行",
    ],
)
@pytest.mark.usefixtures("_taken")
def test_the_resident_answers(stage: Stage, say: Say, text: str) -> None:
    """No new order, no activity, and not lost: it stands with the order."""
    say("dingsf", "明天下午三点上门")
    stage.clock.at += timedelta(hours=1)
    assert say("r:小贺", text) == ["done.supplement"]
    assert _told(stage, "supplemented") == [text]


@pytest.mark.parametrize(
    "text", ["漏水", "没水", "灯不亮", "又来了", "路上有坑", "太吵了", "小区里好多狗", "有人打架", "3栋电梯坏了"]
)
@pytest.mark.usefixtures("_taken")
def test_a_trouble_is_still_reported(stage: Stage, say: Say, text: str) -> None:
    """However short."""
    say("dingsf", "明天下午三点上门")
    stage.clock.at += timedelta(hours=1)
    assert say("r:小贺", text)[0].startswith("order.")
    assert len(stage.store.look(lambda tx: tx.list(Demand))) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("不用来了", "done.withdraw"),
        ("明天不用来了，自己修好了", "done.withdraw"),
        ("怎么样了", "progress.accepted"),
        ("几点", "progress.accepted"),
        ("谁来", "progress.accepted"),
        ("快点", "done.urge"),
        ("我在家等了一上午怎么还没来", "done.urge"),
        ("谢谢", "greeting.thanks"),
        ("明天有什么活动", "activity.none"),
    ],
)
@pytest.mark.usefixtures("_taken")
def test_what_is_meant_otherwise_is_done(stage: Stage, say: Say, text: str, said: str) -> None:
    """As it was before."""
    say("dingsf", "明天下午三点上门")
    stage.clock.at += timedelta(hours=1)
    assert say("r:小贺", text) == [said]
