"""Codes, menu buttons, leaving and coming back, voices, positions, consent: what each of them changes."""

import pytest
from tests.golden.play import Stage

from redprop_bot.content.happenings import Scenes
from redprop_bot.notify import links, outbox
from redprop_bot.ports import Inbound, Kind
from redprop_bot.rules.telling import Weight
from redprop_bot.simulated.talking import Phone
from redprop_bot.store.tables import Attachment, Demand, Estate, Outbox, Person, Task
from redprop_bot.store.tx import table_of

LUO, HE = Phone.of("resident:o-luo"), Phone.of("resident:o-he")
REPORT = "桂香苑3栋2单元电梯坏了"


@pytest.fixture
def estate(stage: Stage) -> Estate:
    """An estate of the golden town."""
    return stage.store.look(lambda tx: tx.list(Estate))[0]


def person(stage: Stage, phone: Phone) -> Person:
    return stage.store.look(lambda tx: tx.find(Person, table_of(Person).c.openid == phone.person))


def keys(stage: Stage, inbound: Inbound) -> list[str]:
    answer = stage.town.deliver(inbound)
    assert not answer.failed
    return [said.key for said in answer.said]


def scan(stage: Stage, scene: str, phone: Phone = LUO, event: str = "scan") -> list[str]:
    return keys(stage, stage.town.event(phone, event, scene))


def reported(stage: Stage, estate: Estate, phone: Phone = LUO) -> Demand:
    stage.town.say(phone, f"{estate.name}3栋2单元电梯坏了")
    return stage.store.look(lambda tx: tx.list(Demand))[-1]


# -- codes


@pytest.mark.parametrize(
    "form", ["{name}", "estate:{name}", "estate:{id}", "e{id}", "estate_{id}", "building:{name}"]
)
def test_a_code_names_an_estate_in_many_ways(stage, estate, form):
    """By name, by key, with or without what it is; the resident is at home there from now on."""
    assert scan(stage, form.format(name=estate.name, id=estate.id)) == ["welcome.estate"]
    assert person(stage, LUO).estate_id == estate.id


def test_a_code_at_the_door_knows_building_and_unit(stage, estate):
    """And a following is noted with it."""
    assert scan(stage, f"building:{estate.name}/3/2", event="subscribe") == ["welcome.estate"]
    found = person(stage, LUO)
    assert (found.building, found.unit, found.following) == ("3", "2", True)


@pytest.mark.parametrize(("building", "unit"), [("３", "２单元"), ("三号楼", "二"), ("3栋", "2")])
def test_a_code_printed_from_any_list_means_the_building_that_people_say(stage, estate, building, unit):
    """３, 三号楼 and 3栋 are one building, so that neighbours who scan find the same order."""
    assert scan(stage, f"building:{estate.name}/{building}/{unit}") == ["welcome.estate"]
    found = person(stage, LUO)
    assert (found.building, found.unit) == ("3", "2")


@pytest.mark.parametrize(
    "scene", ["", "promo2026", "estate:", "estate:天上", "estate:99999", "e" + "9" * 40, "building:/3", "order:", "order:D1",
              "activity", "²"]
)  # fmt: skip
@pytest.mark.parametrize("event", ["subscribe", "scan"])
def test_a_code_of_nobodys_greets_as_usual(stage, scene, event):
    """Unknown, empty, of a place that is not there."""
    assert scan(stage, scene, event=event) == ["welcome.plain"]
    assert person(stage, LUO).estate_id is None


def test_an_activity_that_is_not_there_is_said_so(stage):
    """The code of one that nobody knows."""
    assert scan(stage, "activity:7") == ["error.no_activity"]


def test_what_is_not_open_yet_is_said_so(stage):
    """No task, no promise."""
    assert scan(stage, "meeting:7") == ["scene.meeting"]
    assert stage.store.look(lambda tx: tx.list(Task)) == []


def test_the_code_of_an_order_opens_it_for_its_reporter(stage, estate):
    """With everything that asking for it would have told."""
    demand = reported(stage, estate)
    assert scan(stage, f"order:{demand.no}") == [f"progress.{demand.stage}"]


def test_the_code_of_an_order_tells_others_what_everybody_may_know(stage, estate):
    """The stage and the bare page, without the key that opens words and pictures."""
    demand = reported(stage, estate)
    answer = stage.town.deliver(stage.town.event(HE, "scan", f"order:{demand.no}"))
    assert [said.key for said in answer.said] == ["scene.order"]
    assert f"/m/orders/{demand.no}" in answer.text
    assert links.signed(demand.no, stage.office.secret_key) not in answer.text
    assert "电梯" not in answer.text


def test_the_code_of_a_complaint_tells_others_nothing(stage, estate):
    """Not even that there is one."""
    stage.town.say(LUO, f"我要投诉{estate.name}的物业，态度太差")
    demand = stage.store.look(lambda tx: tx.list(Demand))[-1]
    assert demand.intent == "complaint"
    assert scan(stage, f"order:{demand.no}", HE) == ["welcome.plain"]


def test_the_longest_beginning_wins():
    """Beginnings are data: one may begin another."""
    scenes = Scenes(scenes={"e:": "estate", "e:a:": "activity"})
    assert scenes.read("e:a:7") == ("activity", "7")
    assert scenes.read("e:7") == ("estate", "7")
    assert scenes.read("x") == ("estate", "x")


# -- menus


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("report", "menu.report"),
        ("REPORT", "menu.report"),
        ("mine", "progress.none"),
        ("progress", "progress.none"),
        ("notices", "notice.no_community"),
        ("phone", "menu.phone"),
        ("help", "help.resident"),
        ("checkin", "attendance.nothing_now"),
        ("points", "points.none"),
        ("activities", "activity.none"),
        ("", "help.resident"),
        ("a_button_of_last_year", "help.resident"),
    ],
)
def test_each_button_does_what_the_table_says(stage, key, said):
    """Whatever the case of its key; a tap never makes a task."""
    assert keys(stage, stage.town.event(LUO, "click", key)) == [said]
    assert stage.store.look(lambda tx: tx.list(Task)) == []


def test_my_matters_are_those_of_who_taps(stage, estate):
    """The button finds what was reported."""
    demand = reported(stage, estate)
    assert keys(stage, stage.town.event(LUO, "click", "mine")) == [f"progress.{demand.stage}"]
    assert keys(stage, stage.town.event(HE, "click", "mine")) == ["progress.none"]


# -- leaving and coming back


def owed(stage: Stage) -> list[str]:
    return stage.store.look(
        lambda tx: [m.state for m in tx.list(Outbox, table_of(Outbox).c.receiver == LUO.person)]
    )


def owe(stage: Stage, key: str) -> None:
    draft = outbox.Draft(key, "late", "一句话", weight=Weight.ANSWER)
    stage.store.run(
        lambda tx: outbox.queue(tx, [(tx.find(Person, table_of(Person).c.openid == LUO.person), draft)])
    )


def test_who_left_is_sent_nothing(stage):
    """What was owed is dead and visible, and nothing new is owed until they come back; the old does not follow then."""
    scan(stage, "", event="subscribe")
    owe(stage, "one")
    assert keys(stage, stage.town.event(LUO, "unsubscribe")) == []
    owe(stage, "two")
    assert owed(stage) == ["dead"]
    assert not person(stage, LUO).following
    assert scan(stage, "", event="subscribe") == ["welcome.plain"]
    owe(stage, "three")
    assert owed(stage) == ["dead", "pending"]


# -- voices


def voice(stage: Stage, text: str = "", phone: Phone = LUO) -> Inbound:
    import dataclasses

    return dataclasses.replace(stage.town.picture(phone, Kind.VOICE), text=text)


def attached(stage: Stage) -> list[tuple[str, str, str]]:
    return stage.store.look(lambda tx: [(a.kind, a.channel, a.state) for a in tx.list(Attachment)])


def test_a_voice_is_read_by_its_words_and_kept(stage, estate):
    """What the platform heard is what was said; the voice goes with the report."""
    stage.town.deliver(voice(stage, f"{estate.name}3栋2单元电梯坏了。"))
    assert [d.category for d in stage.store.look(lambda tx: tx.list(Demand))] == ["elevator"]
    assert attached(stage) == [("voice", "oa", "wanted")]


def test_a_voice_without_words_waits_for_them(stage, estate):
    """It is asked for in words, and goes with those that come."""
    assert keys(stage, voice(stage)) == ["ask.voice_in_words"]
    assert attached(stage) == []
    reported(stage, estate)
    assert attached(stage) == [("voice", "oa", "wanted")]


def test_a_voice_after_a_report_goes_with_it(stage, estate):
    """And words are asked for all the same."""
    reported(stage, estate)
    assert keys(stage, voice(stage)) == ["ask.voice_kept"]
    assert attached(stage) == [("voice", "oa", "wanted")]


def test_a_spoken_question_leaves_no_voice_behind(stage, estate):
    """What was no report is not attached to the next one."""
    keys(stage, voice(stage, "我报的事办得怎么样了"))
    reported(stage, estate)
    assert attached(stage) == []


# -- positions


def test_a_position_far_from_everywhere_asks(stage):
    """Beyond a kilometre and a half nobody guesses."""
    assert keys(stage, stage.town.position(LUO, 0.0, 0.0)) == ["ask.estate_by_words"]
    assert person(stage, LUO).estate_id is None


def test_a_link_is_asked_for_in_words(stage):
    """Its title is somebody else's sentence: nothing is reported by it."""
    import dataclasses

    link = dataclasses.replace(stage.town.words(LUO, REPORT), kind=Kind.LINK)
    assert keys(stage, link) == ["ask.link_in_words"]
    assert stage.store.look(lambda tx: tx.list(Demand)) == []


# -- consent


def test_a_place_in_pictures_is_read_only_after_a_yes(stage):
    """Said in so many words, and taken back as easily; anything else is no consent."""
    assert not _agreed(stage, "你好")
    assert _agreed(stage, "可以读照片位置。")
    assert not _agreed(stage, "不读照片位置")


def _agreed(stage: Stage, text: str) -> bool:
    stage.town.say(LUO, text)
    return person(stage, LUO).photo_place
