"""What names nothing opens no order; what is wrong with a house does, however short it is said."""

from datetime import timedelta

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand, Person


def _orders(stage: Stage) -> list[Demand]:
    return stage.store.look(lambda tx: tx.list(Demand))


@pytest.mark.parametrize(
    "text", ["等我看看", "有人吗", "马马虎虎", "我耳朵不好", "我不识字 打字慢", "我是替我妈问的", "没有 我就问问"]
)
def test_it_is_asked_what_the_matter_is(stage: Stage, say: Say, text: str) -> None:
    """And no matter is made up."""
    assert say("r:小贺", text)[0] in ("ask.what", "unknown.resident")
    assert not _orders(stage)


@pytest.mark.parametrize(
    "text", ["漏水", "又来了", "灯不亮", "没水", "晚上吵", "不制冷", "有味", "臭死了", "狗叫"]
)
def test_a_short_report_is_taken_at_once(stage: Stage, say: Say, text: str) -> None:
    """Nobody is asked to say it in more words."""
    assert say("r:小贺", text)[0].startswith("order.")
    assert len(_orders(stage)) == 1


@pytest.mark.parametrize("text", ["1单元4楼", "四楼", "四楼到五楼那个"])
def test_the_floor_belongs_to_the_lamp(stage: Stage, say: Say, text: str) -> None:
    """It was a lift, and urgent."""
    say("r:小贺", "楼道灯不亮")
    say("r:小贺", "槐荫里2栋")
    stage.clock.at += timedelta(minutes=3)
    assert say("r:小贺", text) == ["done.supplement"]
    assert len(_orders(stage)) == 1
    assert _orders(stage)[0].unit == ("1" if "单元" in text else None)


def test_what_says_nothing_is_kept_with_what_was_just_reported(stage: Stage, say: Say) -> None:
    """It may mean something to those who come."""
    say("r:小贺", "槐荫里3栋2单元702水管漏水")
    stage.clock.at += timedelta(minutes=5)
    assert say("r:小贺", "我耳朵不好") == ["done.supplement"]


def test_who_has_moved_is_found_at_the_new_home(stage: Stage, say: Say) -> None:
    """The next report is of there."""
    say("r:小贺", "槐荫里3栋2单元702水管漏水")
    stage.clock.at += timedelta(days=1)
    assert say("r:小贺", "我搬到金鹿苑2栋301了") == ["done.home"]
    person = stage.store.look(lambda tx: next(p for p in tx.list(Person) if p.openid == "o-小贺"))
    assert (person.building, person.unit, person.room) == ("2", None, "301")
    say("r:小贺", "我家水管漏水")
    assert _orders(stage)[1].building == "2"
