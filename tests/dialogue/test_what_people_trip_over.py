"""What a hurried or angry person does that the straight way does not show."""

from datetime import timedelta

import pytest
from tests.dialogue.conftest import Say
from tests.golden.play import Stage

from redprop_bot.simulated.talking import Phone
from redprop_bot.store import sifting
from redprop_bot.store.tables import Attachment, Demand, Outbox, Person

LIFT = "槐荫里3栋2单元电梯坏了"


def _stages(stage: Stage) -> list[str]:
    return [d.stage for d in stage.store.look(lambda tx: tx.list(Demand))]


def test_an_urging_promises_no_time_while_nobody_has_it(stage: Stage, say: Say) -> None:
    """The secretary still looks for a unit: there is nobody who could have promised."""
    say("r:小贺", "槐荫里东门口路边老有车乱停，挡着路")
    answer = stage.town.say(Phone.of("resident:o-小贺"), "快点吧")
    assert answer.said[0].key == "done.urge"
    assert "最晚" not in answer.text
    assert "马上" not in answer.text


def test_an_alarm_says_only_who_was_told(stage: Stage, say: Say) -> None:
    """Without a place there is no grid worker to tell."""
    text = stage.town.say(Phone.of("resident:o-小贺"), "有人打架动刀了快来").text
    assert "110" in text[:60]
    assert "网格员" not in text
    assert "街道" in text


def test_a_danger_is_not_taken_for_the_reason_of_a_return(stage: Stage, say: Say) -> None:
    """Asked why it is returned, the worker sees a fire: it is an alarm, and the order stays."""
    say("r:罗阿姨", LIFT)
    assert say("fangjl", "退单1号") == ["ask.reason"]
    assert say("fangjl", "着火了，快来人")[0] == "order.emergency"
    assert _stages(stage)[0] == "dispatched"


def test_never_mind_is_not_a_reason(stage: Stage, say: Say) -> None:
    """A return cannot be undone by who made it."""
    say("r:罗阿姨", LIFT)
    say("fangjl", "退单1号")
    assert say("fangjl", "算了") == ["ask.dropped"]
    assert _stages(stage) == ["dispatched"]


def test_pictures_wait_while_it_is_asked_which_order_is_meant(stage: Stage, say: Say) -> None:
    """Two orders in hand: the photo goes with the answer."""
    say("r:罗阿姨", LIFT)
    say("r:小贺", "槐荫里2栋1单元电梯坏了")
    stage.town.deliver(stage.town.picture(Phone.of("work:fangjl")))
    assert say("fangjl", "电梯修好了") == ["ask.which"]
    assert say("fangjl", "2") == ["done.fulfil"]
    assert [a.demand_id for a in stage.store.look(lambda tx: tx.list(Attachment))] == [1]


def test_what_is_no_danger_is_done_by_the_words_of_control(stage: Stage, say: Say) -> None:
    """Named by its number: nobody is told of a danger that there never was, and the resident is asked."""
    say("r:罗阿姨", LIFT)
    assert say("fangjl", "1号控制住了，阀门关了") == ["done.fulfil"]
    assert _stages(stage) == ["done"]


def test_not_done_is_heard_when_it_is_too_late_for_stars(stage: Stage, say: Say) -> None:
    """After 14 days there is no rating, but for 30 days the reporter may have it done again."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "修好了")
    say("r:罗阿姨", "满意")
    stage.clock.at += timedelta(days=20)
    assert say("r:罗阿姨", "没修好，又停了") == ["done.rate_bad"]
    assert _stages(stage) == ["dispatched"]


def test_a_rating_is_a_tap_also_while_a_person_has_taken_over(stage: Stage, say: Say) -> None:
    """Words go to the secretary then; a button that we sent does what it says."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "修好了")
    stage.town.arrive()
    say("r:罗阿姨", "转人工")
    answer = stage.town.tap(Phone.of("resident:o-罗阿姨"), "满意")
    assert [s.key for s in answer.said] == ["done.rate_good"]


@pytest.mark.parametrize(
    ("words", "key", "stars"),
    [
        ("还行", "done.rate_good", 5),
        ("4", "done.rate_good", 4),
        ("三星", "done.rate_good", 3),
        ("2", "done.rate_bad", 2),
    ],
)
def test_two_characters_after_done_are_a_rating(stage: Stage, say: Say, words: str, key: str, stars: int) -> None:
    """The last thing the resident was told is that it is done and may be rated."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "修好了")
    assert say("r:罗阿姨", words) == [key]
    assert [d.stars for d in stage.store.look(lambda tx: tx.list(Demand))] == [stars]


def test_the_same_two_characters_rate_nothing_before(stage: Stage, say: Say) -> None:
    """Its twin: as long as nothing is done they mean nothing, and a greeting is one afterwards, too."""
    say("r:罗阿姨", LIFT)
    say("r:罗阿姨", "4")
    say("dingsf", "修好了")
    assert say("r:罗阿姨", "你好") == ["greeting.hello"]
    assert [d.stars for d in stage.store.look(lambda tx: tx.list(Demand))] == [None]


def test_an_order_merged_into_itself_is_asked_about(stage: Stage, say: Say) -> None:
    """Silence would look like a yes."""
    say("r:罗阿姨", LIFT)
    assert say("qinsj", "1号并到1号") == ["ask.merge_numbers"]


def test_a_date_that_there_is_not_is_told_as_one(stage: Stage, say: Say) -> None:
    """31 November is not a missing word."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "接单")
    assert say("qinsj", "挂账 1 到11月31日，等材料") == ["error.until"]


def test_a_pause_that_is_too_long_is_answered_with_the_longest(stage: Stage, say: Say) -> None:
    """The date is right, only too far: the answer names the last one that can be."""
    say("r:罗阿姨", LIFT)
    say("dingsf", "接单")
    last = stage.store.clock.now() + timedelta(days=30)
    far = last + timedelta(days=40)
    answer = stage.town.say(Phone.of("work:qinsj"), f"挂账 1 到{far:%Y-%m-%d}，等材料")
    assert [s.key for s in answer.said] == ["error.until_late"]
    assert f"{last.month}月{last.day}日" in answer.text
    assert say("qinsj", f"挂账 1 到{last:%Y-%m-%d}，等材料") == ["done.pause"]


def test_ask_first_is_the_secretary_s_alone(stage: Stage, say: Say) -> None:
    """The grid worker is heard as staff of the community, but may not do this."""
    say("r:罗阿姨", LIFT)
    assert say("yaowg", "先问再办 1") == ["error.role"]
    assert stage.store.look(lambda tx: [p for p in tx.list(Person) if p.ask_first_until]) == []


def test_a_command_with_a_number_that_two_orders_have_names_both(stage: Stage, say: Say) -> None:
    """Every day has its number 1: "not found" would be untrue."""
    say("r:罗阿姨", LIFT)
    stage.clock.at += timedelta(days=1)
    say("r:小贺", "槐荫里2栋1单元电梯坏了")
    assert say("qinsj", "更正 1 紧急程度 紧急") == ["error.which_number"]


def test_a_short_number_is_found_behind_many_of_other_communities(stage: Stage, say: Say) -> None:
    """Numbers are the installation's: what others have under the same one does not hide the speaker's own."""
    say("r:罗阿姨", LIFT)
    for _ in range(7):
        stage.clock.at += timedelta(days=1)
        say("r:小贺", "河湾新村7栋1单元楼道灯不亮")
    assert say("fangjl", "1号修好了") == ["done.fulfil"]


def test_what_is_closed_does_not_crowd_out_what_is_open(stage: Stage, say: Say) -> None:
    """The list of a busy community shows the oldest open order."""
    say("r:罗阿姨", LIFT)

    def many(tx) -> None:
        first = tx.list(Demand)[0]._asdict()
        rows = [{**first, "id": None, "no": f"D20261125-{n:04d}", "stage": "closed"} for n in range(100, 320)]
        tx.insert_many(Demand, [{k: v for k, v in row.items() if k != "id"} for row in rows])

    stage.store.run(many)
    assert "D20261125-0001" in stage.town.say(Phone.of("work:qinsj"), "待办").text


def test_too_much_is_said_once_and_truly(stage: Stage, say: Say) -> None:
    """Two more matters in one message beyond the limit: one sentence, and it does not say that they were noted."""
    for n in range(12):
        say("r:罗阿姨", f"槐荫里{n % 5 + 1}栋{n % 2 + 1}单元{['电梯坏了', '楼道灯不亮', '单元门关不严'][n % 3]}")
    answer = stage.town.say(Phone.of("resident:o-罗阿姨"), "槐荫里5栋2单元垃圾没人清，另外5栋1单元下水道堵了")
    assert [s.key for s in answer.said] == ["error.flood"]
    assert "没记单" in answer.text
    assert len([o for o in stage.store.look(lambda tx: tx.list(Outbox)) if o.message == "flood"]) == 1


def test_another_building_is_another_matter(stage: Stage, say: Say) -> None:
    """Done at 2栋 is not done at 3栋, though there is only one order in hand."""
    say("r:罗阿姨", LIFT)
    assert say("fangjl", "2栋电梯修好了") == ["ask.no_order_here"]
    assert _stages(stage) == ["dispatched"]


@pytest.mark.parametrize(
    ("said", "wanted", "unwanted"),
    [
        ("槐荫里3栋2单元，我不想活了，你们别管我", "您很要紧", "离远"),
        ("槐荫里3栋楼顶有个小伙子要跳楼", "有人陪着", "您很要紧"),
    ],
)
def test_who_despairs_is_not_told_to_keep_away(stage: Stage, said: str, wanted: str, unwanted: str) -> None:
    """The first sentence is for a person in need, or for who stands beside one; both name a number."""
    first = stage.town.say(Phone.of("resident:o-小贺"), said).text.splitlines()[0]
    assert wanted in first
    assert unwanted not in first
    assert "110" in first[:60]
    assert "12356" in first[:60]


def test_who_asks_for_what_is_late_sees_only_that(stage: Stage, say: Say) -> None:
    """待办 shows all; 超期 the late ones, and says so where there are none."""
    say("r:罗阿姨", LIFT)
    assert say("qinsj", "超期的有哪些") == ["list.none_late"]
    assert say("qinsj", "看待办") == ["list.open"]
    stage.store.run(lambda tx: tx.update(Demand, 1, due_at=tx.now - timedelta(hours=1)))
    say("r:小贺", "槐荫里2栋1单元电梯坏了")
    answer = stage.town.say(Phone.of("work:qinsj"), "看超期")
    assert answer.said[0].key == "list.late"
    assert "D20261125-0001" in answer.text
    assert "D20261125-0002" not in answer.text


def test_a_lost_child_is_looked_for_and_found(stage: Stage, say: Say) -> None:
    """The first sentence helps to find; that it is found is answered as people would."""
    first = stage.town.say(Phone.of("resident:o-小贺"), "槐荫里孩子走丢了，五岁").text.splitlines()[0]
    assert "一起找" in first
    assert "离远" not in first
    assert say("r:小贺", "找到了找到了") == ["done.safe"]


def test_the_line_that_follows_a_report_is_found_by_its_words(stage: Stage, say: Say) -> None:
    """A report written in two lines is one demand, and the search knows both."""
    say("r:罗阿姨", LIFT)
    assert say("r:罗阿姨", "按了没反应，一直闪红灯") == ["done.supplement"]
    for words in ("闪红灯", "电梯坏了"):
        assert len(stage.store.look(lambda tx, q=words: sifting.search(tx, sifting.Scope(), q=q))) == 1, words
