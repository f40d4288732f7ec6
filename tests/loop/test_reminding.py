"""The sweep of reminders and ladder where it is hard: twice, at once, half-way, with clocks that jump, on both engines."""

import asyncio
import itertools
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.loop import cells

from redprop_bot.clock import sweeping
from redprop_bot.content import Content
from redprop_bot.loop import due, ladder, order, reminding
from redprop_bot.loop.acts import perform
from redprop_bot.loop.report import Report
from redprop_bot.notify import nudging, telling
from redprop_bot.ports import FrozenClock
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Act
from redprop_bot.store.tables import Demand, Event, Nudge, Outbox, Person, Reminder
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

_ONCE = itertools.count()


def reported(tx: Tx, n: int = 1, **more) -> list[Demand]:
    """So many ordinary reports of residents, each dispatched to the company of the estate."""
    reg = register(tx)
    estate = reg.estate("槐荫里")
    made = []
    for number in range(n):
        person = tx.insert(Person, openid=f"o-r{number}-{next(_ONCE)}", created_at=tx.now)
        values = {
            "category": "building", "urgency": "normal", "estate_id": estate.id, "building": str(number),
            "reported_at": tx.now,
        } | more  # fmt: skip
        report = Report(f"{number}栋的门关不严", **values)
        made.append(order.order(tx, cells.actor("anyone"), report, reporter_id=person.id).demand)
    return made


def swept(store: Store) -> Counter[str]:
    """Everything that is due at the present moment; digests, which every day has, are tried in `test_digests`."""
    done = asyncio.run(_swept(store))
    del done["digest"]
    return done


async def _swept(store: Store) -> Counter[str]:
    return await sweeping.sweep(store)


def messages(store: Store) -> list[tuple[str, str]]:
    """Receiver and kind of every message that the clock caused, in order."""
    rows = store.look(lambda tx: sorted(tx.list(Outbox), key=lambda row: row.id))
    return [(row.receiver, row.message) for row in rows if "remind" in row.key]


def fired(store: Store) -> Counter[str]:
    return store.look(lambda tx: Counter(row.rule for row in tx.list(Reminder)))


def state(store: Store):
    return store.look(
        lambda tx: [
            sorted(tuple(map(str, row)) for row in tx.list(model))
            for model in (Demand, Event, Reminder, Nudge, Outbox)
        ]
    )


def test_a_second_sweep_of_the_same_moment_does_nothing(town_store: Store, clock: FrozenClock) -> None:
    """Not a row is touched, whatever the first one did."""
    town_store.run(lambda tx: reported(tx, 3))
    clock.at += timedelta(days=9)
    assert swept(town_store)["notice"] == 3
    before = state(town_store)
    assert swept(town_store) == Counter()
    assert state(town_store) == before


def test_everybody_gets_one_message_after_a_long_silence(town_store: Store, clock: FrozenClock) -> None:
    """Twenty orders, three weeks without a sweep: each person hears once, and all orders are on the table."""
    town_store.run(lambda tx: reported(tx, 20))
    clock.at += timedelta(days=21)
    done = swept(town_store)
    assert (done["climb"], done["notice"], done["overdue"]) == (20, 20, 20)
    heard = Counter(receiver for receiver, _ in messages(town_store))
    assert set(heard.values()) == {1}
    assert {"fangjl", "qinsj", "gaozr"} <= set(heard)
    stages = town_store.look(lambda tx: {row.stage for row in tx.list(Demand)})
    assert stages == {"tabled"}


def test_more_orders_and_people_than_a_batch_are_done_in_one_go(
    town_store: Store, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Merging does not end where a transaction does."""
    monkeypatch.setattr(reminding, "BATCH", 3)
    monkeypatch.setattr(reminding, "PEOPLE", 2)
    town_store.run(lambda tx: reported(tx, 8))
    clock.at += timedelta(days=7, hours=1)
    assert swept(town_store)["overdue"] == 8
    assert set(Counter(receiver for receiver, _ in messages(town_store)).values()) == {1}


def test_a_sweep_that_dies_half_way_is_gone_on_with(
    town_store: Store, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dead between the orders and the people: the next sweep says what was fired, once; nothing fires again."""
    town_store.run(lambda tx: reported(tx, 3))
    clock.at += timedelta(days=7, hours=1)

    def die(tx: Tx, *, limit: int) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(nudging, "tell_ripe", die)
        with pytest.raises(KeyboardInterrupt):
            town_store.run(due.sweep)  # as a whole transaction: nothing has happened
        assert fired(town_store) == Counter()
        patched.setattr(nudging, "tell_ripe", lambda tx, *, limit: 0)
        town_store.run(due.sweep)  # its first half is committed, then the process is gone
    assert fired(town_store)["overdue"] == 3
    assert messages(town_store) == []
    swept(town_store)
    assert fired(town_store)["overdue"] == 3
    assert Counter(receiver for receiver, _ in messages(town_store))["fangjl"] == 1


def test_two_sweeps_at_once_fire_everything_once(
    town_store: Store, clock: FrozenClock, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes, small batches: each (order, rule, due) once, one deed each, one message a person and order."""
    monkeypatch.setattr(reminding, "BATCH", 4)
    town_store.run(lambda tx: reported(tx, 24))
    clock.at += timedelta(days=21)
    other = Store(town_store.url, clock=clock, content=content, listeners=[telling.tell])
    gate, wrong = threading.Barrier(2), []

    def work(store: Store) -> None:
        try:
            gate.wait(10)
            while store.run(due.sweep):
                pass
        except Exception as error:  # noqa: BLE001 - judged below
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(store,)) for store in (town_store, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    swept(town_store)
    other.close()
    assert wrong == []
    assert fired(town_store)["climb"] == 24
    climbs = town_store.look(lambda tx: Counter(e.subject_id for e in tx.list(Event) if e.name == "climbed"))
    assert set(climbs.values()) == {1}
    assert len(climbs) == 24
    residents = [receiver for receiver, kind in messages(town_store) if kind == "climbed_resident"]
    assert len(residents) == len(set(residents)) == 24
    assert town_store.look(lambda tx: tx.list(Nudge)) == []


def test_a_clock_that_jumps_forward_and_back_fires_nothing_twice(town_store: Store, clock: FrozenClock) -> None:
    """Early once, for good; when the hour comes honestly, it is silent; what is later still comes."""
    town_store.run(reported)
    clock.at += timedelta(days=7, hours=1)
    swept(town_store)
    early = messages(town_store)
    assert ("fangjl", "overdue") in early
    clock.at -= timedelta(days=7)
    assert swept(town_store) == Counter()
    clock.at += timedelta(days=7)
    assert swept(town_store) == Counter()
    assert messages(town_store) == early
    clock.at += timedelta(days=1)
    assert swept(town_store)["notice"] == 1


def test_a_due_moment_that_was_past_from_the_start_is_late_not_lost(town_store: Store, clock: FrozenClock) -> None:
    """A report that arrives two weeks late is overdue at once, and climbs at once; no warning comes before."""
    town_store.run(lambda tx: reported(tx, reported_at=tx.now - timedelta(days=21)))
    done = swept(town_store)
    assert (done["overdue"], done["notice"], done["climb"]) == (1, 1, 1)
    assert done["calm_solve_48h"] == 0
    assert swept(town_store) == Counter()


def test_an_extension_plans_anew_and_forgets_nothing(town_store: Store, clock: FrozenClock) -> None:
    """The old due moment stays silent, the new one speaks."""
    (made,) = town_store.run(reported)

    def extend(tx: Tx) -> None:
        perform(tx, made, Act.EXTEND, cells.actor("handler"), {"days": 2, "reason": "等配件"})
        perform(tx, made, Act.GRANT, cells.actor("secretary"), {"days": 2})

    town_store.run(extend)
    clock.at += timedelta(days=7, hours=1)
    assert swept(town_store)["overdue"] == 0
    clock.at += timedelta(days=2)
    assert swept(town_store)["overdue"] == 1


@pytest.mark.parametrize(
    ("act", "who", "fields"),
    [
        (Act.WITHDRAW, "reporter", {}),
        (Act.CLOSE, "secretary", {"reason": "solved"}),
    ],
)
def test_what_is_finished_is_never_looked_at_again(
    town_store: Store, clock: FrozenClock, act: Act, who: str, fields: dict
) -> None:
    """No moment is left in the row: the sweep does not even see it. What is done still waits for a rating."""
    (made,) = town_store.run(reported)
    assert made.remind_at is not None
    after = town_store.run(lambda tx: perform(tx, made, act, cells.actor(who), fields))
    assert after.remind_at is None
    clock.at += timedelta(days=10)
    assert swept(town_store)["overdue"] == 0


def test_other_rules_and_another_zone_reach_orders_that_are_open(
    town_store: Store, clock: FrozenClock, content: Content
) -> None:
    """A rule that is new today fires for yesterday's orders; the old ones do not fire again."""
    town_store.run(reported)
    clock.at += timedelta(days=7, hours=1)
    swept(town_store)
    before = fired(town_store)
    first = next(r for r in content.reminders if r.name == "overdue")
    town_store.content = replace(
        content, reminders=(*content.reminders, replace(first, name="own")), zone=ZoneInfo("Asia/Urumqi")
    )
    swept(town_store)
    assert fired(town_store) - before == Counter({"own": 1})


def test_a_zone_change_does_not_fire_what_is_not_due_there(
    town_store: Store, clock: FrozenClock, content: Content
) -> None:
    """Its twin: rows planned in one zone are worked out again in the other before anything is said."""
    town_store.run(reported)
    town_store.content = replace(content, zone=ZoneInfo("Asia/Urumqi"))
    assert fired(town_store) == Counter()
    swept(town_store)
    assert fired(town_store) == Counter()


def test_an_order_that_cannot_be_done_holds_back_no_other(
    town_store: Store, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is put off for ten minutes, whole; then it is done."""
    bad, *_ = town_store.run(lambda tx: reported(tx, 3))
    clock.at += timedelta(days=8, hours=1)
    do = ladder.do

    def stumble(tx: Tx, demand: Demand, rule):
        if demand.id == bad.id and rule.name == "notice":
            raise RuntimeError("boom")
        return do(tx, demand, rule)

    with monkeypatch.context() as patched:
        patched.setattr(ladder, "do", stumble)
        assert swept(town_store)["notice"] == 2
    assert fired(town_store)["overdue"] == 2
    assert swept(town_store) == Counter()
    clock.at += timedelta(minutes=10)
    assert swept(town_store)["notice"] == 1


def test_a_person_who_cannot_be_told_holds_back_no_other(
    town_store: Store, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their nudges wait; the others hear at once."""
    town_store.run(reported)
    clock.at += timedelta(days=7, hours=1)
    fang = town_store.look(lambda tx: next(p.id for p in register(tx).people.values() if p.userid == "fangjl"))
    take = nudging.reminders.take

    def stumble(tx: Tx, person_id: int):
        if person_id == fang:
            raise RuntimeError("boom")
        return take(tx, person_id)

    with monkeypatch.context() as patched:
        patched.setattr(nudging.reminders, "take", stumble)
        swept(town_store)
    assert "fangjl" not in {receiver for receiver, _ in messages(town_store)}
    assert "qinsj" in {receiver for receiver, _ in messages(town_store)}
    clock.at += timedelta(minutes=10)
    swept(town_store)
    assert ("fangjl", "overdue") in messages(town_store)


def test_a_rule_that_was_taken_out_is_not_said_any_more(
    town_store: Store, clock: FrozenClock, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for the morning and is no rule by then goes without a word."""
    town_store.run(reported)
    clock.at += timedelta(days=7, hours=1)
    with monkeypatch.context() as patched:
        patched.setattr(nudging, "tell_ripe", lambda tx, *, limit: 0)
        town_store.run(due.sweep)
    town_store.content = replace(content, reminders=())
    swept(town_store)
    assert messages(town_store) == []
    assert town_store.look(lambda tx: tx.list(Nudge)) == []
