"""What workers say in a word of the order in hand, what they ask of it, and whom a manager sends."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.simulated.talking import Phone
from redprop_bot.store.tables import Demand, Outbox, Person

LIFT = "槐荫里1栋1单元电梯坏了，电话13900004444"


def _only(stage: Stage) -> Demand:
    (demand,) = stage.store.look(lambda tx: tx.list(Demand))
    return demand


@pytest.mark.parametrize("text", ["可以用了", "恢复正常了", "好了好了", "没问题了", "现在可以坐了"])
def test_it_works(stage: Stage, say: Say, text: str) -> None:
    """That is the end of it, and no offer of a thing."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "接单")
    assert say("dingsf", text) == ["done.fulfil"]
    assert _only(stage).stage == "done"


@pytest.mark.parametrize("text", ["现在没问题", "应该没事了吧", "看着正常"])
def test_perhaps_it_works_is_asked(stage: Stage, say: Say, text: str) -> None:
    """The resident is not told that it is done by a guess."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "接单")
    assert say("dingsf", text) == ["ask.ended_or_going"]
    assert say("dingsf", "1") == ["done.fulfil"]


@pytest.mark.parametrize(
    "text",
    ["明天安排", "下午搞好", "今天搞不完了", "打了119", "打电话没人接", "601漏下来的", "暂时好了，可能还会停", "收到 下午三点去"],
)  # fmt: skip
def test_how_it_stands(stage: Stage, say: Say, text: str) -> None:
    """Told to the resident; neither lost nor the end."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "接单")
    assert say("dingsf", text) == ["done.progress"]
    assert _only(stage).stage == "accepted"


@pytest.mark.parametrize(
    "text", ["业主电话多少", "是哪一户", "在哪", "几号到期", "急不急", "谁报的", "什么问题", "具体位置"]
)
def test_what_the_card_says_is_said_again(stage: Stage, say: Say, text: str) -> None:
    """Before it is taken as well as after; by asking nothing is taken and nobody hears of it."""
    say("r:罗阿姨", LIFT)
    answer = stage.town.say(Phone.of("work:dingsf"), text)
    assert [said.key for said in answer.said] == ["work.about"]
    assert "13900004444" in answer.text
    assert "1栋1单元" in answer.text
    assert _only(stage).stage == "dispatched"


def test_whom_it_does_not_concern_learns_nothing(stage: Stage, say: Say) -> None:
    """A worker of another company has no such order in hand."""
    say("r:罗阿姨", LIFT)
    assert "13900004444" not in stage.town.say(Phone.of("work:wangjl"), "业主电话多少").text


def test_a_question_goes_to_the_resident(stage: Stage, say: Say) -> None:
    """问一下业主在不在家 is no question to the community."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "接单")
    assert say("dingsf", "问一下业主在不在家") == ["done.progress"]
    told = [str(r.payload) for r in stage.store.look(lambda tx: tx.list(Outbox)) if r.receiver == "o-罗阿姨"]
    assert any("师傅想问一下在不在家" in words for words in told)


@pytest.mark.parametrize("text", ["我不会修", "没空", "忙不过来"])
def test_who_cannot_is_told_what_to_do_and_the_resident_is_spared(stage: Stage, say: Say, text: str) -> None:
    """It is not taken either."""
    say("r:罗阿姨", LIFT)
    assert say("dingsf", text) == ["work.cannot"]
    assert _only(stage).stage == "dispatched"


def test_who_cannot_is_answered_with_two_in_hand_as_well(stage: Stage, say: Say) -> None:
    """Neither of them is named as if it were meant, and the answer is not empty."""
    say("r:罗阿姨", LIFT)
    say("r:老马", "槐荫里5栋2单元水管漏水")
    answer = stage.town.say(Phone.of("work:dingsf"), "没空")
    assert [said.key for said in answer.said] == ["work.cannot_any"]
    assert "退单" in answer.text


def test_broken_again_straight_after_it_was_called_done(stage: Stage, say: Say) -> None:
    """The secretary is asked to bring it back; no order without a place is made."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "接单")
    say("dingsf", "修好了")
    assert say("dingsf", "不对又坏了") == ["slipped.fulfil"]
    assert _only(stage).stage == "done"


def test_more_days_after_all_not(stage: Stage, say: Say) -> None:
    """不用延了，修好了 is no reason for more days; days and reason in one answer are both heard."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "接单")
    assert say("dingsf", "要延期") == ["ask.days"]
    assert say("dingsf", "三天 没配件") == ["done.extend"]
    say("qinsj", "不同意延期 1")
    say("dingsf", "延两天")
    assert say("dingsf", "不用延了 修好了") == ["done.fulfil"]


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("老丁今天请假，都给小葛", "小葛"),
        ("换小葛", "小葛"),
        ("让小葛去", "小葛"),
        ("老丁你去看下电梯", "老丁"),
        ("已安排老丁十一点前到场", "老丁"),
    ],
)
def test_a_manager_sends_somebody(stage: Stage, say: Say, text: str, to: str) -> None:
    """In words that language takes for praise."""
    say("r:罗阿姨", LIFT)
    assert say("fangjl", text) == ["done.assign"]
    person = stage.store.look(lambda tx: tx.get(Person, _only(stage).assignee_id))
    assert person.name == to


@pytest.mark.parametrize("text", ["老丁去了没", "老丁去修了吗"])
def test_asking_after_somebody_sends_nobody(stage: Stage, say: Say, text: str) -> None:
    """It was taken by nobody yet."""
    say("r:罗阿姨", LIFT)
    before = _only(stage).assignee_id
    say("fangjl", text)
    assert (_only(stage).stage, _only(stage).assignee_id) == ("dispatched", before)


def test_taking_all_and_beginning_with_one_takes_all(stage: Stage, say: Say) -> None:
    """全部接了先弄电梯."""
    say("r:罗阿姨", LIFT)
    say("r:老马", "槐荫里5栋2单元水管漏水")
    say("dingsf", "全部接了先弄电梯")
    assert {demand.stage for demand in stage.store.look(lambda tx: tx.list(Demand))} == {"accepted"}


@pytest.mark.parametrize("text", ["老丁来不了", "小葛今天去不了", "老丁去医院了", "老丁来电话说修好了"])
def test_who_cannot_go_is_not_sent(stage: Stage, say: Say, text: str) -> None:
    """A name and a verb send nobody."""
    say("r:罗阿姨", LIFT)
    before = _only(stage).assignee_id
    say("fangjl", text)
    assert _only(stage).assignee_id == before


@pytest.mark.parametrize("text", ["电梯不安全，让小葛去", "电梯都给小葛"])
def test_only_what_is_named_is_handed_on(stage: Stage, say: Say, text: str) -> None:
    """The pipe stays where it is."""
    say("r:罗阿姨", LIFT)
    say("r:老马", "槐荫里5栋2单元水管漏水")
    assert say("fangjl", text) == ["done.assign"]


def test_a_week_is_days_and_no_reason(stage: Stage, say: Say) -> None:
    """一个礼拜 is how long."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "接单")
    say("dingsf", "要延期")
    assert say("dingsf", "一个礼拜") == ["ask.extend_reason"]
