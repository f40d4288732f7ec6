"""A guard that looks for one thing lets every other pass: dangers, reports, dispatches and yeses go where they always went."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand, Organisation, Seat

LIFT = "槐荫里2栋1单元的电梯按钮失灵了"
JOINT = "12月8日下午三点在社区会议室开党建联席会议"


def _demands(stage: Stage) -> list[Demand]:
    return stage.store.look(lambda tx: tx.list(Demand))


@pytest.mark.parametrize("text", ["请派人来调解，4栋有人拿刀砍人", "找人来调解，4栋有人抡着菜刀砍门"])
def test_a_danger_is_no_question_how_to_mediate(stage: Stage, say: Say, text: str) -> None:
    """Whatever else is asked for."""
    say("yaowg", text)
    assert "emergency" in [one.urgency for one in _demands(stage)]


def test_a_dispatch_to_mediate_and_a_room_of_that_name_are_none_either(stage: Stage, say: Say) -> None:
    """派给 names a unit."""
    say("r:罗阿姨", LIFT)
    assert "mediate.how" not in say("qinsj", "1号派给万和物业调解一下")
    assert "mediate.how" not in say("qinsj", "请老丁去调解室看看灯")
    assert say("qinsj", "请宋老师调解一下1号单") == ["mediate.how"]


def test_received_answers_the_whistle(stage: Stage, say: Say) -> None:
    """Nobody is reported as silent who said 收到."""
    say("r:罗阿姨", LIFT)
    say("qinsj", "1号吹哨清源水务")
    assert say("fenggong", "收到") == ["whistle.claimed"]
    assert say("fenggong", "收到") == ["greeting.noted"]


def test_words_about_an_order_do_not_answer_an_invitation(stage: Stage, say: Say) -> None:
    """The meeting is another day; an order is at hand."""
    say("r:罗阿姨", LIFT)
    say("fangjl", "1号接单")
    assert say("qinsj", JOINT) == ["meeting.called"]
    assert say("fangjl", "一定准时到") == ["done.progress"]
    for text in ("今天来不了", "明天有事去不了，让老丁去", "1号我去不了，让老丁去"):
        say("fangjl", text)
    answers = {seat.answer for seat in stage.store.look(lambda tx: tx.list(Seat))}
    assert answers == {"open"}
    assert say("fangjl", "8号出差去不了，让邵经理去") == ["meeting.sent"]


@pytest.mark.parametrize("text", ["通知一下万和物业，槐荫里3栋1单元电梯坏了", "发现槐荫里3栋门口公告栏掉了"])
def test_a_report_is_no_notice_to_everybody(stage: Stage, say: Say, text: str) -> None:
    """发现 publishes nothing."""
    say("qinsj", text)
    assert len(_demands(stage)) == 1


@pytest.mark.parametrize("text", ["发个通知：明天停水", "通知一下，明天停水", "通知全体居民明天停电"])
def test_a_notice_to_everybody_is_one(stage: Stage, say: Say, text: str) -> None:
    """Chat cannot send it, and says so."""
    assert say("qinsj", text) == ["meeting.no_broadcast"]
    assert _demands(stage) == []


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1号让康居物业明天派人去修", "康居物业"),
        ("1号万和说不归他们管，清源水务", "清源水务"),
        ("1号万和物业不管，清源水务管", "清源水务"),
        ("1号先别派给康居物业", "万和物业"),
        ("1号明天再派给康居物业", "万和物业"),
    ],
)
def test_sending_people_tomorrow_puts_no_dispatch_off(stage: Stage, say: Say, text: str, unit: str) -> None:
    """And a unit named behind a no is the one that gets it."""
    say("r:罗阿姨", LIFT)
    say("qinsj", text)
    (order,) = _demands(stage)
    names = {one.id: one.name for one in stage.store.look(lambda tx: tx.list(Organisation))}
    assert names[order.handler_id] == unit
