"""What one room takes must not swallow what is another's: a lamp is no danger, a sender no visitor, praise no report."""

from datetime import timedelta

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.registry.register import register
from redprop_bot.store.tables import Demand, Outbox
from redprop_bot.store.tx import Tx

LAMP = "2栋1单元楼道灯不亮"


def _demands(stage: Stage) -> list[Demand]:
    return stage.store.look(lambda tx: tx.list(Demand, order=Demand.__table__.c.id))


def _told(stage: Stage, name: str) -> list[str]:
    return [str(row.payload) for row in stage.store.look(lambda tx: tx.list(Outbox)) if row.message == name]


def test_a_lamp_hours_after_a_danger_is_a_matter_of_its_own(stage: Stage, say: Say) -> None:
    """The house of a danger that is over, or whose estate is known, is not the house of the lamp."""
    say("r:罗阿姨", "电梯困人了")
    say("r:罗阿姨", "槐荫里")
    say("dingsf", "接单")
    say("dingsf", "人救出来了")
    stage.clock.at += timedelta(hours=3)
    say("r:罗阿姨", LAMP)
    danger, lamp = _demands(stage)
    assert (danger.building, lamp.category, lamp.building) == (None, "power", "2")


@pytest.mark.parametrize("text", ["槐荫里，什么时候来人？", "槐荫里，能快点吗"])
def test_a_place_and_a_question_behind_it_is_a_place(stage: Stage, say: Say, text: str) -> None:
    """The alarm goes where it is, whatever is asked besides."""
    say("r:何叔", "电梯困人了")
    say("r:何叔", text)
    (danger,) = _demands(stage)
    assert danger.estate_id == stage.store.look(lambda tx: _estate(tx, "槐荫里"))


def _estate(tx: Tx, name: str) -> int | None:
    estate = register(tx).estate(name)
    return estate.id if estate else None


def test_a_question_while_a_place_is_asked_is_answered(stage: Stage, say: Say) -> None:
    """槐荫里物业电话多少 names no place of the danger."""
    say("r:何叔", "有人要跳楼")
    assert say("r:何叔", "槐荫里物业电话多少") == ["whose.here"]
    assert _demands(stage)[0].estate_id is None


def test_who_is_sent_to_a_danger_is_sent(stage: Stage, say: Say) -> None:
    """找方经理去看看 hands it over, and is nothing for the family to read."""
    say("r:罗阿姨", "槐荫里3栋2单元有人晕倒了")
    assert say("qinsj", "找方经理去看看") == ["done.dispatch"]
    assert _told(stage, "tended_resident") == []


def test_tomorrow_is_not_said_of_a_danger(stage: Stage, say: Say) -> None:
    """Nobody goes to somebody who fainted the day after."""
    say("r:罗阿姨", "槐荫里3栋2单元有人晕倒了")
    say("qinsj", "我明天去")
    assert _told(stage, "tended_resident") == []


@pytest.mark.parametrize(
    "text",
    [
        "表扬老丁，上次下水道堵了没人管，他二话不说就通了",
        "我要表扬小葛，原先路灯一直没人修，他来了三天都弄好了",
    ],
)
def test_praise_that_tells_of_what_was_mended_is_praise(stage: Stage, say: Say, text: str) -> None:
    """What was broken before is how good they are."""
    say("r:罗阿姨", text)
    assert "demand.report" not in [one.intent for one in _demands(stage)]


def test_praise_of_what_is_still_broken_is_a_report(stage: Stage, say: Say) -> None:
    """Irony."""
    say("r:罗阿姨", "表扬一下物业，槐荫里3栋电梯坏了五天都没修")
    assert [one.category for one in _demands(stage) if one.intent == "demand.report"] == ["elevator"]


def test_each_reads_only_when_somebody_comes_to_them(stage: Stage, say: Say) -> None:
    """1号上午到，2号下午到 is for nobody as it stands."""
    say("r:罗阿姨", "槐荫里2栋1单元的电梯按钮失灵了")
    say("r:何叔", "槐荫里3栋1单元的电梯按钮失灵了")
    say("dingsf", "都接了，1号单上午到，2号单下午到")
    told = _told(stage, "accepted")
    assert len(told) == 2
    assert [text for text in told if "2号单" in text or "1号单" in text] == []
