"""What the clock says reaches whoever has the order when it is said, in the words of that hour, on both engines."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from tests.loop import cells
from tests.loop.test_reminding import fired, messages, reported, swept

from redprop_bot.content import Content
from redprop_bot.loop import joining, reminding, whistle
from redprop_bot.loop.acts import perform
from redprop_bot.notify import nudging
from redprop_bot.ports import FrozenClock
from redprop_bot.rules.flow import Act
from redprop_bot.rules.hours import Hours
from redprop_bot.store.tables import Demand, Outbox, Person, Timer, WhistleCall
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

NIGHT = datetime(2026, 12, 2, 14, 0, tzinfo=UTC)  # ten in the evening of Wednesday
MORNING = datetime(2026, 12, 3, 0, 0, tzinfo=UTC)
DAY_AND_NIGHT = Hours(((time(0), time(0)),), unit="万和物业", daily=True)


def do(store: Store, demand: Demand, act: Act, who: str, **fields: object) -> Demand:
    return store.run(lambda tx: perform(tx, demand, act, cells.actor(who), fields))


def told(store: Store, *, since: datetime) -> set[tuple[str, str]]:
    """Receiver and kind of what the clock said from a moment on."""
    rows = store.look(lambda tx: tx.list(Outbox))
    return {(row.receiver, row.message) for row in rows if "remind" in row.key and row.created_at >= since}


def test_an_order_that_changed_hands_at_night_is_not_pressed_of_those_who_had_it(
    town_store: Store, clock: FrozenClock
) -> None:
    """Overdue at ten in the evening, given to another company at eleven: at eight the first hears nothing."""
    (made,) = town_store.run(lambda tx: reported(tx, reported_at=tx.now - timedelta(hours=3)))
    town_store.run(lambda tx: tx.update(Demand, made.id, due_at=NIGHT, remind_at=NIGHT))
    clock.at = NIGHT
    swept(town_store)
    assert fired(town_store)["overdue"] == 1
    clock.at = NIGHT + timedelta(hours=1)
    do(town_store, made, Act.DISPATCH, "secretary", to="康居物业")
    town_store.run(lambda tx: tx.update(Demand, made.id, due_at=NIGHT))
    clock.at = MORNING
    swept(town_store)
    receivers = {who for who, _kind in told(town_store, since=MORNING)}
    assert "qinsj" in receivers
    assert not receivers & {"fangjl", "shaojl", "dingsf"}


def test_a_reporter_who_left_at_night_hears_no_more_of_it(town_store: Store, clock: FrozenClock) -> None:
    """The neighbour who stays does."""
    (made,) = town_store.run(reported)
    neighbour = town_store.run(lambda tx: tx.insert(Person, openid="o-beside", created_at=tx.now))
    report = town_store.look(lambda tx: tx.get(Demand, made.id))
    town_store.run(lambda tx: joining.support(tx, report, cells.actor("anyone"), neighbour.id, _same(report)))
    row = town_store.look(lambda tx: tx.get(Demand, made.id))
    eighty = next(o.at for o in _occasions(town_store, row) if o.rule.name == "forecast")
    with_night = eighty.replace(hour=14, minute=0)  # it is found late, in the evening
    clock.at = with_night
    swept(town_store)
    clock.at += timedelta(hours=1)
    left = town_store.look(lambda tx: tx.get(Person, made.reporter_id))
    town_store.run(
        lambda tx: perform(
            tx, tx.get(Demand, made.id), Act.WITHDRAW, replace(cells.actor("reporter"), person_id=left.id), {}
        )
    )
    clock.at = with_night.replace(hour=0, minute=0) + timedelta(days=1)
    swept(town_store)
    heard = {who for who, kind in told(town_store, since=with_night) if kind == "forecast"}
    assert heard == {"o-beside"}


def _same(demand: Demand):
    from redprop_bot.loop.report import Report

    return Report(demand.text, demand.reported_at, category=demand.category, estate_id=demand.estate_id)


def _occasions(store: Store, demand: Demand):
    from redprop_bot.registry.working_time import time_of
    from redprop_bot.rules import reminders

    rules = store.content.reminders
    return store.look(lambda tx: [o for r in rules for o in reminders.occasions(r, demand, time_of(tx, demand))])


def test_what_an_outage_kept_into_the_night_is_said_in_the_words_of_the_morning(
    town_store: Store, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fired by day, the house dark until the evening: tomorrow at nine is 今天 when it is read."""
    (made,) = town_store.run(reported)
    due_at = datetime(2026, 12, 4, 1, 0, tzinfo=UTC)  # Friday at nine
    fires = datetime(2026, 12, 3, 1, 0, tzinfo=UTC)
    town_store.run(lambda tx: tx.update(Demand, made.id, due_at=due_at, remind_at=fires))
    clock.at = fires
    with monkeypatch.context() as patched:
        patched.setattr(nudging, "tell_ripe", lambda _tx, *, limit: 0)
        town_store.run(reminding.sweep)
    clock.at = fires + timedelta(hours=13)
    swept(town_store)
    assert messages(town_store) == []
    clock.at = due_at - timedelta(hours=1)
    swept(town_store)
    rows = town_store.look(lambda tx: [r for r in tx.list(Outbox) if "remind" in r.key and r.receiver == "fangjl"])
    (said,) = rows
    assert "今天09:00" in said.payload["text"]
    assert said.not_before == clock.at


def test_a_plain_message_of_the_night_speaks_of_the_day_on_which_it_is_read(
    town_store: Store, clock: FrozenClock
) -> None:
    """Extended at ten in the evening to the day after: read at eight, that is 明天 and not 后天."""
    (made,) = town_store.run(reported)
    clock.at = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    do(town_store, made, Act.EXTEND, "handler", days=1, reason="等配件")
    clock.at = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
    granted = do(town_store, made, Act.GRANT, "secretary")
    assert granted.due_at == datetime(2026, 12, 3, 2, 0, tzinfo=UTC)
    rows = town_store.look(lambda tx: [r for r in tx.list(Outbox) if r.message == "granted_resident"])
    (letter,) = rows
    assert letter.not_before == datetime(2026, 12, 2, 0, 0, tzinfo=UTC)
    assert "明天10:00" in letter.payload["text"]


def test_another_unit_has_not_asked_for_what_the_first_asked(town_store: Store, clock: FrozenClock) -> None:
    """Days that were asked for by one unit are neither granted to the next nor chased in its name."""
    (made,) = town_store.run(reported)
    do(town_store, made, Act.EXTEND, "handler", days=3, reason="等配件")
    moved = do(town_store, made, Act.DISPATCH, "secretary", to="康居物业")
    assert moved.extension_days is None
    given_back = do(
        town_store,
        do(town_store, moved, Act.EXTEND, "handler", days=2, reason="排不开"),
        Act.RETURN,
        "handler",
        reason="不归我们管",
    )
    assert given_back.extension_days is None
    clock.at += timedelta(days=2)
    assert swept(town_store)["extension_waits"] == 0


def test_a_reworked_order_past_its_term_can_be_sent_on(town_store: Store, clock: FrozenClock) -> None:
    """Its rework has run out before the next unit gets it: no share of a term that is over is reckoned."""
    (made,) = town_store.run(reported)
    do(town_store, made, Act.FULFIL, "handler")
    do(town_store, made, Act.REOPEN, "secretary", reason="还是关不严")
    clock.at += timedelta(days=12)
    swept(town_store)
    moved = do(
        town_store, town_store.look(lambda tx: tx.get(Demand, made.id)), Act.DISPATCH, "secretary", to="康居物业"
    )
    assert moved.stage == "dispatched"
    assert moved.due_at is not None
    assert moved.due_at < clock.at


# -- one working time for all clocks of an order


def test_reminders_and_the_ladder_are_counted_in_the_hours_of_the_unit(
    town_store: Store, clock: FrozenClock, content: Content
) -> None:
    """A company that works day and night has its notice a day after the term, on a Sunday if need be."""
    town_store.content = replace(content, hours=(DAY_AND_NIGHT,))
    clock.at = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)  # Friday at ten
    (made,) = town_store.run(reported)
    assert made.due_at == clock.at + timedelta(days=5)
    town_store.run(lambda tx: tx.update(Demand, made.id, due_at=clock.at + timedelta(days=1), remind_at=clock.at))
    clock.at += timedelta(days=2)
    assert swept(town_store)["notice"] == 1


def test_by_the_community_s_hours_it_would_be_monday(
    town_store: Store, clock: FrozenClock, content: Content
) -> None:
    """The twin: the same due moment, a company without hours of its own."""
    clock.at = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
    (made,) = town_store.run(reported)
    town_store.run(lambda tx: tx.update(Demand, made.id, due_at=clock.at + timedelta(days=1), remind_at=clock.at))
    clock.at += timedelta(days=2)
    done = swept(town_store)
    assert (done["overdue"], done["notice"]) == (1, 0)


def test_an_order_that_changes_hands_is_planned_in_the_hours_of_the_next(
    town_store: Store, clock: FrozenClock, content: Content
) -> None:
    """What was planned by one unit's night shift is planned anew by the other's office hours."""
    town_store.content = replace(content, hours=(DAY_AND_NIGHT,))
    clock.at = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
    (made,) = town_store.run(reported)
    moved = do(town_store, made, Act.DISPATCH, "secretary", to="康居物业")
    assert moved.due_at == content.calendar.add_days(clock.at, 5)
    assert moved.respond_by == content.calendar.add_days(clock.at, 1)


def test_a_whistle_is_counted_in_the_hours_of_those_who_are_called(
    town_store: Store, clock: FrozenClock, content: Content
) -> None:
    """At night a unit with a night shift has half an hour; with another one beside it, until that one has opened."""
    town_store.content = replace(content, hours=(DAY_AND_NIGHT,))
    (made,) = town_store.run(lambda tx: reported(tx, category="building"))
    clock.at = NIGHT

    def blow(tx: Tx, *units: str) -> datetime:
        whistle.blow(tx, tx.get(Demand, made.id), cells.actor("secretary"), units=units, kind="routine")
        return max(row.answer_by for row in tx.list(WhistleCall))

    assert town_store.run(lambda tx: blow(tx, "万和物业")) == NIGHT + timedelta(minutes=30)
    assert town_store.run(lambda tx: blow(tx, "清源水务", "康居物业")) == datetime(2026, 12, 3, 1, 0, tzinfo=UTC)
    timers = town_store.look(lambda tx: [row.due_at for row in tx.list(Timer) if row.kind == "whistle_answer"])
    assert len(timers) == 2


def test_special_terms_count_for_reminders_as_well(
    town_store: Store, clock: FrozenClock, content: Content
) -> None:
    """A category with terms in calendar time is warned of by calendar time."""
    from redprop_bot.rules.deadlines import Duration, Special

    special = Special(
        (("category", "building"),), "calendar", {"sign_for": Duration(2, "h"), "solve": Duration(10, "h")}
    )
    table = replace(content.deadlines, special=(special,))
    town_store.content = replace(content, deadlines=table)
    clock.at = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)  # Saturday
    (made,) = town_store.run(reported)
    assert made.due_at == clock.at + timedelta(hours=10)
    clock.at += timedelta(hours=8)
    assert swept(town_store)["forecast"] == 1
    assert asyncio.run(_nothing(town_store))


async def _nothing(store: Store) -> bool:
    """A second sweep of the same moment."""
    from redprop_bot.clock import sweeping

    return not await sweeping.sweep(store)


def test_a_helper_s_word_is_not_the_first_contact_of_the_unit(town_store: Store) -> None:
    """Whoever lends a hand may tell how far it is; the unit still owes the reporter a word."""
    (made,) = town_store.run(reported)
    do(town_store, made, Act.ACCEPT, "handler")
    told_by_helper = do(town_store, made, Act.PROGRESS, "helper", note="我先垫了块砖")
    assert told_by_helper.contacted_at is None
    assert do(town_store, made, Act.PROGRESS, "handler", note="下午来修").contacted_at is not None
