"""是3栋不是2栋: a slip set right as people say it, and a home that was offered taken, or only its stairs changed."""

from datetime import timedelta

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand, Event


def _where(stage: Stage) -> list[tuple[str | None, str | None, str | None]]:
    return [(d.building, d.unit, d.room) for d in stage.store.look(lambda tx: tx.list(Demand))]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("是5栋不是3栋", ("5", "2", "702")),
        ("是5栋，不是3栋", ("5", "2", "702")),
        ("不是3栋是5栋", ("5", "2", "702")),
        ("是1单元不是2单元", ("3", "1", "702")),
        ("我是602的不是702", ("3", "2", "602")),
        ("702打错了应该是502", ("3", "2", "502")),
        ("我是702的不是101", ("3", "2", "702")),  # nobody said 101
        ("是不是3栋的师傅来", ("3", "2", "702")),
    ],
)
def test_the_order_goes_where_it_is(stage: Stage, say: Say, text: str, where: tuple[str, str, str]) -> None:
    """The same order, at the other door; hours later, too."""
    say("r:小贺", "槐荫里3栋2单元702阳台漏水")
    stage.clock.at += timedelta(hours=3)
    said = say("r:小贺", text)
    assert _where(stage)[0] == where
    assert (said == ["done.moved"]) == (where != ("3", "2", "702"))


def test_the_other_matter_is_meant(stage: Stage, say: Say) -> None:
    """Not the water, but the light: whoever has the water is not sent."""
    say("r:小贺", "槐荫里3栋2单元702没水")
    assert say("r:小贺", "不是没水，是没电")[:2] == ["done.renamed", "order.dispatched"]
    assert [d.category for d in stage.store.look(lambda tx: tx.list(Demand))] == ["plumbing", "power"]


@pytest.mark.parametrize(
    ("text", "where", "besides"),
    [
        ("是的呀", ("3", "2", "702"), False),
        ("对头", ("3", "2", "702"), False),
        ("是 快点", ("3", "2", "702"), False),
        ("是我家楼道", ("3", "2", "702"), False),
        ("是的，6楼那个", ("3", "2", "702"), True),
        ("不是2单元是1单元", ("3", "1", None), False),
        ("1单元", ("3", "1", None), False),
        ("是5栋", ("5", None, None), False),
        ("不是", (None, None, None), None),
        ("是我妈家", (None, None, None), None),
    ],
)
def test_the_home_that_was_offered(
    stage: Stage, say: Say, text: str, where: tuple[str | None, ...], besides: bool | None
) -> None:
    """A yes in any words; of what was not denied nothing is lost."""
    say("r:小贺", "槐荫里3栋2单元702阳台漏水")
    stage.clock.at += timedelta(days=2)
    assert say("r:小贺", "楼道灯不亮")[-1] == "ask.home"
    say("r:小贺", text)
    assert _where(stage)[1:] == [where]
    notes = stage.store.look(lambda tx: [e.note for e in tx.list(Event) if e.name == "supplemented"])
    assert besides is None or notes == (["6楼那个"] if besides else [])
