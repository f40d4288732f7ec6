"""What residents say some time after they reported: of that order, and no other matter, offer or greeting."""

from datetime import timedelta

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.simulated.talking import Phone
from redprop_bot.store.tables import Demand, Outbox, Resource

LEAK = "槐荫里1栋1单元501漏水"


def _demands(stage: Stage) -> list[Demand]:
    return stage.store.look(lambda tx: sorted(tx.list(Demand), key=lambda demand: demand.id or 0))


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=40)])
@pytest.mark.parametrize(
    "text",
    [
        "天花板都泡坏了",
        "墙皮都掉下来了",
        "漏了一晚上了",
        "我是说五楼",
        "明天上午有人在家",
        "我腿脚不好下不了楼",
        "家里有坐轮椅的",
    ],
)
def test_more_of_it(stage: Stage, say: Say, text: str, later: timedelta) -> None:
    """At once and an hour later: who goes there reads it, nothing new is opened."""
    say("r:罗阿姨", LEAK)
    stage.clock.at += later
    assert say("r:罗阿姨", text) == ["done.supplement"]
    assert [demand.stage for demand in _demands(stage)] == ["dispatched"]
    assert not stage.store.look(lambda tx: tx.list(Resource))


def test_a_plate_is_of_the_car_that_was_reported(stage: Stage, say: Say) -> None:
    """And not of the lift that was reported after it."""
    say("r:罗阿姨", "槐荫里东门有车堵着门")
    say("r:罗阿姨", "槐荫里1栋1单元电梯坏了")
    stage.clock.at += timedelta(minutes=20)
    assert say("r:罗阿姨", "皖A88888") == ["done.supplement"]
    assert stage.town.say(Phone.of("resident:o-罗阿姨"), "皖A88888").said[0].slots["no"] == _demands(stage)[0].no


@pytest.mark.parametrize("text", ["我找电工弄好了", "自己修好了，不用来了", "别修了，我不住这了"])
def test_whoever_needs_nobody_any_more_takes_it_back(stage: Stage, say: Say, text: str) -> None:
    """It is theirs alone."""
    say("r:罗阿姨", LEAK)
    assert say("r:罗阿姨", text) == ["done.withdraw"]
    assert _demands(stage)[0].stage == "withdrawn"


@pytest.mark.parametrize("text", ["我找电工没弄好", "自己修不好"])
def test_whoever_tried_in_vain_takes_nothing_back(stage: Stage, say: Say, text: str) -> None:
    """Somebody still has to come."""
    say("r:罗阿姨", LEAK)
    say("r:罗阿姨", text)
    assert _demands(stage)[0].stage == "dispatched"


def test_a_neighbours_good_news_is_passed_on(stage: Stage, say: Say) -> None:
    """Who joined takes back nobody else's report, and is not refused either."""
    say("r:罗阿姨", "槐荫里1栋1单元电梯坏了")
    say("r:老马", "槐荫里1栋1单元电梯坏了")
    assert say("r:老马", "不用修了，好了") == ["done.thanks_early"]
    assert _demands(stage)[0].stage == "dispatched"


@pytest.mark.parametrize("text", ["那什么时候有人来啊", "好久来哦", "啥物时阵会来", "师傅几点到"])
def test_when_does_somebody_come(stage: Stage, say: Say, text: str) -> None:
    """It is answered how far it is."""
    say("r:罗阿姨", LEAK)
    say("dingsf", "接单")
    assert say("r:罗阿姨", text)[0].startswith("progress.")


@pytest.mark.parametrize("text", ["谁能看到我说的话", "会告诉楼上吗", "他们知道是我报的吗", "能保密吗"])
def test_who_reads_it(stage: Stage, say: Say, text: str) -> None:
    """Said for the order at hand; of a complaint it is said that the other side is not told who."""
    say("r:罗阿姨", LEAK)
    assert say("r:罗阿姨", text) == ["privacy.reads_order"]
    say("r:老马", "投诉万和物业前台骂人，我在槐荫里")
    assert say("r:老马", text) == ["privacy.reads_complaint"]


@pytest.mark.parametrize("text", ["谁投诉的我", "501住的是谁", "楼上电话多少"])
def test_of_others_nothing_is_told(say: Say, text: str) -> None:
    """Whoever asks."""
    assert say("r:罗阿姨", text) == ["privacy.of_others"]


@pytest.mark.parametrize("text", ["刚才看又灭了", "好是好了但是还有异响", "亮是亮了，忽明忽暗"])
def test_not_mended_after_all(stage: Stage, say: Say, text: str) -> None:
    """It is taken up again and no new matter."""
    say("r:罗阿姨", "槐荫里1栋1单元楼道灯不亮")
    say("gesf", "接单")
    say("gesf", "修好了")
    assert say("r:罗阿姨", text) == ["done.rate_bad"]
    assert len(_demands(stage)) == 1


def test_one_of_two_is_not_mended(stage: Stage, say: Say) -> None:
    """Each clause rates its own."""
    for text in ("槐荫里1栋1单元楼道灯不亮", "槐荫里1栋1单元下水道堵了"):
        say("r:罗阿姨", text)
    for number in "12":
        assert say("fangjl", f"{number}号单修好了") == ["done.fulfil"]
    assert say("r:罗阿姨", "灯满意，下水道没通") == ["done.rate_good", "done.rate_bad"]
    assert [demand.stage for demand in _demands(stage)] == ["closed", "dispatched"]


@pytest.mark.parametrize("text", ["谁家有多余的轮椅借我", "我家需要一个轮椅"])
def test_who_wants_something_offers_nothing(stage: Stage, say: Say, text: str) -> None:
    """It is a need of theirs."""
    say("r:罗阿姨", text)
    assert not stage.store.look(lambda tx: tx.list(Resource))
    assert _demands(stage)[0].category == "convenience"


@pytest.mark.parametrize("text", ["热得要命", "真是服了你们了"])
def test_a_sigh_is_no_order(stage: Stage, say: Say, text: str) -> None:
    """It is asked what the matter is."""
    assert say("r:罗阿姨", text) == ["ask.what"]
    assert not _demands(stage)


def test_who_mourns_is_told_so(say: Say) -> None:
    """Before it is said who will answer."""
    assert say("r:罗阿姨", "老人今早走了怎么办后事") == ["consult.condolence", "consult.passed_on"]


@pytest.mark.parametrize(
    "text", ["槐荫里1栋1单元电梯又坏了，老丁这人修东西从来不上心", "槐荫里1栋1单元电梯坏了，丁师傅上次糊弄我们"]
)
def test_what_blames_a_worker_is_not_read_by_that_worker(stage: Stage, say: Say, text: str) -> None:
    """The matter goes its way without it; the rest is a complaint, which passes them by."""
    say("r:罗阿姨", text)
    report, complaint = _demands(stage)
    assert (report.intent, report.category, report.urgency) == ("demand.report", "elevator", "urgent")
    assert complaint.intent == "complaint"
    told = [
        str(r.payload) for r in stage.store.look(lambda tx: tx.list(Outbox)) if r.receiver in ("dingsf", "fangjl")
    ]
    assert told
    assert not [words for words in told if "不上心" in words or "糊弄" in words]


def test_work_that_was_badly_done_is_taken_up_again_and_who_did_it_is_not_told_why(stage: Stage, say: Say) -> None:
    """Both are heard of one sentence."""
    say("r:罗阿姨", LEAK)
    say("dingsf", "接单")
    say("dingsf", "修好了")
    assert say("r:罗阿姨", "又漏了，老丁根本没用心") == ["done.rate_bad", "order.confidential"]
    told = [str(r.payload) for r in stage.store.look(lambda tx: tx.list(Outbox)) if r.receiver == "dingsf"]
    assert not [words for words in told if "没用心" in words]


@pytest.mark.parametrize("text", ["又停水了", "怎么又停电了"])
def test_another_thing_is_not_the_lift_again(stage: Stage, say: Say, text: str) -> None:
    """Nobody rates the lift by it."""
    say("r:罗阿姨", "槐荫里1栋1单元电梯坏了")
    say("dingsf", "接单")
    say("dingsf", "修好了")
    say("r:罗阿姨", text)
    assert _demands(stage)[0].stage == "done"


def test_a_car_in_the_gate_is_no_detail_of_a_lift(stage: Stage, say: Say) -> None:
    """A matter of its own."""
    say("r:罗阿姨", "槐荫里1栋1单元电梯坏了")
    stage.clock.at += timedelta(minutes=20)
    say("r:罗阿姨", "皖A12345堵着大门")
    assert [demand.category for demand in _demands(stage)] == ["elevator", "parking"]


@pytest.mark.parametrize("text", ["我叫物业处理了", "我叫人来修了"])
def test_who_only_called_somebody_takes_nothing_back(stage: Stage, say: Say, text: str) -> None:
    """Nothing is mended yet."""
    say("r:罗阿姨", LEAK)
    say("r:罗阿姨", text)
    assert _demands(stage)[0].stage == "dispatched"


@pytest.mark.parametrize(
    "text",
    [
        "呵呵，修得真好，开都开不亮",
        "3楼亮了，5楼没亮",
        "能用是能用，声音大得很",
        "还是闪，按钮也不灵",
    ],
)
def test_hardly_mended_is_taken_up_again(stage: Stage, say: Say, text: str) -> None:
    """Whatever praise stands in it."""
    say("r:罗阿姨", "槐荫里1栋1单元楼道灯不亮")
    say("gesf", "接单")
    say("gesf", "修好了")
    assert say("r:罗阿姨", text) == ["done.rate_bad"]
    assert len(_demands(stage)) == 1


@pytest.mark.parametrize("text", ["我还没看，晚上回去看下再说", "还没试呢", "暂时不漏了，再观察两天"])
def test_who_has_not_looked_yet_rates_nothing(stage: Stage, say: Say, text: str) -> None:
    """And hurries nobody."""
    say("r:罗阿姨", LEAK)
    say("dingsf", "接单")
    say("dingsf", "修好了")
    assert say("r:罗阿姨", text) == ["done.look_first"]
    assert _demands(stage)[0].stage == "done"


@pytest.mark.parametrize(("text", "stars"), [("勉强能用", 3), ("师傅人不错，就是来晚了", 4), ("不能说不满意", 3)])
def test_in_the_middle(stage: Stage, say: Say, text: str, stars: int) -> None:
    """Neither a complaint nor a call for help."""
    say("r:罗阿姨", LEAK)
    say("dingsf", "接单")
    say("dingsf", "修好了")
    assert say("r:罗阿姨", text) == ["done.rate_good"]
    assert _demands(stage)[0].stars == stars


@pytest.mark.parametrize("text", ["我先把总阀关了", "水顺着楼梯往下淌", "不是我家，是帮邻居报的"])
def test_how_it_goes_on_is_told_to_who_comes(stage: Stage, say: Say, text: str) -> None:
    """Nothing is withdrawn by it, nothing new opened."""
    say("r:罗阿姨", LEAK)
    stage.clock.at += timedelta(minutes=40)
    assert say("r:罗阿姨", text) == ["done.supplement"]
    assert [demand.stage for demand in _demands(stage)] == ["dispatched"]


@pytest.mark.parametrize("text", ["今晚能修好不，我怕黑", "修不修得好哦"])
def test_will_it_be_mended_is_no_news_that_it_is(stage: Stage, say: Say, text: str) -> None:
    """It is answered how far it is."""
    say("r:罗阿姨", LEAK)
    assert say("r:罗阿姨", text)[0].startswith("progress.")


def test_never_mind_of_two_is_asked(stage: Stage, say: Say) -> None:
    """Which of them."""
    say("r:罗阿姨", LEAK)
    say("r:罗阿姨", "槐荫里1栋1单元电梯吱嘎响")
    assert say("r:罗阿姨", "算了") == ["ask.which"]
    assert [demand.stage for demand in _demands(stage)] == ["dispatched", "dispatched"]
