"""Points that hang on the word of the other side: they go and come with it, exactly, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.support import rows
from tests.support.books import booking, person, somebody

from redprop_bot.errors import Conflict, Forbidden
from redprop_bot.ports import FrozenClock
from redprop_bot.rules.flow import Act
from redprop_bot.store import events, points
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Demand, Helper, Outbox, Post, Wish
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import earning, ledger, wishes, word_of_others

RATED = Happening("rated", Act.RATE, None, "居民", "", {"stars": 5})
FULFILLED = Happening("fulfilled", Act.FULFIL, None, "物业")
REOPENED = Happening("reopened", Act.REOPEN, None, "居民", "又坏了")
WORTH = 10


@pytest.fixture
def helped(store: Store):
    """A neighbour who helped with an order, and the order."""

    def job(tx):
        who = rows.person(tx, name="罗桂兰", userid="luogl").id
        demand = rows.demand(tx, reporter_id=rows.person(tx).id)
        tx.insert(Helper, demand_id=demand.id, person_id=who, name="罗桂兰", at=tx.now)
        return who, demand.id

    return store.run(job)


def hear(store: Store, demand_id: int, *happenings: Happening) -> None:
    for event in happenings:
        store.run(lambda tx, event=event: earning.hear(tx, event, tx.get(Demand, demand_id)))


def deltas(store: Store, who: int) -> list[int]:
    """What was booked for somebody, oldest first."""
    return [entry.delta for entry in store.look(lambda tx: points.page(tx, person_id=who, limit=50))][::-1]


def told(store: Store, who: int) -> list[str]:
    found = store.look(
        lambda tx: tx.list(Outbox, Outbox.__table__.c.person_id == who, order=Outbox.__table__.c.id)
    )
    return [one.message for one in found]


def test_an_order_that_is_opened_again_takes_back_and_the_next_word_gives_again(store: Store, helped) -> None:
    """Counter-entries, one for one; each step however often it is heard; the person is told; it is on record."""
    who, demand = helped
    for _ in range(2):
        hear(store, demand, RATED, RATED, REOPENED, REOPENED)
    hear(store, demand, RATED)
    assert deltas(store, who) == [WORTH, -WORTH, WORTH, -WORTH, WORTH]
    assert store.look(lambda tx: ledger.balance(tx, who)) == WORTH
    assert told(store, who) == ["points_back", "points_again"] * 2
    first = store.look(lambda tx: points.page(tx, person_id=who, limit=50))[-1]
    assert [e.name for e in store.look(lambda tx: events.of(tx, "points", first.id, limit=9))] == ["points_back"]


def test_who_reported_for_another_loses_and_gains_it_likewise(store: Store) -> None:
    """帮TA报: done, opened again, done again."""

    def job(tx):
        who = rows.person(tx).id
        return who, rows.demand(tx, reporter_id=who, text="帮3栋王奶奶报一下，她家水管漏了").id

    who, demand = store.run(job)
    hear(store, demand, FULFILLED, REOPENED, FULFILLED, RATED)
    worth = store.content.points.kinds["report_for"].points
    assert deltas(store, who) == [worth, -worth, worth]


def test_nothing_is_taken_back_that_was_not_given(store: Store, helped) -> None:
    """Another order's points, those of an activity, and an order that nobody confirmed."""
    who, demand = helped

    def job(tx):
        other = rows.demand(tx, reporter_id=rows.person(tx).id)
        tx.insert(Helper, demand_id=other.id, person_id=who, name="罗桂兰", at=tx.now)
        earning.hear(tx, RATED, other)
        ledger.award(tx, booking(who, 7))

    store.run(job)
    hear(store, demand, REOPENED)
    assert (deltas(store, who), told(store, who)) == ([WORTH, 7], [])


def test_what_a_person_took_back_stays_taken_back(store: Store, helped) -> None:
    """The secretary decided that it is not theirs: another word of the resident does not give it again."""
    who, demand = helped
    hear(store, demand, RATED)

    def job(tx):
        [entry] = points.page(tx, person_id=who, limit=5)
        ledger.counter(tx, entry, "给错人了", by=somebody("秦书记"))

    store.run(job)
    hear(store, demand, REOPENED, RATED, RATED)
    assert deltas(store, who) == [WORTH, -WORTH]


def test_what_is_spent_stays_spent_and_the_secretary_hears_of_it(store: Store, helped) -> None:
    """No debt; opening again goes on; the next word gives nothing twice."""
    who, demand = helped

    def secretary(tx):
        keeper = rows.person(tx, userid="qinsj", name="秦书记")
        tx.insert(Post, person_id=keeper.id, duty="secretary", community_id=tx.get(Demand, demand).community_id)
        return keeper.id

    keeper = store.run(secretary)
    hear(store, demand, RATED)
    store.run(lambda tx: ledger.spend(tx, booking(who, 4, kind="shop")))
    hear(store, demand, REOPENED, REOPENED, RATED)
    assert (deltas(store, who), told(store, who)) == ([WORTH, -4], [])
    assert told(store, keeper) == ["points_spent"]


def test_many_at_once_take_back_and_give_again_once(store: Store) -> None:
    """Whoever hears it at the same moment: one entry stands, or none."""
    who = store.run(person)
    given = booking(who, 5, kind="assist")

    def all_at_once(job) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _n: store.run(job), range(8)))

    for _ in range(2):
        all_at_once(lambda tx: word_of_others.give(tx, given))
        all_at_once(lambda tx: word_of_others.take_back(tx, given.source, ("assist",), "退回重办"))
    all_at_once(lambda tx: word_of_others.give(tx, given))
    assert deltas(store, who) == [5, -5, 5, -5, 5]


# -- wishes


@pytest.fixture
def fulfilled(store: Store):
    """A wish that came true: its key, who wished, who gave."""

    def job(tx):
        wisher, giver = rows.person(tx).id, rows.person(tx, name="宋玉兰", userid="songyl").id
        wish = wishes.make(tx, wishes.Wished("想要一本字帖", wisher, None), somebody("居民", wisher))
        wish = wishes.decide(tx, wish, somebody("秦书记"), publish=True)
        wish = wishes.claim(tx, wish, somebody("宋玉兰", giver), person_id=giver)
        wish = wishes.deliver(tx, wish, somebody("宋玉兰", giver))
        wish = wishes.receive(tx, wish, somebody("居民", wisher))
        return wish.id, wisher, giver

    return store.run(job)


def test_a_wish_that_did_not_arrive_after_all_takes_its_points_back(store: Store, fulfilled) -> None:
    """Said by mistake: the giver's again to give, and with both words the points are there again."""
    wish, wisher, giver = fulfilled
    resident, helper = somebody("居民", wisher), somebody("宋玉兰", giver)
    store.run(lambda tx: wishes.miss(tx, tx.get(Wish, wish), resident))
    now = store.look(lambda tx: tx.get(Wish, wish))
    assert (now.status, now.delivered_at, now.received_at) == ("claimed", None, None)
    assert deltas(store, giver) == [WORTH, -WORTH]
    store.run(lambda tx: wishes.deliver(tx, tx.get(Wish, wish), helper))
    store.run(lambda tx: wishes.receive(tx, tx.get(Wish, wish), resident))
    assert deltas(store, giver) == [WORTH, -WORTH, WORTH]
    assert told(store, giver)[-4:] == ["wish_missed", "points_back", "points_again", "wish_fulfilled"]


def test_not_by_who_gave_it_and_not_for_ever(store: Store, clock: FrozenClock, fulfilled) -> None:
    """The giver's own word counts for nothing; after its days it stays as it is."""
    wish, wisher, giver = fulfilled
    with pytest.raises(Forbidden):
        store.run(lambda tx: wishes.miss(tx, tx.get(Wish, wish), somebody("宋玉兰", giver)))
    clock.at += timedelta(days=store.content.wishes.missed_days, seconds=1)
    with pytest.raises(Conflict):
        store.run(lambda tx: wishes.miss(tx, tx.get(Wish, wish), somebody("居民", wisher)))
    assert deltas(store, giver) == [WORTH]
