"""Two processes at the same moment, on PostgreSQL: of two acts one sees the other, and nobody's words get lost.

SQLite has one writer; there the question does not arise.
"""

import threading
from collections.abc import Callable

import pytest
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.loop import cells

from redprop_bot.errors import Conflict
from redprop_bot.loop import extend, joining, placing
from redprop_bot.loop.acts import perform
from redprop_bot.loop.order import order
from redprop_bot.loop.report import Report
from redprop_bot.ports import Channel
from redprop_bot.registry.people import identify
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Act
from redprop_bot.store import demands, people, sifting
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

pytestmark = pytest.mark.postgres


@pytest.fixture
def two(postgres_url: str, open_store: OpenStore) -> tuple[Store, Store]:
    """Two processes on one database with the roster."""
    one, other = open_store(postgres_url), open_store(postgres_url)
    enrol(one)
    return one, other


def _overtaken(
    two: tuple[Store, Store],
    stage: str,
    first: Callable[[Tx, Demand], object],
    then: Callable[[Tx, Demand], object],
) -> Demand:
    """`then` is done by who looked the demand up before another process did `first`; gives the demand afterwards."""
    one, other = two
    no = one.run(cells.scene).demands[stage].no

    def job(tx: Tx) -> object:
        seen = demands.by_no(tx, no)
        assert seen is not None
        other.run(lambda t: first(t, _get(t, no)))
        return then(tx, seen)

    try:
        one.run(job)
    finally:
        after = one.look(lambda tx: _get(tx, no))
    return after


def _get(tx: Tx, no: str) -> Demand:
    found = demands.by_no(tx, no)
    assert found is not None
    return found


def _act(act: Act, who: str, **fields: object) -> Callable[[Tx, Demand], object]:
    return lambda tx, demand: perform(tx, demand, act, cells.actor(who), fields)


def test_an_order_is_accepted_once(two: tuple[Store, Store]) -> None:
    """A tap and a word at the same moment: the second is told that it has been accepted."""
    accept = _act(Act.ACCEPT, "handler")
    with pytest.raises(Conflict) as refusal:
        _overtaken(two, "dispatched", accept, accept)
    assert refusal.value.slots["stage"] == "accepted"


def test_what_was_withdrawn_meanwhile_is_not_accepted(two: tuple[Store, Store]) -> None:
    """The resident took it back while the unit was tapping."""
    with pytest.raises(Conflict) as refusal:
        _overtaken(two, "dispatched", _act(Act.WITHDRAW, "reporter"), _act(Act.ACCEPT, "handler"))
    assert refusal.value.slots["stage"] == "withdrawn"


def test_both_of_two_acts_that_get_on_are_counted(two: tuple[Store, Store]) -> None:
    """A place and a progress at once: neither overwrites the other."""
    where = Report("3栋", two[0].clock.now(), building="3")
    after = _overtaken(
        two,
        "accepted",
        _act(Act.EXTEND, "handler", days=2, reason="等配件"),
        lambda tx, demand: placing.place(tx, demand, cells.actor("reporter"), where),
    )
    assert (after.building, after.extension_days, after.version) == ("3", 2, 3)


def test_an_extension_is_not_refused_after_it_was_granted(two: tuple[Store, Store]) -> None:
    """Two secretaries at once."""
    with pytest.raises(Conflict) as refusal:
        _overtaken(
            two,
            "accepted",
            _act(Act.GRANT, "secretary", days=2),
            lambda tx, demand: extend.refuse(tx, demand, cells.actor("secretary")),
        )
    assert refusal.value.code == "nothing_asked"


def test_nobody_joins_what_was_closed_meanwhile(two: tuple[Store, Store]) -> None:
    """The secretary closes the order while a resident says it again: a new matter, not a word into the void."""
    one, other = two
    there = one.run(cells.scene)
    known = there.demands["accepted"]
    close = _act(Act.CLOSE, "secretary", reason="solved")

    def job(tx: Tx) -> object:
        other.run(lambda t: close(t, known))
        return joining.still_running(tx, known)

    assert one.run(job) is None


def _at_once(two: tuple[Store, Store], first: Callable[[Tx], object], second: Callable[[Tx], object]) -> None:
    """`second` begins while the other process is done with `first` but has not committed it."""
    one, other = two
    done, go = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        first(tx)
        done.set()
        go.wait(20)

    ahead = threading.Thread(target=lambda: one.run(slow))
    ahead.start()
    assert done.wait(20)
    behind = threading.Thread(target=lambda: other.run(second))
    behind.start()
    behind.join(0.3)
    go.set()
    ahead.join(20)
    behind.join(20)


def _reports(openid: str) -> Callable[[Tx], object]:
    def job(tx: Tx) -> object:
        reporter, estate = identify(tx, Channel.OA, openid).person, register(tx).estate("槐荫里")
        assert estate is not None
        report = Report(
            "电梯不动了",
            tx.now,
            category="elevator",
            urgency="normal",
            estate_id=estate.id,
            building="3",
            unit="2",
        )
        return order(tx, cells.actor("anyone"), report, reporter_id=reporter.id)

    return job


def test_two_neighbours_at_the_same_moment_make_one_order(two: tuple[Store, Store]) -> None:
    """Both stand before the same lift: the second finds what the first is just reporting."""
    _at_once(two, _reports("o-first"), _reports("o-second"))
    made = two[0].look(lambda tx: sifting.search(tx, sifting.Scope()))
    assert [demand.supporters for demand in made] == [1]


def test_two_merges_into_one_order_count_both(two: tuple[Store, Store]) -> None:
    """Two secretaries merge into the same order at once: everybody who reported stays counted."""

    def prepared(tx: Tx) -> tuple[Demand, Demand, Demand]:
        there = cells.scene(tx)
        merged = (there.demands["dispatched"], there.demands["accepted"])
        for demand in merged:
            other = identify(tx, Channel.OA, f"o-{demand.no}").person
            tx.update(Demand, demand.id, reporter_id=other.id)
        return *merged, there.other

    one, another, into = two[0].run(prepared)
    merge = [
        lambda tx, d=demand: perform(tx, d, Act.MERGE, cells.actor("secretary"), {"into": into.no})
        for demand in (one, another)
    ]
    _at_once(two, merge[0], merge[1])
    after = two[0].look(lambda tx: (_get(tx, into.no), demands.supporters(tx, into.id or 0)))
    assert (after[0].supporters, len(after[1])) == (2, 2)


def test_what_a_person_says_in_one_breath_is_one_conversation(two: tuple[Store, Store]) -> None:
    """A picture and its words reach two processes at once: the second sees what the first kept."""
    one, other = two
    seen = []
    person = one.run(lambda tx: identify(tx, Channel.OA, "o-fast").person.id)

    def first(tx: Tx) -> None:
        identify(tx, Channel.OA, "o-fast")
        people.keep_talk(tx, person or 0, {"demand": "D1"})

    _at_once((one, other), first, lambda tx: seen.append(identify(tx, Channel.OA, "o-fast").talk))
    assert seen == [{"demand": "D1"}]
