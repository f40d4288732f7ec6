"""What tells who somebody is does not stay in words that go to those who must not know it."""

import pytest

from redprop_bot.notify.covering import covered, softened


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("我叫毛小妹，前台骂人", "〔报事人〕，前台骂人"),
        ("我是罗翠花，前台骂人", "我是〔报事人〕，前台骂人"),
        ("我是3栋的罗翠花，前台骂人", "我是3栋的〔报事人〕，前台骂人"),
        ("投诉物业，联系人：罗翠花 139 0000 1111", "投诉物业，联系人：〔报事人〕 〔电话〕"),
        ("罗翠花，电话13900001111，投诉前台", "〔报事人〕，电话〔电话〕，投诉前台"),
        ("业主罗大妈反映前台骂人", "业主〔报事人〕反映前台骂人"),
        ("罗翠花投诉物业乱收费", "〔报事人〕投诉物业乱收费"),
        ("502的罗翠花举报前台", "〔室号〕的〔报事人〕举报前台"),
        ("前台骂人。罗翠花", "前台骂人。〔报事人〕"),
        ("我住1栋1单元602室，前台骂人", "我住1栋1单元〔室号〕室，前台骂人"),
        ("劝6栋2单元703停止养鸡", "劝6栋2单元〔室号〕停止养鸡"),
        ("6-2-703门口的杂物", "6-2-〔室号〕门口的杂物"),
        ("6幢1203罗翠花家杂物清走了", "6幢〔室号〕〔报事人〕家杂物清走了"),
    ],
)
def test_names_phones_and_rooms_are_covered(said: str, read: str) -> None:
    """However people put it."""
    assert covered(said, room="502") == read


@pytest.mark.parametrize(
    "said",
    [
        "向王经理反映过三次没人管",
        "保安王队长和周师傅都骂人",
        "周末反映没人理，谢谢",
        "我是金桂苑的业主，保洁钱照收",
        "D20261122-0007那单2026-11-25还没办",
        "3栋2单元马桶坏了",
        "6号楼2026年加装电梯，6栋120平米的活动室",
        "2单元300元水费",
    ],
)
def test_words_that_name_nobody_stay(said: str) -> None:
    """Its twin: whom it is about, numbers of orders, dates and plain words are needed to do something about it."""
    assert covered(said, room="502") == said


def test_a_name_that_is_known_is_covered_wherever_it_stands() -> None:
    """A member of the roster who complains has a name that no pattern needs to guess."""
    assert covered("阿里木江昨天找过前台", name="阿里木江") == "〔报事人〕昨天找过前台"


def test_neighbours_may_read_names_but_not_phones_and_rooms() -> None:
    """On a shared order people sign for all."""
    assert softened("罗翠花 13900001111，502室", room="502") == "罗翠花 〔电话〕，〔室号〕室"
