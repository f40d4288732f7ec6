"""Sentences that were taken for the opposite of what they say, of workers, secretaries and residents."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand, Outbox


def _stages(stage: Stage) -> list[str]:
    return [
        demand.stage for demand in stage.store.look(lambda tx: sorted(tx.list(Demand), key=lambda d: d.id or 0))
    ]


@pytest.mark.parametrize("text", ["除了302都修好了", "除了5栋的都弄好了", "除了水管都修好了"])
def test_all_but_a_flat_or_a_house(stage: Stage, say: Say, text: str) -> None:
    """What is left out is named by where it is."""
    say("r:罗阿姨", "槐荫里3栋2单元电梯坏了")
    say("r:老马", "槐荫里5栋1单元302水管漏水")
    say("dingsf", "都接了")
    say("dingsf", text)
    assert _stages(stage) == ["done", "accepted"]


@pytest.mark.parametrize("text", ["算了我去吧", "哦原来是这家 那我去看看", "按错了不好意思", "几点到期"])
def test_asked_why_it_is_given_back_it_is_not(stage: Stage, say: Say, text: str) -> None:
    """Only a reason gives it back."""
    say("r:罗阿姨", "槐荫里1栋1单元501漏水")
    say("dingsf", "退单")
    say("dingsf", text)
    assert _stages(stage) == ["dispatched"]


@pytest.mark.parametrize("text", ["不要让老丁去", "不是我接的", "天天接单烦死了", "接单后多久要到"])
def test_words_about_taking_take_nothing(stage: Stage, say: Say, text: str) -> None:
    """Nor is the resident told so."""
    say("r:罗阿姨", "槐荫里1栋1单元501漏水")
    say("fangjl", text)
    assert _stages(stage) == ["dispatched"]


@pytest.mark.parametrize("text", ["不要随便办结", "修好了再办结", "居民满意了才能办结", "等我看过再结"])
def test_what_is_forbidden_or_comes_later_closes_nothing(stage: Stage, say: Say, text: str) -> None:
    """The order stays as it is."""
    say("r:罗阿姨", "槐荫里1栋1单元501漏水")
    say("qinsj", text)
    assert _stages(stage) == ["dispatched"]


@pytest.mark.parametrize(
    ("text", "reply"),
    [("可以，但是周五必须修好", "done.grant"), ("不行，明天必须修好", "done.refuse"), ("行", "done.grant")],
)
def test_more_days_are_answered_with_a_condition(say: Say, text: str, reply: str) -> None:
    """The answer stands at the beginning."""
    say("r:罗阿姨", "槐荫里1栋1单元501漏水")
    say("dingsf", "接单")
    say("dingsf", "延期3天 等配件")
    assert say("qinsj", text) == [reply]


def test_a_neighbours_number_in_a_note_is_not_told(stage: Stage, say: Say) -> None:
    """Not even to the only one who reported it; a maker's number stays."""
    say("r:罗阿姨", "槐荫里1栋1单元501漏水")
    say("dingsf", "接单")
    assert say("dingsf", "到了，跟601的李大姐（13900005555）约了明天一起看") == ["done.progress"]
    told = [str(r.payload) for r in stage.store.look(lambda tx: tx.list(Outbox)) if r.receiver == "o-罗阿姨"]
    assert any("约了明天一起看" in words for words in told)
    assert not [words for words in told if "13900005555" in words or "601" in words]


@pytest.mark.parametrize(
    "text",
    [
        "老丁上门修水管要我给他200块红包，槐荫里5栋1单元301",
        "匿名投诉，槐荫里3栋1单元502养了八只猫，不要说是我说的",
    ],
)
def test_what_nobody_may_hear_goes_to_the_secretary(stage: Stage, say: Say, text: str) -> None:
    """It is no praise and no question about privacy."""
    assert say("r:罗阿姨", text)[0] == "order.confidential"
    told = [r.receiver for r in stage.store.look(lambda tx: tx.list(Outbox))]
    assert "dingsf" not in told
    assert "fangjl" not in told


def test_what_is_cleared_away_is_not_left_out(stage: Stage, say: Say) -> None:
    """清除3栋 is no 除了3栋."""
    for house in "35":
        say("r:罗阿姨", f"槐荫里{house}栋楼道垃圾没人清")
    say("gesf", "都接了")
    say("gesf", "已清除3栋垃圾，搞定")
    assert _stages(stage) == ["done", "accepted"]


@pytest.mark.parametrize("text", ["可以，但是只能延2天", "行，不过先说说为什么这么久"])
def test_a_condition_that_changes_the_answer_grants_nothing(stage: Stage, say: Say, text: str) -> None:
    """Five days were asked for."""
    say("r:罗阿姨", "槐荫里1栋1单元501漏水")
    say("dingsf", "接单")
    say("dingsf", "延期5天 等配件")
    assert "done.grant" not in say("qinsj", text)


@pytest.mark.parametrize("text", ["电梯修好了，老丁一点不敷衍", "老丁师傅人真好，给他红包坚决不收，表扬"])
def test_praise_that_denies_a_fault_is_praise(stage: Stage, say: Say, text: str) -> None:
    """Nobody complains."""
    say("r:罗阿姨", "槐荫里1栋1单元电梯坏了")
    say("dingsf", "接单")
    say("dingsf", "修好了")
    say("r:罗阿姨", text)
    assert [demand.intent for demand in stage.store.look(lambda tx: tx.list(Demand))] == ["demand.report"]
