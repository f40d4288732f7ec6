"""Everyday ways to say what a strict sentence is for."""

import pytest

from redprop_bot.dialogue import emergencies, meetings, visit_counts


@pytest.mark.parametrize("text", ["平转急：防汛", "启动应急模式，防汛", "进入应急状态", "开启应急响应：低温冰冻"])
def test_an_emergency_begins(text: str) -> None:
    """By the official word and by those that everybody uses."""
    assert emergencies._BEGIN.fullmatch(text)


@pytest.mark.parametrize("text", ["急转平", "解除应急", "结束应急模式", "退出应急状态"])
def test_an_emergency_ends(text: str) -> None:
    """Likewise."""
    assert emergencies._END.fullmatch(text)


@pytest.mark.parametrize("text", ["应急灯坏了", "应急物资不够", "启动电梯"])
def test_what_only_has_the_word_in_it(text: str) -> None:
    """Lamps and stores of an emergency switch nothing."""
    assert not emergencies._BEGIN.fullmatch(text)
    assert not emergencies._END.fullmatch(text)


@pytest.mark.parametrize("text", ["我这个月走访了多少户", "走访统计", "我们本季度入户情况"])
def test_counts_of_visits(text: str) -> None:
    """With and without who asks."""
    assert visit_counts._COUNTS.fullmatch(text)


@pytest.mark.parametrize(
    ("text", "gathering"),
    [
        ("周日上午搞义诊，招20人", True),
        ("下周六组织志愿者清扫楼道", True),
        ("周五在活动室谈谈停车", False),
        ("明天下午请几家单位碰个头", False),
    ],
)
def test_what_people_come_to_of_their_own_will(text: str, gathering: bool) -> None:
    """An activity is signed up for; a meeting without a name is still a meeting."""
    assert bool(meetings._GATHERING.search(text)) is gathering
