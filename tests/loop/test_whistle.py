"""Whistles and emergencies at the same moment: on PostgreSQL two processes, on SQLite one writer after the other."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.loop import cells

from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop import check_in, due, emergency, whistle
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.scope import Keeper, Scope
from redprop_bot.notify import telling
from redprop_bot.ports import FrozenClock
from redprop_bot.registry.register import register
from redprop_bot.rules.roles import Capacity
from redprop_bot.store import demands, modes, whistles
from redprop_bot.store.tables import CheckIn, Demand, Mode, Outbox, Person, WhistleCall
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

KEEPER = Keeper("街道", None, None)


@pytest.fixture
def stores(database_url: str, open_store: OpenStore, clock: FrozenClock) -> tuple[Store, Store, FrozenClock]:
    """Two processes on one database with the roster, on each engine."""
    one, other = open_store(database_url), open_store(database_url)
    for store in (one, other):
        store.listeners = [telling.tell]
    enrol(one)
    return one, other, clock


def _secretary() -> Actor:
    return Actor("陆书记", None, None, lambda _tx, _demand: {Capacity.SECRETARY})


def _unit(tx: Tx, name: str) -> Actor:
    key = register(tx).organisation_names[name].id
    return Actor(name, None, key, lambda _tx, _demand: {Capacity.UNIT})


def _blown(store: Store, *units: str, kind: str = "emergency") -> str:
    def job(tx: Tx) -> str:
        demand = cells.scene(tx).demands["dispatched"]
        return whistle.blow(tx, demand, _secretary(), units=units, kind=kind).no

    return store.run(job)


def _demand(tx: Tx, no: str) -> Demand:
    found = demands.by_no(tx, no)
    assert found is not None
    return found


def _calls(store: Store, no: str) -> list[WhistleCall]:
    return store.look(lambda tx: whistles.of_demand(tx, _demand(tx, no).id or 0))


def _at_once(*jobs: Callable[[], object]) -> list[BaseException | None]:
    """Run all at the same moment; gives what each of them raised."""
    gate, outcomes = threading.Barrier(len(jobs)), list[BaseException | None]([None] * len(jobs))

    def one(number: int) -> None:
        gate.wait()
        try:
            jobs[number]()
        except Conflict as refusal:
            outcomes[number] = refusal

    threads = [threading.Thread(target=one, args=(n,)) for n in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_two_units_that_answer_at_once_are_both_heard(stores: tuple[Store, Store, FrozenClock]) -> None:
    """Neither answer overwrites the other, and the demand counts both."""
    one, other, _clock = stores
    no = _blown(one, "清源水务", "暖城燃气")
    failed = _at_once(
        lambda: one.run(lambda tx: whistle.claim(tx, _demand(tx, no), _unit(tx, "清源水务"))),
        lambda: other.run(
            lambda tx: whistle.decline(tx, _demand(tx, no), _unit(tx, "暖城燃气"), reason="人手都在别处")
        ),
    )
    assert failed == [None, None]
    assert sorted(call.state for call in _calls(one, no)) == ["claimed", "declined"]


def test_of_two_who_answer_for_one_unit_the_second_is_told(stores: tuple[Store, Store, FrozenClock]) -> None:
    """A double tap claims once and makes one helper."""
    one, other, _clock = stores
    no = _blown(one, "清源水务")
    failed = _at_once(
        *(
            lambda s=store: s.run(lambda tx: whistle.claim(tx, _demand(tx, no), _unit(tx, "清源水务")))
            for store in (one, other)
        )
    )
    assert sorted(type(f).__name__ for f in failed) == ["Conflict", "NoneType"]
    helpers = one.look(lambda tx: demands.helpers(tx, _demand(tx, no).id or 0))
    assert [helper.name for helper in helpers] == ["清源水务"]


def test_an_answer_at_the_moment_of_the_climb_is_never_lost(stores: tuple[Store, Store, FrozenClock]) -> None:
    """Whichever comes first, the unit has claimed, and nothing is tabled afterwards."""
    one, other, clock = stores
    no = _blown(one, "清源水务")
    clock.at += timedelta(minutes=31)
    failed = _at_once(
        lambda: one.run(due.sweep),
        lambda: other.run(lambda tx: whistle.claim(tx, _demand(tx, no), _unit(tx, "清源水务"))),
    )
    assert failed == [None, None]
    clock.at += timedelta(hours=2)
    while one.run(due.sweep):
        pass
    (call,) = _calls(one, no)
    assert (call.state, call.tabled_at) == ("claimed", None)
    assert one.look(lambda tx: _demand(tx, no)).stage == "dispatched"


def test_two_sweeps_at_once_tell_the_street_once(stores: tuple[Store, Store, FrozenClock]) -> None:
    """Each climb leaves one message a person, however many sweeps there are; late by days it still climbs first."""
    one, other, clock = stores
    no = _blown(one, "清源水务")
    clock.at += timedelta(days=3)
    _at_once(lambda: one.run(due.sweep), lambda: other.run(due.sweep))
    while one.run(due.sweep):
        pass

    def told(tx: Tx) -> list[str]:
        return [m.message for m in tx.list(Outbox) if m.receiver == "gaozr" and m.message == "whistle_climbed"]

    assert one.look(told) == ["whistle_climbed"]
    (call,) = _calls(one, no)
    assert call.climbed_at is not None
    assert call.tabled_at is None  # the street has its term from now on
    clock.at += timedelta(minutes=31)
    while one.run(due.sweep):
        pass
    assert one.look(lambda tx: _demand(tx, no)).stage == "tabled"


def test_two_whistles_of_one_unit_at_once_make_one(stores: tuple[Store, Store, FrozenClock]) -> None:
    """Secretary and street blow for the same unit: the second is told that it has been called."""
    one, other, _clock = stores
    no = one.run(cells.scene).demands["dispatched"].no
    failed = _at_once(
        *(
            lambda s=store: s.run(lambda tx: whistle.blow(tx, _demand(tx, no), _secretary(), units=["清源水务"]))
            for store in (one, other)
        )
    )
    assert [f.code for f in failed if isinstance(f, Conflict)] == ["whistled_already"]
    assert len(_calls(one, no)) == 1


def test_what_a_whistle_refuses(stores: tuple[Store, Store, FrozenClock]) -> None:
    """No units, unknown ones, an unknown kind, a unit that was not called: refused, and nothing is written."""
    one, _other, _clock = stores
    no = _blown(one, "清源水务")
    bad: list[tuple[type[Exception], Callable[[Tx], object]]] = [
        (Invalid, lambda tx: whistle.blow(tx, _demand(tx, no), _secretary(), units=[])),
        (Invalid, lambda tx: whistle.blow(tx, _demand(tx, no), _secretary(), units=["月亮公司"])),
        (Invalid, lambda tx: whistle.blow(tx, _demand(tx, no), _secretary(), units=["暖城燃气"], kind="x")),
        (Forbidden, lambda tx: whistle.blow(tx, _demand(tx, no), _unit(tx, "暖城燃气"), units=["暖城燃气"])),
        (Forbidden, lambda tx: whistle.claim(tx, _demand(tx, no), _unit(tx, "暖城燃气"))),
        (Invalid, lambda tx: whistle.decline(tx, _demand(tx, no), _unit(tx, "清源水务"), reason=" ")),
    ]
    for error, job in bad:
        with pytest.raises(error):
            one.run(job)
    assert [call.state for call in _calls(one, no)] == ["called"]


# -- emergencies


def _scope(tx: Tx, name: str) -> Scope:
    estate = register(tx).estate_names[name]
    return Scope(estate.community_id, (estate.id or 0,))


def test_two_switches_at_once_make_one_emergency(stores: tuple[Store, Store, FrozenClock]) -> None:
    """The second is told that it is on already, and the duty list is called once."""
    one, other, _clock = stores
    failed = _at_once(
        *(
            lambda s=store: s.run(lambda tx: emergency.begin(tx, KEEPER, _scope(tx, "槐荫里"), title="台风"))
            for store in (one, other)
        )
    )
    assert [f.code for f in failed if isinstance(f, Conflict)] == ["mode_on"]
    assert len(one.look(lambda tx: tx.list(Mode))) == 1


def test_an_emergency_ends_once_and_forgets_the_elders_names(stores: tuple[Store, Store, FrozenClock]) -> None:
    """Two who end it at once: one report; afterwards only counts are left of the elders."""
    one, other, _clock = stores

    def begin(tx: Tx) -> Mode:
        mode = emergency.begin(tx, KEEPER, _scope(tx, "槐荫里"), title="台风")
        grid = next(p for p in register(tx).people.values() if p.userid == "yaowg")
        check_in.listed(tx, mode, ["张奶奶", "李爷爷"], grid)
        check_in.visited(tx, mode, "张奶奶", grid, check_in.SAFE)
        return mode

    mode = one.run(begin)
    failed = _at_once(*(lambda s=s: s.run(lambda tx: emergency.finish(tx, KEEPER, mode)) for s in (one, other)))
    assert [f.code for f in failed if isinstance(f, Conflict)] == ["mode_ended"]
    report = one.look(lambda tx: tx.get(Mode, mode.id or 0)).report
    assert (report["elders"], report["elders_open"], report["safe"]) == (2, 1, 1)
    assert {row.name for row in one.look(lambda tx: tx.list(CheckIn))} == {None}


def test_a_resident_who_taps_twice_is_counted_once(stores: tuple[Store, Store, FrozenClock]) -> None:
    """平安 from two phones of one account at once."""
    one, other, _clock = stores

    def begin(tx: Tx) -> tuple[Mode, Person]:
        mode = emergency.begin(tx, KEEPER, _scope(tx, "槐荫里"), title="台风")
        return mode, tx.insert(Person, openid="o-x", created_at=tx.now)

    mode, person = one.run(begin)
    _at_once(*(lambda s=s: s.run(lambda tx: check_in.said(tx, mode, person, check_in.SAFE)) for s in (one, other)))
    assert one.look(lambda tx: emergency.figures(tx, mode))["safe"] == 1
    assert one.look(lambda tx: len(modes.checks(tx, mode.id or 0))) == 1
