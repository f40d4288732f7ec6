"""Registering, proving who one is, leaving, being forgotten: what is kept and what is not."""

from datetime import timedelta

import pytest
from tests.support import rows
from tests.support.books import booking
from tests.support.gatherings import activity, joined

from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop import forgetting
from redprop_bot.ports import FrozenClock
from redprop_bot.registry.register import register
from redprop_bot.store import activities, soundness
from redprop_bot.store.tables import Member, Person
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import enrolment, ledger
from redprop_bot.volunteers.enrolment import Card

CARD = Card("罗桂兰", party=True, branch="东区支部", skills=("理发",), hours="周末", chosen=("便民服务员",))


def registered(store: Store, **values) -> tuple[Person, Member]:
    person = store.run(lambda tx: rows.person(tx, **values))
    made = store.run(lambda tx: enrolment.register_them(tx, person, CARD))
    return store.look(lambda tx: tx.get(Person, person.id)), made


def test_what_they_say_is_kept_and_party_only_when_proven(store: Store) -> None:
    """From the Official Account somebody is a volunteer at once, a Party member only after the code."""
    person, made = registered(store)
    assert (person.name, made.skills, made.chosen, made.party, made.source) == (
        "罗桂兰",
        ["理发"],
        ["便民服务员"],
        False,
        "self",
    )
    assert person.id in store.look(register).members
    _other, there = registered(store, userid="luogl")
    assert (there.party, there.verified_at) == (True, store.clock.now())


def test_the_code_proves_who_they_are(store: Store, clock: FrozenClock) -> None:
    """The right one once; a wrong one is counted; after five, or a day, none is taken."""
    person, made = registered(store)
    twin = store.run(lambda tx: rows.person(tx, userid="luogl", name="罗桂兰"))
    store.run(lambda tx: tx.insert(Member, person_id=twin.id, party=True, branch="东区支部"))
    from redprop_bot.registry.register import changed

    store.run(changed)
    assert store.look(lambda tx: enrolment.voucher(tx, "罗桂兰")).id == twin.id
    now = lambda: store.look(lambda tx: tx.get(Member, made.id))  # noqa: E731
    say = lambda digits: store.run(lambda tx: enrolment.verify(tx, now(), digits, name=person.name))  # noqa: E731
    digits = store.run(lambda tx: enrolment.new_code(tx, now()))
    assert digits not in str(now())
    assert say("wrong!") is False
    assert say(digits) is True
    assert (now().party, now().branch, now().code_digest) == (True, "东区支部", None)
    assert say(digits) is False
    digits = store.run(lambda tx: enrolment.new_code(tx, now()))
    for _ in range(5):
        assert say("000000" if digits != "000000" else "111111") is False
    assert say(digits) is False
    digits = store.run(lambda tx: enrolment.new_code(tx, now()))
    clock.at += timedelta(days=2)
    assert say(digits) is False


def test_the_roster_stays_what_the_community_wrote(store: Store) -> None:
    """Who stands there and registers keeps branch and Party membership; skills are added to."""
    person = store.run(lambda tx: rows.person(tx, userid="zhangdy", name="张党员"))
    store.run(lambda tx: tx.insert(Member, person_id=person.id, party=True, branch="西区支部", skills=["电工"]))
    made = store.run(lambda tx: enrolment.register_them(tx, person, CARD))
    assert (made.source, made.party, made.branch, made.skills) == ("roster", True, "西区支部", ["电工", "理发"])


def test_leaving_takes_all_but_the_points(store: Store) -> None:
    """No membership is left; leaving twice is said so."""
    person, _made = registered(store)
    store.run(lambda tx: ledger.award(tx, booking(person.id, 10)))
    store.run(lambda tx: enrolment.leave(tx, person))
    assert store.look(register).members == {}
    assert store.look(lambda tx: ledger.balance(tx, person.id)) == 10
    with pytest.raises(Conflict):
        store.run(lambda tx: enrolment.leave(tx, person))


def test_what_cannot_be_is_refused(store: Store) -> None:
    """No name, a very long one, a post that nobody offers."""
    person = store.run(rows.person)
    for card in (Card(" "), Card("罗" * 30), Card("罗桂兰", chosen=("市长",))):
        with pytest.raises(Invalid):
            store.run(lambda tx, card=card: enrolment.register_them(tx, person, card))


def test_who_is_forgotten_leaves_places_points_and_lists(store: Store) -> None:
    """Membership and places are gone, the points lapse, the books add up; the roster's members ask the community."""
    person, _made = registered(store)
    what = store.run(lambda tx: activity(tx, begins=timedelta(days=1)))
    from redprop_bot.volunteers import signing_up

    store.run(lambda tx: signing_up.join(tx, what, person.id))
    store.run(lambda tx: joined(tx, what))
    store.run(lambda tx: ledger.award(tx, booking(person.id, 10)))
    store.run(lambda tx: forgetting.forget(tx, tx.get(Person, person.id)))
    assert store.look(register).members == {}
    assert store.look(lambda tx: activities.going(tx, what.id)) == 1
    assert store.look(lambda tx: ledger.balance(tx, person.id)) == 0
    assert store.look(soundness.problems) == []
    listed = store.run(lambda tx: rows.person(tx, name="张党员"))
    store.run(lambda tx: tx.insert(Member, person_id=listed.id))
    from redprop_bot.registry.register import changed

    store.run(changed)
    with pytest.raises(Forbidden):
        store.run(lambda tx: forgetting.forget(tx, listed))
