"""A whistle over a matter that counts as done: nobody is pressed for it, and nothing is forgotten if it was not."""

from datetime import timedelta

from tests.loop import cells
from tests.loop.test_hands_that_change import do
from tests.loop.test_reminding import reported, swept

from redprop_bot.loop import whistle
from redprop_bot.ports import FrozenClock
from redprop_bot.rules.flow import Act
from redprop_bot.store.tables import Demand, Event, WhistleCall
from redprop_bot.store.worker import Store


def blown(store: Store) -> Demand:
    """An order with a whistle that nobody answers, done within the half hour."""
    (made,) = store.run(reported)
    store.run(
        lambda tx: whistle.blow(
            tx, tx.get(Demand, made.id), cells.actor("secretary"), units=["清源水务"], kind="routine"
        )
    )
    return do(store, made, Act.FULFIL, "handler")


def names(store: Store) -> set[str]:
    return {event.name for event in store.look(lambda tx: tx.list(Event))}


def test_the_street_is_not_called_for_what_is_done(town_store: Store, clock: FrozenClock) -> None:
    """Neither at the half hour nor days later; when it closes, the call is void."""
    blown(town_store)
    for hours in (1, 6, 40, 24 * 15):
        clock.at += timedelta(hours=hours)
        swept(town_store)
    clock.at += timedelta(days=4)
    swept(town_store)
    assert not names(town_store) & {"whistle_climbed", "escalated", "whistle_late"}
    assert town_store.look(lambda tx: [row.state for row in tx.list(WhistleCall)]) == ["void"]


def test_what_was_not_done_after_all_climbs_as_it_should(town_store: Store, clock: FrozenClock) -> None:
    """The twin: reopened the next day, the silent unit is told to the street, then the matter is tabled."""
    made = blown(town_store)
    clock.at += timedelta(hours=1)
    swept(town_store)
    do(town_store, made, Act.REOPEN, "secretary", reason="还是关不严")
    clock.at += timedelta(days=1)
    swept(town_store)
    assert "whistle_climbed" in names(town_store)
    clock.at += timedelta(days=1)
    swept(town_store)
    assert town_store.look(lambda tx: tx.get(Demand, made.id).stage) == "tabled"
