"""Inbox, replay marks, cards and timers: what keeps things from happening twice."""

import threading
from datetime import timedelta

from tests.support import rows

from redprop_bot.ports import Channel, FrozenClock
from redprop_bot.store import arrivals, messages, numbers, people
from redprop_bot.store.tables import Card, Inbox, Replay, Timer
from redprop_bot.store.worker import Store


def test_a_delivery_is_found_by_channel_and_key(store: Store) -> None:
    """The same key on the other channel is another message; an empty reply is a reply."""

    def job(tx):
        rows.received(tx, channel="oa", key="m1", reply="收到")
        rows.received(tx, channel="oa", key="m2", reply="")
        looked = [(Channel.OA, "m1"), (Channel.OA, "m2"), (Channel.WORK, "m1"), (Channel.OA, "m3")]
        return [arrivals.look(tx, *what, "somebody", revision="register").reply for what in looked]

    assert store.run(job) == ["收到", "", None, None]


def test_one_look_tells_who_speaks_and_what_has_changed(store: Store) -> None:
    """The person, what they are in the middle of and the revision come with the same look; nobody is nobody."""

    def job(tx):
        person = rows.person(tx, openid="o-1")
        people.keep_talk(tx, person.id, {"demand": "D20261125-0001"})
        numbers.bump_revision(tx, "register")
        known = arrivals.look(tx, Channel.OA, "m", "o-1", revision="register")
        other = arrivals.look(tx, Channel.WORK, "m", "o-1", revision="other")
        return person.id, known, other

    key, known, other = store.run(job)
    assert (known.person.id, known.talk, known.revision) == (key, {"demand": "D20261125-0001"}, 1)
    assert (other.person, other.talk, other.revision) == (None, {}, 0)


def test_settling_writes_the_outcome_on_one_row(store: Store) -> None:
    """Status, reply, error and reference of that row change, no other row does."""

    def job(tx):
        one, other = rows.received(tx, status="new"), rows.received(tx, status="new")
        messages.settle(tx, one.id, status="failed", reply="抱歉", error="KeyError", reference="R1")
        return tx.get(Inbox, one.id), tx.get(Inbox, other.id)

    one, other = store.run(job)
    assert (one.status, one.reply, one.error, one.reference) == ("failed", "抱歉", "KeyError", "R1")
    assert (other.status, other.reply, other.error) == ("new", "", None)


def test_failed_messages_are_found_for_replay(store: Store) -> None:
    """All that failed, oldest first, or the one with a reference."""

    def job(tx):
        for reference, status in (("R1", "failed"), ("R2", "done"), ("R3", "failed")):
            rows.received(tx, status=status, reference=reference)
        return [[m.reference for m in messages.failed(tx, asked)] for asked in (None, "R3", "R2", "R9")]

    assert store.run(job) == [["R1", "R3"], ["R3"], [], []]


def test_a_used_query_serves_only_the_same_body(store: Store) -> None:
    """The first use marks the query; the same body may come again, another body may not."""
    uses = [store.run(lambda tx, b=body: messages.used(tx, "sig1", b)) for body in ("a", "a", "b", "a")]
    assert uses == [True, True, False, True]


def test_only_one_body_wins_a_query(store: Store) -> None:
    """Eight bodies with one query at once: exactly one is let in."""
    results: list[bool] = []
    meet = threading.Barrier(8)

    def use(body: str) -> None:
        meet.wait(10)
        results.append(store.run(lambda tx: messages.used(tx, "sig1", body)))

    threads = [threading.Thread(target=use, args=(f"body{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == [False] * 7 + [True]


def test_old_marks_are_forgotten(store: Store, clock: FrozenClock) -> None:
    """Marks older than the window go, younger ones stay."""
    store.run(lambda tx: messages.used(tx, "old", "a"))
    clock.at += timedelta(minutes=20)
    store.run(lambda tx: messages.used(tx, "new", "a"))
    gone = store.run(lambda tx: messages.forget_replays(tx, tx.now - timedelta(minutes=10)))
    assert gone == 1
    assert [r.key for r in store.look(lambda tx: tx.list(Replay))] == ["new"]


def _card(tx, task_id, demand_id, **values):
    who = rows.person(tx)
    return tx.insert(Card, task_id=task_id, person_id=who.id, demand_id=demand_id, created_at=tx.now, **values)


def test_open_cards_of_a_demand(store: Store) -> None:
    """Cards whose buttons stand, of this demand only, in order."""

    def job(tx):
        one, other = rows.demand(tx), rows.demand(tx)
        _card(tx, "t1", one.id)
        _card(tx, "t2", one.id, state="acted")
        _card(tx, "t3", other.id)
        _card(tx, "t4", one.id)
        return [c.task_id for c in messages.open_cards(tx, one.id)]

    assert store.run(job) == ["t1", "t4"]


def test_a_response_code_is_kept_for_an_open_card(store: Store) -> None:
    """The code is kept on the card with that task id while its buttons stand."""

    def job(tx):
        demand = rows.demand(tx)
        _card(tx, "t1", demand.id)
        _card(tx, "t2", demand.id, state="acted")
        for task in ("t1", "t2", "none"):
            messages.keep_response_code(tx, task, "code")
        return [messages.card(tx, t) for t in ("t1", "t2", "none")]

    one, acted, none = store.run(job)
    assert (one.response_code, acted.response_code, none) == ("code", None, None)


def test_a_tapped_card_acts_once(store: Store) -> None:
    """Two taps at once: one finds the card open, the other finds it acted."""
    store.run(lambda tx: _card(tx, "t1", rows.demand(tx).id))
    seen: list[str] = []
    meet = threading.Barrier(2)

    def tap():
        meet.wait(10)

        def job(tx):
            card = messages.card(tx, "t1")
            tx.update(Card, card.id, state="acted")
            return card.state

        seen.append(store.run(job))

    threads = [threading.Thread(target=tap) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(seen) == ["acted", "open"]


def test_a_timer_is_planned_once(store: Store) -> None:
    """A second plan with the same key changes nothing."""

    def job(tx):
        messages.plan(tx, "respond:1", "respond", tx.now, 1, step=1)
        messages.plan(tx, "respond:1", "respond", tx.now + timedelta(days=1), 2, step=2)
        return tx.list(Timer)

    (only,) = store.run(job)
    assert (only.subject_id, only.data, only.done_at) == (1, {"step": 1}, None)


def test_due_timers_come_oldest_first(store: Store) -> None:
    """What is due and not done, oldest first, no more than asked; what is done, cancelled or not yet due stays away."""

    def job(tx):
        rows.timer(tx, timedelta(hours=1), key="second")
        rows.timer(tx, timedelta(hours=2), key="first")
        rows.timer(tx, key="now")
        rows.timer(tx, timedelta(hours=-1), key="later")
        done = rows.timer(tx, timedelta(hours=3), key="done")
        rows.timer(tx, timedelta(hours=3), key="cancelled")
        messages.finish(tx, done.id)
        messages.cancel(tx, "cancelled")
        return [t.key for t in messages.due_timers(tx, limit=10)], len(messages.due_timers(tx, limit=1))

    assert store.run(job) == (["first", "second", "now"], 1)


def test_cancelling_leaves_what_was_done(store: Store, clock: FrozenClock) -> None:
    """A timer that was done keeps the moment it was done."""
    done = store.run(lambda tx: rows.timer(tx, key="a", done_at=tx.now))
    clock.at += timedelta(hours=1)
    store.run(lambda tx: messages.cancel(tx, "a"))
    assert store.run(lambda tx: tx.get(Timer, done.id)).done_at == done.done_at


def test_two_sweeps_do_a_timer_once(store: Store, open_store) -> None:
    """Two processes sweep at the same time: every timer is done by exactly one of them."""
    store.run(lambda tx: [rows.timer(tx, key=f"t{n}") for n in range(40)])
    done: list[str] = []

    def sweep(mine: Store) -> None:
        def job(tx):
            found = messages.due_timers(tx, limit=3)
            for timer in found:
                messages.finish(tx, timer.id)
            return [t.key for t in found]

        while some := mine.run(job):
            done.extend(some)

    sweeps = [threading.Thread(target=sweep, args=(s,)) for s in (store, open_store(store.url))]
    for thread in sweeps:
        thread.start()
    for thread in sweeps:
        thread.join(60)
    assert sorted(done) == sorted(f"t{n}" for n in range(40))


def test_a_sweep_that_fails_leaves_its_timers(store: Store) -> None:
    """A timer whose work failed is still due."""
    store.run(lambda tx: rows.timer(tx, key="a"))

    def job(tx):
        (timer,) = messages.due_timers(tx, limit=1)
        messages.finish(tx, timer.id)
        raise ValueError

    try:
        store.run(job)
    except ValueError:
        left = store.run(lambda tx: [t.key for t in messages.due_timers(tx, limit=1)])
    assert left == ["a"]
