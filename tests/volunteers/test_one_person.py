"""One person who came twice: what goes together, what does not, and that it can be taken apart again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.support import rows
from tests.support.books import booking
from tests.support.gatherings import KEEPER, activity

from redprop_bot.errors import Conflict
from redprop_bot.ports import Channel, FrozenClock
from redprop_bot.registry.register import changed, register
from redprop_bot.store import activities, people, points, soundness
from redprop_bot.store.tables import Demand, Helper, Member, Person, PointEntry, Post
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import attendance, enrolment, ledger, one_person, signing_up, word_of_others
from redprop_bot.volunteers.enrolment import Card

CARD = Card("罗桂兰", skills=("理发",), hours="周末", chosen=("便民服务员",))


@pytest.fixture
def two(store: Store):
    """The keys of a member of the roster, and of the same person as they came from the Official Account."""

    def job(tx):
        kept = rows.person(tx, userid="luogl", name="罗桂兰")
        tx.insert(Member, person_id=kept.id, party=True, branch="东区支部", skills=["电工"])
        came = rows.person(tx, openid="o-luo", phone="13900001111", building="3")
        changed(tx)
        enrolment.register_them(tx, came, CARD)
        return kept.id, came.id

    return store.run(job)


def unsound(store: Store) -> list[str]:
    """What `db check` says, but of the numbers, which the rows of tests make up."""
    return [line for line in store.look(soundness.problems) if not line.startswith("编号")]


def person(store: Store, key: int) -> Person:
    return store.look(lambda tx: tx.get(Person, key))


def join(store: Store, kept: int, came: int) -> None:
    store.run(lambda tx: one_person.join(tx, tx.get(Person, kept), tx.get(Person, came)))


def balances(store: Store, *keys: int) -> list[int]:
    return store.look(lambda tx: [ledger.balance(tx, key) for key in keys])


def test_points_places_skills_and_orders_go_together(store: Store, two) -> None:
    """Under the row of the roster, which both accounts lead to; the statement holds all and adds up."""
    kept, came = two

    def before(tx):
        ledger.award(tx, booking(kept, 7))
        ledger.award(tx, booking(came, 10))
        what = activity(tx, begins=timedelta(days=1))
        signing_up.join(tx, what, came)
        return what.id, rows.demand(tx, reporter_id=came).id

    what, demand = store.run(before)
    join(store, kept, came)
    assert balances(store, kept, came) == [17, 0]
    statement = store.look(lambda tx: points.page(tx, person_id=kept, limit=9))
    assert sorted(entry.delta for entry in statement) == [7, 10]
    assert store.look(lambda tx: activities.sign_up(tx, what, kept)).state == "going"
    assert store.look(lambda tx: activities.sign_up(tx, what, came)) is None
    assert store.look(lambda tx: tx.get(Demand, demand)).reporter_id == kept
    member = store.look(register).members[kept]
    assert (member.party, member.branch, member.skills) == (True, "东区支部", ["电工", "理发"])
    assert (member.chosen, member.hours, came in store.look(register).members) == (["便民服务员"], "周末", False)
    whole, stub = person(store, kept), person(store, came)
    assert (whole.openid, whole.phone, whole.userid) == ("o-luo", "13900001111", "luogl")
    assert (stub.openid, stub.phone, stub.name, stub.building, stub.merged_into_id) == (
        None,
        None,
        None,
        None,
        kept,
    )
    assert store.look(lambda tx: people.who(tx, Channel.OA, "o-luo"))[0].id == kept
    assert unsound(store) == []


def test_what_was_booked_before_is_taken_back_and_given_as_theirs(store: Store, two) -> None:
    """A correction of an old entry comes out of what they have now; an order gives no second time."""
    kept, came = two

    def before(tx):
        demand = rows.demand(tx, reporter_id=rows.person(tx).id)
        tx.insert(Helper, demand_id=demand.id, person_id=came, name="罗桂兰", at=tx.now)
        return booking(came, 10, kind="assist", key=f"assist:{demand.no}:{came}", source=f"demand:{demand.no}")

    given = store.run(before)
    store.run(lambda tx: word_of_others.give(tx, given))
    spent = store.run(lambda tx: ledger.spend(tx, booking(came, 4, kind="shop")))
    join(store, kept, came)
    again = booking(kept, 10, kind="assist", key=given.key.replace(str(came), str(kept)), source=given.source)
    store.run(lambda tx: word_of_others.give(tx, again))
    assert balances(store, kept, came) == [6, 0]
    store.run(lambda tx: ledger.counter(tx, spent, "没取，退回"))
    assert balances(store, kept, came) == [10, 0]
    store.run(lambda tx: word_of_others.take_back(tx, given.source, ("assist",), "退回重办"))
    assert balances(store, kept, came) == [0, 0]
    store.run(lambda tx: word_of_others.give(tx, again))
    assert balances(store, kept, came) == [10, 0]
    total = sum(entry.delta for entry in store.look(lambda tx: points.page(tx, person_id=kept, limit=50)))
    assert (total, unsound(store)) == (10, [])


def test_who_was_there_twice_was_there_once(store: Store, two) -> None:
    """The same activity under both names: one place, one attendance that counts; who waits moves up."""
    kept, came = two

    def before(tx):
        both = activity(tx, hours=1)
        for key in (kept, came):
            attendance.correct(tx, both, key, KEEPER, reason="没带手机")
        full = activity(tx, begins=timedelta(days=1), capacity=2)
        signing_up.join(tx, full, kept)
        signing_up.join(tx, full, came)
        signing_up.join(tx, full, waiting := rows.person(tx).id)
        better = activity(tx, begins=timedelta(days=2), capacity=1)
        signing_up.join(tx, better, came)
        signing_up.join(tx, better, kept)
        return full.id, waiting, better.id

    full, waiting, better = store.run(before)
    worth = balances(store, kept)[0]
    join(store, kept, came)
    assert balances(store, kept, came) == [worth, 0]
    state = lambda what, who: store.look(lambda tx: activities.sign_up(tx, what, who)).state  # noqa: E731
    assert [state(full, who) for who in (kept, came, waiting)] == ["going", "left", "going"]
    assert [state(better, who) for who in (kept, came)] == ["going", "left"]
    assert unsound(store) == []


def test_the_caps_of_a_day_hold_for_both_together(store: Store, two) -> None:
    """Nobody earns twice as much by coming twice."""
    kept, came = two
    most = store.content.points.kinds["assist"].day
    for _ in range(2):
        store.run(lambda tx: ledger.award(tx, booking(came, most, kind="assist")))
    join(store, kept, came)
    assert store.run(lambda tx: ledger.award(tx, booking(kept, 10, kind="assist"))) is None
    assert balances(store, kept) == [most]


def test_it_can_be_taken_apart_again(store: Store, two, clock: FrozenClock) -> None:
    """Account, orders, places and points go back; what the roster said stays; only for some days."""
    kept, came = two

    def before(tx):
        ledger.award(tx, booking(kept, 7))
        ledger.award(tx, booking(came, 10))
        return rows.demand(tx, reporter_id=came).id, rows.demand(tx, reporter_id=kept).id

    theirs, own = store.run(before)
    join(store, kept, came)
    store.run(lambda tx: ledger.spend(tx, booking(kept, 12, kind="shop")))
    store.run(lambda tx: one_person.part(tx, tx.get(Person, kept), by="本人"))
    assert balances(store, kept, came) == [0, 5]
    assert [store.look(lambda tx, k=k: tx.get(Demand, k)).reporter_id for k in (theirs, own)] == [came, kept]
    whole, other = person(store, kept), person(store, came)
    assert (whole.openid, whole.phone, other.openid, other.phone) == (None, None, "o-luo", "13900001111")
    member = store.look(register).members
    assert (member[kept].skills, came in member) == (["电工"], False)
    sums = [sum(e.delta for e in store.look(lambda tx, k=k: points.page(tx, person_id=k, limit=9))) for k in two]
    assert (sums, unsound(store)) == ([0, 5], [])
    with pytest.raises(Conflict):
        store.run(lambda tx: one_person.part(tx, tx.get(Person, kept), by="本人"))
    join(store, kept, came)
    clock.at += timedelta(days=31)
    with pytest.raises(Conflict):
        store.run(lambda tx: one_person.part(tx, tx.get(Person, kept), by="本人"))


@pytest.mark.parametrize("said", ["before", "after"])
def test_what_somebody_else_agreed_to_goes_with_them(store: Store, two, said: str) -> None:
    """Unit, hours and consent of who was not it are gone; what the roster's own had said stays as it was."""
    kept, came = two
    own = store.run(lambda tx: people.member(tx, kept))

    def agree(tx, who):
        tx.update(Member, people.member(tx, who).id, unit="云岭粮站", unit_card=True)
        changed(tx)

    if said == "before":
        store.run(lambda tx: agree(tx, came))
    join(store, kept, came)
    assert store.run(lambda tx: people.member(tx, kept)).verified_at is not None
    if said == "after":
        store.run(lambda tx: tx.update(Member, own.id, unit_card=True))
    store.run(lambda tx: one_person.part(tx, tx.get(Person, kept), by="本人"))
    assert store.run(lambda tx: people.member(tx, kept)) == own


@pytest.mark.parametrize("why", ["another account", "a post", "in WeCom, too"])
def test_somebody_else_stays_somebody_else(store: Store, two, why: str) -> None:
    """Where the row is not free nothing is joined, not even after the right code; nothing has moved."""
    kept, came = two

    def before(tx):
        ledger.award(tx, booking(came, 10))
        if why == "another account":
            tx.update(Person, kept, openid="o-other")
        elif why == "a post":
            tx.insert(Post, person_id=kept, duty="grid", community_id=rows.community(tx).id)
        else:
            tx.update(Person, came, userid="somebody")
        changed(tx)

    store.run(before)
    with pytest.raises(Conflict):
        join(store, kept, came)
    member = lambda tx: people.member(tx, came)  # noqa: E731
    digits = store.run(lambda tx: enrolment.new_code(tx, member(tx), of=tx.get(Person, kept)))
    assert store.run(lambda tx: enrolment.verify(tx, member(tx), digits, name="罗桂兰")) is True
    assert (person(store, came).merged_into_id, balances(store, kept, came)) == (None, [0, 10])


def test_the_right_code_joins_a_wrong_one_does_not(store: Store, two) -> None:
    """The code that went to the one of the roster; void as soon as they say that it is not them."""
    kept, came = two
    member = lambda tx: people.member(tx, came)  # noqa: E731
    code = lambda: store.run(lambda tx: enrolment.new_code(tx, member(tx), of=tx.get(Person, kept)))  # noqa: E731
    say = lambda digits: store.run(lambda tx: enrolment.verify(tx, member(tx), digits, name="罗桂兰"))  # noqa: E731
    assert say(f"{(int(code()) + 1) % 10**6:06d}") is False
    digits = code()
    assert store.run(lambda tx: enrolment.not_me(tx, tx.get(Person, kept))) == 1
    assert say(digits) is False
    assert person(store, came).merged_into_id is None
    assert say(code()) is True
    assert person(store, came).merged_into_id == kept


def test_many_at_once_join_once(store: Store, two) -> None:
    """The points are carried over once."""
    kept, came = two
    store.run(lambda tx: ledger.award(tx, booking(came, 10)))
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _n: join(store, kept, came), range(6)))
    carried = store.look(lambda tx: tx.list(PointEntry, PointEntry.__table__.c.against == "joined"))
    assert (sorted(entry.delta for entry in carried), balances(store, kept, came)) == ([-10, 10], [10, 0])
