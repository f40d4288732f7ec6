"""The clock until a danger is under control: where it begins, what moves it, what ends it; on both engines."""

from datetime import timedelta

import pytest
from tests.conftest import NOW
from tests.loop.test_hands_that_change import do
from tests.loop.test_reminding import fired, reported, swept

from redprop_bot.loop import emergency
from redprop_bot.loop.scope import Keeper, Scope
from redprop_bot.ports import FrozenClock
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Act
from redprop_bot.store.tables import Demand
from redprop_bot.store.worker import Store

TWO_HOURS = timedelta(hours=2)


def danger(store: Store) -> Demand:
    (made,) = store.run(lambda tx: reported(tx, urgency="emergency"))
    return made


def test_two_hours_from_the_report_for_danger_and_for_nothing_else(town_store: Store) -> None:
    """The twin has no such clock at all."""
    assert danger(town_store).control_by == NOW + TWO_HOURS
    (plain,) = town_store.run(lambda tx: reported(tx, building="9"))
    assert plain.control_by is None


def test_whoever_gets_it_next_has_what_is_left(town_store: Store, clock: FrozenClock) -> None:
    """Danger does not begin anew because it changes hands."""
    made = danger(town_store)
    clock.at += timedelta(minutes=50)
    moved = do(town_store, made, Act.DISPATCH, "secretary", to="康居物业")
    assert moved.control_by == NOW + TWO_HOURS


def test_what_turns_out_to_be_danger_counts_from_then(town_store: Store, clock: FrozenClock) -> None:
    """Nobody is told after three days that two hours have passed; and set right again the clock is gone."""
    (made,) = town_store.run(reported)
    clock.at += timedelta(days=3)
    worse = do(town_store, made, Act.CORRECT, "secretary", urgency="emergency")
    assert worse.control_by == clock.at + TWO_HOURS
    assert swept(town_store)["control_late"] == 0
    better = do(town_store, worse, Act.CORRECT, "secretary", urgency="normal")
    assert better.control_by is None


def test_a_pause_gives_back_what_was_left(town_store: Store, clock: FrozenClock) -> None:
    """Resumed or sent on, once."""
    made = danger(town_store)
    clock.at += timedelta(minutes=30)
    do(town_store, made, Act.PAUSE, "secretary", reason="等专家", until=clock.at + timedelta(days=1))
    clock.at += timedelta(hours=5)
    on = do(town_store, made, Act.RESUME, "secretary")
    assert on.control_by == NOW + TWO_HOURS + timedelta(hours=5)
    do(town_store, made, Act.PAUSE, "secretary", reason="等专家", until=clock.at + timedelta(days=1))
    clock.at += timedelta(hours=1)
    moved = do(town_store, made, Act.DISPATCH, "secretary", to="康居物业")
    assert moved.control_by == NOW + TWO_HOURS + timedelta(hours=6)


def test_said_by_whoever_helps_it_ends_the_clock_and_done_again_it_begins_anew(
    town_store: Store, clock: FrozenClock
) -> None:
    """The fire brigade's word is as good; a reopened danger is a danger."""
    made = danger(town_store)
    do(town_store, made, Act.ACCEPT, "handler")
    calm = do(town_store, made, Act.PROGRESS, "helper", note="火灭了")
    assert calm.controlled_at == NOW
    clock.at += timedelta(hours=3)
    assert not {
        name for name in fired(town_store) + swept(town_store) if name.startswith(("control", "red_control"))
    }
    do(town_store, calm, Act.FULFIL, "handler")
    again = do(town_store, calm, Act.REOPEN, "secretary", reason="又冒烟了")
    assert (again.controlled_at, again.control_by) == (None, clock.at + TWO_HOURS)


@pytest.mark.parametrize("hours", [2, 3])
def test_it_is_told_once_each(town_store: Store, clock: FrozenClock, hours: int) -> None:
    """At two hours the unit and the community, at three the street; a second sweep says nothing."""
    danger(town_store)
    clock.at += timedelta(hours=hours)
    done = swept(town_store)
    assert (done["control_late"], done["control_street"]) == (1, hours - 2)
    assert not swept(town_store)


def test_in_an_emergency_what_is_done_again_has_the_short_clocks(town_store: Store, clock: FrozenClock) -> None:
    """As if it were reported now; the twin, without one, has the three days of a rework."""
    made, other = town_store.run(lambda tx: reported(tx, 2))
    for one in (made, other):
        do(town_store, one, Act.FULFIL, "handler")
    plain = do(town_store, other, Act.REOPEN, "secretary", reason="还是关不严")
    assert plain.due_at is not None
    assert plain.due_at > clock.at + timedelta(days=2)

    def begin(tx) -> None:
        community = register(tx).estate("槐荫里").community_id
        emergency.begin(tx, Keeper("秦书记", None, None), Scope(community), title="大风")

    town_store.run(begin)
    again = do(town_store, made, Act.REOPEN, "secretary", reason="还是关不严")
    assert again.due_at == clock.at + timedelta(hours=12)
    assert again.respond_by == clock.at + timedelta(minutes=15)
