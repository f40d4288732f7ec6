"""Sheets of work as people ask for them: one's own, another's for who assesses them, and what is no such question."""

from datetime import date

import pytest
from tests.golden.script import ROSTER

from redprop_bot.dialogue.worker_words import asked
from redprop_bot.registry.importing import import_data
from redprop_bot.simulated.talking import Phone

SECRETARY, GRID, STREET, UNIT, RESIDENT = "qinsj", "yaowg", "gaozr", "fangjl", "r:罗阿姨"
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "who", "span"),
    [
        ("我这个月的工作", "", "2026-11"),
        ("我上个月的考核", "", "2026-10"),
        ("看看我今年的工作情况", "", "2026"),
        ("我的考核意见", "", None),
        ("我2025年12月的工作", "", "2025-12"),
        ("看孙网格员十月的工作", "孙网格员", "2026-10"),
        ("查一下小姚10月份的工作记录。", "小姚", "2026-10"),
        ("看小姚去年的年度考核", "小姚", "2025"),
        ("看十二月的工作", None, None),
        ("我这个月的工作太忙了没空修水管", None, None),
        ("看物业这个月的工作怎么这么差，垃圾没人扫", None, None),
        ("我要看看工作人员在不在", None, None),
    ],
)
def test_what_is_asked(text, who, span):
    """Whose, and which month or year; a sentence with anything more is something else."""
    found = asked(text, TODAY)
    if who is None:
        assert found is None
        return
    assert found is not None
    assert (found.who, found.span.key if found.span else None) == (who, span)


def test_who_is_shown_what(say):
    """A worker their own; the secretary the grid worker's; the street the secretary's; nobody else anything."""
    assert say(GRID, "我这个月的工作") == ["worker.own"]
    assert say(SECRETARY, "看小姚这个月的工作") == ["worker.shown"]
    assert say(SECRETARY, "看姚网格员十月的工作") == ["worker.shown"]
    assert say(STREET, "看秦书记上个月的工作") == ["worker.shown"]
    assert say(SECRETARY, "看秦书记上个月的工作") == ["worker.own"]
    for who in (GRID, STREET, UNIT, RESIDENT, "lusj"):
        expected = ["worker.own"] if who == GRID else ["error.worker_others"]
        assert say(who, "看小姚十月的工作") == expected, who
    assert say(GRID, "看秦书记十月的工作") == ["error.worker_others"]
    assert say(SECRETARY, "看老许十月的工作") == ["error.worker_others"]  # of another community
    assert say(SECRETARY, "看王网格员十月的工作") == ["error.worker_others"]  # and of none
    assert say(STREET, "我这个月的工作") == ["error.worker_nobody"]
    assert say(GRID, "我明年的工作") != ["worker.own"]


def test_a_duty_alone_means_those_whom_one_assesses(say):
    """Who assesses them is not told that they may not: the only one is shown, of several the names are asked."""
    assert say(SECRETARY, "看网格员上个月的工作") == ["worker.shown"]
    assert say(STREET, "看书记上个月的工作") == ["worker.which"]
    for who in (GRID, UNIT, RESIDENT):
        assert say(who, "看书记上个月的工作") == ["error.worker_others"], who
    assert say(SECRETARY, "看书记上个月的工作") == ["error.worker_others"]  # of other communities and their own


def test_one_person_in_two_communities_is_no_namesake(stage, say):
    """Both sheets are shown, each with its community: nobody can say a fuller name than the full one."""
    text = ROSTER.read_text().replace(
        "- {name: 老许, userid: xuwg, duty: grid}",
        "- {name: 老许, userid: xuwg, duty: grid}\n      - {name: 秦书记, userid: qinsj, duty: secretary}",
    )
    stage.store.run(lambda tx: import_data(tx, text.encode(), "r.yaml"))
    assert say(STREET, "看秦书记上个月的工作") == ["worker.shown", "worker.shown"]
    assert say(SECRETARY, "我上个月的工作") == ["worker.own", "worker.own"]
    own = stage.town.say(Phone.of(f"work:{SECRETARY}"), "我上个月的工作").text
    assert "槐荫社区" in own
    assert "河湾社区" in own


@pytest.mark.parametrize("who", [UNIT, RESIDENT])
def test_own_work_of_others_is_no_sheet(say, who):
    """Whoever does not work for the community has none, and is answered as ever."""
    assert not [key for key in say(who, "我这个月的工作") if key.startswith("worker.")]


def test_a_visit_is_in_the_sheet_at_once(stage, say):
    """What was logged in chat is counted with the next question; the words name nobody."""
    say(GRID, "走访3栋2单元501李秀英家，老人说楼道灯不亮")
    own = stage.town.say(Phone.of(f"work:{GRID}"), "我这个月的工作").text
    assert "走访：1 次" in own
    assert "替居民录入：1 件" in own
    shown = stage.town.say(Phone.of(f"work:{SECRETARY}"), "看小姚这个月的工作").text
    assert "李秀英" not in own + shown
