"""第二个, 都, 除了电梯, 1和2: which of several orders somebody means, and that nothing else is touched."""

from datetime import timedelta

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.store.tables import Demand, Event

THREE = "槐荫里5栋电梯坏了，还有门口垃圾没人收，另外金鹿苑2栋水管爆了"
LEAK, LAMP = "槐荫里1栋1单元502卫生间水管漏水", "槐荫里3栋楼道灯不亮"


def _having(stage: Stage, stage_name: str) -> list[int]:
    """The places, in the order they were reported, of those that stand there."""
    orders = stage.store.look(lambda tx: tx.list(Demand))
    return [place for place, demand in enumerate(orders, 1) if demand.stage == stage_name]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("第二个不用了", [2]),
        ("第一件不用了，刚修好", [1]),
        ("最后一个撤了吧", [3]),
        ("第一个和第三个不用了", [1, 3]),
        ("都不用了", [1, 2, 3]),
        ("三个都不用了", [1, 2, 3]),
        ("两个都不用了", []),  # which two?
        ("除了电梯都不用修了", [2, 3]),
        ("除了第二个以外都撤了吧", [1, 3]),
        ("电梯要修，其他的不用了", [2, 3]),
        ("除了路灯都不用了", []),  # there is none
        ("第五个不用了", []),
    ],
)
def test_those_that_are_named_are_taken_back(stage: Stage, say: Say, text: str, gone: list[int]) -> None:
    """By their place in the list that the bot wrote, all of them, or all but one."""
    assert say("r:小贺", THREE)[0] == "order.several"
    said = say("r:小贺", text)
    assert _having(stage, "withdrawn") == gone
    assert len(_having(stage, "withdrawn")) == len(gone)
    assert gone or said == ["ask.which"]


def test_the_place_in_the_list_is_urged_and_asked_after(stage: Stage, say: Say) -> None:
    """Although it follows at once, it is no more of the last report."""
    say("r:小贺", THREE)
    assert say("r:小贺", "第一件急啊") == ["done.urge"]
    assert say("r:小贺", "第2件怎么样了") == ["progress.dispatched"]
    urged = stage.store.look(lambda tx: [event.subject_id for event in tx.list(Event) if event.name == "urged"])
    assert urged == [1]


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        ("水管", [1]),
        ("灯", [2]),
        ("那个灯", [2]),
        ("是水管那个", [1]),
        ("都撤", [1, 2]),
        ("两个都不用", [1, 2]),
        ("1和2", [1, 2]),
        ("第一个和第二个", [1, 2]),
        ("都要修", []),
        ("灯又坏了", []),  # that is a report
    ],
)
def test_which_one_is_answered_as_people_answer(stage: Stage, say: Say, answer: str, gone: list[int]) -> None:
    """With the bare thing, with all of them, with several numbers."""
    say("r:小贺", LEAK)
    say("r:小贺", LAMP)
    stage.clock.at += timedelta(hours=1)
    assert say("r:小贺", "不用修了") == ["ask.which"]
    say("r:小贺", answer)
    assert _having(stage, "withdrawn") == gone
    assert len(stage.store.look(lambda tx: tx.list(Demand))) == (3 if answer == "灯又坏了" else 2)


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("都满意", [1, 2], []),
        ("两个都好了，谢谢", [1, 2], []),
        ("都没修好", [], [1, 2]),
        ("水管满意 灯不满意", [1], [2]),
        ("灯好了，水管还漏", [2], [1]),
        ("第一个满意，第二个不满意", [], []),  # the first of what? it is asked
    ],
)
def test_each_is_rated_as_was_said(stage: Stage, say: Say, text: str, good: list[int], bad: list[int]) -> None:
    """One praised and one sent back in one sentence."""
    say("r:小贺", LEAK)
    say("r:小贺", LAMP)
    say("dingsf", "1号单修好了")
    say("gesf", "2号单修好了")
    stage.clock.at += timedelta(hours=1)
    said = say("r:小贺", text)
    assert (_having(stage, "closed"), _having(stage, "dispatched")) == (good, bad)
    assert good or bad or said == ["ask.which"]


def test_a_unit_takes_all_but_a_thing(stage: Stage, say: Say) -> None:
    """Nobody promised the lamp."""
    say("r:小贺", LEAK)
    say("r:罗阿姨", LAMP)
    assert say("fangjl", "除了灯都接了") == ["done.accept", "done.left_out"]
    assert _having(stage, "accepted") == [1]
