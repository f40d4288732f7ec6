"""An order is put off and taken up again in the words that people have for it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.dialogue import pause_words
from redprop_bot.store.tables import Demand

ZONE = ZoneInfo("Asia/Shanghai")
LIFT = "槐荫里1栋1单元电梯坏了"


def _order(stage: Stage) -> Demand:
    return stage.store.look(lambda tx: tx.list(Demand))[0]


def test_every_word_for_going_on(stage: Stage, say: Say) -> None:
    """解除挂账 closed the order, and 继续办 asked which unit it is for."""
    say("r:罗阿姨", LIFT)
    say("fangjl", "1号单接了")
    for text in (
        "0001 解除挂账",
        "0001 取消挂账",
        "0001 撤销挂账",
        "0001 不用挂账了",
        "0001 不挂了",
        "0001 挂账结束",
        "撤销0001的挂账",
        "解除挂账 1",
        "0001 恢复",
        "恢复 1",
        "恢复办理0001号单",
        "0001 继续办",
        "1号单继续办理",
        "0001 重新办理",
        "0001 配件到了，接着办",
        "1号单 钱批下来了 可以继续办了",
    ):
        assert say("qinsj", "1号单挂账到12月20日，等供电局") == ["done.pause"], text
        assert say("qinsj", text) == ["done.resume"], text
        assert _order(stage).stage == "accepted"


def test_not_yet_and_asked_goes_on_with_nothing(stage: Stage, say: Say) -> None:
    """What is put off, denied or asked stays as it is; only what says that it ends it closes it."""
    say("r:罗阿姨", LIFT)
    say("qinsj", "1号单挂账到12月20日，等供电局")
    for text in (
        "0001 还不能解除挂账",
        "0001 等配件到了，接着办",
        "0001 配件到了以后，接着办",
        "0001 解除挂账了吗",
        "0001 挂账的事好了",
    ):
        say("qinsj", text)
        assert _order(stage).stage == "suspended", text
    say("fangjl", "0001 恢复")
    assert _order(stage).stage == "suspended"
    assert say("qinsj", "0001 挂账的事解决了，办结") == ["done.close"]


def test_going_on_is_said_of_other_orders_too(stage: Stage, say: Say) -> None:
    """A unit whose power is back says 恢复了; of an order that is not put off, 解除挂账 is refused."""
    say("r:罗阿姨", LIFT)
    assert say("fangjl", "1号单恢复了") == ["done.fulfil"]
    assert say("qinsj", "0001 解除挂账") == ["error.stage"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("0001 挂账到明年1月15日，等资金", "2027-01-15"),
        ("0001 挂账到下周五，等配件", "2027-01-08"),
        ("0001 挂账到下个月底，等配件", "2027-01-31"),
        ("0001 挂账两周，等配件", "2027-01-11"),
        ("0001 挂账3天，等配件", "2026-12-31"),
        ("0001 挂账一个月 等配件", "2027-01-27"),
        ("0001 先挂两周等配件", "2027-01-11"),
        ("0001 暂停两周，等维修基金", "2027-01-11"),
        ("0001 挂到1月15号以后，等配件", "2027-01-15"),
        ("0001 先挂账，等资金，到1月15日再看", "2027-01-15"),
        ("挂账 0001 到1月15号 等资金", "2027-01-15"),
        ("把1号单挂账到2027-01-15，等资金", "2027-01-15"),
    ],
)
def test_days_of_every_kind(text: str, day: str) -> None:
    """Refused as if the day or the reason were missing, though both were there."""
    now = datetime(2026, 12, 28, 10, tzinfo=ZONE)
    match = next(found for pattern in pause_words.PAUSE if (found := pattern.fullmatch(text)))
    said = match.groupdict().get("until") or match.groupdict().get("span") or ""
    found = pause_words.until(said, now, ZONE)
    assert found is not None
    assert f"{found:%Y-%m-%d}" == day
    assert match["reason"].startswith("等")


def test_put_off_until_a_day_that_is_none(stage: Stage, say: Say) -> None:
    """Told how, instead of a question about a merge or a meeting; a unit's pause is no order's."""
    say("r:罗阿姨", LIFT)
    for text in ("0001 挂到国庆以后", "0001 挂到国庆以后，等配件", "0001 暂停两周", "1号单挂账到下周五"):
        assert say("qinsj", text) == ["form.pause"], text
    assert say("fangjl", "0001 暂停两周，等配件") != ["error.role"]
    assert say("qinsj", "1号单暂停两周，等配件") == ["done.pause"]
    assert _order(stage).paused_until == datetime(2026, 12, 9, 18, tzinfo=ZONE)
