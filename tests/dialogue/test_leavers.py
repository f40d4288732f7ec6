"""What somebody who leaves held in private: mediations and whistles stay with those whom they concern."""

from typing import Any

from tests.dialogue.test_contacts import cards, change, rows
from tests.golden.play import Stage

from redprop_bot.store.tables import Card, Outbox


def _mediated(say: Any) -> None:
    """A case between a resident and a company, which 宋老师 mediates."""
    say("r:罗阿姨", "槐荫里2栋1单元301，我要投诉万和物业乱收费")
    assert say("qinsj", "开调解 1号 对方 万和物业")[0].startswith("mediate.opened")
    say("qinsj", "调解员 1 宋老师")


def test_who_was_asked_to_mediate_leaves_and_nobody_inherits_the_words(stage: Stage, say: Any) -> None:
    """The card is nobody else's; the secretary asks another one."""
    _mediated(say)
    change(stage, "delete_user", "songls")
    assert rows(stage, Card, state="open", subject="mediation") == []
    assert [told.receiver for told in rows(stage, Outbox, message="mediation_left")] == ["qinsj"]
    assert say("qinsj", "调解员 1 沈护士") == ["mediate.asked"]


def test_who_mediates_leaves_and_another_can_be_asked(stage: Stage, say: Any) -> None:
    """Also while an offer is on the table, which both may still sign."""
    _mediated(say)
    say("songls", "接调解")
    say("songls", "调解方案 1：退还多收的三十元")
    change(stage, "delete_user", "songls")
    assert [told.receiver for told in rows(stage, Outbox, message="mediation_left_offered")] == ["qinsj"]
    assert say("qinsj", "调解员 1 沈护士") == ["mediate.asked"]


def test_an_offer_goes_to_those_who_speak_for_the_side(stage: Stage, say: Any) -> None:
    """A manager's card of it is the other manager's, and never the secretary's."""
    _mediated(say)
    say("songls", "接调解")
    say("songls", "调解方案 1：退还多收的三十元")
    for manager in ("fangjl", "shaojl"):
        change(stage, "delete_user", manager)
    assert "mediation_offered" in cards(stage, "dingsf")
    assert "mediation_offered" not in cards(stage, "qinsj")


def test_a_case_that_was_called_off_is_taken_up_again(stage: Stage, say: Any) -> None:
    """It is not "running already": the reply says how to go on."""
    _mediated(say)
    say("qinsj", "撤调解 1：先缓一缓")
    assert say("qinsj", "开调解 1号 对方 万和物业") == ["error.mediation_ended"]
    assert say("qinsj", "重开调解 1") == ["mediate.back_open"]
    assert say("qinsj", "调解员 1 宋老师") == ["mediate.asked"]


def test_a_whistle_stays_with_the_unit_that_was_called(stage: Stage, say: Any) -> None:
    """Not with whoever blew it."""
    say("r:罗阿姨", "河湾新村7栋1单元门关不上")
    say("lusj", "吹哨 1号，请万和物业和清源水务到场")
    change(stage, "delete_user", "fenggong")
    change(stage, "delete_user", "fangjl")
    assert "whistle" not in cards(stage, "lusj")
    assert cards(stage, "shaojl") == ["whistle"]
