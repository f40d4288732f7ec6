"""Words about an act that ask for it as little as 别办结 does: nothing changes, and the answer helps."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand, Task

LIFT, LEAK = "槐荫里1栋1单元电梯坏了", "槐荫里3栋2单元502厨房漏水"


def _stages(stage: Stage) -> list[str]:
    return [d.stage for d in stage.store.look(lambda tx: tx.list(Demand))]


@pytest.mark.parametrize(
    ("who", "text", "key"),
    [
        ("qinsj", "查1号单", "progress.staff"),
        ("qinsj", "1号单办结了吗", "progress.staff"),
        ("qinsj", "1号单不要办结", "untouched.close"),
        ("qinsj", "1号单居民说还在漏", "untouched.close"),
        ("qinsj", "1号单居民不满意", "untouched.close"),
        ("qinsj", "1号单提级了吗", "progress.staff"),
        ("qinsj", "1号单别提级", "untouched.escalate"),
        ("qinsj", "1号和2号不是一件事，别并", "untouched.merge"),
        ("qinsj", "上季度联席会议记录", "meeting.year"),
        ("qinsj", "槐荫里绿化归万和物业，24小时响应，5天办完", "ask.which"),
        ("fangjl", "1号单修不好", "ask.reason"),
        ("fangjl", "1号单修好了没", "progress.staff"),
        ("fangjl", "1号单谁接了", "progress.staff"),
        ("fangjl", "1号单先别退", "untouched.return"),
    ],
)
def test_nothing_changes(stage: Stage, say: Say, who: str, text: str, key: str) -> None:
    """A question is answered, a denial is told what to say instead."""
    say("r:罗阿姨", LIFT)
    say("r:老马", LEAK)
    assert say(who, text) == [key]
    assert _stages(stage) == ["dispatched", "dispatched"]


def test_not_this_one_closes_no_other(stage: Stage, say: Say) -> None:
    """先别办结 of one closed whatever else was done."""
    say("r:罗阿姨", LIFT)
    say("r:老马", LEAK)
    say("fangjl", "2号单修好了")
    assert say("qinsj", "1号单先别办结") == ["untouched.close"]
    assert _stages(stage) == ["dispatched", "done"]


def test_one_done_and_the_other_not(stage: Stage, say: Say) -> None:
    """Each of the two as it was said."""
    say("r:罗阿姨", LIFT)
    say("r:老马", LEAK)
    assert say("fangjl", "1号修好了，2号没修好") == ["done.fulfil", "done.progress"]
    assert _stages(stage) == ["done", "accepted"]


def test_not_yet_is_progress(stage: Stage, say: Say) -> None:
    """The resident hears of it, and is not asked to rate."""
    say("r:罗阿姨", LIFT)
    assert say("fangjl", "1号单明天修好") == ["done.progress"]
    assert say("fangjl", "1号单没修好") == ["done.progress"]
    assert _stages(stage) == ["accepted"]


def test_what_is_tabled_is_not_tabled_again(stage: Stage, say: Say) -> None:
    """The street was told once."""
    say("r:罗阿姨", LIFT)
    assert say("qinsj", "1号提级 需要资金") == ["done.escalate"]
    assert say("qinsj", "1号提级 需要资金") == ["error.tabled_already"]
    assert say("qinsj", "看看联席会议纪要") == ["error.nothing_decided"]


@pytest.mark.parametrize(
    "text",
    ["同意延期", "同意1号单延期", "1号单同意延期", "批准1号单延期3天", "可以，同意延期3天", "同意延期 1 3天"],
)
def test_more_days_are_granted_in_any_order_of_words(stage: Stage, say: Say, text: str) -> None:
    """The number may stand first, or be left out where only one waits."""
    say("r:罗阿姨", LIFT)
    say("r:老马", LEAK)
    assert say("qinsj", "同意延期") == ["error.no_extension"]
    say("fangjl", "1号单申请延期3天，等配件")
    assert say("qinsj", text) == ["done.grant"]


def test_more_days_of_two_orders_are_asked_for(stage: Stage, say: Say) -> None:
    """And refused by number."""
    say("r:罗阿姨", LIFT)
    say("r:老马", LEAK)
    say("fangjl", "1号单申请延期3天，等配件")
    say("fangjl", "2号单申请延期2天，等师傅")
    assert say("qinsj", "同意延期") == ["error.which_extension"]
    assert say("qinsj", "不同意2号单延期") == ["done.refuse"]
    assert say("qinsj", "同意延期，让他们快点") == ["form.grant"]


def test_pausing_with_the_number_first(stage: Stage, say: Say) -> None:
    """No meeting is called by it, and nothing is closed."""
    say("r:罗阿姨", LIFT)
    assert say("qinsj", "1号单挂账") == ["form.pause"]
    assert say("qinsj", "1号单挂账，等供电局") == ["form.pause"]
    assert say("fangjl", "1号单挂账，等供电局") == ["error.role"]
    assert say("qinsj", "1号单挂账到12月20日，等供电局") == ["done.pause"]
    assert _stages(stage) == ["suspended"]


def test_a_command_is_no_owner_of_a_decision(stage: Stage, say: Say) -> None:
    """Who was asked which unit does it goes on with an order."""
    say("r:罗阿姨", LIFT)
    assert say("qinsj", "会议决定：月底前修好东门") == ["meeting.ask_owner"]
    assert say("qinsj", "1号单派给康居物业") == ["done.dispatch"]


def test_done_after_it_was_tabled_reaches_the_secretary(stage: Stage, say: Say) -> None:
    """The reminder asks for this word, so it is not refused."""
    say("r:罗阿姨", LIFT)
    say("fangjl", "1号单接了")
    say("qinsj", "1号提级 需要资金")
    assert say("fangjl", "1号办好了") == ["done.tabled"]
    assert _stages(stage) == ["tabled"]
    assert [t.kind for t in stage.store.look(lambda tx: tx.list(Task))] == ["order.fulfil"]


def test_merging_into_what_was_merged_follows_it(stage: Stage, say: Say) -> None:
    """The third goes where the second went."""
    say("r:罗阿姨", LIFT)
    say("r:老马", LEAK)
    say("r:小贺", "槐荫里2栋楼道灯不亮")
    assert say("qinsj", "2号单并到1号单") == ["done.merge"]
    assert say("qinsj", "3号单并到2号单") == ["done.merge"]
    kept = stage.store.look(lambda tx: [d.merged_into_id for d in tx.list(Demand)])
    assert kept[1] == kept[2] != kept[0]


@pytest.mark.parametrize(
    ("who", "text", "key"),
    [
        ("r:罗阿姨", "师傅不用来了，我在吃饭", "done.withdraw"),
        ("r:罗阿姨", "隔壁邻居换好了不用来了", "done.withdraw"),
        ("fangjl", "1号昨天没修好，今天修好了", "done.fulfil"),
        ("fangjl", "1号马上接", "done.accept"),
        ("qinsj", "1号马上办结", "done.close"),
    ],
)
def test_what_hurried_people_say_is_done(say: Say, who: str, text: str, key: str) -> None:
    """马上, 吃饭 and yesterday's trouble beside it make no question of a command."""
    say("r:罗阿姨", LIFT)
    assert say(who, text) == [key]


def test_a_reason_may_say_what_is_not_known(say: Say) -> None:
    """找不到在哪里 is why, and no question."""
    say("r:罗阿姨", LIFT)
    say("fangjl", "1号退单")
    assert say("fangjl", "居民找不到在哪里") == ["done.return"]
