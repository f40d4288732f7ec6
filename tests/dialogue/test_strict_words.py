"""Strict sentences as people write them: parts of the day, dates beside a call, names with blanks between."""

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.simulated.talking import Phone
from redprop_bot.store.tables import Event, MediationSession


def _slots(stage: Stage, who: str, text: str) -> dict[str, str]:
    answer = stage.town.say(Phone.of(f"work:{who}"), text)
    return dict(answer.said[0].slots)


@pytest.mark.parametrize(
    ("until", "shown"),
    [
        ("到今晚8点", "今天20:00"),
        ("到今晚12点", "明天00:00"),
        ("到今晚2点", "明天02:00"),
        ("到明天下午6点", "明天18:00"),
        ("到明天晚上9点半", "明天21:30"),
        ("到明晚8点", "明天20:00"),
        ("到明天上午8点", "明天08:00"),
        ("到11月27日下午3点", "后天15:00"),
        ("到今天18:00", "今天18:00"),
        ("到明天", "明天23:59"),
    ],
)
def test_an_emergency_ends_at_the_hour_that_was_said(stage: Stage, until: str, shown: str) -> None:
    """今晚8点 is 20:00, whatever the clock says now."""
    assert _slots(stage, "qinsj", f"转应急 槐荫里 大风 {until}")["until"] == shown


def test_an_hour_that_does_not_exist_is_asked(say: Say) -> None:
    """到明天25点 begins nothing."""
    assert say("qinsj", "转应急 槐荫里 大风 到明天25点") == ["error.mode_until"]


def test_elders_are_told_apart_by_blanks(stage: Stage) -> None:
    """Two names with a blank between are two people."""
    stage.town.say(Phone.of("work:qinsj"), "转应急 槐荫里 大风 到明天")
    assert _slots(stage, "qinsj", "老人名单 柳奶奶 何爷爷、童婆婆")["added"] == "3"


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("吹哨，河湾新村7栋1单元门关不上，请清源水务12月3号前到场", "河湾新村7栋1单元门关不上，12月3号前到场"),
        ("吹哨 1号单，请清源水务12月1号到场", "12月1号到场"),
        (
            "吹哨 12月3号前要弄好，河湾新村7栋1单元门关不上，请清源水务到场",
            "12月3号前要弄好，河湾新村7栋1单元门关不上",
        ),
        ("吹哨 1号单，请清源水务明天上午9点到场", "明天上午9点到场"),
    ],
)
def test_a_date_is_no_number_and_no_unit(stage: Stage, say: Say, text: str, matter: str) -> None:
    """By when they should come is told to whoever is called."""
    say("r:罗阿姨", "河湾新村7栋1单元门关不上")
    assert say("lusj", text) == ["whistle.blown"]
    told = [event for event in stage.store.look(lambda tx: tx.list(Event)) if event.name == "whistled"]
    assert [(event.data["unit"], event.data["matter"]) for event in told] == [("清源水务", matter)]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("地下一层会议室", "地下一层会议室"),
        ("地点在健身场地", "健身场地"),
        ("在党群服务点", "党群服务点"),
        ("，地点：议事厅", "议事厅"),
    ],
)
def test_the_place_of_a_mediation_is_kept_whole(stage: Stage, say: Say, said: str, place: str) -> None:
    """Only the word that leads to a place falls away, not signs of its name."""
    say("r:罗阿姨", "槐荫里2栋1单元301，我要投诉万和物业乱收费")
    say("qinsj", "开调解 1号单 对方 万和物业")
    say("qinsj", "调解员 1 宋老师")
    say("songls", "接调解 1")
    assert say("songls", f"约调解 1 12月1日15:00 {said}") == ["mediate.dated"]
    assert stage.store.look(lambda tx: tx.list(MediationSession))[0].place == place


@pytest.mark.parametrize("text", ["小区验收情况", "看看本月考核", "我的工作记录"])
def test_a_figure_that_nobody_keeps_is_not_another_one(say: Say, text: str) -> None:
    """The secretary is told so, and where the others are."""
    assert say("qinsj", text) == ["stats.not_kept"]


def test_the_month_is_still_counted(say: Say) -> None:
    """本月统计 is what it was, and a complaint about appraisals stays one."""
    assert say("qinsj", "本月统计") == ["stats.month"]
    assert say("qinsj", "考核太严了，社区的人都不敢出门") != ["stats.not_kept"]


@pytest.mark.parametrize(
    ("who", "text", "key"),
    [
        ("qinsj", "启动应急电源", "mode.began"),
        ("qinsj", "要不要转应急，雪下得不小", "mode.began"),
        ("qinsj", "槐荫里2栋恢复正常供水了", "error.no_mode"),
        ("r:罗阿姨", "物业启动应急响应太慢了", "error.mode_role"),
    ],
)
def test_what_only_sounds_like_the_switch_is_none(say: Say, who: str, text: str, key: str) -> None:
    """A generator, a question, a mended pipe, a complaint call nobody up."""
    assert key not in say(who, text)
