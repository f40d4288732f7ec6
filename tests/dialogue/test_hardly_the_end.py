"""What only sounds like 完成 or 退单 ends nothing: it is progress, or asked; a slip goes to who can bring it back."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand, Outbox

LIFT = "槐荫里1栋1单元电梯坏了"


def _stages(stage: Stage) -> list[str]:
    return [d.stage for d in stage.store.look(lambda tx: tx.list(Demand))]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("后天来修", "done.progress"),
        ("周一来修", "done.progress"),
        ("打过电话了", "done.progress"),
        ("快修好了", "done.progress"),
        ("马上就修好了", "done.progress"),
        ("业主不在家", "done.progress"),
        ("1号单要业主出钱", "ask.ended_or_going"),
        ("1号单业主说不用修了", "ask.ended_or_going"),
        ("1号单照片", "ask.ended_or_going"),
        ("1号单地址", "ask.ended_or_going"),
        ("1号单需要人手", "ask.ended_or_going"),
        ("ok", "greeting.noted"),
    ],
)
def test_nothing_ends(stage: Stage, say: Say, text: str, key: str) -> None:
    """The order stays in hand."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "接单")
    assert say("dingsf", text) == [key]
    assert _stages(stage) == ["accepted"]


@pytest.mark.parametrize(
    "text",
    [
        "修好了",
        "搞定",
        "妥了",
        "OK了",
        "处理了",
        "已清理",
        "电梯能用了",
        "1号OK",
        "1号单通了",
        "换好了，业主不在家",
    ],
)
def test_what_is_done_is_done(stage: Stage, say: Say, text: str) -> None:
    """As impatient people say it."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "接单")
    if text == "已清理":  # is heard as taking it, by itself
        text = "1号单已清理"
    assert say("dingsf", text) == ["done.fulfil"]
    assert _stages(stage) == ["done"]


@pytest.mark.parametrize(
    ("answer", "key", "now"), [("1", "done.fulfil", "done"), ("还在办", "done.progress", "accepted")]
)
def test_asked_and_answered(stage: Stage, say: Say, answer: str, key: str, now: str) -> None:
    """A number is enough; the words said before are the note."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "接单")
    say("dingsf", "1号单太难了")
    assert say("dingsf", answer) == [key]
    assert _stages(stage) == [now]


@pytest.mark.parametrize("text", ["ok", "OK", "好的", "👌", "收到"])
def test_a_nod_takes_what_waits(stage: Stage, say: Say, text: str) -> None:
    """And never says that it is done."""
    say("r:罗阿姨", LIFT)
    assert say("dingsf", text) == ["done.accept"]
    assert _stages(stage) == ["accepted"]


@pytest.mark.parametrize(
    ("wrong", "slip", "key"),
    [
        ("修好了", "说错了，还没修好", "slipped.fulfil"),
        ("修好了", "撤销完成", "slipped.fulfil"),
        ("1号单不归我们管", "撤销退单", "slipped.return"),
        ("1号单不归我们管", "退错了", "slipped.return"),
    ],
)
def test_a_slip_goes_to_the_secretary(stage: Stage, say: Say, wrong: str, slip: str, key: str) -> None:
    """Who speaks is told who brings it back, and that one is asked to."""
    say("r:罗阿姨", LIFT)
    say("fangjl", wrong)
    assert say("fangjl", slip) == [key]
    told = stage.store.look(lambda tx: [m.message for m in tx.list(Outbox)])
    assert key.replace(".", "_") in told


def test_the_secretary_sends_it_back_in_plain_words(stage: Stage, say: Say) -> None:
    """A secretary does not rate what others reported."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "修好了")
    assert say("qinsj", "1号单还没修好，物业点错了，重新办") == ["done.reopen"]
    say("dingsf", "修好了")
    assert say("qinsj", "1号重办") == ["done.reopen"]
    assert _stages(stage) == ["dispatched"]
