"""Meetings step by step: who is invited, what stands on the agenda, who sits for whom, what the clock does."""

import dataclasses
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.council.conftest import chair_in, home, person
from tests.support import rows

from redprop_bot.council import agenda, attending, convening, minutes, record, resolving, topics, voting
from redprop_bot.council.resolving import Decision
from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop import arrange, forgetting
from redprop_bot.loop.actor import RULE
from redprop_bot.loop.offers import Offer, enter
from redprop_bot.registry.register import register
from redprop_bot.store import demands, meeting_topics, meetings, soundness
from redprop_bot.store.tables import (
    Decided,
    Demand,
    Meeting,
    Organisation,
    Outbox,
    Post,
    Resolution,
    Seat,
    Topic,
    Voice,
    Vote,
)

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 12, 16, 9, 30, tzinfo=ZONE)


@pytest.fixture
def chair(small_town):
    return small_town.look(lambda tx: chair_in(tx, "qinsj", frozenset({home(small_town.store)})))


def _seats(tx, meeting):
    people = register(tx).people
    return {people[s.person_id].userid: s for s in meetings.seats(tx, meeting.id)}


def _tabled(tx, town, **values):
    filled = {"community_id": home(town.store), "category": "elevator", "urgency": "normal", **values}
    demand = rows.demand(tx, **filled)
    return arrange.escalate(tx, demand, RULE, reason="维修资金不够")


def _estate(tx, name):
    return register(tx).estate_names[name].id


# -- who is invited


def test_the_invited_are_those_of_the_kind_each_once(small_town, chair):
    """Secretary, companies of the community's estates, grid, partners; not the water company, no stranger's grid."""
    meeting = small_town.call(chair, START)
    found = small_town.look(lambda tx: _seats(tx, meeting))
    assert set(found) == {"qinsj", "yaowg", "fangjl", "wangjl", "shenhs"}
    assert (found["qinsj"].part, found["fangjl"].part, found["shenhs"].part) == (
        "secretary",
        "property",
        "partner",
    )
    assert found["qinsj"].answer == "attend"  # who called it comes
    assert small_town.told("meeting_invite") == ["fangjl", "wangjl", "yaowg", "shenhs"]


def test_units_of_tabled_matters_are_invited_too(small_town, chair):
    """The N: whoever had a matter that is on the table."""

    def job(tx):
        water = register(tx).organisation_names["清源水务"].id
        return _tabled(tx, small_town, handler_id=water)

    small_town.run(job)
    meeting = small_town.call(chair, START)
    assert small_town.look(lambda tx: _seats(tx, meeting))["fenggong"].part == "involved"


def test_who_holds_several_posts_sits_once_and_speaks_for_all(small_town, chair):
    """双向进入: the secretary who is also a manager of the company is invited once, and the company by them."""

    def job(tx):
        from redprop_bot.registry.register import changed

        reg = register(tx)
        unit, who = reg.organisation_names["万和物业"], person(tx, "qinsj")
        tx.insert(Post, person_id=who.id, duty="manager", organisation_id=unit.id)
        changed(tx)
        return unit.id

    unit_id = small_town.run(job)
    meeting = small_town.call(chair, START)
    found = small_town.look(lambda tx: _seats(tx, meeting))
    assert "fangjl" not in found
    assert found["qinsj"].units == [unit_id]
    assert len(found) == 4


# -- when and where


def test_what_would_clash_is_refused_and_nothing_is_there(small_town, chair):
    """The same kind at the same time, the same room, a past day, an end before its beginning."""
    small_town.run(lambda tx: enter(tx, Offer("R", "二楼会议室", status="published")))
    small_town.call(chair, START, place="二楼会议室")
    hour = timedelta(hours=1)
    for code, wish in (
        ("meeting_twice", {"starts_at": START + hour, "once": True}),
        ("room_taken", {"starts_at": START + hour, "kind": "bench", "place": "二楼会议室"}),
        ("meeting_past", {"starts_at": small_town.clock.at - hour}),
        ("meeting_ends", {"ends_at": START}),
        ("meeting_ends", {"ends_at": START + timedelta(days=3)}),
    ):
        with pytest.raises((Conflict, Invalid)) as refused:
            small_town.call(chair, wish.pop("starts_at", START + 24 * hour), **wish)
        assert refused.value.code == code
    assert len(small_town.look(lambda tx: tx.list(Meeting))) == 1
    small_town.call(chair, START + hour, kind="bench", place="凉亭")  # elsewhere is no clash


# -- topics and agenda


def test_topics_reach_the_meeting_that_still_takes_them(small_town, chair):
    """Before the day of the kind they are of this meeting, later of the next; a like one is a voice, once a person."""
    meeting = small_town.call(chair, START)

    def propose(name, text):
        def job(tx):
            return topics.propose(tx, rows.person(tx, name=name), home(small_town.store), text)

        return small_town.run(job)

    first = propose("甲", "东门晚上留个小门")
    assert first.meeting.id == meeting.id
    second = propose("乙", "东门夜里留个小门")
    assert (second.joined, second.topic.id, second.topic.voices) == (True, first.topic.id, 2)
    small_town.at(2026, 12, 2, 10, 0)
    late = propose("丙", "楼道里不要停电动车")
    assert late.meeting is None
    assert small_town.look(lambda tx: agenda.spoken(tx, meeting)) == ["东门晚上留个小门"]
    after = small_town.call(chair, START + timedelta(days=30), kind="hall")
    assert small_town.look(lambda tx: agenda.spoken(tx, after)) == ["楼道里不要停电动车"]


def test_a_topic_that_is_said_again_by_the_same_person_counts_once(small_town):
    """The voice is theirs already."""

    def job(tx):
        who = rows.person(tx, name="甲")
        one = topics.propose(tx, who, home(small_town.store), "东门晚上留个小门")
        again = topics.propose(tx, who, home(small_town.store), "东门晚上留个小门")
        return one.topic.id, again.topic.id, again.repeated, again.topic.voices, len(tx.list(Voice))

    one, again, repeated, voices, marks = small_town.run(job)
    assert (one == again, repeated, voices, marks) == (True, True, 1, 1)


def test_the_agenda_groups_what_is_on_the_table_by_cause_and_place(small_town, chair):
    """One point a category and estate, those with most voices first; counts, days, units, what was missing."""

    def job(tx):
        reg = register(tx)
        one, other = _estate(tx, "槐荫里"), _estate(tx, "金鹿苑")
        unit = reg.organisation_names["万和物业"].id
        long_ago = tx.now - timedelta(days=40)
        _tabled(tx, small_town, estate_id=other)
        _tabled(tx, small_town, estate_id=one, handler_id=unit, supporters=4, reported_at=long_ago)
        _tabled(tx, small_town, estate_id=one, handler_id=unit)
        _tabled(tx, small_town, estate_id=one, intent="complaint")  # not released: not for the table
        rows.demand(tx, community_id=home(small_town.store), intent="suggestion", category="parking", supporters=3)
        rows.demand(tx, community_id=home(small_town.store), intent="suggestion", category="parking", supporters=1)

    small_town.run(job)
    meeting = small_town.call(chair, START, topics=["物业费"])
    points = small_town.look(lambda tx: agenda.written(tx, meeting))
    assert [(p["kind"], len(p["demands"])) for p in points] == [
        ("matter", 2),
        ("matter", 1),
        ("suggestion", 1),
        ("topic", 0),
    ]
    first = points[0]
    assert (first["voices"], first["days"], first["units"]) == (6, 40, ["万和物业"])
    assert any("维修资金不够" in line for line in first["lines"])
    assert first["lines"][0].endswith("最久等了 40 天")
    assert points[1]["lines"][0] == "1 件，1 位居民在等，都是刚报上来的"
    assert points[3]["title"] == "物业费"


def test_the_agenda_is_fixed_three_days_before_and_late_topics_stand_at_its_end(small_town, chair):
    """What is tabled afterwards waits; a topic by who leads is added and says so."""
    meeting = small_town.call(chair, START, topics=["物业费"])
    small_town.at(2026, 12, 13, 9, 0)
    assert small_town.told("meeting_agenda") == []
    small_town.at(2026, 12, 13, 9, 31)
    assert len(small_town.told("meeting_agenda")) == 5
    small_town.run(lambda tx: _tabled(tx, small_town))
    now = small_town.run(lambda tx: agenda.add(tx, meeting, chair, topic="充电棚"))
    assert [point["title"] for point in now.agenda] == ["物业费", "充电棚"]
    assert now.agenda[1]["lines"]
    with pytest.raises(Conflict) as refused:
        small_town.run(lambda tx: agenda.add(tx, now, chair, topic="充电棚"))
    assert refused.value.code == "topic_twice"


# -- coming


def test_a_deputy_sits_for_one_and_sends_nobody(small_town, chair):
    """Their seat counts for the one they sit for; who is invited already cannot be one; who comes after all recalls."""
    meeting = small_town.call(chair, START)

    def answer(userid, said, **more):
        return small_town.run(lambda tx: attending.answer(tx, meeting, person(tx, userid), said, **more))

    answer("fangjl", "deputy", deputy="小葛")
    for who, deputy, code in (
        ("gesf", "老丁", "deputy_of_deputy"),
        ("wangjl", "小葛", "deputy_taken"),
        ("wangjl", "小姚", "deputy_taken"),
        ("wangjl", "没这个人", "unknown_deputy"),
        ("wangjl", "汪经理", "deputy_self"),
    ):
        with pytest.raises((Conflict, Invalid)) as refused:
            answer(who, "deputy", deputy=deputy)
        assert refused.value.code == code, (who, deputy)
    with pytest.raises(Forbidden):
        answer("hegong", "attend")
    with pytest.raises(Invalid):
        answer("wangjl", "decline")
    found = small_town.look(lambda tx: _seats(tx, meeting))
    assert (len(attending.principals(list(found.values()))), found["gesf"].for_id) == (5, found["fangjl"].id)
    small_town.at(2026, 12, 16, 9, 0)
    small_town.run(lambda tx: attending.arrive(tx, meeting, person(tx, "gesf")))
    found = small_town.look(lambda tx: _seats(tx, meeting))
    assert attending.present(list(found.values())) == {found["fangjl"].id}


def test_who_comes_after_all_needs_no_deputy(small_town, chair):
    """The deputy's seat is gone, and theirs stands."""
    meeting = small_town.call(chair, START)
    small_town.run(lambda tx: attending.answer(tx, meeting, person(tx, "fangjl"), "deputy", deputy="小葛"))
    small_town.run(lambda tx: attending.answer(tx, meeting, person(tx, "fangjl"), "attend"))
    found = small_town.look(lambda tx: _seats(tx, meeting))
    assert ("gesf" in found, found["fangjl"].answer) == (False, "attend")


def test_two_days_before_everybody_is_reminded_by_what_they_said(small_town, chair):
    """Who comes is told, who is silent is asked again, who declined is left alone; once."""
    meeting = small_town.call(chair, START)
    small_town.run(lambda tx: attending.answer(tx, meeting, person(tx, "fangjl"), "attend"))
    small_town.run(lambda tx: attending.answer(tx, meeting, person(tx, "wangjl"), "decline", reason="出差"))
    small_town.at(2026, 12, 14, 9, 31)
    small_town.sweep()
    assert small_town.told("meeting_soon") == ["qinsj", "fangjl"]
    assert small_town.told("meeting_soon_ask") == ["yaowg", "shenhs"]


# -- votes


def test_a_vote_needs_a_quorum_and_counts_a_seat_once(small_town, chair):
    """Too few there: not asked; given twice: refused; too few gave it: not counted and still open."""
    meeting = small_town.call(chair, START)
    small_town.at(2026, 12, 16, 9, 0)

    def ask():
        return small_town.run(lambda tx: voting.ask(tx, meeting, chair, text="充电棚建在北门"))

    for userid in ("qinsj", "fangjl"):
        small_town.run(lambda tx, u=userid: attending.arrive(tx, meeting, person(tx, u)))
    with pytest.raises(Conflict) as refused:
        ask()
    assert refused.value.code == "below_quorum"
    small_town.run(lambda tx: attending.arrive(tx, meeting, person(tx, "yaowg")))
    vote = ask()
    assert small_town.told("meeting_vote") == ["qinsj", "fangjl", "yaowg"]

    def give(userid, choice):
        small_town.run(lambda tx: voting.give(tx, meeting, person(tx, userid), vote, choice))

    give("fangjl", "yes")
    for userid, choice, code in (("fangjl", "no", "voted"), ("wangjl", "yes", "not_there")):
        with pytest.raises(Conflict) as refused:
            give(userid, choice)
        assert refused.value.code == code
    give("yaowg", "no")
    with pytest.raises(Conflict) as refused:
        small_town.run(lambda tx: voting.count(tx, meeting, chair, vote))
    assert refused.value.code == "vote_below_quorum"
    give("qinsj", "abstain")
    done = small_town.run(lambda tx: voting.count(tx, meeting, chair, vote))
    assert (done.state, done.yes, done.no, done.abstain) == ("failed", 1, 1, 1)
    decision = Decision("充电棚建在北门", handler="万和物业", vote=1)
    with pytest.raises(Conflict) as refused:
        small_town.run(lambda tx: resolving.resolve(tx, meeting, chair, decision))
    assert refused.value.code == "vote_not_passed"


def test_a_question_asked_by_mistake_is_taken_back_and_one_too_few_answered_comes_to_nothing(small_town, chair):
    """Neither holds the minutes up; one that enough have answered is counted first."""
    meeting = small_town.call(chair, START)
    small_town.at(2026, 12, 16, 9, 0)
    for userid in ("qinsj", "fangjl", "yaowg"):
        small_town.run(lambda tx, u=userid: attending.arrive(tx, meeting, person(tx, u)))

    def ask(text):
        return small_town.run(lambda tx: voting.ask(tx, meeting, chair, text=text))

    wrong = ask("涂鸦墙建在北门")
    assert small_town.run(lambda tx: voting.withdraw(tx, meeting, chair, wrong)).state == "withdrawn"
    right = ask("雨棚建在北门")
    for userid in ("qinsj", "fangjl", "yaowg"):
        small_town.run(lambda tx, u=userid: voting.give(tx, meeting, person(tx, u), right, "yes"))
    small_town.run(lambda tx: minutes.draft(tx, meeting, chair))
    with pytest.raises(Conflict) as refused:
        small_town.run(lambda tx: minutes.approve(tx, meeting, chair))
    assert refused.value.code == "vote_open"
    small_town.run(lambda tx: voting.count(tx, meeting, chair, right))
    ask("花架建在南门")
    done = small_town.run(lambda tx: minutes.approve(tx, meeting, chair))
    told = "".join(done.minutes["public"]["votes"])
    assert ("涂鸦墙" in told, "雨棚建在北门：通过" in told, "未形成结果" in told) == (False, True, True)
    assert small_town.look(soundness.problems) == []


def test_a_kind_without_votes_asks_none(small_town, chair):
    """A bench meeting finds its conclusions by talking."""
    meeting = small_town.call(chair, START, kind="bench")
    with pytest.raises(Conflict) as refused:
        small_town.run(lambda tx: voting.ask(tx, meeting, chair, text="建不建"))
    assert refused.value.code == "no_votes_here"


# -- decisions and minutes


def test_a_decision_hands_tabled_orders_back_to_work(small_town, chair):
    """Both go to the unit with the date and the helpers; a matter is decided once a meeting."""
    pair = small_town.run(lambda tx: [_tabled(tx, small_town) for _ in range(2)])
    meeting = small_town.call(chair, START)
    due = datetime(2026, 12, 31, 18, tzinfo=ZONE)
    nos = [demand.no for demand in pair]
    decision = Decision("电梯年前修好", nos, "万和物业", ["清源水务"], due)
    row = small_town.run(lambda tx: resolving.resolve(tx, meeting, chair, decision))
    found = small_town.look(lambda tx: meetings.decided(tx, [row.id]))[row.id]
    assert [(d.no, d.stage, d.due_at) for d in found] == [(no, "dispatched", due) for no in nos]
    helpers = small_town.look(lambda tx: demands.helpers(tx, found[0].id))
    assert [helper.name for helper in helpers] == ["清源水务"]
    with pytest.raises(Conflict) as refused:
        small_town.run(lambda tx: resolving.resolve(tx, meeting, chair, Decision("再议", [nos[0]], "康居物业")))
    assert refused.value.code == "decided_already"
    assert len(small_town.look(lambda tx: tx.list(Resolution))) == 1


def test_a_decision_about_a_closed_order_changes_nothing(small_town, chair):
    """Of two orders the second is closed: the first is not handed over either."""

    def job(tx):
        one, other = _tabled(tx, small_town), _tabled(tx, small_town)
        arrange.close(tx, other, chair.actor, reason="solved")
        return one.no, other.no

    nos = small_town.run(job)
    meeting = small_town.call(chair, START)
    with pytest.raises(Conflict):
        small_town.run(lambda tx: resolving.resolve(tx, meeting, chair, Decision("一起修", nos, "万和物业")))
    stages = small_town.look(lambda tx: [demands.by_no(tx, no).stage for no in nos])
    assert stages == ["tabled", "closed"]
    assert small_town.look(lambda tx: tx.list(Decided)) == []


def test_the_next_meeting_begins_with_what_became_of_the_last(small_town, chair):
    """How many, how many done, how many late, and each with its state; of a cancelled one nothing."""
    meeting = small_town.call(chair, START)
    due = datetime(2026, 12, 20, 18, tzinfo=ZONE)
    for text in ("修门禁", "装监控"):
        decision = Decision(text, handler="万和物业", due_at=due)
        small_town.run(lambda tx, d=decision: resolving.resolve(tx, meeting, chair, d))
    spot = Decision("垃圾车几点来：七点", answer="七点")
    small_town.run(lambda tx: resolving.resolve(tx, meeting, chair, spot))
    small_town.at(2026, 12, 25, 9, 0)
    after = small_town.call(chair, START + timedelta(days=60))
    point = small_town.look(lambda tx: agenda.written(tx, after))[0]
    assert (point["kind"], len(point["lines"]), len(point["demands"])) == ("report", 3, 2)
    assert "3 条，办好 1 条，超期 2 条" in point["title"]


def test_minutes_are_asked_for_until_they_are_approved(small_town, chair):
    """On day 3 and 7 the secretary hears, in other words once there is a draft; approved, nobody does."""
    meeting = small_town.call(chair, START)
    small_town.at(2026, 12, 16, 12, 0)
    assert small_town.look(lambda tx: tx.get(Meeting, meeting.id)).state == "held"
    small_town.at(2026, 12, 19, 9, 1)
    assert small_town.told("meeting_unwritten") == ["qinsj"]
    small_town.run(lambda tx: minutes.draft(tx, meeting, chair))
    small_town.at(2026, 12, 23, 9, 1)
    assert (small_town.told("meeting_unwritten"), small_town.told("meeting_minutes")) == (["qinsj"], ["qinsj"])
    other = small_town.call(chair, START + timedelta(days=10))
    small_town.clock.at = other.starts_at
    small_town.run(lambda tx: minutes.draft(tx, other, chair))
    small_town.run(lambda tx: minutes.approve(tx, other, chair))
    small_town.at(2027, 1, 10, 9, 0)
    assert len(small_town.told("meeting_minutes")) == 1


def test_before_its_day_nobody_was_there_and_nothing_was_said(small_town, chair):
    """Attendance and minutes of a meeting to come are refused; on its day they are taken, a little early too."""
    meeting = small_town.call(chair, START)
    steps = (
        lambda tx: attending.tick(tx, meeting, chair, "方经理"),
        lambda tx: minutes.draft(tx, meeting, chair),
    )
    for step in steps:
        with pytest.raises(Conflict, match="meeting_ahead"):
            small_town.run(step)
    assert small_town.look(lambda tx: tx.get(Meeting, meeting.id)).begun_at is None
    small_town.clock.at = START - timedelta(minutes=20)
    for step in steps:
        small_town.run(step)
    assert small_town.look(lambda tx: tx.get(Meeting, meeting.id)).begun_at is not None


def test_what_was_answered_at_once_is_told_as_it_was_answered(small_town, chair):
    """No unit and no day stand there, since there are none."""

    def job(tx):
        who = rows.person(tx, name="冯桂兰")
        return _tabled(tx, small_town, reporter_id=who.id)

    demand = small_town.run(job)
    meeting = small_town.call(chair, START)
    spot = Decision("垃圾车早上七点来", [demand.no], answer="早上七点来")
    small_town.run(lambda tx: resolving.resolve(tx, meeting, chair, spot))
    small_town.run(lambda tx: minutes.draft(tx, meeting, chair))
    small_town.run(lambda tx: minutes.approve(tx, meeting, chair))
    last = small_town.look(lambda tx: demands.history(tx, demand.id))[-1]
    assert (last.name, last.note) == ("discussed", "垃圾车早上七点来")


def test_reporters_hear_what_was_decided_when_the_minutes_stand(small_town, chair):
    """Reporter and supporters, once, and in the history; not before, and not who proposed another topic."""

    def job(tx):
        who = rows.person(tx, name="冯桂兰")
        return _tabled(tx, small_town, reporter_id=who.id), who.openid

    demand, openid = small_town.run(job)
    meeting = small_town.call(chair, START)
    decision = Decision("电梯年前修好", [demand.no], "万和物业")
    small_town.run(lambda tx: resolving.resolve(tx, meeting, chair, decision))
    small_town.run(lambda tx: minutes.draft(tx, meeting, chair))
    assert small_town.told("discussed") == []
    small_town.run(lambda tx: minutes.approve(tx, meeting, chair))
    assert small_town.told("discussed") == [openid]
    names = small_town.look(lambda tx: [event.name for event in demands.history(tx, demand.id)])
    assert names[-1] == "discussed"
    with pytest.raises(Conflict) as refused:
        small_town.run(lambda tx: minutes.approve(tx, meeting, chair))
    assert refused.value.code == "minutes_frozen"


# -- quarters


def test_a_quarter_without_a_meeting_is_reminded_of_then_told_to_the_street(small_town):
    """Day 60 the secretaries, day 80 the street and they; each once, a late sweep makes up for it."""
    small_town.at(2026, 11, 28, 12, 0)
    assert small_town.told("meeting_lacking") == []
    small_town.at(2026, 11, 29, 9, 1)
    assert small_town.told("meeting_lacking") == ["qinsj", "lusj", "qifsj"]
    small_town.at(2026, 12, 19, 9, 1)
    assert small_town.told("meeting_alarm") == ["gaozr", "qinsj", "gaozr", "lusj", "qifsj"]
    small_town.sweep()
    assert len(small_town.told("meeting_alarm")) == 5
    how = small_town.look(lambda tx: [q.how for q in record.year(tx, home(small_town.store), 2026)])
    assert how == ["unknown", "unknown", "unknown", "running"]
    small_town.at(2027, 1, 1, 9, 0)
    how = small_town.look(lambda tx: [q.how for q in record.year(tx, home(small_town.store), 2026)])
    assert how[3] == "missed"


def test_another_day_of_the_reminder_counts_from_now_on(small_town):
    """The community moves day 60 to day 70: what was planned moves along, and nobody is reminded twice."""
    small_town.at(2026, 11, 27, 9, 0)
    content = small_town.store.content
    terms = content.meetings.model_copy(update={"remind_day": 70})
    small_town.store.content = dataclasses.replace(content, meetings=terms)
    small_town.at(2026, 12, 8, 9, 1)
    assert small_town.told("meeting_lacking") == []
    small_town.at(2026, 12, 9, 9, 1)
    assert small_town.told("meeting_lacking") == ["qinsj", "lusj", "qifsj"]


def test_who_sleeps_past_day_80_hears_of_it_once(small_town):
    """After an outage the alarm says it all: nobody is reminded besides."""
    small_town.at(2026, 12, 28, 9, 0)
    assert small_town.told("meeting_lacking") == []
    assert "gaozr" in small_town.told("meeting_alarm")


def _alarm(small_town) -> str:
    found = small_town.look(lambda tx: [m.payload for m in tx.list(Outbox) if m.message == "meeting_alarm"])
    return str(found[0].get("text") or found[0].get("desc"))


def test_an_alarm_within_the_quarter_says_how_many_days_are_left(small_town):
    """Nothing waits for the meeting: no 0 件 is told."""
    small_town.at(2026, 12, 19, 9, 1)
    assert "这个季度还剩 13 天" in _alarm(small_town)
    assert "过完" not in _alarm(small_town)
    assert "件" not in _alarm(small_town)


def test_an_alarm_after_the_quarter_says_that_it_is_over(small_town):
    """It said both: 还剩  天, and 已经过完了."""
    small_town.at(2026, 12, 18, 9, 0)
    small_town.at(2027, 1, 5, 9, 1)
    assert "已经过完了" in _alarm(small_town)
    assert "还剩" not in _alarm(small_town)
    assert "件" not in _alarm(small_town)


def test_a_quarter_with_a_date_or_a_meeting_alarms_nobody(small_town, chair):
    """A date that stands counts; one that nobody kept does not."""
    small_town.call(chair, datetime(2026, 12, 10, 9, 30, tzinfo=ZONE))
    small_town.at(2026, 11, 29, 9, 1)
    assert small_town.told("meeting_lacking") == ["lusj", "qifsj"]
    small_town.at(2026, 12, 19, 9, 1)
    assert "qinsj" in small_town.told("meeting_alarm")  # its hour is over and nothing of it was written down
    how = small_town.look(lambda tx: record.year(tx, home(small_town.store), 2026)[3].how)
    assert how == "unrecorded"


def test_at_the_beginning_of_a_quarter_a_free_working_day_is_proposed(small_town):
    """A working day, not one on which the community meets already; a yes calls it, silence lets it lapse."""
    small_town.at(2027, 1, 2, 10, 0)
    assert small_town.told("meeting_proposed") == ["qinsj", "lusj", "qifsj"]
    first, second = small_town.look(lambda tx: tx.list(Meeting))
    for meeting in (first, second):
        day = meeting.starts_at.astimezone(ZONE)
        assert (meeting.state, day.hour, day.minute) == ("proposed", 9, 30)
        assert small_town.store.content.calendar.is_workday(day.date())
        assert small_town.look(lambda tx, m=meeting: meetings.seats(tx, m.id)) == []
    chair = small_town.look(lambda tx: chair_in(tx, "qinsj", frozenset({home(small_town.store)})))
    small_town.run(lambda tx: convening.agree(tx, first, chair))
    assert "fangjl" in small_town.told("meeting_invite")
    small_town.clock.at = first.starts_at
    small_town.run(lambda tx: minutes.draft(tx, first, chair))
    small_town.at(2027, 3, 2, 9, 0)
    assert "qinsj" not in small_town.told("meeting_lacking")
    assert "lusj" in small_town.told("meeting_lacking")
    assert small_town.look(lambda tx: tx.get(Meeting, second.id)).state == "cancelled"


def test_a_second_sweep_of_the_same_moment_does_nothing(small_town, chair):
    """Whatever day it is: the second finds nothing to do and tells nobody."""
    small_town.call(chair, START)
    for moment in ((2026, 11, 29, 9, 1), (2026, 12, 13, 10, 0), (2026, 12, 16, 13, 0), (2026, 12, 19, 9, 1)):
        small_town.at(*moment)
        before = small_town.look(lambda tx: len(tx.list(Topic)) + len(tx.list(Demand)))
        done = small_town.sweep()
        assert {kind: n for kind, n in done.items() if kind.startswith("meeting")} == {}, moment
        assert small_town.look(lambda tx: len(tx.list(Topic)) + len(tx.list(Demand))) == before
    assert small_town.look(lambda tx: len(tx.list(Seat))) == 5
    assert small_town.look(lambda tx: len(tx.list(Organisation))) > 0
    assert small_town.look(lambda tx: meeting_topics.waiting_topics(tx, None)) == []


# -- what is stored


def test_a_year_of_meetings_is_sound_and_each_disagreement_is_named(small_town, chair):
    """`db check` says nothing of what the steps did, and names each row that was tampered with."""
    meeting = small_town.call(chair, START)
    small_town.at(2026, 12, 16, 9, 0)
    for userid in ("qinsj", "fangjl", "yaowg"):
        small_town.run(lambda tx, u=userid: attending.arrive(tx, meeting, person(tx, u)))
    vote = small_town.run(lambda tx: voting.ask(tx, meeting, chair, text="建不建"))
    for userid in ("qinsj", "fangjl", "yaowg"):
        small_town.run(lambda tx, u=userid: voting.give(tx, meeting, person(tx, u), vote, "yes"))
    small_town.run(lambda tx: voting.count(tx, meeting, chair, vote))
    row = small_town.run(
        lambda tx: resolving.resolve(tx, meeting, chair, Decision("建", handler="万和物业", vote=1))
    )
    small_town.run(lambda tx: minutes.draft(tx, meeting, chair))
    small_town.run(lambda tx: minutes.approve(tx, meeting, chair))
    assert small_town.look(soundness.problems) == []

    def tamper(tx):
        tx.update(Vote, vote.id, yes=9)
        tx.update(Resolution, row.id, due_at=None)
        tx.update(Meeting, meeting.id, minutes_at=None, ends_at=meeting.starts_at)

    small_town.run(tamper)
    said = "\n".join(small_town.look(soundness.problems))
    for words in ("票数和票对不上", "没有单位、期限或者单子", "却没有写过", "结束比开始早"):
        assert words in said, words
    assert said.count(meeting.no) == 4


def test_who_is_forgotten_leaves_no_topic_with_their_name(small_town):
    """The topic stays, without whose it was and without what tells it."""

    def job(tx):
        who = rows.person(tx, name="冯桂兰", room="501")
        topics.propose(tx, who, home(small_town.store), "楼道灯晚上要亮")
        forgetting.forget(tx, who)
        return tx.list(Topic), tx.list(Voice)

    (topic,), marks = small_town.run(job)
    assert (topic.by_id, topic.text, marks) == (None, "楼道灯晚上要亮", [])


def test_a_meeting_called_off_or_moved_away_after_the_alarm_s_day_is_told_to_the_street(small_town, chair):
    """A date silenced the alarm; without it the street hears, also when the quarter is over by then."""
    small_town.at(2026, 11, 20, 10, 0)
    first = small_town.call(chair, datetime(2026, 12, 28, 9, 30, tzinfo=ZONE))
    small_town.at(2026, 12, 20, 9, 1)
    before = len(small_town.told("meeting_alarm"))
    again = small_town.call(chair, datetime(2026, 12, 30, 9, 30, tzinfo=ZONE))
    small_town.run(lambda tx: convening.cancel(tx, first, chair, reason="人来不齐"))
    small_town.at(2026, 12, 21, 9, 1)
    assert len(small_town.told("meeting_alarm")) == before  # another date stands
    moved = {"starts_at": datetime(2027, 1, 6, 9, 30, tzinfo=ZONE)}
    small_town.at(2026, 12, 29, 10, 0)
    small_town.run(lambda tx: convening.change(tx, again, chair, **moved))
    small_town.at(2027, 1, 2, 9, 1)
    assert small_town.told("meeting_alarm")[before:] == ["gaozr", "qinsj"]
    said = small_town.look(lambda tx: [m.payload for m in tx.list(Outbox) if m.message == "meeting_alarm"])[-1]
    assert "还剩 0 天" not in str(said)
    assert "已经过完" in str(said)


def test_topics_of_a_meeting_that_never_took_place_are_for_the_next_and_reports_skip_it(small_town, chair):
    """Nothing that was proposed is lost; what was decided before it is still reported on."""
    held = small_town.call(chair, START)
    small_town.at(2026, 12, 16, 9, 40)
    small_town.run(lambda tx: resolving.resolve(tx, held, chair, Decision("修门禁", handler="万和物业")))
    small_town.run(lambda tx: minutes.draft(tx, held, chair))
    small_town.run(lambda tx: minutes.approve(tx, held, chair))
    small_town.call(chair, datetime(2027, 1, 20, 9, 30, tzinfo=ZONE))
    made = small_town.run(
        lambda tx: topics.propose(tx, person(tx, "yaowg"), home(small_town.store), "东门晚上留个小门")
    )
    assert made.meeting is not None
    small_town.at(2027, 1, 22, 10, 0)
    after = small_town.call(chair, datetime(2027, 2, 20, 9, 30, tzinfo=ZONE))
    points = small_town.look(lambda tx: agenda.points(tx, after))
    assert "东门晚上留个小门" in [point["title"] for point in points]
    assert points[0]["kind"] == "report"
