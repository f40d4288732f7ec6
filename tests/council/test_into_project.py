"""A decision becomes a measure of a project: its orders go the measure's way; what does not fit leaves nothing."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.council.conftest import chair_in, home, person
from tests.support import rows

from redprop_bot.council import agenda, measure, minutes, project, record, resolving, tracking, undoing
from redprop_bot.council.hands import Hand
from redprop_bot.council.project import MeasureDraft, ProjectDraft
from redprop_bot.council.resolving import Decision
from redprop_bot.errors import Refused
from redprop_bot.loop import arrange, dispatch
from redprop_bot.loop.actor import RULE
from redprop_bot.registry.register import register
from redprop_bot.store import demands, meetings, numbers, projects, soundness
from redprop_bot.store.tables import Decided, Demand, Measure, Project, Resolution

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 12, 16, 9, 30, tzinfo=ZONE)
DAY = datetime(2026, 12, 31, 18, tzinfo=ZONE)
END = datetime(2027, 3, 31, 18, tzinfo=ZONE)


@pytest.fixture
def chair(small_town):
    return small_town.look(lambda tx: chair_in(tx, "qinsj", frozenset({home(small_town.store)})))


@pytest.fixture
def plan(small_town):
    """An open project of the community; nobody leads it."""
    return _open(small_town, "老旧管网攻坚")


def _hand(town):
    return town.look(lambda tx: Hand("秦书记", person(tx, "qinsj").id, frozenset({home(town.store)})))


def _open(town, title, **values):
    draft = ProjectDraft(title=title, community_id=home(town.store), ends_at=END, **values)
    return town.run(lambda tx: project.open_project(tx, _hand(town), draft))


def _tabled(town, name="冯桂兰", **values):
    filled = {"community_id": home(town.store), "category": "plumbing", "urgency": "normal", **values}

    def job(tx):
        who = rows.person(tx, name=name)
        no = numbers.take(tx, "D", tx.now, tx.content.zone)
        demand = rows.demand(tx, no=no, reporter_id=who.id, **filled)
        return arrange.escalate(tx, demand, RULE, reason="维修资金不够"), who.openid

    return town.run(job)


def _resolve(town, meeting, chair, **said):
    return town.run(lambda tx: resolving.resolve(tx, meeting, chair, Decision(**said)))


def _way(town, row):
    return town.look(lambda tx: tracking.ways(tx, [tx.get(Resolution, row.id)])[0])


def _order(town, demand):
    return town.look(lambda tx: tx.get(Demand, demand.id))


def _step(town, row):
    return town.look(lambda tx: tx.get(Measure, row.measure_id))


def _decided(town, chair, **more):
    """A meeting that put one tabled order into the project."""
    demand, openid = _tabled(town)
    meeting = town.call(chair, START)
    said = {"text": "三号楼立管换新", "demands": [demand.no], "handler": "清源水务", "project": "老旧管网攻坚"}
    return meeting, _resolve(town, meeting, chair, **said, **more), demand, openid


# -- what comes of it


def test_a_measure_with_its_orders_stands_where_it_was_decided(small_town, chair, plan):
    """Owner, day and text are the decision's; the order goes to the unit by the same day, and says why."""
    _meeting, row, demand, _ = _decided(small_town, chair, due_at=DAY)
    step = _step(small_town, row)
    water = small_town.look(lambda tx: register(tx).organisation_names["清源水务"].id)
    assert (row.kind, row.handler_id, row.due_at) == ("measure", water, DAY)
    assert (step.project_id, step.title, step.unit_id, step.due_at) == (plan.id, "三号楼立管换新", water, DAY)
    order = _order(small_town, demand)
    assert (order.stage, order.handler_id, order.due_at) == ("dispatched", water, DAY)
    note = small_town.look(lambda tx: demands.last_note(tx, demand.id, "dispatched"))
    assert "纳入项目：老旧管网攻坚" in note
    assert small_town.told("measure_given") == ["fenggong"]
    assert _way(small_town, row).state == "dispatched"
    assert small_town.look(soundness.problems) == []


def test_who_reported_hears_of_progress_and_of_the_end(small_town, chair, plan):
    """What the owner says of the measure is said of the order; done is done, and they are asked how it went."""
    meeting, row, demand, openid = _decided(small_town, chair)
    small_town.run(lambda tx: minutes.draft(tx, meeting, chair))
    small_town.run(lambda tx: minutes.approve(tx, meeting, chair))
    note = small_town.look(lambda tx: demands.last_note(tx, demand.id, "discussed"))
    assert note == "三号楼立管换新（纳入项目“老旧管网攻坚”，清源水务负责，3月31日前完成）"
    unit = small_town.look(
        lambda tx: Hand("冯工", person(tx, "fenggong").id, frozenset(), frozenset({row.handler_id}))
    )
    small_town.run(
        lambda tx: measure.report(tx, tx.get(Measure, row.measure_id), unit, percent=40, note="管子到了，下周开挖")
    )
    assert _order(small_town, demand).stage == "accepted"
    way = _way(small_town, row)
    assert (way.state, way.done) == ("accepted", False)
    line = small_town.look(lambda tx: tracking.line_of(tx, way))
    assert line == "1. 三号楼立管换新（清源水务，老旧管网攻坚第1条措施，40%，3月31日前，办理中）"
    small_town.run(lambda tx: measure.finish(tx, tx.get(Measure, row.measure_id), unit))
    assert _order(small_town, demand).stage == "done"
    assert [small_town.told(name) for name in ("discussed", "progress", "fulfilled")] == [[openid]] * 3
    assert _way(small_town, row).state == "done"
    assert small_town.look(soundness.problems) == []


def test_a_measure_of_a_person_needs_no_unit_where_no_order_hangs_on_it(small_town, chair, plan):
    """书记领办: in public nobody is named; done is closed, and the year's record counts it."""
    meeting = small_town.call(chair, START)
    row = _resolve(small_town, meeting, chair, text="每周去工地看一次", owner="秦书记", project=plan.no)
    assert row.handler_id is None
    way = _way(small_town, row)
    assert small_town.look(lambda tx: tracking.who(tx, way)) == "秦书记"
    assert small_town.look(lambda tx: tracking.who(tx, way, public=True)) == ""
    assert small_town.look(lambda tx: tx.list(Decided)) == []
    hand = _hand(small_town)
    small_town.run(lambda tx: measure.finish(tx, tx.get(Measure, row.measure_id), hand))
    assert _way(small_town, row).state == "closed"
    year = small_town.look(lambda tx: record.year(tx, home(small_town.store), 2026))
    assert (year[3].resolutions, year[3].done) == (1, 1)


def test_orders_of_a_persons_measure_go_to_the_unit_that_leads_the_project(small_town, chair):
    """Somebody must have them: the unit that was named, else the one that leads; without any it is refused."""
    _open(small_town, "老旧管网攻坚", lead="万和物业")
    _open(small_town, "充电棚攻坚")
    demand, _ = _tabled(small_town)
    meeting = small_town.call(chair, START)
    said = {"text": "换管子", "demands": [demand.no], "owner": "秦书记"}
    with pytest.raises(Refused) as refused:
        _resolve(small_town, meeting, chair, project="充电棚攻坚", **said)
    assert refused.value.code == "measure_unit"
    row = _resolve(small_town, meeting, chair, project="老旧管网攻坚项目", **said)
    lead = small_town.look(lambda tx: register(tx).organisation_names["万和物业"].id)
    assert (_order(small_town, demand).handler_id, _step(small_town, row).owner_id is not None) == (lead, True)


# -- corrected, undone


def test_another_day_and_another_unit_are_the_orders_too(small_town, chair, plan):
    """The plan of the project is what counts; an order that went elsewhere by itself is left alone."""
    meeting, row, demand, _ = _decided(small_town, chair, due_at=DAY)
    other, _ = _tabled(small_town, "苏大姐")
    second = _resolve(
        small_town,
        meeting,
        chair,
        text="换阀",
        demands=[other.no],
        handler="清源水务",
        project=plan.no,
        due_at=DAY,
    )
    small_town.run(lambda tx: dispatch.dispatch(tx, tx.get(Demand, other.id), chair.actor, to="康居物业"))
    hand = _hand(small_town)
    moved = {"due_at": END, "owner": "万和物业"}
    for one in (row, second):
        step = _step(small_town, one)
        small_town.run(lambda tx, s=step: measure.change(tx, s, hand, s.version, moved))
    wanhe, kangju = (
        small_town.look(lambda tx, n=name: register(tx).organisation_names[n].id)
        for name in ("万和物业", "康居物业")
    )
    order = _order(small_town, demand)
    assert (order.handler_id, order.due_at, _way(small_town, row).row.handler_id) == (wanhe, END, wanhe)
    assert _order(small_town, other).handler_id == kangju


def test_a_dropped_measure_puts_its_orders_on_the_next_agenda(small_town, chair, plan):
    """Nobody forgets them; so does a project that is called off."""
    meeting, row, demand, _ = _decided(small_town, chair)
    other, _ = _tabled(small_town, "苏大姐")
    _resolve(small_town, meeting, chair, text="换阀", demands=[other.no], handler="清源水务", project=plan.no)
    hand = _hand(small_town)
    small_town.run(lambda tx: measure.drop(tx, tx.get(Measure, row.measure_id), hand, reason="资金没批"))
    assert (_order(small_town, demand).stage, _order(small_town, other).stage) == ("tabled", "dispatched")
    small_town.run(lambda tx: project.cancel(tx, tx.get(Project, plan.id), hand, reason="并到街道项目"))
    assert _order(small_town, other).stage == "tabled"
    following = small_town.call(chair, datetime(2027, 2, 10, 9, 30, tzinfo=ZONE))
    points = small_town.look(lambda tx: agenda.written(tx, following))
    waits = {no for point in points if point["kind"] == "matter" for no in point["demands"]}
    assert waits == {demand.no, other.no}


def test_a_measure_that_is_taken_up_again_takes_its_orders_with_it(small_town, chair, plan):
    """Not those that somebody has closed."""
    _meeting, row, demand, _ = _decided(small_town, chair, due_at=END)
    hand = _hand(small_town)
    small_town.run(lambda tx: measure.finish(tx, tx.get(Measure, row.measure_id), hand))
    small_town.run(lambda tx: measure.reopen(tx, tx.get(Measure, row.measure_id), hand, reason="还漏"))
    order = _order(small_town, demand)
    assert (order.stage, order.reworks, order.due_at) == ("dispatched", 1, END)
    small_town.run(lambda tx: measure.finish(tx, tx.get(Measure, row.measure_id), hand))
    small_town.run(lambda tx: arrange.close(tx, tx.get(Demand, demand.id), chair.actor, reason="solved"))
    small_town.run(lambda tx: measure.reopen(tx, tx.get(Measure, row.measure_id), hand, reason="又漏"))
    assert _order(small_town, demand).stage == "closed"


def test_what_was_written_down_wrongly_is_taken_back_and_decided_anew(small_town, chair, plan):
    """Assigned, measure, answered: the orders wait again, what was made ends; the numbers go on."""
    meeting, row, demand, _ = _decided(small_town, chair)
    spot, _ = _tabled(small_town, "苏大姐")
    plain, _ = _tabled(small_town, "华老师")
    _resolve(small_town, meeting, chair, text="当场说清", demands=[spot.no], answer="早上七点来车")
    _resolve(small_town, meeting, chair, text="修好", demands=[plain.no], handler="万和物业")
    made = _resolve(small_town, meeting, chair, text="北门装充电棚", handler="万和物业")
    for number in (1, 2, 3, 4):
        small_town.run(lambda tx, n=number: undoing.undo(tx, meeting, chair, number=n, reason="单位记错了"))
    assert [_order(small_town, d).stage for d in (demand, spot, plain)] == ["tabled"] * 3
    new = small_town.look(lambda tx: tx.list(Demand))[-1]
    assert (new.text, new.stage) == ("北门装充电棚", "closed")
    assert _step(small_town, row).stage == "cancelled"
    assert small_town.look(lambda tx: meetings.resolutions(tx, [meeting.id])) == {}
    again = _resolve(small_town, meeting, chair, text="修好", demands=[demand.no], handler="万和物业")
    assert again.number == made.number + 1
    assert small_town.look(soundness.problems) == []
    names = small_town.look(lambda tx: [e.name for e in demands.history(tx, plain.id)])
    assert names[-1] == "escalated"


def test_what_is_frozen_or_done_or_not_there_is_not_taken_back(small_town, chair, plan):
    """Each with its reason, and nothing has changed."""
    meeting, row, demand, _ = _decided(small_town, chair)

    def undo(number=1, reason="记错了"):
        with pytest.raises(Refused) as refused:
            small_town.run(lambda tx: undoing.undo(tx, meeting, chair, number=number, reason=reason))
        return refused.value.code

    assert undo(number=2) == "no_resolution"
    assert undo(reason=" ") == "missing"
    small_town.run(lambda tx: measure.finish(tx, tx.get(Measure, row.measure_id), _hand(small_town)))
    assert undo() == "resolution_done"
    small_town.run(lambda tx: minutes.draft(tx, meeting, chair))
    small_town.run(lambda tx: minutes.approve(tx, meeting, chair))
    assert undo() == "minutes_frozen"
    assert _order(small_town, demand).stage == "done"


# -- refused


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"project": "不存在的项目"}, "no_project_named"),
        ({"project": "电梯更新"}, "project_over"),
        ({"project": "充电棚"}, "project_several"),
        ({"handler": None}, "resolution_owner"),
        ({"handler": "没有的单位"}, "unknown_owner"),
        ({"owner": "没有的人"}, "unknown_owner"),
        ({"due_at": datetime(2026, 11, 1, tzinfo=UTC)}, "resolution_due"),
        ({"due_at": datetime(2027, 6, 1, tzinfo=UTC)}, "measure_outside"),
        ({"answer": "当场说清"}, "resolution_both"),
        ({"project": "河湾管网"}, "no_project_named"),
        ({"project": "街道管网"}, "project_role"),
    ],
)
def test_what_does_not_fit_leaves_nothing_behind(small_town, chair, plan, said, code):
    """Unknown, ended, unclear, somebody else's project; no owner, a day outside; no row, no event, no message."""
    over = _open(small_town, "电梯更新")
    small_town.run(lambda tx: project.cancel(tx, tx.get(Project, over.id), _hand(small_town), reason="不做了"))
    for title in ("东门充电棚", "北门充电棚"):
        _open(small_town, title)
    street = Hand("高主任", None, None)
    for title, where in (("河湾管网", home(small_town.store, "河湾社区")), ("街道管网", None)):
        draft = ProjectDraft(title=title, community_id=where, ends_at=END, owner="高主任")
        small_town.run(lambda tx, d=draft: project.open_project(tx, street, d))
    demand, _ = _tabled(small_town)
    meeting = small_town.call(chair, START)
    before = small_town.look(lambda tx: (len(tx.list(Measure)), tx.get(Demand, demand.id)))
    given = {"text": "换管子", "demands": [demand.no], "handler": "清源水务", "project": plan.no, **said}
    with pytest.raises(Refused) as refused:
        _resolve(small_town, meeting, chair, **given)
    assert refused.value.code == code
    assert small_town.look(lambda tx: (len(tx.list(Measure)), tx.get(Demand, demand.id))) == before
    assert small_town.look(lambda tx: meetings.resolutions(tx, [meeting.id])) == {}
    assert small_town.look(lambda tx: meetings.by_key(tx, meeting.id)).begun_at is None


# -- a day that a meeting has set


def test_the_day_of_a_meeting_stays_when_the_order_is_corrected(small_town, chair):
    """Another category, even another unit by the list, is no other day; a danger does not wait for it."""
    demand, _ = _tabled(small_town, estate_id=small_town.look(lambda tx: register(tx).estate_names["槐荫里"].id))
    meeting = small_town.call(chair, START)
    said = {"text": "修好", "demands": [demand.no], "handler": "万和物业", "due_at": DAY}
    _resolve(small_town, meeting, chair, **said)

    def correct(**given):
        small_town.run(lambda tx: arrange.correct(tx, tx.get(Demand, demand.id), chair.actor, **given))
        return _order(small_town, demand)

    assert correct(category="sanitation").due_at == DAY
    gas = correct(category="gas_heat")
    assert (gas.due_at, gas.handler_id) == (
        DAY,
        small_town.look(lambda tx: register(tx).organisation_names["暖城燃气"].id),
    )
    assert correct(urgency="urgent").due_at == DAY
    danger = correct(urgency="emergency")
    assert danger.due_at < DAY
    assert correct(urgency="normal").due_at != DAY  # the meeting's day gave way to the danger


def test_the_day_of_a_meeting_ends_with_the_rework(small_town, chair):
    """Done again has a term of its own, and so has another unit that the secretary chose."""
    demand, _ = _tabled(small_town)
    meeting = small_town.call(chair, START)
    _resolve(small_town, meeting, chair, text="修好", demands=[demand.no], handler="万和物业", due_at=DAY)
    small_town.run(lambda tx: dispatch.dispatch(tx, tx.get(Demand, demand.id), chair.actor, to="康居物业"))
    order = _order(small_town, demand)
    assert (order.due_decided, order.due_at != DAY) == (False, True)


def test_a_long_decision_is_a_title_and_a_note(small_town, chair, plan):
    """Sixty characters are the title; nothing of the words is lost; helpers stand in the note."""
    meeting = small_town.call(chair, START)
    text = "把" + "三号楼东西两个单元的立管和支管" * 6 + "换新"
    row = _resolve(
        small_town, meeting, chair, text=text, handler="清源水务", helpers=["万和物业"], project=plan.no
    )
    step = _step(small_town, row)
    assert (len(step.title), step.note) == (60, f"{text}\n配合：万和物业")
    assert small_town.look(lambda tx: len(projects.measures(tx, [plan.id])[plan.id])) == 1


def test_only_measures_of_decisions_touch_orders(small_town, plan):
    """A measure that no meeting decided is a measure and nothing else."""
    demand, _ = _tabled(small_town)
    hand = _hand(small_town)
    step = small_town.run(lambda tx: project.add_measure(tx, plan, hand, MeasureDraft("挖沟", "清源水务")))
    small_town.run(lambda tx: measure.finish(tx, step, hand))
    assert _order(small_town, demand).stage == "tabled"


def test_a_measure_reopened_after_its_day_is_warned_of_again(small_town, plan):
    hand = _hand(small_town)
    given = MeasureDraft(title="换闸阀", owner="方经理", due_at=DAY)
    step = small_town.run(lambda tx: project.add_measure(tx, plan, hand, given))
    small_town.run(lambda tx: measure.finish(tx, step, hand))
    small_town.at(2027, 1, 4, 10)
    small_town.run(lambda tx: measure.reopen(tx, step, hand, reason="还在漏"))
    small_town.at(2027, 1, 12, 10)
    assert small_town.told("measure_late") == ["fangjl"]
    small_town.run(lambda tx: measure.finish(tx, step, hand))
    small_town.run(lambda tx: measure.reopen(tx, step, hand, reason="又漏"))
    small_town.at(2027, 1, 20, 10)
    assert small_town.told("measure_late") == ["fangjl", "fangjl"]
