"""签到 in chat: codes, scenes and positions, and every way in which they are refused."""

from datetime import timedelta

import pytest
from tests.golden.play import Stage, whole_sweep
from tests.support.gatherings import digits

from redprop_bot.simulated.talking import Phone
from redprop_bot.store import points
from redprop_bot.store.tables import Activity, Attendance, Inbox, PointEntry
from redprop_bot.store.tx import table_of
from redprop_bot.volunteers import ledger

LUO, HE = Phone.of("resident:o-luo"), Phone.of("resident:o-he")
HERE, FAR = (31.1021, 118.2011), (31.147, 118.201)


@pytest.fixture
def plan(stage: Stage):
    """The secretary plans something for this morning, now or later; gives its number."""

    def make(title: str = "清理楼道", hours: str = "10点到12点", rest: str = "槐荫里3栋楼下，20分") -> str:
        answer = stage.town.say(Phone.of("work:qinsj"), f"发布活动 {title}，11月25日{hours}，{rest}")
        assert [said.key for said in answer.said] == ["activity.published"]
        return answer.said[0].slots["no"]

    return make


def says(stage: Stage, text: str, phone: Phone = LUO) -> list[str]:
    """The keys of the reply."""
    answer = stage.town.say(phone, text)
    assert not answer.failed
    return [said.key for said in answer.said]


def code(stage: Stage, no: str) -> str:
    """What the organiser's screen shows now."""
    return stage.store.look(lambda tx: digits(tx, tx.find(Activity, table_of(Activity).c.no == no)))


def person(stage: Stage, phone: Phone = LUO) -> int:
    from redprop_bot.store import people

    return stage.store.look(lambda tx: people.called(tx, phone.person)).id


def booked(stage: Stage) -> list[int]:
    return [e.delta for e in stage.store.look(lambda tx: tx.list(PointEntry))]


def test_who_leaves_early_says_so(stage, plan):
    """我先走了 with the digits is no second coming."""
    no = plan()
    assert says(stage, f"报名 {no}") == ["activity.joined"]
    assert says(stage, f"签到 {code(stage, no)}") == ["attendance.in"]
    stage.clock.at += timedelta(hours=1)
    assert says(stage, f"我得先走了，{code(stage, no)}") == ["attendance.out"]


def test_in_and_out_by_the_code(stage, plan):
    """报名, 签到 with the digits, two hours later 签退 with others: twenty points."""
    no = plan()
    assert says(stage, f"报名 {no}") == ["activity.joined"]
    assert says(stage, f"签到 {code(stage, no)}") == ["attendance.in"]
    assert says(stage, f"签到 {code(stage, no)}") == ["error.attended"]
    stage.clock.at += timedelta(hours=2)
    assert says(stage, f"签退 {code(stage, no)}") == ["attendance.out"]
    assert booked(stage) == [20]
    answer = stage.town.say(LUO, "我的积分")
    assert "20 分" in answer.text
    assert says(stage, f"签退 {code(stage, no)}") == ["error.left_already"]
    assert booked(stage) == [20]


def test_the_digits_alone_answer_the_question(stage, plan):
    """签到, then the six digits; also without being asked, while one may check in."""
    no = plan()
    says(stage, f"报名 {no}")
    assert says(stage, "我要签到") == ["attendance.ask"]
    assert says(stage, code(stage, no)) == ["attendance.in"]
    stage.clock.at += timedelta(hours=1)
    assert says(stage, code(stage, no)) == ["attendance.out"]
    assert booked(stage) == [10]


def test_refusals_say_why_and_book_nothing(stage, plan):
    """Without a sign-up, with an old code, with that of another activity, before the time, when it is over."""
    no, other = plan(), plan("读书会", "10点到12点", "社区活动室")
    later = plan("晚会", "19点到21点", "广场")
    assert says(stage, f"签到 {code(stage, no)}") == ["error.not_signed_up"]
    says(stage, f"报名 {no}")
    old = code(stage, no)
    assert says(stage, f"签到 {code(stage, other)}") == ["error.attendance_code"]
    stage.clock.at += timedelta(minutes=5)
    assert says(stage, f"签到 {old}") == ["error.attendance_code"]
    says(stage, f"报名 {later}", HE)
    assert says(stage, f"签到 {code(stage, later)}", HE) == ["error.attendance_early"]
    assert says(stage, "签退", HE) == ["error.not_attended"]
    stage.clock.at += timedelta(hours=3)
    assert says(stage, f"签到 {no} {code(stage, no)}") == ["error.attendance_late"]
    assert stage.store.look(lambda tx: tx.list(Attendance)) == []
    assert booked(stage) == []


def test_a_position_is_measured_and_not_kept(stage, plan):
    """Near: in; five kilometres off: refused with the distance. The message is kept without the position."""
    no = plan()
    for phone in (LUO, HE):
        says(stage, f"报名 {no}", phone)
        assert says(stage, "签到", phone) == ["attendance.ask"]
    answer = stage.town.deliver(stage.town.position(HE, *FAR))
    assert [said.key for said in answer.said] == ["error.attendance_far"]
    assert "公里" in answer.text
    answer = stage.town.deliver(stage.town.position(LUO, *HERE))
    assert [said.key for said in answer.said] == ["attendance.in"]
    kept = stage.store.look(lambda tx: tx.list(Inbox, table_of(Inbox).c.kind == "location"))
    assert [(row.payload["latitude"], row.payload["longitude"]) for row in kept] == [(None, None)] * 2


def test_the_scene_on_the_screen_checks_in_and_later_out(stage, plan):
    """With digits it checks; scanned again at once it is the same; after an hour it checks out."""
    no = plan()
    says(stage, f"报名 {no}")

    def scan(scene):
        answer = stage.town.deliver(stage.town.event(LUO, "scan", scene))
        return [said.key for said in answer.said]

    assert scan(f"activity:{no}") == ["activity.one"]
    assert scan(f"activity:{no}:000000") == ["error.attendance_code"]
    assert scan(f"activity:{no}:{code(stage, no)}") == ["attendance.in"]
    assert scan(f"activity:{no}:{code(stage, no)}") == ["error.attended"]
    stage.clock.at += timedelta(hours=2)
    assert scan(f"activity:{no}:{code(stage, no)}") == ["attendance.out"]
    assert booked(stage) == [20]


def test_a_poster_only_opens_the_activity(stage, plan):
    """Scanned at home it checks nobody in; 1 signs up."""
    no = plan()
    answer = stage.town.deliver(stage.town.event(LUO, "scan", f"activity:{no}"))
    assert [said.key for said in answer.said] == ["activity.one"]
    assert stage.store.look(lambda tx: tx.list(Attendance)) == []
    assert says(stage, "1") == ["activity.joined"]


def test_nothing_to_check_in_to(stage):
    """Without any activity the words say when one can; six digits alone mean nothing then."""
    assert says(stage, "签到") == ["attendance.nothing_now"]
    assert says(stage, "123456")[0].startswith("unknown")


def test_who_guesses_eight_times_is_sent_to_the_organiser(stage, plan):
    """Even the right code is not taken then; the organiser enters them with a reason."""
    no = plan()
    says(stage, f"报名 {no}")
    wrong = f"{(int(code(stage, no)) + 1) % 10**6:06d}"
    for _ in range(8):
        assert says(stage, f"签到 {wrong}") == ["error.attendance_code"]
    assert says(stage, f"签到 {code(stage, no)}") == ["error.attendance_blocked"]
    stage.store.run(lambda tx: tx.update(type_person(), person(stage), name="罗桂兰"))
    assert says(stage, f"补签 {no} 罗桂兰 手机坏了", Phone.of("work:qinsj")) == ["activity.corrected"]
    assert booked(stage) == [20]


def type_person():
    from redprop_bot.store.tables import Person

    return Person


def test_who_stays_to_the_end_without_checking_out_gets_half(stage, plan):
    """An hour after the end the sweep counts, thanks, and does it once."""
    no = plan()
    says(stage, f"报名 {no}")
    says(stage, f"签到 {code(stage, no)}")
    stage.clock.at += timedelta(hours=4)
    for _ in range(2):
        whole_sweep(stage.store)
    assert booked(stage) == [10]
    assert stage.store.look(lambda tx: ledger.balance(tx, person(stage))) == 10
    assert stage.store.look(lambda tx: points.balance(tx, 10**9)) == 0


@pytest.mark.parametrize(
    ("text", "when", "place", "capacity", "points"),
    [
        (
            "清理楼道，11月28日9点到11点，桂花园3栋楼下，30人，20分",
            "11月28日（周六）9:00到11:00",
            "桂花园3栋楼下",
            30,
            20,
        ),
        ("读书会，明天下午2点到4点半", "11月26日（周四）14:00到16:30", "", None, None),
        ("量血压 周六上午9:30-11:00，东门，限50人", "11月28日（周六）9:30到11:00", "东门", 50, None),
        ("12月1日19点到21点，看电影，广场，0分", "12月1日（周二）19:00到21:00", "广场", None, 0),
    ],
)
def test_one_sentence_plans_an_activity(stage, text, when, place, *, capacity, points):
    """Day, hours, place, places and points in any order that people write them in."""
    answer = stage.town.say(Phone.of("work:qinsj"), f"发布活动 {text}")
    assert [said.key for said in answer.said] == ["activity.published"]
    made = stage.store.look(lambda tx: tx.list(Activity))[0]
    assert answer.said[0].slots["when"] == when
    assert (made.place, made.capacity, made.points) == (place, capacity, points)


@pytest.mark.parametrize(
    "text", ["发布活动", "发布活动 清理楼道", "发布活动 清理楼道，11月28日", "发布活动 2月30日9点到10点"]
)
def test_half_a_plan_is_answered_with_an_example(stage, text):
    """Nothing is entered."""
    assert says(stage, text, Phone.of("work:qinsj")) == ["activity.how"]
    assert stage.store.look(lambda tx: tx.list(Activity)) == []
