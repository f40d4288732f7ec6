"""What is said while an alarm is under way: it belongs to the alarm, and opens no order of its own."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.simulated.talking import Phone
from redprop_bot.store.tables import Demand, Estate, Outbox


def _demands(stage: Stage) -> list[Demand]:
    return stage.store.look(lambda tx: sorted(tx.list(Demand), key=lambda demand: demand.id or 0))


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("我手机快没电了", "done.still"),
        ("打了119了，他们说十五分钟到", "done.called"),
        ("要不要扒门", "done.hold_on"),
    ],
)
def test_of_the_lift(stage: Stage, say: Say, text: str, reply: str) -> None:
    """Those on their way hear it; 没事了 ends that alarm and no other order."""
    assert "order.emergency" in say("r:罗阿姨", "槐荫里1栋1单元电梯困人了")
    assert say("r:罗阿姨", text) == [reply]
    assert len(_demands(stage)) == 1
    assert say("r:罗阿姨", "没事了") == ["done.safe"]


@pytest.mark.parametrize("text", ["是不是可以开灯", "能打电话吗", "可以关总闸吗？"])
def test_may_we_is_answered_with_what_to_do(stage: Stage, say: Say, text: str) -> None:
    """In gas nobody is left to guess whether a switch may be touched."""
    say("r:罗阿姨", "槐荫里1栋1单元煤气味很大")
    assert "灯、火、插头都别碰" in stage.town.say(Phone.of("resident:o-罗阿姨"), text).text
    assert len(_demands(stage)) == 1


@pytest.mark.parametrize(
    ("alarm", "news"),
    [
        ("槐荫里1栋1单元有股糊味，冒烟了", "哦，是人家炒菜"),
        ("槐荫里2栋502外婆独居，打了半天电话都没人接", "联系上了，她没事"),
        ("槐荫里2栋502外婆独居，打了半天电话都没人接", "我到家了，她在睡觉"),
    ],
)
def test_good_news_is_no_new_alarm(stage: Stage, say: Say, alarm: str, news: str) -> None:
    """It ends the one there is."""
    assert "order.emergency" in say("r:罗阿姨", alarm)
    assert say("r:罗阿姨", news) == ["done.safe"]
    assert [demand.stage for demand in _demands(stage)] == ["withdrawn"]


@pytest.mark.parametrize(
    "news",
    ["她叫不醒", "我到家了，她倒在地上", "进去了，老人在睡觉怎么喊都不应", "看到了，老人好好的躺在地上", "进门了，他手机掉在地上人躺着"],
)  # fmt: skip
def test_bad_news_ends_nothing(stage: Stage, say: Say, news: str) -> None:
    """Somebody still has to come."""
    say("r:罗阿姨", "槐荫里2栋502外婆独居，打了半天电话都没人接")
    say("r:罗阿姨", news)
    assert _demands(stage)[0].stage != "withdrawn"


@pytest.mark.parametrize("text", ["没困人 误报", "没人被困", "敲门没人应", "差点触电，先断电了", "业主不同意敲墙"])
def test_a_worker_tells_how_it_is_on_the_spot(stage: Stage, say: Say, text: str) -> None:
    """Progress of the order in hand, and no new matter."""
    say("r:罗阿姨", "槐荫里1栋1单元电梯坏了")
    say("dingsf", "接单")
    assert say("dingsf", text) == ["done.progress"]
    assert len(_demands(stage)) == 1


def test_a_danger_that_a_worker_meets_is_where_the_worker_is(stage: Stage, say: Say) -> None:
    """Nobody is asked for a place that is on the order in hand."""
    say("r:罗阿姨", "槐荫里3栋1单元502水管漏水")
    say("dingsf", "接单")
    assert say("dingsf", "触电了，小葛倒在地上") == ["order.emergency"]
    alarm = _demands(stage)[-1]
    assert (alarm.urgency, alarm.building, alarm.unit, alarm.room) == ("emergency", "3", "1", "502")


def test_who_is_sent_to_an_alarm_by_its_place_is_told_to_go(stage: Stage, say: Say) -> None:
    """Not until when to accept."""
    say("r:罗阿姨", "电梯困人了")
    assert say("r:罗阿姨", "槐荫里1栋1单元") == ["done.placed_alarm"]
    told = [str(r.payload) for r in stage.store.look(lambda tx: tx.list(Outbox)) if r.receiver == "dingsf"]
    assert any("马上去人" in words for words in told)
    assert not any("前接单" in words for words in told)


@pytest.mark.parametrize(
    "text", ["修到一半触电了", "住户触电了打了120电话", "插座漏电麻手，马上去弄", "暂时修好了，又冒烟了"]
)
def test_a_danger_is_no_progress(stage: Stage, say: Say, text: str) -> None:
    """However it is said beside the work."""
    say("r:罗阿姨", "槐荫里3栋1单元502水管漏水")
    say("dingsf", "接单")
    assert say("dingsf", text)[0] == "order.emergency"


def test_a_colleague_is_at_another_place(stage: Stage, say: Say) -> None:
    """Where it burns is asked."""
    say("r:罗阿姨", "槐荫里3栋1单元502水管漏水")
    say("dingsf", "接单")
    say("gesf", "着火了")
    assert _demands(stage)[-1].building is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("我妈晕倒了，快叫救护车，槐荫里2栋", "120急救"),
        ("槐荫里3栋着火了，物业电话没人接", "别坐电梯"),
        ("槐荫里3栋501厨房煤气味很大，物业电话打不通", "关阀"),
        ("槐荫里3栋楼下漏电，我手麻了，物业电话没人接", "别用手碰"),
        ("槐荫里3栋着火了，我被锁在屋里", "别坐电梯"),
        ("救护车堵在槐荫里东门进不来", "哪个门进"),
    ],
)
def test_what_to_do_is_said_of_the_danger_itself(stage: Stage, text: str, number: str) -> None:
    """And not of what is told beside it."""
    assert number in stage.town.say(Phone.of("resident:o-罗阿姨"), text).text


def test_a_fire_in_a_stairwell_stays_one(stage: Stage, say: Say) -> None:
    """Somebody burns paper there: it still burns."""
    say("r:罗阿姨", "槐荫里3栋楼道冒烟")
    say("r:罗阿姨", "原来是有人在烧纸")
    assert _demands(stage)[0].stage != "withdrawn"


@pytest.mark.parametrize(
    ("who", "text", "reply"),
    [
        ("dingsf", "到了 门打不开 里面老人喘不过气", "done.alarm_noted"),
        ("dingsf", "我到了 人没事", "done.alarm_noted"),
        ("dingsf", "我在外面赶不回来 最快四十分钟", "done.alarm_noted"),
        ("yaowg", "里面是个孕妇 肚子疼", "done.tended"),
    ],
)
def test_staff_tell_of_the_alarm_under_way(stage: Stage, say: Say, who: str, text: str, reply: str) -> None:
    """No second one is raised without a place, and nothing is lost."""
    say("r:罗阿姨", "槐荫里3栋2单元电梯里困了个人")
    assert say(who, text) == [reply]
    assert len(_demands(stage)) == 1


def test_another_house_is_another_alarm(stage: Stage, say: Say) -> None:
    """Of which everybody has to hear."""
    say("r:罗阿姨", "槐荫里3栋2单元电梯里困了个人")
    assert "order.emergency" in say("dingsf", "槐荫里5栋1单元电梯也困人了")
    assert len(_demands(stage)) == 2


@pytest.mark.parametrize("text", ["电梯里困人了", "3栋电梯困人了，老丁快去"])
def test_an_alarm_of_a_company_is_at_its_own_estate(stage: Stage, say: Say, text: str) -> None:
    """It looks after one: those who are near are called."""
    say("fangjl", text)
    names = stage.store.look(lambda tx: {one.id: one.name for one in tx.list(Estate)})
    assert [names[demand.estate_id or 0] for demand in _demands(stage)] == ["槐荫里"]


@pytest.mark.parametrize(
    ("alarm", "text", "reply"),
    [
        ("槐荫里3栋1单元301煤气味重", "头晕得很", "done.feel_ill"),
        ("槐荫里2栋1单元着火了", "我该往哪跑", "done.hold_on"),
        ("槐荫里2栋1单元电梯困人了", "能不能自己扒门", "done.hold_on"),
        ("槐荫里2栋1单元电梯困人了", "假的，开玩笑", "done.alarm_stays"),
        ("槐荫里2栋1单元着火了", "没火了，是隔壁蒸包子的汽", "done.safe"),
    ],
)
def test_whoever_is_in_it_is_answered(say: Say, alarm: str, text: str, reply: str) -> None:
    """Not greeted, and not told of menus."""
    say("r:罗阿姨", alarm)
    assert say("r:罗阿姨", text) == [reply]


def test_a_closed_valve_is_control_and_not_the_end(stage: Stage, say: Say) -> None:
    """The unit still has to look."""
    say("r:罗阿姨", "槐荫里2栋1单元601闻到煤气味")
    assert say("hegong", "阀门已关") == ["done.controlled"]
    assert _demands(stage)[0].stage == "accepted"


@pytest.mark.parametrize(
    ("who", "text"), [("dingsf", "有个老太太晕倒在马路边"), ("r:罗阿姨", "槐荫里5栋电线在冒火花，哪天着火谁负责")]
)
def test_another_danger_is_not_swallowed(stage: Stage, say: Say, who: str, text: str) -> None:
    """It is nobody's news of the lift, and not where the worker is."""
    say("r:罗阿姨", "槐荫里3栋2单元电梯困人了")
    say("dingsf", "接单")
    assert "order.emergency" in say(who, text)
    assert [demand.building for demand in _demands(stage)] in (["3", None], ["3", "5"])


def test_a_greeting_is_no_news_of_an_alarm(stage: Stage, say: Say) -> None:
    """Nor is a complaint about somebody."""
    say("r:罗阿姨", "槐荫里3栋2单元电梯困人了")
    assert say("gesf", "早上好") == ["greeting.hello"]
    assert say("fangjl", "保安态度差被投诉了")[0] == "order.confidential"


def test_who_is_shut_in_is_not_told_to_go_outside(stage: Stage, say: Say) -> None:
    """有点胸闷 in a lift."""
    say("r:罗阿姨", "槐荫里3栋2单元电梯困人了，我在里面")
    assert say("r:罗阿姨", "有点胸闷") == ["done.feel_ill_there"]
