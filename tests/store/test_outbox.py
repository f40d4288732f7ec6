"""Claiming what is owed: in order for each receiver, by one process at a time, never lost."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from tests.support import rows

from redprop_bot.ports import FrozenClock
from redprop_bot.store import access, messages
from redprop_bot.store.tables import Outbox
from redprop_bot.store.worker import Store

LEASE = timedelta(seconds=60)

CHANNELS = ("oa", "work")


def claim(store: Store, owner: str = "a", limit: int = 10) -> list[Outbox]:
    """What this owner gets now."""
    return store.run(lambda tx: messages.claim(tx, owner=owner, lease=LEASE, limit=limit, channels=CHANNELS))


def keys(claimed: list[Outbox]) -> list[str]:
    """Their keys, in order."""
    return [m.key for m in claimed]


def owe(store: Store, *messages_: tuple[str, str], **values) -> None:
    """Queue messages, each `(key, receiver)`."""
    store.run(lambda tx: [rows.owed(tx, key=k, receiver=r, **values) for k, r in messages_])


def stored(store: Store, key: str) -> Outbox:
    """The row as it is now."""
    return store.look(lambda tx: next(m for m in tx.list(Outbox) if m.key == key))


def test_one_message_a_receiver(store: Store) -> None:
    """A claim takes the first message of each receiver, in the order they were queued."""
    owe(store, ("1", "li"), ("2", "zhou"), ("3", "li"), ("4", "chen"))
    assert keys(claim(store)) == ["1", "2", "4"]


def test_the_next_one_waits_for_the_first(store: Store, clock: FrozenClock) -> None:
    """While one message of a receiver is under way nobody gets the next; once it is sent, they do."""
    owe(store, ("1", "li"), ("2", "li"))
    (first,) = claim(store)
    assert claim(store, "b") == []
    store.run(lambda tx: messages.mark_sent(tx, [first]))
    assert keys(claim(store, "b")) == ["2"]
    assert (stored(store, "1").state, stored(store, "1").sent_at) == ("sent", clock.at)


def test_a_dead_message_holds_up_nobody(store: Store) -> None:
    """After one was given up the next goes out."""
    owe(store, ("1", "li"), ("2", "li"))
    (first,) = claim(store)
    store.run(lambda tx: messages.mark_dead(tx, first, "x" * 900))
    assert keys(claim(store)) == ["2"]
    assert (stored(store, "1").state, len(stored(store, "1").error)) == ("dead", 500)


def test_the_same_name_on_another_channel_is_another_receiver(store: Store) -> None:
    """Order holds per channel and receiver."""
    owe(store, ("1", "li"))
    owe(store, ("2", "li"), channel="oa")
    assert keys(claim(store)) == ["1", "2"]


def test_due_is_what_should_be_on_its_way(store: Store, clock: FrozenClock) -> None:
    """What is being sent and what may be taken is due; what is for later, waits for a word, was sent or died is not."""
    store.run(lambda tx: rows.owed(tx, key="later", not_before=tx.now + timedelta(hours=8)))
    owe(store, ("1", "li"), ("2", "li"), ("3", "zhou"), ("4", "chen"))
    owe(store, ("5", "chen"), state="waiting")
    assert store.look(access.outbox_due) == 4
    first, second, third = claim(store)
    assert store.look(access.outbox_due) == 4
    store.run(lambda tx: messages.mark_sent(tx, [first]))
    store.run(lambda tx: messages.mark_dead(tx, second, "refused"))
    assert store.look(access.outbox_due) == 2, (third.key, "2")
    clock.at += timedelta(hours=9)
    assert store.look(access.outbox_due) == 3


def test_what_may_not_leave_yet_stays(store: Store, clock: FrozenClock) -> None:
    """A message for later stays and does not hold up what comes after it; when its time comes it goes."""
    store.run(lambda tx: rows.owed(tx, key="later", not_before=tx.now + timedelta(hours=8)))
    owe(store, ("now", "limgr"))
    (sent,) = claim(store)
    assert sent.key == "now"
    store.run(lambda tx: messages.mark_sent(tx, [sent]))
    assert claim(store) == []
    clock.at += timedelta(hours=8)
    assert keys(claim(store)) == ["later"]


def test_one_under_way_keeps_an_earlier_one_back(store: Store, clock: FrozenClock) -> None:
    """When an earlier message becomes due while a later one is under way, it waits: never two at once."""
    store.run(lambda tx: rows.owed(tx, key="early", not_before=tx.now + timedelta(seconds=30)))
    owe(store, ("late", "limgr"))
    assert keys(claim(store)) == ["late"]
    clock.at += timedelta(seconds=40)
    assert claim(store, "b") == []


def test_a_failed_one_comes_again_after_its_pause(store: Store, clock: FrozenClock) -> None:
    """A postponed message is pending again, with its error and the number of attempts."""
    owe(store, ("1", "li"))
    (one,) = claim(store)
    assert one.attempts == 1
    store.run(lambda tx: messages.postpone(tx, one, tx.now + timedelta(minutes=2), "errcode=-1"))
    assert claim(store) == []
    clock.at += timedelta(minutes=2)
    (again,) = claim(store)
    assert (again.key, again.attempts, again.error) == ("1", 2, "errcode=-1")


def test_a_lost_claim_is_taken_again(store: Store, clock: FrozenClock) -> None:
    """When a process died with a claim, another takes the message after the lease, not before."""
    owe(store, ("1", "li"), ("2", "li"))
    claim(store, "died")
    clock.at += LEASE
    assert claim(store, "b") == []
    clock.at += timedelta(seconds=1)
    (again,) = claim(store, "b")
    assert (again.key, again.claimed_by, again.attempts) == ("1", "b", 2)


def test_whoever_lost_a_claim_cannot_undo_a_delivery(store: Store, clock: FrozenClock) -> None:
    """A slow process whose claim was taken over may neither postpone nor give up what the other one sent."""
    owe(store, ("1", "li"))
    (slow,) = claim(store, "slow")
    clock.at += LEASE * 2
    (taken,) = claim(store, "b")
    store.run(lambda tx: messages.postpone(tx, slow, tx.now, "late"))
    assert stored(store, "1").claimed_by == "b"
    store.run(lambda tx: messages.mark_sent(tx, [taken]))
    store.run(lambda tx: messages.mark_dead(tx, slow, "late"))
    store.run(lambda tx: messages.postpone(tx, slow, tx.now, "late"))
    assert stored(store, "1").state == "sent"


def test_claims_of_a_dead_process_are_free_at_once(store: Store) -> None:
    """Its attempts stay counted, its messages go to whoever asks next; others' claims stay."""
    owe(store, ("1", "li"), ("2", "zhou"))
    claim(store, "a", limit=1)
    claim(store, "b", limit=1)
    assert sorted(store.look(messages.claimers)) == ["a", "b"]
    store.run(lambda tx: messages.release(tx, "a"))
    (again,) = claim(store, "c")
    assert (again.key, again.attempts) == ("1", 2)
    assert stored(store, "2").claimed_by == "b"


def test_a_claim_takes_no_more_than_asked(store: Store) -> None:
    """The limit holds, oldest first."""
    owe(store, *[(str(n), f"r{n}") for n in range(10)])
    assert keys(claim(store, limit=3)) == ["0", "1", "2"]


def test_the_database_refuses_two_claims_of_one_receiver(store: Store) -> None:
    """Even a statement that goes around the rules cannot hold two messages of one receiver."""
    owe(store, ("1", "li"), ("2", "li"))
    with pytest.raises(IntegrityError):
        store.run(lambda tx: tx.execute(text("UPDATE outbox SET state = 'claimed'")))
    assert [stored(store, k).state for k in "12"] == ["pending", "pending"]


def test_a_message_is_owed_once(store: Store) -> None:
    """A second message with the same key is not queued."""

    def job(tx):
        first = rows.owed(tx, key="demand:1:ordered:li")
        tx.insert_many_new(Outbox, [first._asdict() | {"id": first.id + 1}])
        return len(tx.list(Outbox))

    assert store.run(job) == 1


def test_two_owners_share_without_doubling(store: Store, open_store) -> None:
    """Two processes drain one outbox: each message is sent once, each receiver's in order, never two at once."""
    owe(store, *[(f"{n}", f"r{n % 5}") for n in range(60)])
    sent: list[Outbox] = []
    under_way: set[str] = set()
    clashes: list[str] = []
    gate = threading.Lock()

    def drain(mine: Store, owner: str) -> None:
        while len(sent) < 60:
            for message in claim(mine, owner, limit=3):
                with gate:
                    if message.receiver in under_way:
                        clashes.append(message.receiver)
                    under_way.add(message.receiver)
                with gate:
                    mine.run(lambda tx, m=message: messages.mark_sent(tx, [m]))
                    sent.append(message)
                    under_way.discard(message.receiver)

    drains = [
        threading.Thread(target=drain, args=(s, f"owner{n}")) for n, s in enumerate((store, open_store(store.url)))
    ]
    for thread in drains:
        thread.start()
    for thread in drains:
        thread.join(120)
    assert clashes == []
    assert len(sent) == 60
    for receiver in (f"r{n}" for n in range(5)):
        order = [m.id for m in sent if m.receiver == receiver]
        assert order == sorted(set(order))


def test_a_claim_waits_for_a_claim_under_way(postgres_store: Store, open_store) -> None:
    """Two claims whose snapshots cannot see each other take turns, so that they do not split one receiver."""
    store, other = postgres_store, open_store(postgres_store.url)
    owe(store, ("1", "li"), ("2", "li"))
    got: list[Outbox] = []
    thread = threading.Thread(target=lambda: got.extend(claim(other, "b")))

    def job(tx):
        mine = messages.claim(tx, owner="a", lease=LEASE, limit=10, channels=CHANNELS)
        thread.start()
        thread.join(0.3)
        return mine, thread.is_alive()

    mine, waiting = store.run(job)
    thread.join(30)
    assert waiting
    assert (keys(mine), got) == (["1"], [])


def test_a_channel_that_is_off_is_left_alone(store: Store) -> None:
    """What is owed to a channel without a sender stays pending and counts no attempt."""
    owe(store, ("1", "li"))
    row = stored(store, "1")
    other = next(c for c in CHANNELS if c != row.channel)
    taken = store.run(lambda tx: messages.claim(tx, owner="a", lease=LEASE, limit=9, channels=[other]))
    assert taken == []
    assert (stored(store, "1").state, stored(store, "1").attempts) == ("pending", 0)


def test_what_a_channel_that_is_off_owes_is_given_up_after_a_day(store: Store, clock: FrozenClock) -> None:
    """Older than the moment: dead and visible. Younger, or of a channel that is on: untouched."""
    owe(store, ("1", "li"))
    row = stored(store, "1")
    other = next(c for c in CHANNELS if c != row.channel)
    assert store.run(lambda tx: messages.give_up(tx, [other], before=tx.now)) == 0
    clock.at += timedelta(hours=25)
    assert store.run(lambda tx: messages.give_up(tx, [row.channel], before=tx.now)) == 0
    assert store.run(lambda tx: messages.give_up(tx, [other], before=tx.now)) == 1
    assert stored(store, "1").state == "dead"
