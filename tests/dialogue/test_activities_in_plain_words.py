"""An activity told as people tell it, by who may plan one; what only sounds like one plans none."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Activity


def _planned(stage: Stage) -> list[tuple[str, str, int | None]]:
    return stage.store.look(lambda tx: [(a.title, a.place, a.capacity) for a in tx.list(Activity)])


@pytest.mark.parametrize(
    ("who", "text", "key"),
    [
        ("qinsj", "下周六上午九点在槐荫里小广场办一场旧物交换，要30个人", "activity.published"),
        ("qinsj", "下周六上午9点到11点，槐荫里小广场，组织旧物交换，招30人", "activity.published"),
        ("qinsj", "办个活动：下周六上午九点槐荫里小广场旧物交换，30人", "activity.published"),
        ("qinsj", "安排一场活动，下周六上午9点到11点，槐荫里小广场，旧物交换，30人", "activity.published"),
        ("shenhs", "我们诊所想下周六上午9点到11点在槐荫里小广场办旧物交换，名额30", "activity.planned"),
    ],
)
def test_what_and_where_are_told_apart(stage: Stage, say: Say, who: str, text: str, key: str) -> None:
    """Whichever stands first, and whether or not the word 活动 is said."""
    assert say(who, text) == [key]
    assert _planned(stage) == [("旧物交换", "槐荫里小广场", 30)]


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("qinsj", "下周五下午三点在社区活动室开个恳谈会，请20个居民来"),
        ("qinsj", "周六上午九点槐荫里2栋有人在楼道搞装修，吵得不行"),
        ("fangjl", "明天上午九点组织20个人在槐荫里清扫"),
        ("r:罗阿姨", "周六上午九点在槐荫里小广场搞一场大扫除，20个人"),
        ("qinsj", "周六上午九点槐荫里搞一场大扫除，行吗"),
        ("qinsj", "槐荫里要搞一场大扫除"),
        ("qinsj", "居民建议周六上午九点办一场旧物交换"),
        ("qinsj", "槐荫里2栋201周六上午九点办一场婚礼，放鞭炮"),
    ],
)
def test_what_is_none_plans_none(stage: Stage, say: Say, who: str, text: str) -> None:
    """A meeting, a report, a company's work, a wish, a question, no day."""
    say(who, text)
    assert _planned(stage) == []


def test_the_reason_may_come_after_the_question(stage: Stage, say: Say) -> None:
    """What is another matter leaves the activity as it is."""
    say("qinsj", "办个活动：下周六上午九点槐荫里小广场旧物交换，30人")
    no = stage.store.look(lambda tx: tx.list(Activity))[0].no
    assert say("qinsj", f"取消活动 {no}") == ["error.activity_reason"]
    assert say("qinsj", "天太冷") == ["activity.cancelled"]
    assert stage.store.look(lambda tx: tx.list(Activity))[0].cancel_reason == "天太冷"


def test_who_holds_one_activity_need_not_name_it(stage: Stage, say: Say) -> None:
    """时间改成 of it, where nothing else is at hand."""
    say("shenhs", "我们诊所想下周六上午9点到11点在槐荫里小广场办旧物交换，名额30")
    assert say("shenhs", "时间改成下周日下午2点到4点") == ["activity.changed"]
