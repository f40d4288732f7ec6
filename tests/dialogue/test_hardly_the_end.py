"""What only sounds like 完成 or 退单 ends nothing: it is progress, or asked; a slip goes to who can bring it back."""

from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand, Outbox

LIFT = "槐荫里1栋1单元电梯坏了"
_PROGRESS = ("后天来修", "周一来修", "打过电话了", "快修好了", "马上就修好了", "业主不在家")
_ASKED = ("1号单要业主出钱", "1号单业主说不用修了", "1号单照片", "1号单地址", "1号单需要人手", "换了个灯泡")
_DONE = ("修好了", "搞定", "妥了", "OK了", "处理了", "1号单已清理", "电梯能用了", "1号OK", "换好了，业主不在家")
_NODS = ("ok", "OK", "好的", "👌", "收到")


def _stages(stage: Stage) -> list[str]:
    return [d.stage for d in stage.store.look(lambda tx: tx.list(Demand))]


def test_nothing_ends(stage: Stage, say: Say) -> None:
    """The order stays in hand; what is over is asked, and a number answers it."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "接单")
    for texts, key in ((_PROGRESS, "done.progress"), (_ASKED, "ask.ended_or_going")):
        assert [(text, say("dingsf", text)) for text in texts] == [(text, [key]) for text in texts]
    assert say("dingsf", "还在办") == ["done.progress"]
    assert say("dingsf", "ok") == ["greeting.noted"]
    assert _stages(stage) == ["accepted"]
    say("dingsf", "1号单太难了")
    assert say("dingsf", "1") == ["done.fulfil"]
    assert _stages(stage) == ["done"]


def test_what_is_done_is_done(stage: Stage, say: Say) -> None:
    """As impatient people say it; and a nod takes what waits, but never says that it is done."""
    say("r:罗阿姨", LIFT)
    for number, text in enumerate(_DONE):
        nod = _NODS[number % len(_NODS)]
        assert (nod, say("dingsf", nod)) == (nod, ["done.accept"])
        assert (text, say("dingsf", text)) == (text, ["done.fulfil"])
        assert say("qinsj", "1号重办") == ["done.reopen"]


def test_a_slip_goes_to_the_secretary(stage: Stage, say: Say) -> None:
    """Who speaks is told who brings it back, and that one is asked to; plain words of the secretary are enough."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "修好了")
    assert say("dingsf", "说错了，还没修好") == ["slipped.fulfil"]
    assert say("qinsj", "1号单还没修好，物业点错了，重新办") == ["done.reopen"]
    say("dingsf", "修好了")
    assert say("dingsf", "撤销完成") == ["slipped.fulfil"]
    say("r:老马", "槐荫里3栋2单元502厨房漏水")
    say("fangjl", "2号单不归我们管")
    assert say("fangjl", "撤销退单") == ["slipped.return"]
    told = stage.store.look(lambda tx: [m.message for m in tx.list(Outbox)])
    assert (told.count("slipped_fulfil"), told.count("slipped_return")) == (2, 1)


def test_asked_why_something_else_is_said(stage: Stage, say: Say) -> None:
    """No reason is made of 接单, 修好了 or of who comes after all; a reason with such words in it stays one."""
    say("r:罗阿姨", LIFT)
    say("fangjl", "1号单退单")
    assert say("fangjl", "我不是要退") == ["ask.dropped"]
    say("fangjl", "1号单退单")
    assert say("fangjl", "接单") == ["done.accept"]
    say("fangjl", "1号单退单")
    assert say("fangjl", "收到，下午再来") == ["done.progress"]
    say("fangjl", "1号单延期3天")
    assert say("fangjl", "配件没到，到了才能修好") == ["done.extend"]
    say("fangjl", "1号单延期3天")
    assert say("fangjl", "不延了，已经修好了") == ["done.fulfil"]
    say("r:老马", "槐荫里3栋2单元502厨房漏水")
    say("fangjl", "2号单退单")
    assert say("fangjl", "修好了") == ["done.fulfil"]
    say("r:小贺", "槐荫里2栋1单元门禁坏了")
    say("fangjl", "3号单退单")
    assert say("fangjl", "已经有人修好了") == ["done.return"]


def test_they_come_after_all(stage: Stage, say: Say) -> None:
    """Asked why they cannot come: 我们来 is no reason."""
    say("r:罗阿姨", LIFT)
    say("qinsj", "1号单吹哨请清源水务")
    assert say("fenggong", "到不了") == ["whistle.ask_reason"]
    assert say("fenggong", "我们来，下午到") == ["whistle.claimed"]
