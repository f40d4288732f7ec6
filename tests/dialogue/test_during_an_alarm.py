"""What is said while an alarm is under way: it belongs to the alarm, and opens no order of its own."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.simulated.talking import Phone
from redprop_bot.store.tables import Demand, Outbox


def _demands(stage: Stage) -> list[Demand]:
    return stage.store.look(lambda tx: sorted(tx.list(Demand), key=lambda demand: demand.id or 0))


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("我手机快没电了", "done.still"),
        ("打了119了，他们说十五分钟到", "done.called"),
        ("要不要扒门", "done.hold_on"),
    ],
)
def test_of_the_lift(stage: Stage, say: Say, text: str, reply: str) -> None:
    """Those on their way hear it; 没事了 ends that alarm and no other order."""
    assert "order.emergency" in say("r:罗阿姨", "槐荫里1栋1单元电梯困人了")
    assert say("r:罗阿姨", text) == [reply]
    assert len(_demands(stage)) == 1
    assert say("r:罗阿姨", "没事了") == ["done.safe"]


@pytest.mark.parametrize("text", ["是不是可以开灯", "能打电话吗", "可以关总闸吗？"])
def test_may_we_is_answered_with_what_to_do(stage: Stage, say: Say, text: str) -> None:
    """In gas nobody is left to guess whether a switch may be touched."""
    say("r:罗阿姨", "槐荫里1栋1单元煤气味很大")
    assert "别开灯" in stage.town.say(Phone.of("resident:o-罗阿姨"), text).text
    assert len(_demands(stage)) == 1


@pytest.mark.parametrize(
    ("alarm", "news"),
    [
        ("槐荫里1栋1单元有股糊味，冒烟了", "哦，是人家炒菜"),
        ("槐荫里2栋502外婆独居，打了半天电话都没人接", "联系上了，她没事"),
        ("槐荫里2栋502外婆独居，打了半天电话都没人接", "我到家了，她在睡觉"),
    ],
)
def test_good_news_is_no_new_alarm(stage: Stage, say: Say, alarm: str, news: str) -> None:
    """It ends the one there is."""
    assert "order.emergency" in say("r:罗阿姨", alarm)
    assert say("r:罗阿姨", news) == ["done.safe"]
    assert [demand.stage for demand in _demands(stage)] == ["withdrawn"]


@pytest.mark.parametrize("news", ["她叫不醒", "我到家了，她倒在地上"])
def test_bad_news_ends_nothing(stage: Stage, say: Say, news: str) -> None:
    """Somebody still has to come."""
    say("r:罗阿姨", "槐荫里2栋502外婆独居，打了半天电话都没人接")
    say("r:罗阿姨", news)
    assert _demands(stage)[0].stage != "withdrawn"


@pytest.mark.parametrize("text", ["没困人 误报", "没人被困", "敲门没人应", "差点触电，先断电了", "业主不同意敲墙"])
def test_a_worker_tells_how_it_is_on_the_spot(stage: Stage, say: Say, text: str) -> None:
    """Progress of the order in hand, and no new matter."""
    say("r:罗阿姨", "槐荫里1栋1单元电梯坏了")
    say("dingsf", "接单")
    assert say("dingsf", text) == ["done.progress"]
    assert len(_demands(stage)) == 1


def test_a_danger_that_a_worker_meets_is_where_the_worker_is(stage: Stage, say: Say) -> None:
    """Nobody is asked for a place that is on the order in hand."""
    say("r:罗阿姨", "槐荫里3栋1单元502水管漏水")
    say("dingsf", "接单")
    assert say("dingsf", "触电了，小葛倒在地上") == ["order.emergency"]
    alarm = _demands(stage)[-1]
    assert (alarm.urgency, alarm.building, alarm.unit, alarm.room) == ("emergency", "3", "1", "502")


def test_who_is_sent_to_an_alarm_by_its_place_is_told_to_go(stage: Stage, say: Say) -> None:
    """Not until when to accept."""
    say("r:罗阿姨", "电梯困人了")
    assert say("r:罗阿姨", "槐荫里1栋1单元") == ["done.placed_alarm"]
    told = [str(r.payload) for r in stage.store.look(lambda tx: tx.list(Outbox)) if r.receiver == "dingsf"]
    assert any("马上去人" in words for words in told)
    assert not any("前接单" in words for words in told)
