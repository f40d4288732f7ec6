"""A day and a verb make no meeting: what is moved, cancelled or called is one only where people are to meet."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.dialogue import meeting_words
from redprop_bot.registry.register import register
from redprop_bot.store.tables import Demand, Meeting, Seat

JOINT = "12月8日下午三点在社区会议室开党建联席会议"
LIFT = "槐荫里2栋1单元的电梯按钮失灵了"


def _meetings(stage: Stage) -> list[Meeting]:
    return stage.store.look(lambda tx: tx.list(Meeting))


def test_what_is_no_meeting_moves_and_cancels_none(stage: Stage, say: Say) -> None:
    """The only meeting ahead was moved, and everybody invited was told."""
    say("r:罗阿姨", LIFT)
    assert say("qinsj", JOINT) == ["meeting.called"]
    stands = _meetings(stage)
    for text, key in [
        ("1号单期限改到12月4日", "meeting.order_due"),
        ("1号单推迟到下周四", "meeting.order_due"),
        ("电梯年检推迟到12月6日", "meeting.not_changed"),
        ("停水改到后天下午", "meeting.not_changed"),
        ("打疫苗改到下周四", "meeting.not_changed"),
        ("业委会换届改到12月20日", "meeting.not_changed"),
        ("会上定的1号单期限改到12月4日", "meeting.order_due"),
        ("措施2的期限改到12月26日", "meeting.measure_due"),
        ("项目延期到1月30日", "meeting.project_due"),
        ("取消后天的停电通知", "meeting.not_changed"),
    ]:
        assert say("qinsj", text) == [key], text
        assert _meetings(stage) == stands, text


@pytest.mark.parametrize(
    "text",
    [
        "会议改到12月9日下午两点",
        "会改到12月9日下午两点",
        "因为停水，联席会改到12月9日下午两点",
        "8号的会挪到12月9日下午两点",
        "12月8日的联席会改期到12月9日下午两点",
        "开会时间改到12月9日下午两点",
        "那就改到12月9日下午两点",
        "时间改到12月9日下午两点",
    ],
)
def test_a_meeting_is_still_moved_in_everyday_words(stage: Stage, say: Say, text: str) -> None:
    """By name, as 会, or without a word about it right after it was told of."""
    say("qinsj", JOINT)
    assert say("qinsj", text) == ["meeting.moved"]
    assert [m.starts_at.day for m in _meetings(stage)] == [9]


def test_bare_words_after_an_hour_are_asked(stage: Stage, say: Say) -> None:
    """改到周五 of nobody knows what."""
    say("qinsj", JOINT)
    stage.office.clock.at = stage.office.clock.at.replace(hour=stage.office.clock.at.hour + 1)
    assert say("qinsj", "改到12月9日下午两点") == ["meeting.which"]


def test_another_term_of_an_order_is_granted_where_it_was_asked_for(stage: Stage, say: Say) -> None:
    """And a hurry is a correction of the order."""
    say("r:罗阿姨", LIFT)
    assert say("qinsj", "1号单改成紧急") == ["done.correct"]
    say("fangjl", "1号单申请延期3天，等配件")
    assert say("qinsj", "1号单延期到11月30日") == ["done.grant"]
    (order,) = stage.store.look(lambda tx: tx.list(Demand))
    assert (order.urgency, order.extended) == ("urgent", True)


def test_a_day_calls_nobody(stage: Stage, say: Say) -> None:
    """People were invited to a meeting that nobody wanted, and no resident heard of the water."""
    say("r:罗阿姨", LIFT)
    for text, key in [
        ("发个通知：后天上午8点到11点金鹿苑停水，请大家储水", "meeting.no_broadcast"),
        ("通知金鹿苑居民：后天停电检修", "meeting.no_broadcast"),
        ("给全体业主发个通知，后天停水", "meeting.no_broadcast"),
        ("广播一下，今晚有大风", "meeting.no_broadcast"),
        ("应急通知：今晚九点前把车挪到高处", "meeting.no_broadcast"),
        ("12月4号街道来检查，大家把楼道清一下", "meeting.not_called"),
        ("1号单先放着，等12月6日再说", "meeting.order_kept"),
        ("我12月9日去街道开会，1号单先放一放", "meeting.order_kept"),
        ("这件先放着，周二开会说", "meeting.for_later"),
        ("周五开会再讲", "meeting.for_later"),
        ("下周会上再议", "meeting.for_later"),
        ("放到周一例会上说", "meeting.for_later"),
        ("1号单等周一开会再定", "meeting.order_kept"),
        ("今天的任务", "list.open"),
    ]:
        assert say("qinsj", text) == [key], text
    assert _meetings(stage) == []
    assert len(stage.store.look(lambda tx: tx.list(Demand))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "周五下午三点开会",
        "周五下午三点开会说停车的事",
        "周五下午三点开会说一下",
        "周五开会研究一下",
        "周五开会讨论楼道灯",
        "下周二上午9点开会，说说路灯",
        "周五下午三点开议事会，停车的事会上说",
        "大家周五下午三点碰个头",
        "周五下午三点开居民会，坐下来谈谈",
        "召集楼长明天下午三点开会",
    ],
)
def test_who_calls_people_together_still_does(stage: Stage, say: Say, text: str) -> None:
    """With an hour, or with what it is about."""
    assert say("qinsj", text) == ["meeting.called"]
    assert len(_meetings(stage)) == 1


def test_what_is_kept_for_the_meeting_does_not_move_it(stage: Stage, say: Say) -> None:
    """放到周二会上说 moved the only meeting ahead to Tuesday."""
    say("qinsj", JOINT)
    stands = _meetings(stage)
    assert say("qinsj", "放到周二会上说") == ["meeting.for_later"]
    assert _meetings(stage) == stands


def test_an_alarm_in_a_notice_is_an_alarm(say: Say) -> None:
    """Danger first."""
    assert say("qinsj", "通知一下，槐荫里3栋着火了")[0] == "order.emergency"


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("周五下午三点开议事会，议题：垃圾桶、路灯、门禁", ["垃圾桶", "路灯", "门禁"]),
        ("下周二上午9点召开联席会，议题：1.路灯 2.垃圾清运 3.电动车充电", ["路灯", "垃圾清运", "电动车充电"]),
        ("下周二上午9点召开联席会，议题一是路灯，二是垃圾清运", ["路灯", "垃圾清运"]),
        ("12月8日下午三点在社区会议室开党建联席会议，议题路灯、垃圾清运", ["路灯", "垃圾清运"]),
        ("金鹿苑12月10日晚上七点开板凳会，讨论楼道灯", ["楼道灯"]),
        ("通知大家，周五下午三点到活动室开会，商量停车", ["停车"]),
    ],
)
def test_several_topics_are_one_meeting(stage: Stage, say: Say, text: str, topics: list[str]) -> None:
    """Each topic was read as a decision or a report of its own, and the meeting was lost."""
    assert say("qinsj", text) == ["meeting.called"]
    assert [m.topics for m in _meetings(stage)] == [topics]


def test_who_is_asked_by_name_is_invited(stage: Stage, say: Say) -> None:
    """Units and people of the register; whom it does not know is told."""
    assert say("qinsj", "12月9日下午三点开议事会，请清源水务、高主任和月亮公司参加，议题停水") == [
        "meeting.called"
    ]

    def job(tx):
        reg = register(tx)
        return {reg.people[seat.person_id].name for seat in tx.list(Seat)}

    assert {"冯工", "高主任"} <= stage.store.look(job)
    assert "月亮公司" in meeting_words.asked_in("请月亮公司参加", ["清源水务"])


@pytest.mark.parametrize(
    "text", ["通知清源水务参加联席会", "联席会再请清源水务参加", "再请清源水务参加", "请清源水务也来参加联席会"]
)
def test_somebody_besides_is_invited_later(stage: Stage, say: Say, text: str) -> None:
    """It asked for a day, or raised an order to the unit."""
    say("r:罗阿姨", LIFT)
    say("qinsj", JOINT)
    before = len(stage.store.look(lambda tx: tx.list(Seat)))
    assert say("qinsj", text) == ["meeting.asked_more"]
    assert len(stage.store.look(lambda tx: tx.list(Seat))) == before + 1
    assert say("qinsj", text) == ["meeting.asked_more"]  # twice is once
    assert len(stage.store.look(lambda tx: tx.list(Seat))) == before + 1
    assert stage.store.look(lambda tx: tx.list(Demand))[0].stage == "dispatched"


def test_whoever_is_sent_to_an_order_is_not_invited(stage: Stage, say: Say) -> None:
    """Right after a meeting was called, too."""
    say("r:罗阿姨", LIFT)
    say("qinsj", JOINT)
    before = len(stage.store.look(lambda tx: tx.list(Seat)))
    assert "meeting.asked_more" not in say("qinsj", "请清源水务到场看看电梯")
    assert len(stage.store.look(lambda tx: tx.list(Seat))) == before


def test_a_decision_is_no_answer_to_when(stage: Stage, say: Say) -> None:
    """Its day became that of a meeting, and the decision was lost."""
    say("r:罗阿姨", LIFT)
    assert say("qinsj", "安排个恳谈会") == ["meeting.ask_when"]
    assert say("qinsj", "会议决定：由万和物业12月20日前修好门禁") == ["meeting.resolved"]
    assert say("qinsj", "安排个恳谈会") == ["meeting.ask_when"]
    assert say("qinsj", "1号单期限改到12月4日") == ["meeting.order_due"]
    assert say("qinsj", "12月16日上午九点半") == ["meeting.called"]
