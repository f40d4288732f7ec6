"""收到 to an invitation or a call-out takes no repair order; what cannot be of them still does."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.simulated.talking import Phone
from redprop_bot.store.tables import Demand, Duty, Seat

LIFT = "槐荫里2栋1单元的电梯按钮失灵了"


def _stage_of(stage: Stage) -> str:
    return stage.store.look(lambda tx: tx.list(Demand))[0].stage


def _answers(stage: Stage) -> list[tuple[str | None, str | None]]:
    return stage.store.look(lambda tx: [(s.answer, s.reason) for s in tx.list(Seat) if s.part == "property"])


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("收到，按时参加", "meeting.answered_attend"),
        ("好的，我一定参加", "meeting.answered_attend"),
        ("收到，准时到会", "meeting.answered_attend"),
        ("准时到", "meeting.answered_attend"),
        ("我那天有事去不了，让小郑去", "meeting.answered_decline"),
        ("不好意思，周二要出差参加不了", "meeting.answered_decline"),
        ("那天有事去不了，让邵经理去", "meeting.answered_deputy"),
        ("去不了", "meeting.ask_decline"),
    ],
)
def test_an_invitation_is_answered(stage: Stage, say: Say, text: str, key: str) -> None:
    """The order was accepted, and the resident told."""
    say("r:罗阿姨", LIFT)
    say("qinsj", "12月8日下午三点开党建联席会议")
    assert say("fangjl", text) == [key]
    assert _stage_of(stage) == "dispatched"


def test_what_was_said_besides_reaches_the_convener(stage: Stage, say: Say) -> None:
    """Somebody whom the register does not know cannot be invited, but is heard of."""
    say("qinsj", "12月8日下午三点开党建联席会议")
    say("fangjl", "我那天有事去不了，让小郑去")
    assert ("decline", "我那天有事去不了，让小郑去") in _answers(stage)


def test_said_again_it_is_still_of_the_meeting(stage: Stage, say: Say) -> None:
    """准时到 was sent to the resident."""
    say("r:罗阿姨", LIFT)
    say("qinsj", "12月8日下午三点开党建联席会议")
    assert say("fangjl", "收到，按时参加") == ["meeting.answered_attend"]
    assert say("fangjl", "准时到") == ["meeting.answered_attend"]
    assert _stage_of(stage) == "dispatched"


@pytest.mark.parametrize("text", ["收到，接单", "收到，1号单马上去", "收到，准时上门", "接单", "收到", "马上到"])
def test_an_order_is_still_taken(stage: Stage, say: Say, text: str) -> None:
    """With an invitation waiting, too."""
    say("r:罗阿姨", LIFT)
    say("qinsj", "12月8日下午三点开党建联席会议")
    assert say("fangjl", text) == ["done.accept"]


def test_a_call_out_is_received(stage: Stage, say: Say) -> None:
    """And being there is said of it as often as people like; a number or 接单 is of an order."""
    say("r:罗阿姨", LIFT)
    say("qinsj", "转应急 暴雨红色预警")
    assert say("fangjl", "收到，马上到岗") == ["mode.received"]
    assert say("fangjl", "收到，已到岗") == ["error.received"]
    assert say("yaowg", "我已经到岗了") == ["mode.received"]
    assert say("shaojl", "收到，马上到") == ["mode.received"]
    assert _stage_of(stage) == "dispatched"
    assert sum(d.received_at is not None for d in stage.store.look(lambda tx: tx.list(Duty))) == 4
    assert say("fangjl", "收到，1号单马上去") == ["done.accept"]


def test_without_a_call_out_it_is_of_the_order(say: Say) -> None:
    """马上到 to who has an order and nothing else."""
    say("r:罗阿姨", LIFT)
    assert say("fangjl", "收到，马上到") == ["done.accept"]


@pytest.mark.parametrize("text", ["我去", "来", "会我去", "好的，肯定到", "行，那天我一定来"])
def test_a_bare_word_answers_what_was_asked_last(stage: Stage, say: Say, text: str) -> None:
    """And is of nothing where an order was sent since."""
    say("qinsj", "12月8日下午三点开党建联席会议")
    assert say("fangjl", text) == ["meeting.answered_attend"]
    assert ("attend", None) in _answers(stage)


@pytest.mark.parametrize("text", ["我去", "好的，肯定到"])
def test_a_bare_word_after_an_order_is_of_no_meeting(stage: Stage, say: Say, text: str) -> None:
    """The card of the order came later."""
    say("qinsj", "12月8日下午三点开党建联席会议")
    say("r:罗阿姨", LIFT)
    assert "meeting.answered_attend" not in say("fangjl", text)
    assert all(answer is None for answer, _reason in _answers(stage))


def test_somebody_else_is_sent_in_any_order_of_words(say: Say) -> None:
    """替我 at the end says it as well as 替我去."""
    say("qinsj", "12月8日下午三点开党建联席会议")
    assert say("fangjl", "那天我要出差来不了，请邵经理替我") == ["meeting.answered_deputy"]


def test_who_leads_hears_who_comes(stage: Stage, say: Say) -> None:
    """Names stand under what they answered, the others under what is still open."""
    say("qinsj", "12月8日下午三点开党建联席会议")
    say("fangjl", "我去")
    say("wangjl", "那天有事，来不了")
    answer = stage.town.say(Phone.of("work:qinsj"), "联席会都有谁来，谁不来？")
    assert [said.key for said in answer.said] == ["meeting.who_comes"]
    slots = answer.said[0].slots
    assert ("方经理" in slots["coming"], slots["declined"]) == (True, "汪经理")
    assert "高主任" not in slots["coming"]
