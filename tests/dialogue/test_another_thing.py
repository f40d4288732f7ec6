"""A sentence that names a thing no order is of moves no order; what is left out of it stays as it is."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand, Organisation
from redprop_bot.store.tx import Tx

LIFT, LAMP = "槐荫里1栋1单元电梯坏了", "槐荫里2栋楼道灯不亮"
LEAK, GATE = "槐荫里3栋2单元502厨房漏水", "槐荫里3栋门禁刷不开"


def _orders(stage: Stage) -> list[tuple[str, str | None, int | None]]:
    def look(tx: Tx) -> list[tuple[str, str | None, int | None]]:
        units = {one.id or 0: one.name for one in tx.list(Organisation)}
        return [(d.stage, units.get(d.handler_id or 0), d.stars) for d in tx.list(Demand)]

    return stage.store.look(look)


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("qinsj", "楼道灯的单子派给城管"),
        ("qinsj", "绿化带那件转给城管"),
        ("fangjl", "退单，绿化不归我们管"),
        ("fangjl", "垃圾已经清完了"),
        ("fangjl", "树的我们接"),
        ("r:罗阿姨", "马桶不用修了，自己捅开了"),
    ],
)
def test_another_thing_is_asked(stage: Stage, say: Say, who: str, text: str) -> None:
    """The lift is all there is, and nobody spoke of it."""
    say("r:罗阿姨", LIFT)
    before = _orders(stage)
    assert say(who, text) == ["ask.which"]
    assert _orders(stage) == before


def test_another_thing_is_not_rated(stage: Stage, say: Say) -> None:
    """Nor is the lift sent back for a tap."""
    say("r:罗阿姨", LIFT)
    say("fangjl", "修好了")
    assert say("r:罗阿姨", "水龙头还没修好") == ["ask.which"]
    assert _orders(stage)[0][0] == "done"


@pytest.mark.parametrize(
    ("report", "texts"),
    [
        (
            LIFT,
            [
                "钢丝绳换好了",
                "换了个灯泡，现在修好了",
                "修好了，顺手把垃圾也带走了",
                "平层修好了，等垃圾清走再验收",
            ],
        ),
        (LEAK, ["管子换了，修好了", "水管修好了", "水龙头换好了"]),
        (LAMP, ["线路接好了，修好了", "灯泡换好了"]),
        (GATE, ["电路板换好了", "大门修好了"]),
    ],
)
def test_words_of_the_repair(stage: Stage, say: Say, report: str, texts: list[str]) -> None:
    """Units name parts and what they did besides."""
    for text in texts:
        say("r:罗阿姨", report)
        assert (text, say("fangjl", text)) == (text, ["done.fulfil"])
        say("r:罗阿姨", "满意")


@pytest.mark.parametrize(
    "text",
    [
        "灯派给康居物业，电梯的先别动",
        "除了电梯都派给康居物业",
        "除了电梯，其他的派给康居物业",
        "灯给康居物业，电梯照旧",
    ],
)
def test_what_is_left_out_of_a_dispatch(stage: Stage, say: Say, text: str) -> None:
    """Only the lamp goes elsewhere."""
    say("r:罗阿姨", LAMP)
    say("r:小贺", LIFT)
    (_, unit, _), lift = _orders(stage)
    assert say("qinsj", text) == ["done.dispatch"]
    moved, kept = _orders(stage)
    assert (moved[1] != unit, kept) == (True, lift)


def test_all_but_one_of_several_is_asked(stage: Stage, say: Say) -> None:
    """Nobody moves three orders by one word, nor the one that was left out."""
    for who, text in (("r:罗阿姨", LAMP), ("r:小贺", LIFT), ("r:老马", LEAK)):
        say(who, text)
    before = _orders(stage)
    assert say("qinsj", "除了电梯都派给康居物业") == ["ask.which"]
    assert _orders(stage) == before


@pytest.mark.parametrize("text", ["电梯接单，灯不归我们，退了", "电梯我们接，灯退了，不归我们"])
def test_one_taken_and_one_returned(stage: Stage, say: Say, text: str) -> None:
    """Each by its name, however short that is."""
    say("r:罗阿姨", LAMP)
    say("r:小贺", LIFT)
    assert say("fangjl", text) == ["done.accept", "done.return"]
    assert [stage for stage, _, _ in _orders(stage)] == ["returned", "accepted"]
