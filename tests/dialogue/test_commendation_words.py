"""Sentences of 评选表彰, and sentences that look like one and are not."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.dialogue import commendation_words

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 10, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "what", "award", "numbers"),
    [
        ("开评选", "open", None, ()),
        ("开评选 最美物业人", "open", "staff", ()),
        ("发起2025年先进物业企业评选", "open", "company", ()),
        ("先进物业企业可以投票了", "begin", "company", ()),
        ("确认先进物业企业结果", "confirm", "company", ()),
        ("我要投票", "want", None, ()),
        ("最美业主怎么投", "want", "resident", ()),
        ("投2号。", "vote", None, (2,)),
        ("投 1 3", "vote", None, (1, 3)),
        ("我给最美物业人投1号、5号和12号", "vote", "staff", (1, 5, 12)),
        ("给2号投一票", "vote", None, (2,)),
        ("我投1票", "want", None, ()),
        ("给最美业主投3票", "want", "resident", ()),
        ("投2号一票", "vote", None, (2,)),
        ("投2号？", "want", None, ()),
        ("最美业主可以投票了？", "how", "resident", ()),
        ("确认最美业主结果？", "how", "resident", ()),
        ("投票结果出来了吗？", "how", None, ()),
        ("最美业主谁评上了", "how", "resident", ()),
        ("投四号", "vote", None, (4,)),
        ("我想改投3号", "change", None, (3,)),
        ("选错人了，换成十二号吧", "change", None, (12,)),
        ("把我的票收回来", "retract", None, ()),
        ("最美业主我不投了", "retract", "resident", ()),
        ("同意参评", "agree", None, ()),
        ("我不参评了", "decline", None, ()),
        ("报名热心业主：我叫张兰，帮人修门", "join", "resident", ()),
    ],
)
def test_what_is_said(content, text, what, award, numbers):
    """By title or without, with or without spaces."""
    said = commendation_words.read(text, content.awards)
    assert said is not None
    assert (said.what, said.award.key if said.award else None, said.numbers) == (what, award, numbers)


@pytest.mark.parametrize(
    "text",
    [
        "投诉2号楼", "投诉", "投诉最美物业人评选不公平", "投2号楼的电梯坏了", "3号投票箱坏了", "2", "选2", "2号",
        "最美物业人是谁评的，乱评", "业委会选举怎么投票", "我们小区评选太乱了", "报名", "我要报名志愿活动",
        "开会", "同意", "不同意", "同意参评？", "开评选？", "参加活动", "结果怎么样", "确认", "物业投票箱在哪里",
        "换2号楼的灯泡", "改成2号楼", "撤回我的单子", "票贩子", "不是3栋，改成2号", "停车票收回了吗", "撤回",
    ],
)  # fmt: skip
def test_what_is_none_of_it(content, text):
    """A complaint, a report, an answer to something else stay what they are."""
    assert commendation_words.read(text, content.awards) is None


def test_the_board_and_the_end(content):
    """Not to be on the board is heard; a day without an hour is all of it, one that has passed is next year's."""
    hidden = commendation_words.read("同意参评，不公示", content.awards)
    assert hidden is not None
    assert not hidden.shown
    said = commendation_words.read("最美业主开始投票，到12月20日18点截止", content.awards)
    assert said is not None
    assert said.until == (12, 20, 18)
    ends = commendation_words.ends
    assert ends((12, 20, 18), NOW, ZONE) == datetime(2026, 12, 20, 18, tzinfo=ZONE)
    assert ends((12, 20, None), NOW, ZONE) == datetime(2026, 12, 20, 23, 59, tzinfo=ZONE)
    assert ends((1, 5, None), NOW, ZONE) == datetime(2027, 1, 5, 23, 59, tzinfo=ZONE)
    assert ends((2, 30, None), NOW, ZONE) is None
    assert ends((12, 20, 25), NOW, ZONE) is None
