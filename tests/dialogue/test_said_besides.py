"""What is said beside a place, or after a report: it goes where it belongs, and is no alarm and no new order."""

from pathlib import Path

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage, enrol
from tests.golden.script import ROSTER

from redprop_bot.registry.register import register
from redprop_bot.store.tables import Demand, Event

LEAK = "槐荫里5栋2单元厨房漏水"


def _demands(stage: Stage) -> list[Demand]:
    return stage.store.look(lambda tx: tx.list(Demand))


def _events(stage: Stage) -> list[str]:
    return [event.name for event in stage.store.look(lambda tx: tx.list(Event))]


@pytest.mark.parametrize(
    ("first", "where", "kept"),
    [
        ("家里下水道堵了", "金鹿苑1栋2单元202，下午5点后在家", "下午5点后在家"),
        ("家里下水道堵了", "金鹿苑1栋2单元202 我姓贺 晚上才有人", "晚上才有人"),
        ("想找人修下水龙头", "金鹿苑1栋2单元202，我上午打针下午在", "我上午打针下午在"),
        ("电梯关人了", "槐荫里1栋，孩子在里面", "孩子在里面"),
        ("楼道灯不亮", "槐荫里3栋2单元楼上那层", "楼上那层"),
    ],
)
def test_what_is_said_with_the_place_is_read_by_who_comes(
    stage: Stage, say: Say, first: str, where: str, kept: str
) -> None:
    """The card shows the text of the order."""
    say("r:罗阿姨", first)
    assert say("r:罗阿姨", where)[0].startswith("done.placed")
    (demand,) = _demands(stage)
    assert demand.text.startswith(first)
    assert kept in demand.text


@pytest.mark.parametrize("where", ["槐荫里5栋", "槐荫里5栋2单元", "在槐荫里3栋", "第一个"])
def test_a_place_alone_adds_no_words(stage: Stage, say: Say, where: str) -> None:
    """The order says what was reported."""
    say("r:罗阿姨", "楼道灯不亮")
    say("r:罗阿姨", where)
    assert [d.text for d in _demands(stage)] == ["楼道灯不亮"]


def test_only_the_answer_says_what_it_is(stage: Stage, say: Say) -> None:
    """Nobody knew what 这个没人管吗 was about: the order becomes what the answer tells of, and goes to its unit."""
    say("r:罗阿姨", "这个没人管吗？")
    assert say("r:罗阿姨", "金鹿苑1栋门口，垃圾三天没收了") == ["done.placed"]
    (demand,) = _demands(stage)
    assert (demand.category, demand.building) == ("sanitation", "1")
    assert "垃圾三天没收了" in demand.text


def test_a_phone_with_its_condition(stage: Stage, say: Say) -> None:
    """Who comes reads when to call."""
    say("r:罗阿姨", LEAK)
    say("r:罗阿姨", "你们来之前打我电话13900001111，钥匙在门卫")
    (demand,) = _demands(stage)
    assert demand.phone == "13900001111"
    assert "钥匙在门卫" in demand.text


@pytest.mark.parametrize("text", ["水都淹到脚脖子了", "漏得更凶了"])
def test_it_gets_worse(stage: Stage, say: Say, text: str) -> None:
    """Who has it hears that it is urgent now; the date is an earlier one."""
    say("r:罗阿姨", LEAK)
    (before,) = _demands(stage)
    assert say("r:罗阿姨", text) == ["done.supplement"]
    (demand,) = _demands(stage)
    assert (before.urgency, demand.urgency) == ("normal", "urgent")
    assert demand.due_at < before.due_at
    assert "corrected" in _events(stage)


def test_it_gets_worse_hours_later(stage: Stage, say: Say) -> None:
    """漏得更凶了 hurries, and counts from now: nothing is late at once."""
    say("r:罗阿姨", LEAK)
    (before,) = _demands(stage)
    stage.clock.at = before.created_at.replace(hour=before.created_at.hour + 3)
    assert say("r:罗阿姨", "漏得更凶了，接都接不住") == ["done.urge"]
    (demand,) = _demands(stage)
    assert demand.urgency == "urgent"
    assert stage.clock.at < demand.respond_by < demand.due_at < before.due_at


@pytest.mark.parametrize("text", ["昨天开始的", "麻烦快点", "白天家里都有人", "是厨房水槽下面", "谢谢师傅"])
def test_an_ordinary_word_changes_no_urgency(stage: Stage, say: Say, text: str) -> None:
    """As it was reported."""
    say("r:罗阿姨", LEAK)
    say("r:罗阿姨", text)
    assert [d.urgency for d in _demands(stage)] == ["normal"]


def test_a_hint_for_the_visit_is_no_alarm(stage: Stage, say: Say) -> None:
    """It goes to the order, and who is hurt after all reads what to do."""
    say("r:罗阿姨", LEAK)
    assert say("r:罗阿姨", "501，我妈一个人在家耳朵背，敲门敲重点") == ["done.supplement", "done.if_hurt"]
    say("r:罗阿姨", "13900001111 来之前打我电话 钥匙在门卫")
    (demand,) = _demands(stage)
    assert (demand.room, demand.phone) == ("501", "13900001111")
    assert "耳朵背" in demand.text
    assert "钥匙在门卫" in demand.text


@pytest.mark.parametrize(
    "text",
    [
        "我妈一个人在家，敲门没人应",
        "老人一个人在家，敲门敲不开，打电话也不接",
        "我妈一个人在家摔倒了，钥匙在门卫",
        "楼上老头敲门没动静，怕是出事了",
    ],
)
def test_nobody_answering_is_one(stage: Stage, say: Say, text: str) -> None:
    """In doubt help comes."""
    say("r:罗阿姨", LEAK)
    assert say("r:罗阿姨", text)[0] == "order.emergency"


@pytest.mark.parametrize("text", ["顺便问下活动室几点开门", "活动室今天能用吗", "对了，小公园晚上几点关门？"])
def test_a_question_is_no_place(stage: Stage, say: Say, text: str) -> None:
    """It is answered or passed on; where the trouble is was not said yet."""
    say("r:罗阿姨", "楼道灯不亮")
    assert not set(say("r:罗阿姨", text)) & {"ask.estate_again", "done.placed", "done.supplement"}
    assert [(d.place, d.estate_id) for d in _demands(stage)] == [(None, None)]
    assert say("r:罗阿姨", "槐荫里2栋1单元") == ["done.placed"]


@pytest.mark.parametrize(
    "text", ["槐荫里2栋，你们几点来？", "槐荫里2栋1单元，能用的灯一个都没有", "就在槐荫里2栋啊，知道了吗"]
)
def test_a_place_with_a_question_is_one(stage: Stage, say: Say, text: str) -> None:
    """An impatient answer."""
    say("r:罗阿姨", "楼道灯不亮")
    say("r:罗阿姨", text)
    assert [d.building for d in _demands(stage)] == ["2"]


_COMMITTEE = """organisations:
  - {name: 槐荫里业委会, kind: committee, estate: 槐荫里, seats: 5, party_seats: 3, staff: [{name: 孙主任, userid: sunzr}]}
"""


def test_a_committee_is_not_asked_which_estate(stage: Stage, say: Say, tmp_path: Path) -> None:
    """It has one."""
    roster = tmp_path / "with_committee.yaml"
    roster.write_text(ROSTER.read_text(encoding="utf-8").replace("organisations:\n", _COMMITTEE), encoding="utf-8")
    enrol(stage.store, roster)
    assert say("sunzr", "3栋2单元楼道灯不亮")[0] == "order.dispatched"
    (demand,) = _demands(stage)
    assert stage.store.look(lambda tx: register(tx).estates[demand.estate_id or 0].name) == "槐荫里"
