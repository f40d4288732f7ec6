"""Whatever is done to the ledger in whatever order: balances equal sums, and are never below zero."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from tests.conftest import NOW
from tests.support import rows, sqlite
from tests.support.books import booking, somebody
from tests.support.gatherings import KEEPER, activity, proof

from redprop_bot.content import Content
from redprop_bot.errors import Refused
from redprop_bot.loop import due
from redprop_bot.ports import FrozenClock
from redprop_bot.store import activities, soundness
from redprop_bot.store.tables import Activity, PointBalance, PointEntry
from redprop_bot.store.tx import table_of
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import activity_clock, attendance, ledger, oddities, signing_up

PEOPLE = 3


def machine(store: Store, clock: FrozenClock) -> type[RuleBasedStateMachine]:
    """The machine over a store that is empty at each start of it."""

    class Books(RuleBasedStateMachine):
        entries = Bundle("entries")
        whats = Bundle("whats")
        people = st.integers(0, PEOPLE - 1)

        def __init__(self) -> None:
            super().__init__()
            clock.at = NOW
            self.who = [store.run(rows.person).id for _ in range(PEOPLE)]
            self.model = dict.fromkeys(self.who, 0)

        def attempt(self, job):
            """Do it; what is refused changes nothing."""
            try:
                return store.run(job)
            except Refused:
                return None

        @rule(target=entries, who=people, number=st.integers(-5, 200), again=st.booleans())
        def award(self, who, number, again):
            person = self.who[who]
            what = booking(person, number)
            entry = self.attempt(lambda tx: ledger.award(tx, what))
            if again:
                assert self.attempt(lambda tx: ledger.award(tx, what)) == entry
            if entry is not None:
                assert 0 < entry.delta <= number
                self.model[person] += entry.delta
            return entry

        @rule(target=entries, who=people, number=st.integers(-5, 300))
        def spend(self, who, number):
            person = self.who[who]
            entry = self.attempt(lambda tx: ledger.spend(tx, booking(person, number, kind="redeem")))
            assert (entry is not None) == (0 < number <= self.model[person])
            self.model[person] -= number if entry is not None else 0
            return entry

        @rule(entry=entries)
        def counter(self, entry):
            if entry is None:
                return
            known = store.look(lambda tx: ledger.points.reversal(tx, entry.id))
            back = self.attempt(lambda tx: ledger.counter(tx, entry, "记错了"))
            if back is not None and known is None:
                self.model[entry.person_id] -= entry.delta

        @rule(who=people, number=st.integers(-2, 80), by=people, approver=people)
        def by_hand(self, who, number, by, approver):
            person, hands = self.who[who], [somebody(f"手{n}", self.who[n]) for n in (by, approver)]
            asked = self.attempt(lambda tx: ledger.ask(tx, person, number, "好事", hands[0], community_id=None))
            if asked is None:
                return
            done = self.attempt(lambda tx: ledger.decide(tx, asked.id, hands[1], approve=True))
            assert done is None or (approver not in (by, who))
            self.model[person] += number if done is not None else 0

        @rule(target=whats)
        def plan(self):
            return store.run(lambda tx: activity(tx, capacity=2, points=30)).id

        @rule(what=whats, who=people, step=st.sampled_from(["join", "leave", "in", "out", "correct", "strike"]))
        def take_part(self, what, who, step):
            person = self.who[who]

            def job(tx):
                one = tx.get(Activity, what)
                match step:
                    case "join":
                        signing_up.join(tx, one, person)
                    case "leave":
                        signing_up.leave(tx, one, person)
                    case "in":
                        attendance.check_in(tx, one, person, proof(tx, one), tx.now)
                    case "out":
                        attendance.check_out(tx, one, person, proof(tx, one), tx.now)
                    case "correct":
                        attendance.correct(tx, one, person, KEEPER, reason="补签")
                    case "strike":
                        attendance.strike(tx, one, person, KEEPER, reason="没来")

            self.attempt(job)
            self.model[person] = store.look(lambda tx: ledger.balance(tx, person))
            going = store.look(lambda tx: activities.going(tx, what))
            assert going <= 2 or step == "correct" or going <= PEOPLE

        @rule(minutes=st.integers(1, 90))
        def wait(self, minutes):
            clock.at += timedelta(minutes=minutes)
            while store.run(lambda tx: due.sweep(tx, {**activity_clock.DO, **oddities.DO})):
                pass
            self.model = {p: store.look(lambda tx, p=p: ledger.balance(tx, p)) for p in self.who}

        @invariant()
        def balances_are_sums_and_never_below_zero(self):
            entry, balance = table_of(PointEntry), table_of(PointBalance)
            sums = select(entry.c.person_id, func.sum(entry.c.delta)).group_by(entry.c.person_id)
            booked = {row[0]: int(row[1]) for row in store.look(lambda tx: tx.rows(sums))}
            kept = {row.person_id: row.balance for row in store.look(lambda tx: tx.rows(select(balance)))}
            for person, expected in self.model.items():
                assert kept.get(person, 0) == booked.get(person, 0) == expected >= 0

        def teardown(self):
            found = store.look(soundness.problems)
            assert [
                line for line in found if not line.startswith("定时事项")
            ] == []  # each run begins at one moment

    return Books


@pytest.fixture
def books(content: Content) -> Iterator[tuple[Store, FrozenClock]]:
    """A store of its own."""
    with TemporaryDirectory() as folder:
        clock = FrozenClock(NOW)
        store = Store(sqlite.migrated(Path(folder) / "books.db"), clock=clock, content=content)
        yield store, clock
        store.close()


def test_the_books_add_up_whatever_is_done(books: tuple[Store, FrozenClock]) -> None:
    """Awards, spending, counter-entries, points by hand, sign-ups and check-ins in any order."""
    limits = settings(max_examples=12, stateful_step_count=25, deadline=None, derandomize=True)
    run_state_machine_as_test(machine(*books), settings=limits)
