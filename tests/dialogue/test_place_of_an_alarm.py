"""The place of an alarm is asked: whatever names one completes the alarm, and nobody's roof is repaired instead."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.registry.register import register
from redprop_bot.store.tables import Demand, Outbox

JUMPS, FIRE, FAINTED = "有人要跳楼！！", "着火了！", "有人晕倒了"
GAS, LIFT, FALL = "煤气味好大", "电梯关人了", "我老伴摔了起不来"

KEEPERS = {"槐荫里": {"qinsj", "yaowg"}, "金鹿苑": {"qinsj", "yaowg"}, "河湾新村": {"lusj", "xuwg"}}

WHERE = [
    (JUMPS, "河湾新村9栋楼顶", "楼顶"),
    (JUMPS, "槐荫里5栋天台", "天台"),
    (FIRE, "金鹿苑2栋楼道里", "楼道"),
    (FIRE, "槐荫里垃圾站旁边", ""),
    (FIRE, "槐荫里地下车库", ""),
    (FIRE, "槐荫里2栋充电棚", ""),
    (FIRE, "金鹿苑配电房", ""),
    (FAINTED, "槐荫里东门花坛边", ""),
    (FAINTED, "金鹿苑1栋电梯口", "电梯口"),
    (FAINTED, "槐荫里3栋对门", "对门"),
    (FAINTED, "河湾新村9栋一楼楼梯口", "楼梯口"),
    (GAS, "金鹿苑1栋2单元我家对面", "对面"),
    (GAS, "槐荫里3栋2单元楼上那家", "楼上那家"),
    (GAS, "河湾新村7栋厨房", "厨房"),
    (LIFT, "槐荫里1栋靠停车场那部", "那部"),
    (LIFT, "金鹿苑2栋，门卡在三楼", "门卡在三楼"),
    (FALL, "金鹿苑1栋1单元，门没锁", "门没锁"),
    (FALL, "槐荫里3栋，家里就我一个人", "就我一个人"),
    (FALL, "河湾新村7栋2单元 快点", ""),
    (FAINTED, "槐荫里5栋1单元301对门302", "对门302"),
    (FIRE, "槐荫里3栋消防通道那里", ""),
    (GAS, "槐荫里2栋水表间", "水表间"),
    (FIRE, "槐荫里2栋1单元，孩子在里面哭", "孩子在里面"),
    (FIRE, "槐荫里5栋楼下停车位", "停车位"),
    (JUMPS, "金鹿苑2栋，人坐在阳台栏杆上", "阳台"),
]

BESIDES = [
    "槐荫里1栋遛狗的不拴绳",
    "槐荫里垃圾桶满了",
    "槐荫里绿化带里有人种菜",
    "金鹿苑2栋2单元暖气不热",
    "槐荫里3栋电梯坏了",
    "金鹿苑1栋楼道灯不亮",
    "槐荫里2栋门口垃圾三天没收了",
    "河湾新村7栋厨房漏水",
    "槐荫里5栋楼顶漏水",
    "金鹿苑2栋电梯口堆了好多杂物",
    "槐荫里3栋对门半夜吵架",
    "槐荫里1栋停车场被外地车占了",
    "槐荫里5栋天台搭了违建",
    "金鹿苑1栋1单元单元门坏了",
    "河湾新村9栋楼梯扶手松了",
    "槐荫里3栋楼上天天半夜装修",
    "另外槐荫里2栋充电棚的插座坏了",
    "顺便说一下金鹿苑2栋路灯也不亮",
    "槐荫里东门花坛边狗屎没人扫",
    "槐荫里垃圾站旁边臭死了",
    "槐荫里2栋1单元停水了",
    "槐荫里3栋对门老是把鞋柜放楼道",
    "金鹿苑1栋电梯停了两天了",
    "金鹿苑2栋2单元下水道堵了",
]


def _demands(stage: Stage) -> list[Demand]:
    return stage.store.look(lambda tx: tx.list(Demand))


def _estate(stage: Stage, demand: Demand) -> str:
    return stage.store.look(lambda tx: register(tx).estates[demand.estate_id or 0].name)


def _told(stage: Stage) -> set[str]:
    """Who was told of an alarm."""
    rows = stage.store.look(lambda tx: tx.list(Outbox))
    return {row.receiver for row in rows if row.message.startswith("emergency")}


@pytest.mark.parametrize(("alarm", "where", "kept"), WHERE)
def test_a_place_completes_the_alarm(stage: Stage, say: Say, alarm: str, where: str, kept: str) -> None:
    """One order, its place, the words that no slot keeps, and the people there are told at once."""
    assert say("r:小贺", alarm)[0] == "order.emergency"
    assert say("r:小贺", where)[0].startswith("done.placed")
    (demand,) = _demands(stage)
    assert _estate(stage, demand) == where[: len(_estate(stage, demand))]
    assert demand.building or demand.place
    assert kept in demand.text
    assert KEEPERS[_estate(stage, demand)] <= _told(stage)


@pytest.mark.parametrize("text", BESIDES)
def test_another_trouble_told_meanwhile_is_an_order_of_its_own(stage: Stage, say: Say, text: str) -> None:
    """The alarm gets the place first; what is the matter there besides is done as well."""
    say("r:小贺", "我爸突然晕过去了")
    said = say("r:小贺", text)
    assert said[0].startswith("done.placed")
    alarm, other = _demands(stage)
    assert (alarm.estate_id, alarm.building, alarm.place) == (other.estate_id, other.building, other.place)
    assert alarm.urgency == "emergency"
    assert other.urgency != "emergency"
    assert text not in alarm.text


@pytest.mark.parametrize("where", ["3栋电梯口", "5栋楼顶", "3栋2单元楼上那家", "5栋1单元，钥匙在门卫"])
def test_whose_estate_is_known_says_only_the_building(stage: Stage, say: Say, where: str) -> None:
    """Asked for the building: the same."""
    say("r:小贺", "槐荫里垃圾没人收")
    say("r:小贺", "有人晕倒了")
    assert say("r:小贺", where)[0].startswith("done.placed")
    assert [d.building for d in _demands(stage)] == [None, where[0]]


def test_an_estate_alone_is_not_enough_for_an_alarm(stage: Stage, say: Say) -> None:
    """Those on their way have to know which house; the next line says it, and the people there hear it."""
    say("r:小贺", "有人晕倒了")
    assert say("r:小贺", "槐荫里") == ["done.placed_unplaced", "ask.building"]
    assert say("r:小贺", "3栋2单元楼上那家") == ["done.placed_unplaced"]
    (demand,) = _demands(stage)
    assert (demand.building, demand.unit) == ("3", "2")
    assert KEEPERS["槐荫里"] <= _told(stage)


def test_another_danger_in_so_many_words_is_an_alarm_of_its_own(stage: Stage, say: Say) -> None:
    """It may be anywhere else than the first; that one is still asked for."""
    say("r:小贺", "电梯关人了")
    assert say("r:小贺", "槐荫里2栋着火了")[0] == "order.emergency"
    assert say("r:小贺", "金鹿苑1栋") == ["done.placed_alarm"]
    assert [_estate(stage, d) for d in _demands(stage)] == ["金鹿苑", "槐荫里"]


def test_good_news_with_the_place_ends_the_alarm(stage: Stage, say: Say) -> None:
    """Nobody is sent there."""
    say("r:小贺", "着火了！")
    assert say("r:小贺", "没事了，槐荫里3栋，是烧糊了锅") == ["done.safe"]


@pytest.mark.parametrize(
    ("first", "where"),
    [
        ("灯不亮", "金鹿苑2栋电梯口"),
        ("有股怪味", "槐荫里3栋电梯口"),
        ("垃圾没人收", "槐荫里垃圾站旁边"),
        ("灯不亮", "槐荫里5栋楼下停车位"),
        ("地砖翘起来了", "槐荫里3栋消防通道那里"),
    ],
)
def test_a_place_with_a_thing_in_its_name_answers_where(stage: Stage, say: Say, first: str, where: str) -> None:
    """It is no alarm, and still no second order."""
    say("r:小贺", first)
    assert say("r:小贺", where)[0].startswith("done.placed")
    assert len(_demands(stage)) == 1


@pytest.mark.parametrize("text", BESIDES[:5] + BESIDES[6:9])
def test_another_trouble_does_not_answer_where(stage: Stage, say: Say, text: str) -> None:
    """As ever: the lamp still waits for its place."""
    say("r:小贺", "灯不亮")
    assert say("r:小贺", text)[0].startswith("order.")
    assert len(_demands(stage)) == 2
    assert _demands(stage)[0].estate_id is None
