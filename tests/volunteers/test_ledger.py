"""The ledger of points: it adds up, never falls below zero, and is corrected by counter-entries only."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.support.books import booking, person, somebody

from redprop_bot.errors import Conflict, Forbidden, Invalid, Refused
from redprop_bot.store import points, soundness
from redprop_bot.store.tables import PointBalance, PointEntry
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import countering, ledger


def refused(store: Store, kind: type[Refused], job: Callable) -> str:
    """The code of the refusal; nothing is booked by it."""
    before = store.look(entries)
    with pytest.raises(kind) as caught:
        store.run(job)
    assert store.look(entries) == before
    return caught.value.code


def entries(tx) -> list[tuple[int, int]]:
    """All that was booked: person and number."""
    return [(e.person_id, e.delta) for e in tx.list(PointEntry, order=points._e.c.id)]


def test_earning_and_spending_move_the_balance(store: Store) -> None:
    """Thirty earned and twelve spent leave eighteen; the books are sound."""

    def job(tx):
        who = person(tx)
        ledger.award(tx, booking(who, 30))
        ledger.spend(tx, booking(who, 12, kind="redeem"))
        return ledger.balance(tx, who), entries(tx) == [(who, 30), (who, -12)]

    assert store.run(job) == (18, True)
    assert store.look(soundness.problems) == []


def test_the_same_booking_twice_is_booked_once(store: Store) -> None:
    """A retry with the same key gets the entry that is there, whatever number it asks for."""

    def job(tx):
        who = person(tx)
        once = booking(who, 10, key="attendance:1")
        first, second = ledger.award(tx, once), ledger.award(tx, booking(who, 99, key="attendance:1"))
        return first == second, ledger.balance(tx, who)

    assert store.run(job) == (True, 10)


def test_more_than_there_is_cannot_be_spent(store: Store) -> None:
    """Whoever has ten cannot spend eleven: refused with both numbers, nothing is booked."""
    who = store.run(person)
    store.run(lambda tx: ledger.award(tx, booking(who, 10)))
    with pytest.raises(Conflict) as caught:
        store.run(lambda tx: ledger.spend(tx, booking(who, 11)))
    assert (caught.value.code, caught.value.slots) == ("points_short", {"have": 10, "need": 11})
    assert store.look(entries) == [(who, 10)]


@pytest.mark.parametrize("number", [0, -1, -(10**9)])
def test_numbers_below_one_are_refused(store: Store, number: int) -> None:
    """Nobody books nothing, and nobody takes by giving."""
    who = store.run(person)
    for step in (ledger.award, ledger.spend):
        assert refused(store, Invalid, lambda tx, step=step: step(tx, booking(who, number))) == "points_positive"


def test_caps_cut_what_is_given(store: Store) -> None:
    """One activity brings at most its cap; a day at most the day's; then nothing is booked at all."""

    def job(tx):
        who, caps = person(tx), tx.content.points.caps
        one = [ledger.award(tx, booking(who, 10**6, source="activity:A1")) for _ in range(2)]
        other = [ledger.award(tx, booking(who, 10**6)) for _ in range(3)]
        return caps, [e and e.delta for e in one], [e and e.delta for e in other]

    caps, one, other = store.run(job)
    assert one == [caps.activity, None]
    assert other == [caps.day - caps.activity, None, None]


def test_what_was_taken_back_frees_the_cap(store: Store) -> None:
    """After a counter-entry the same activity can bring points again."""

    def job(tx):
        who = person(tx)
        first = ledger.award(tx, booking(who, 10**6, source="activity:A1"))
        ledger.counter(tx, first, "签到签错了")
        again = ledger.award(tx, booking(who, 7, source="activity:A1"))
        return again.delta, ledger.balance(tx, who)

    assert store.run(job) == (7, 7)


def test_a_counter_entry_is_made_once(store: Store) -> None:
    """Taking back twice takes back once; a counter-entry cannot be taken back."""

    def job(tx):
        who = person(tx)
        first = ledger.award(tx, booking(who, 20))
        backs = [ledger.counter(tx, first, "记重了", by=somebody("王书记")) for _ in range(2)]
        return backs, ledger.balance(tx, who)

    (back, again), left = store.run(job)
    assert (back, left) == (again, 0)
    assert (back.delta, back.by_name, back.reason) == (-20, "王书记", "记重了")
    assert refused(store, Conflict, lambda tx: ledger.counter(tx, back, "又错了")) == "points_reversal"
    assert store.look(soundness.problems) == []


def test_spent_points_cannot_be_taken_back(store: Store) -> None:
    """What was spent stays spent: a counter-entry that would leave less than nothing is refused."""

    def job(tx):
        who = person(tx)
        first = ledger.award(tx, booking(who, 20))
        ledger.spend(tx, booking(who, 15, kind="redeem"))
        return first

    first = store.run(job)
    assert refused(store, Conflict, lambda tx: ledger.counter(tx, first, "记错了")) == "points_short"


def test_a_cancelled_purchase_gives_the_points_back(store: Store) -> None:
    """The counter-entry of what was spent brings it back, without counting as earned."""

    def job(tx):
        who = person(tx)
        ledger.award(tx, booking(who, 20))
        ledger.counter(tx, ledger.spend(tx, booking(who, 15, kind="redeem")), "不要了")
        day = tx.now.astimezone(tx.content.zone).date().isoformat()
        return ledger.balance(tx, who), points.earned(tx, who, first=day, last=day)

    assert store.run(job) == (20, 20)


# -- by hand


def test_points_by_hand_wait_for_somebody_else(store: Store) -> None:
    """Asked by one and agreed by another: then they are booked, in the ledger of the hand, with both names."""
    who = store.run(person)
    request = store.run(lambda tx: ledger.ask(tx, who, 5, "值了一夜的班", somebody("小陈"), community_id=None))
    assert store.look(lambda tx: ledger.balance(tx, who)) == 0
    store.run(lambda tx: ledger.decide(tx, request.id, somebody("王书记"), approve=True))
    [entry] = store.look(lambda tx: points.page(tx, person_id=who, limit=5))
    assert (entry.delta, entry.ledger, entry.by_name, entry.approved_by) == (5, "hand", "小陈", "王书记")
    assert store.look(soundness.problems) == []


def test_nobody_approves_themselves(store: Store) -> None:
    """Neither who asked nor who would get them may agree, nor may anybody ask for themselves."""
    asking, who = store.run(lambda tx: (person(tx), person(tx)))
    by = somebody("小陈", asking)
    request = store.run(lambda tx: ledger.ask(tx, who, 5, "帮忙搬书", by, community_id=None))
    for approver in (by, somebody("老赵", who)):
        job = lambda tx, a=approver: ledger.decide(tx, request.id, a, approve=True)  # noqa: E731
        assert refused(store, Forbidden, job) == "points_own_approval"
    ask = lambda tx: ledger.ask(tx, asking, 5, "我自己", by, community_id=None)  # noqa: E731
    assert refused(store, Forbidden, ask) == "points_own"
    token = somebody("接口")
    other = store.run(lambda tx: ledger.ask(tx, who, 5, "帮忙搬书", token, community_id=None))
    job = lambda tx: ledger.decide(tx, other.id, token, approve=True)  # noqa: E731
    assert refused(store, Forbidden, job) == "points_own_approval"


def test_a_request_is_decided_once(store: Store) -> None:
    """What was refused or approved stays so, and brings its points once."""
    who = store.run(person)
    request = store.run(lambda tx: ledger.ask(tx, who, 5, "帮忙搬书", somebody("小陈"), community_id=None))
    decide = lambda tx: ledger.decide(tx, request.id, somebody("王书记"), approve=True)  # noqa: E731
    store.run(decide)
    assert refused(store, Conflict, decide) == "points_decided"


@pytest.mark.parametrize("number", [51, 10**12, 0, -5])
def test_huge_and_negative_points_by_hand_are_refused(store: Store, number: int) -> None:
    """No hand gives more at once than the rules allow, nor less than one."""
    who = store.run(person)
    ask = lambda tx: ledger.ask(tx, who, number, "多多益善", somebody("小陈"), community_id=None)  # noqa: E731
    assert refused(store, Invalid, ask) in {"points_huge", "points_positive"}


# -- guards


@pytest.mark.parametrize("statement", ["UPDATE point_entry SET delta = 999", "DELETE FROM point_entry"])
def test_the_ledger_cannot_be_changed(store: Store, statement: str) -> None:
    """The database itself refuses to change or remove what was booked."""
    who = store.run(person)
    store.run(lambda tx: ledger.award(tx, booking(who, 10)))
    with pytest.raises(DBAPIError, match="append-only"):
        store.run(lambda tx: tx.execute(text(statement)))
    assert store.look(entries) == [(who, 10)]


def test_the_database_refuses_a_balance_below_zero(store: Store) -> None:
    """Whatever statement tries it."""
    who = store.run(person)
    store.run(lambda tx: ledger.award(tx, booking(who, 10)))
    with pytest.raises(DBAPIError):
        store.run(lambda tx: tx.execute(text("UPDATE point_balance SET balance = -1")))


def test_a_balance_that_does_not_add_up_is_found(store: Store) -> None:
    """`db check` names whoever has another number than their entries add up to, or one out of nothing."""
    who, other = store.run(lambda tx: (person(tx), person(tx)))
    store.run(lambda tx: ledger.award(tx, booking(who, 10)))
    store.run(lambda tx: [tx.put(PointBalance, key, balance=n, named=False) for key, n in ((who, 11), (other, 3))])
    first, second = store.look(soundness.problems)
    assert f"第 {who} 号人记着 11 分，逐笔加起来是 10 分" in first
    assert f"第 {other} 号人记着 3 分，却没有一笔记录" in second


# -- at once


def together(jobs: list[Callable[[], object]]) -> list[object]:
    """Run all at the same time; what each gave or raised."""
    found: list[object] = []
    meet = threading.Barrier(len(jobs))

    def run(job):
        meet.wait(10)
        try:
            found.append(job())
        except Refused as error:
            found.append(error.code)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_ten_at_once_spend_what_is_there_and_no_more(store: Store) -> None:
    """Ten want thirty each of a hundred: three get it, seven are refused, ten are left."""
    who = store.run(person)
    store.run(lambda tx: ledger.award(tx, booking(who, 100)))
    spend = lambda: store.run(lambda tx: ledger.spend(tx, booking(who, 30, kind="redeem"))).delta  # noqa: E731
    got = together([spend] * 10)
    assert sorted(map(str, got)) == ["-30"] * 3 + ["points_short"] * 7
    assert store.look(lambda tx: ledger.balance(tx, who)) == 10
    assert store.look(soundness.problems) == []


def test_eight_tries_of_one_booking_at_once_book_it_once(store: Store) -> None:
    """All get the same entry."""
    who = store.run(person)
    once = booking(who, 10, key="attendance:7")
    got = together([lambda: store.run(lambda tx: ledger.award(tx, once)).id] * 8)
    assert len(set(got)) == 1
    assert store.look(entries) == [(who, 10)]


def test_the_day_cap_holds_for_many_at_once(store: Store) -> None:
    """Eight awards of thirty at once bring the day's cap and not a point more."""
    who = store.run(person)
    together([lambda: store.run(lambda tx: ledger.award(tx, booking(who, 30)))] * 8)
    assert store.look(lambda tx: ledger.balance(tx, who)) == store.content.points.caps.day


def test_by_hand_only_what_is_somebody_elses_and_not_of_the_shop_is_taken_back(store: Store) -> None:
    """One's own stays; what was spent in the shop comes back with the goods only; another's is taken back once."""
    who, other = store.run(person), store.run(person)
    hand = somebody("王书记", who)
    own = store.run(lambda tx: ledger.award(tx, booking(who, 10)))
    theirs = store.run(lambda tx: ledger.award(tx, booking(other, 10)))
    spent = store.run(lambda tx: ledger.spend(tx, booking(other, 4, kind="redeem")))
    take = lambda entry: lambda tx: countering.counter(tx, entry, "记错了", hand)  # noqa: E731
    assert refused(store, Forbidden, take(own)) == "points_own_entry"
    assert refused(store, Conflict, take(spent)) == "points_shop"
    assert refused(store, Conflict, take(theirs)) == "points_short"
    late = store.run(lambda tx: ledger.award(tx, booking(other, 5)))
    assert store.run(take(late)) == store.run(take(late))
    assert store.look(lambda tx: ledger.balance(tx, other)) == 6
