"""Somebody is forgotten in wishes, visits and the shop; and words that were kept long enough are gone."""

import pytest
from tests.support import rows as made
from tests.support.books import booking

from redprop_bot.errors import Conflict
from redprop_bot.loop import forgetting
from redprop_bot.loop.actor import RULE
from redprop_bot.store import forgetting_help, soundness
from redprop_bot.store.tables import Outbox, Person, Visit, Wish
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import ledger, shop, visits, wishes
from redprop_bot.volunteers.visits import Place


def grandma(tx) -> Person:
    community = made.community(tx)
    estate = made.estate(tx, community.id)
    made.person(tx, userid="cheng", name="成书记")
    return made.person(
        tx, name="刘桂芳", phone="13812345678", estate_id=estate.id, building="3", unit="2", room="501"
    )


def wished(tx, person, text="刘桂芳想要一台收音机，住3栋501") -> Wish:
    return wishes.make(tx, wishes.Wished(text, person.id, None, estate_id=person.estate_id), RULE)


def visited(tx, person) -> Visit:
    place = Place(None, person.estate_id, "3", "2", "501")
    return visits.log(tx, "看望刘桂芳，501室，缺个收音机", place, RULE, visited_at=tx.now, resident=person)


def test_what_they_wished_and_where_they_were_visited_no_longer_says_who(store: Store) -> None:
    """Open wishes are withdrawn; of fulfilled ones the words of the wall stay; the visit stays to the building."""

    def job(tx):
        person = grandma(tx)
        first, second = wished(tx, person), wished(tx, person, "想要一本字帖")
        giver = made.person(tx, userid="song", name="宋老师")
        wishes.decide(tx, first, RULE, publish=True)
        wishes.claim(tx, first, RULE, person_id=giver.id)
        wishes.receive(tx, first, RULE, thanks="谢谢小宋")
        wishes.deliver(tx, first, RULE)
        visited(tx, person)
        forgetting.forget(tx, person)
        return first.id, second.id

    first, second = store.run(job)
    done, open_one = store.look(lambda tx: (tx.get(Wish, first), tx.get(Wish, second)))
    assert (done.status, done.wisher_id, done.thanks) == ("fulfilled", None, None)
    assert "收音机" in done.shown
    assert "刘桂芳" not in done.text
    assert (open_one.status, open_one.wisher_id) == ("withdrawn", None)
    visit = store.look(lambda tx: tx.list(Visit))[0]
    assert (visit.building, visit.unit, visit.room, visit.resident_id) == ("3", None, None, None)
    assert not any(word in visit.text for word in ("刘桂芳", "501"))
    letters = store.look(lambda tx: [str(m.payload) for m in tx.list(Outbox)])
    assert not any(word in letter for letter in letters for word in ("刘桂芳", "13812345678"))
    assert [line for line in store.look(soundness.problems) if "forgotten" not in line] == []


def test_not_while_somebody_is_on_the_way_or_something_waits(store: Store) -> None:
    """A claimed wish and goods that wait must end first; nothing has changed then."""

    def given(tx):
        person = grandma(tx)
        wish = wishes.decide(tx, wished(tx, person), RULE, publish=True)
        wishes.claim(tx, wish, RULE, person_id=made.person(tx, userid="song").id)
        return person, wish.no

    person, no = store.run(given)
    with pytest.raises(Conflict) as caught:
        store.run(lambda tx: forgetting.forget(tx, person))
    assert (caught.value.code, caught.value.slots["no"]) == ("under_way", no)

    def held(tx):
        other = made.person(tx, name="罗阿姨")
        ledger.award(tx, booking(other.id, 20))
        goods = shop.stock_up(tx, shop.Item("抽纸", 5, 5), RULE)
        return other, shop.redeem(tx, goods, other.id, quantity=1, key="k", by=RULE)

    other, waiting = store.run(held)
    with pytest.raises(Conflict) as caught:
        store.run(lambda tx: forgetting.forget(tx, other))
    assert waiting.code in caught.value.slots["no"]
    store.run(lambda tx: shop.cancel(tx, waiting, RULE, "不要了"))
    store.run(lambda tx: forgetting.forget(tx, other))
    assert store.look(soundness.problems) == []


def test_words_grow_old_and_counts_stay(store: Store) -> None:
    """After their time the words of a visit and of an ended wish are gone; what is younger or open is kept."""
    from datetime import timedelta

    def job(tx):
        person = grandma(tx)
        visited(tx, person)
        ended = wishes.withdraw(tx, wished(tx, person), RULE)
        return ended.id, wished(tx, person, "想要一本字帖").id

    ended, open_one = store.run(job)

    def age(days: int):
        def old(tx):
            before = tx.now + timedelta(days=days)
            forgetting_help.grow_old(tx, visits_before=before, wishes_before=before)

        store.run(old)
        return store.look(
            lambda tx: (
                tx.list(Visit)[0].text != "",
                tx.get(Wish, ended).text != "",
                tx.get(Wish, open_one).text != "",
            )
        )

    assert age(-1) == (True, True, True)
    assert age(1) == (False, False, True)
    visit = store.look(lambda tx: tx.list(Visit))[0]
    assert (visit.room, visit.building, visit.kind) == (None, "3", "care")
