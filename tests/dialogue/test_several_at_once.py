"""One sentence of several orders, of somebody who goes there, of a number that lives on in another."""

from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand

LIFT, LEAK, LAMP = "槐荫里1栋1单元电梯坏了", "槐荫里3栋2单元502厨房漏水", "槐荫里2栋1单元楼道灯不亮"


def _stages(stage: Stage) -> list[str]:
    return [d.stage for d in stage.store.look(lambda tx: tx.list(Demand))]


def _sent(stage: Stage) -> list[str | None]:
    return stage.store.look(lambda tx: [d.assignee_id and str(d.assignee_id) for d in tx.list(Demand)])


def test_both_are_done(stage: Stage, say: Say) -> None:
    """Two without asking; 都 of the bulbs is of one order; of three it is asked first."""
    say("r:罗阿姨", LIFT)
    say("r:老马", LEAK)
    say("fangjl", "都接")
    assert say("fangjl", "两单都完成了") == ["done.fulfil"] * 2
    say("qinsj", "1号重办")
    say("qinsj", "2号重办")
    say("fangjl", "都接")
    assert say("fangjl", "电梯修好了，漏水也修好了") == ["done.fulfil"] * 2
    say("qinsj", "1号重办")
    say("qinsj", "2号重办")
    say("r:小贺", LAMP)
    say("fangjl", "都接")
    assert say("fangjl", "灯泡都换好了") == ["done.fulfil"]
    say("qinsj", "3号重办")
    say("fangjl", "接单3号")
    assert say("fangjl", "都修好了") == ["ask.all_done"]
    assert say("fangjl", "1") == ["done.fulfil"] * 3
    assert _stages(stage) == ["done"] * 3


def test_all_of_a_worker_are_the_worker_s(stage: Stage, say: Say) -> None:
    """What a colleague took is not done with it."""
    say("r:罗阿姨", LIFT)
    say("r:老马", LEAK)
    say("dingsf", "1号单接了")
    say("fangjl", "2号单接了")
    assert say("dingsf", "全部搞定") == ["done.fulfil"]
    assert _stages(stage) == ["done", "accepted"]


def test_a_manager_sends_somebody(stage: Stage, say: Say) -> None:
    """In the words of every day; a worker sends nobody."""
    say("r:罗阿姨", LIFT)
    say("r:老马", LEAK)
    for text in (
        "1号单安排小葛",
        "1号让老丁去",
        "1号派给小葛",
        "1号单指派老丁",
        "2号单给小葛",
        "3栋漏水安排老丁过去",
    ):
        before = _sent(stage)
        assert (text, say("fangjl", text)) == (text, ["done.assign"])
        assert _sent(stage) != before
    assert say("fangjl", "1和2都派小葛去") == ["done.assign"] * 2
    sent = _sent(stage)
    assert "done.assign" not in say("dingsf", "1号让小葛去")
    assert _sent(stage) == sent


def test_both_numbers_stay_valid(stage: Stage, say: Say) -> None:
    """What is said of the number that was merged is done on the one it lives on in."""
    say("r:罗阿姨", LIFT)
    say("r:老马", "槐荫里1栋电梯门口灯不亮")
    assert say("qinsj", "2号并到1号") == ["done.merge"]
    assert say("qinsj", "2号并到1号") == ["done.merged_before"]
    assert say("r:老马", "催一下2号单") == ["done.follows", "done.urge"]
    assert say("dingsf", "2号单接了") == ["done.follows", "done.accept"]
    assert say("dingsf", "2号单修好了") == ["done.follows", "done.fulfil"]
    assert say("r:老马", "2号单满意") == ["done.follows", "done.rate_good"]
    assert _stages(stage) == ["closed", "merged"]


def test_a_room_is_no_number(say: Say) -> None:
    """Where no order has that number, and one in hand is of that room."""
    say("r:老马", LEAK)
    assert say("dingsf", "502接了") == ["done.accept"]
    assert say("dingsf", "503修好了") == ["error.no_such_order"]
    assert say("dingsf", "502修好了") == ["done.fulfil"]
