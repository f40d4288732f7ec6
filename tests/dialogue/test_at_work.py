"""What staff say at their work, with an order in hand, is how that order stands; what they see elsewhere is reported."""

from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand

LIFT = "槐荫里1栋1单元电梯坏了"
_OF_IT = (
    "我去看看电梯",
    "我来处理",
    "我来修",
    "已通知维保单位",
    "敲门没人",
    "电梯今天修不好",
    "电梯正常，没坏",
    "我去看看",
)


def test_words_at_work_are_progress(stage: Stage, say: Say) -> None:
    """No alarm, no complaint, no offer; a lamp elsewhere and people in a lift are reports as before."""
    say("r:罗阿姨", LIFT)
    assert [(text, say("dingsf", text)) for text in _OF_IT] == [(text, ["done.progress"]) for text in _OF_IT]
    assert len(stage.store.look(lambda tx: tx.list(Demand))) == 1
    assert say("dingsf", "槐荫里3栋灯坏了")[0].startswith("order.")
    assert say("dingsf", "槐荫里2栋1单元电梯困人了")[0] == "order.emergency"


def test_more_days_are_granted_in_a_word(say: Say) -> None:
    """While one unit asks for them; of two it is told which there are, and else the word is what it was."""
    say("r:罗阿姨", LIFT)
    say("r:老马", "槐荫里3栋2单元502厨房漏水")
    assert say("qinsj", "可以") != ["done.grant"]
    say("fangjl", "1号单延期3天，等配件")
    assert say("qinsj", "同意方经理的") == ["done.grant"]
    say("fangjl", "2号单延期3天，等配件")
    assert say("qinsj", "不同意") == ["done.refuse"]
    say("fangjl", "2号单延期2天，等配件")
    assert say("qinsj", "2号同意") == ["done.grant"]
    assert say("qinsj", "准了") != ["done.grant"]
