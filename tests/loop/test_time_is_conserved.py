"""Pauses, extensions and reworks: whatever happens in between, an order has the time that it was promised."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import NOW
from tests.loop import cells

from redprop_bot.loop.acts import perform
from redprop_bot.loop.order import order
from redprop_bot.loop.report import Report
from redprop_bot.ports import FrozenClock
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Act
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

SECRETARY = "secretary"


def reported(tx: Tx, urgency: str) -> Demand:
    """An order that a unit has, without hours of a row."""
    estate = register(tx).estate_names["槐荫里"]
    report = Report("单元门关不严", tx.now, category="building", urgency=urgency, estate_id=estate.id)
    return order(tx, cells.actor("anyone"), report, reporter_id=None).demand


def act(store: Store, demand: Demand, verb: Act, role: str = SECRETARY, **fields: object) -> Demand:
    """One act at the present moment."""
    return store.run(lambda tx: perform(tx, demand, verb, cells.actor(role), fields))


def other_unit(store: Store, demand: Demand) -> str:
    """A unit that does not have it."""
    names = store.look(register).organisations
    return "康居物业" if names[demand.handler_id or 0].name == "万和物业" else "万和物业"


hours = st.integers(0, 60 * 5).map(lambda minutes: timedelta(minutes=minutes))
breaks = st.integers(1, 60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))
histories = st.lists(st.tuples(hours, breaks, st.sampled_from(["resume", "dispatch", "both"])), max_size=4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["normal", "urgent"]), histories)
def test_the_running_time_is_the_same_whatever_the_pauses(
    town_store: Store, clock: FrozenClock, urgency: str, history: list[tuple[timedelta, timedelta, str]]
) -> None:
    """Running time from report to due moment, pauses taken out, is what was promised at the report.

    A pause ends by being resumed or by another unit getting the order; neither gives or takes time.
    """
    clock.at = NOW
    demand = town_store.run(lambda tx: reported(tx, urgency))
    calendar = town_store.content.calendar

    def length(start, end):
        return end - start if urgency == "urgent" else calendar.between(start, end)

    assert demand.due_at is not None
    promised, paused = length(demand.reported_at, demand.due_at), timedelta()
    for run, pause, end in history:
        clock.at += run
        demand = act(town_store, demand, Act.PAUSE, reason="等材料", until=clock.at + timedelta(days=25))
        stopped_at = clock.at
        clock.at += pause
        paused += length(stopped_at, clock.at)
        if end != "dispatch":
            demand = act(town_store, demand, Act.RESUME)
        if end != "resume":
            demand = act(town_store, demand, Act.DISPATCH, to=other_unit(town_store, demand))
    assert demand.due_at is not None
    assert length(demand.reported_at, demand.due_at) - paused == promised


def test_another_unit_keeps_the_days_that_were_granted(town_store: Store, clock: FrozenClock) -> None:
    """The resident was told the later date; it neither moves back nor can be asked for again."""
    demand = town_store.run(lambda tx: reported(tx, "normal"))
    act(town_store, demand, Act.EXTEND, "handler", days=3, reason="等配件")
    granted = act(town_store, demand, Act.GRANT)
    clock.at += timedelta(hours=1)
    moved = act(town_store, granted, Act.DISPATCH, to=other_unit(town_store, granted))
    assert moved.due_at == granted.due_at
    assert moved.extended


def test_another_unit_in_a_rework_has_the_term_of_the_rework(town_store: Store, clock: FrozenClock) -> None:
    """Its clock began at the reopening, not at the report of weeks ago."""
    demand = town_store.run(lambda tx: reported(tx, "normal"))
    act(town_store, demand, Act.FULFIL, "handler")
    clock.at += timedelta(days=7)
    again = act(town_store, demand, Act.REOPEN, reason="还是关不严")
    moved = act(town_store, again, Act.DISPATCH, to=other_unit(town_store, again))
    assert moved.due_at == again.due_at == town_store.content.calendar.add_days(clock.at, 3)


def test_a_correction_during_a_pause_does_not_count_the_pause_twice(town_store: Store, clock: FrozenClock) -> None:
    """Corrected while it waits: what is left when it goes on is what the new terms leave."""
    demand = town_store.run(lambda tx: reported(tx, "normal"))
    act(town_store, demand, Act.PAUSE, reason="等材料", until=clock.at + timedelta(days=20))
    clock.at += timedelta(hours=10)
    act(town_store, demand, Act.CORRECT, urgency="urgent")
    on = act(town_store, demand, Act.RESUME)
    assert on.due_at == demand.reported_at + timedelta(hours=24 + 10)


def test_a_tabled_matter_has_its_time_back(town_store: Store, clock: FrozenClock) -> None:
    """Escalated out of a pause the clock runs on with what was left."""
    demand = town_store.run(lambda tx: reported(tx, "urgent"))
    act(town_store, demand, Act.PAUSE, reason="等材料", until=clock.at + timedelta(days=20))
    clock.at += timedelta(days=2)
    tabled = act(town_store, demand, Act.ESCALATE, reason="要街道出面")
    assert demand.due_at is not None
    assert (tabled.stage, tabled.due_at) == ("tabled", demand.due_at + timedelta(days=2))


def test_the_first_contact_is_noted_once_and_belongs_to_the_unit(town_store: Store, clock: FrozenClock) -> None:
    """By words of the unit, not by a tap; what follows does not move it, and another unit begins anew."""
    demand = town_store.run(lambda tx: reported(tx, "normal"))
    assert act(town_store, demand, Act.ACCEPT, "handler").contacted_at is None
    heard = act(town_store, demand, Act.PROGRESS, "handler", note="两点上门").contacted_at
    clock.at += timedelta(hours=1)
    second = act(town_store, demand, Act.PROGRESS, "handler", note="说好下午来")
    moved = act(town_store, demand, Act.DISPATCH, to=other_unit(town_store, demand))
    assert (heard, second.contacted_at, moved.contacted_at) == (NOW, NOW, None)
