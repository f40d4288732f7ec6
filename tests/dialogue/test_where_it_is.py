"""The place of an order is what was said of it: not where its reporter lives, and not what a bystander says."""

from dataclasses import replace

from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.loop.actor import speaking
from redprop_bot.loop.order import order
from redprop_bot.loop.report import Report
from redprop_bot.ports import Channel
from redprop_bot.registry.people import identify
from redprop_bot.registry.register import register
from redprop_bot.simulated.talking import Phone
from redprop_bot.store import demands
from redprop_bot.store.tables import Demand, Outbox
from redprop_bot.store.tx import Tx


def _first(stage: Stage) -> Demand:
    return stage.store.look(lambda tx: tx.list(Demand)[0])


def _estate(stage: Stage, demand: Demand) -> str:
    return stage.store.look(lambda tx: register(tx).estates[demand.estate_id or 0].name)


def _told(stage: Stage, message: str) -> set[str]:
    return {row.receiver for row in stage.store.look(lambda tx: tx.list(Outbox)) if row.message == message}


def test_a_phone_number_does_not_move_an_order_to_the_home_of_its_reporter(stage: Stage, say: Say) -> None:
    """Somebody of 槐荫里 reports for 金鹿苑 and adds a number: the order stays where it is."""
    stage.town.deliver(stage.town.event(Phone.of("resident:o-罗阿姨"), "subscribe", "estate:槐荫里"))
    say("r:罗阿姨", "金鹿苑1栋2单元电梯坏了")
    assert say("r:罗阿姨", "补充一下，我的电话是13900001111") == ["done.supplement"]
    assert _estate(stage, _first(stage)) == "金鹿苑"
    assert _first(stage).phone == "13900001111"


def test_another_estate_as_the_answer_goes_to_the_unit_there(stage: Stage, say: Say) -> None:
    """Asked for the building, the resident names another estate: its unit gets the order, the first is called back."""
    stage.town.deliver(stage.town.event(Phone.of("resident:o-罗阿姨"), "subscribe", "estate:槐荫里"))
    say("r:罗阿姨", "电梯坏了")
    assert say("r:罗阿姨", "金鹿苑1栋2单元") == ["done.placed"]
    demand = _first(stage)
    assert (_estate(stage, demand), demand.building) == ("金鹿苑", "1")
    assert "wangjl" in _told(stage, "order")
    assert _told(stage, "taken_away") == {"fangjl", "shaojl", "dingsf"}


def test_a_bystander_cannot_say_where_it_is(stage: Stage, say: Say) -> None:
    """Staff of another unit may offer help with an order, but not change it."""
    stage.town.deliver(stage.town.event(Phone.of("resident:o-罗阿姨"), "subscribe", "estate:槐荫里"))
    say("r:罗阿姨", "电梯坏了")
    before = _first(stage)
    said = say("shenhs", "补充1号单，是在3栋2单元")
    assert said == ["error.role"]
    assert _first(stage) == before


def test_an_alarm_that_is_told_again_with_its_place_reaches_the_unit(stage: Stage) -> None:
    """First only that somebody is stuck, then the same with the estate: one order, and the unit there is sent."""

    def twice(tx: Tx) -> None:
        person = identify(tx, Channel.OA, "o-罗阿姨")
        estate = register(tx).estate("槐荫里")
        assert estate is not None
        said = Report("电梯困人了", tx.now, category="elevator", urgency="emergency")
        order(tx, speaking(person), said, reporter_id=person.person.id)
        again = replace(said, estate_id=estate.id, building="3")
        order(tx, speaking(person), again, reporter_id=person.person.id)

    stage.store.run(twice)
    found = stage.store.look(lambda tx: tx.list(Demand))
    assert [(d.stage, d.building, _estate(stage, d)) for d in found] == [("dispatched", "3", "槐荫里")]
    assert "fangjl" in _told(stage, "order")
    assert {"qinsj", "yaowg"} <= _told(stage, "emergency_copy")


def test_the_secretary_still_looks_first_when_the_place_comes_later(stage: Stage, say: Say) -> None:
    """先问再办 holds as well for a report whose building was asked for."""
    stage.town.deliver(stage.town.event(Phone.of("resident:o-罗阿姨"), "subscribe", "estate:槐荫里"))
    say("r:罗阿姨", "3栋2单元的单元门关不严")
    assert say("qinsj", "先问再办 1 3天") == ["done.ask_first"]
    say("r:罗阿姨", "楼道里的灯不亮了")
    say("r:罗阿姨", "2栋1单元")
    newest = stage.store.look(lambda tx: tx.list(Demand)[-1])
    assert (newest.building, newest.stage) == ("2", "new")


def test_a_neighbour_s_number_is_not_taken_for_the_reporter_s(stage: Stage, say: Say) -> None:
    """A supporter adds a phone: it does not stand beside the reporter's name."""
    say("r:罗阿姨", "槐荫里3栋2单元电梯坏了")
    assert say("r:小贺", "槐荫里3栋2单元电梯坏了")[0] == "order.joined"
    say("r:小贺", "补充一下，我的电话是13900002222，停在5楼")
    assert _first(stage).phone is None


def test_when_the_reporter_leaves_their_number_leaves_with_them(stage: Stage, say: Say) -> None:
    """The order goes on for a neighbour, who must not be called at somebody else's phone."""
    say("r:罗阿姨", "槐荫里3栋2单元电梯坏了，我的电话13900001111")
    say("r:小贺", "槐荫里3栋2单元电梯坏了")
    assert say("r:罗阿姨", "不用了，撤销吧") == ["done.left"]
    after = _first(stage)
    assert after.phone is None
    assert stage.store.look(lambda tx: demands.supporters(tx, after.id or 0)) == []
