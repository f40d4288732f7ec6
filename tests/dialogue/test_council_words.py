"""What sentences about meetings and decisions say: the end of a meeting, a project, who helps, which numbers are orders."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from redprop_bot.dialogue.decision_words import helping, into_project, order_numbers
from redprop_bot.dialogue.meeting_times import ending

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("下午三点到五点开会", 15, "17:00"),
        ("上午9:30至11:30开听证会", 9, "11:30"),
        ("下午两点半到四点半开会", 14, "16:30"),
        ("上午十点到下午两点开会", 10, "14:00"),
        ("下午三点到下午两点开会", 15, "14:00"),  # contradicts itself, and is refused for it
        ("下午三点开会", 15, None),
        ("下午三点到社区开会", 15, None),
        ("三点到30点", 15, None),
    ],
)
def test_the_end_of_a_meeting_is_read(text, begins, ends):
    """On the day of the beginning, by the clock of the same half of the day."""
    found = ending(text, datetime(2026, 12, 3, begins, tzinfo=ZONE))
    assert (f"{found:%H:%M}" if found else None) == ends


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("换立管，纳入老旧管网攻坚项目，由水务办", "老旧管网攻坚项目", "换立管，由水务办"),
        ("1号单放进P20261126-0001里，12月办好", "P20261126-0001", "1号单，12月办好"),
        ("清沟，列入“停车治理”项目", "停车治理项目", "清沟"),
        ("一并纳入社区老旧管网攻坚项目的措施", "老旧管网攻坚项目", ""),
        ("这件事纳入日常管理", None, ""),
        ("列入明年计划，由物业办", None, ""),
        ("由物业修好门禁", None, ""),
    ],
)
def test_a_project_is_named_or_not(text, name, rest):
    """By title or number; what is put into something else goes into no project."""
    assert into_project(text) == ((name, rest) if name else None)


@pytest.mark.parametrize(
    ("text", "who", "rest"),
    [
        ("由万和物业修，清源水务配合，月底前", "清源水务", "由万和物业修，月底前"),
        ("由万和物业修，请清源水务、康居物业协助", "清源水务、康居物业", "由万和物业修"),
        ("由万和物业修", "", "由万和物业修"),
    ],
)
def test_who_helps_is_told_apart_from_who_leads(text, who, rest):
    """And the words that say so are no part of the matter."""
    assert helping(text) == (who, rest)


@pytest.mark.parametrize(
    ("text", "said", "numbers"),
    [
        ("把3号单和5号单办好", "3,5", ["3", "5"]),
        ("更换3号楼水管", "3", []),
        ("3号单：3号楼的水管", "3", ["3"]),
        ("放进P20261126-0001", "P20261126-0001", []),
        ("M20261126-0001 定的", "M20261126-0001", []),
        ("D20261126-0003办好", "D20261126-0003", ["D20261126-0003"]),
        ("没有单号", "", []),
    ],
)
def test_buildings_projects_and_meetings_are_no_orders(text, said, numbers):
    """Only what is not followed by 号楼, 栋, 单元 wherever it stands."""
    assert order_numbers(text, said) == numbers
