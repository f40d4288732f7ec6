"""A guard that looks for one thing lets every other pass: dangers, reports, dispatches and yeses go where they always went."""

import pytest
from sqlalchemy import event
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand, Organisation, Seat

LIFT = "槐荫里2栋1单元的电梯按钮失灵了"
JOINT = "12月8日下午三点在社区会议室开党建联席会议"


def _demands(stage: Stage) -> list[Demand]:
    return stage.store.look(lambda tx: tx.list(Demand))


@pytest.mark.parametrize("text", ["请派人来调解，4栋有人拿刀砍人", "请人来调解一下，4栋有人拿刀"])
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
    answered = [seat.answer for seat in stage.store.look(lambda tx: tx.list(Seat)) if seat.units]
    assert answered, "the unit has a seat"
    assert set(answered) == {None}
    assert say("fangjl", "8号出差去不了，让邵经理去") == ["meeting.answered_deputy"]


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


PIPE = "槐荫里1栋1单元301厨房水管漏水"


@pytest.mark.parametrize("text", ["点错了，家里着火了快来", "按错了，是煤气泄漏"])
def test_a_danger_after_taking_back_is_one(stage: Stage, say: Say, text: str) -> None:
    """Whatever the sentence begins with."""
    say("r:罗阿姨", PIPE)
    say("r:罗阿姨", "撤单")
    say("r:罗阿姨", text)
    assert "emergency" in [one.urgency for one in _demands(stage)]


@pytest.mark.parametrize("text", ["重新报，2栋电梯坏了", "刚才按错了，槐荫里1栋1单元301厨房水管漏水"])
def test_what_is_said_again_after_taking_back_is_taken(stage: Stage, say: Say, text: str) -> None:
    """The reply to 撤错了 asks for just that."""
    say("r:罗阿姨", PIPE)
    say("r:罗阿姨", "撤单")
    assert say("r:罗阿姨", "撤错了") == ["done.withdrawn_already"]
    say("r:罗阿姨", text)
    assert len(_demands(stage)) == 2


def test_what_a_unit_says_of_others_is_no_slip_of_its_own(stage: Stage, say: Say) -> None:
    """接错线, 按错按钮, 报错了 of residents; and a wrong photo is no order that was not done."""
    say("r:罗阿姨", PIPE)
    say("fangjl", "1号接单")
    say("fangjl", "1号修好了")
    assert "slipped.fulfil" not in say("fangjl", "发错照片了")
    say("fangjl", "槐荫里3栋有人触电倒地了，是接错线弄错的")
    assert [one.urgency for one in _demands(stage)][-1] == "emergency"


def test_short_dangers_of_a_unit_at_work_are_dangers(stage: Stage, say: Say) -> None:
    """Not how the order stands."""
    say("r:罗阿姨", PIPE)
    say("fangjl", "1号接单")
    for text in ("有人喝农药了", "口吐白沫了"):
        assert "done.progress" not in say("fangjl", text), text
    assert "emergency" in [one.urgency for one in _demands(stage)]


def test_short_dangers_of_a_resident_are_dangers(stage: Stage, say: Say) -> None:
    """我爸不行了 is not asked about."""
    say("r:罗阿姨", "我爸不行了")
    assert [one.urgency for one in _demands(stage)] == ["emergency"]


def test_which_order_a_colleague_gets_is_asked_and_done(stage: Stage, say: Say) -> None:
    """The answer is of the handing, not of taking the order; and a no sends nobody."""
    say("r:罗阿姨", PIPE)
    say("r:何叔", LIFT)
    assert "done.assign" not in say("fangjl", "让老丁去")
    assert "done.assign" in say("fangjl", "2")
    assert "done.assign" not in say("fangjl", "1号单别让老丁去")


def test_a_complaint_while_a_visit_is_arranged_stays_confidential(stage: Stage, say: Say) -> None:
    """Neither the unit complained of nor, from the unit, the reporter hears it."""
    say("r:罗阿姨", PIPE)
    say("fangjl", "1号接单")
    say("fangjl", "明天上午九点上门")
    assert "done.supplement" not in say("r:罗阿姨", "我要投诉保安晚上不在岗")
    assert "done.progress" not in say("fangjl", "业主骂人，我要投诉")
    told = [one for one in _demands(stage) if one.intent == "complaint"]
    assert len(told) == 2
    assert {(one.handler_id, one.released) for one in told} == {(None, False)}


@pytest.mark.parametrize(
    "text", ["没事了，可把我吓坏了", "没事了，辛苦你们还跑一趟", "没事了，不过谢谢你们", "虚惊一场，就是炒菜的烟"]
)
def test_over_with_thanks_is_over(stage: Stage, say: Say, text: str) -> None:
    """Nobody goes on coming."""
    say("r:罗阿姨", "槐荫里1栋1单元301厨房着火了")
    assert say("r:罗阿姨", text) == ["done.safe"]


@pytest.mark.parametrize("text", ["出来了，昏迷了", "人救出来了，叫不醒"])
def test_out_but_hurt_is_not_over(stage: Stage, say: Say, text: str) -> None:
    """The alarm stands."""
    say("r:罗阿姨", "槐荫里1栋1单元电梯里困了人")
    assert "done.safe" not in say("r:罗阿姨", text)


@pytest.mark.parametrize("text", ["换了个阀芯，不漏了", "现在不漏了", "装了个新的，没问题了"])
def test_the_closing_words_of_a_worker_are_taken(stage: Stage, say: Say, text: str) -> None:
    """Whoever has walked away is not asked."""
    say("r:罗阿姨", PIPE)
    say("dingsf", "1号接单")
    assert "done.fulfil" in say("dingsf", text)


def test_for_a_fresh_report_nobody_looks_through_what_was_reported(stage: Stage, say: Say) -> None:
    """The rooms that come before it decide by its words; each look would cost every report of everybody."""
    say("r:罗阿姨", PIPE)
    looks: list[str] = []

    def looked(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM demand" in statement:
            looks.append(statement)

    engine = stage.office.store.engine
    event.listen(engine, "before_cursor_execute", looked)
    try:
        say("r:何叔", f"{LIFT}，老人下不了楼")
        assert looks == []
        say("r:何叔", "我报的事怎么样了")
    finally:
        event.remove(engine, "before_cursor_execute", looked)
    assert looks, "what is asked for is looked up"
