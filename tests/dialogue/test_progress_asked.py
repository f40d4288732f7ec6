"""到哪一步了 of staff: what is named is found without a number, nothing is reported, visited or changed by asking."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.simulated.talking import Phone
from redprop_bot.store.tables import Event, Visit


def _count(stage: Stage) -> tuple[int, int]:
    return stage.store.look(lambda tx: (len(tx.list(Event)), len(tx.list(Visit))))


@pytest.fixture(autouse=True)
def two(say: Say) -> None:
    """A pipe and a light."""
    say("r:罗阿姨", "槐荫里2栋1单元水管漏水")
    say("r:老马", "槐荫里3栋1单元楼道灯不亮")


@pytest.mark.parametrize("who", ["qinsj", "yaowg", "fangjl"])
@pytest.mark.parametrize(
    ("text", "no"),
    [
        ("2栋水管修了没有", "0001"),
        ("水管那单怎么样了", "0001"),
        ("楼道灯的事办得怎么样了", "0002"),
        ("3栋的灯修好了吗", "0002"),
    ],
)
def test_what_is_named_is_found(stage: Stage, who: str, text: str, no: str) -> None:
    """By its thing or its place."""
    before = _count(stage)
    answer = stage.town.say(Phone.of(f"work:{who}"), text)
    assert [(said.key, said.slots["no"][-4:]) for said in answer.said] == [("progress.staff", no)]
    assert _count(stage) == before


@pytest.mark.parametrize("text", ["物业有没有去看2栋的水管", "万和物业去修2栋水管了吗", "2栋的水管有没有派人修"])
def test_whether_somebody_went_is_no_report(stage: Stage, say: Say, text: str) -> None:
    """Nothing is ordered a second time."""
    before = _count(stage)
    assert say("qinsj", text) == ["progress.staff"]
    assert _count(stage) == before


def test_whether_a_person_went_is_no_visit(stage: Stage, say: Say) -> None:
    """Of several that their unit has it is asked; of what they took it is told."""
    before = _count(stage)
    assert say("qinsj", "老丁去了没") == ["progress.list_staff"]
    assert _count(stage) == before
    say("dingsf", "1号接单")
    assert say("qinsj", "老丁去了没") == ["progress.staff"]


def test_what_nobody_reported_is_said_to_be_none(stage: Stage, say: Say) -> None:
    """Another thing is not taken for one of these."""
    before = _count(stage)
    assert say("qinsj", "垃圾那单怎么样了") == ["progress.none_here"]
    assert say("qinsj", "物业有没有去看5栋的门禁") == ["progress.none_here"]
    assert _count(stage) == before


def test_nothing_named_is_the_one_talked_about_else_the_list(say: Say) -> None:
    """怎么样了."""
    assert say("qinsj", "进度怎么样了") == ["list.open"]
    say("qinsj", "2栋水管修了没有")
    assert say("qinsj", "怎么样了") == ["progress.staff"]


@pytest.mark.parametrize("text", ["3栋路灯能不能修一下", "槐荫里2栋1单元的门禁坏了没人修"])
def test_a_report_stays_a_report(stage: Stage, say: Say, text: str) -> None:
    """Asking for something is no question of how far it is."""
    before = _count(stage)
    say("qinsj", text)
    assert _count(stage)[0] > before[0]
