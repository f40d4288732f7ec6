"""Booking: never more at once than there are, only while open, only what may be booked; reminders, giving back."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.support import helping

from redprop_bot.clock.kinds import ABOVE
from redprop_bot.clock.sweeping import tidy
from redprop_bot.errors import Conflict, Forbidden, Refused
from redprop_bot.loop import due, forgetting
from redprop_bot.ports import FrozenClock
from redprop_bot.registry.register import register
from redprop_bot.store import bookings, soundness
from redprop_bot.store.tables import Booking, Outbox, Person, Resource
from redprop_bot.store.tx import Tx, table_of
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import booking, places
from redprop_bot.volunteers.booking import Wish

DAY = "2026-11-26"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text if len(text) > 5 else f'{DAY} {text}'}:00+08:00")


def _wish(start: str, end: str, **values: object) -> Wish:
    return Wish(_at(start), _at(end), "测试", **values)  # type: ignore[arg-type]


@pytest.fixture
def stores(
    database_url: str, open_store: OpenStore, clock: FrozenClock
) -> Iterator[tuple[Store, Store, FrozenClock]]:
    """Two processes on one database with the roster, on each engine."""
    one, other = open_store(database_url), open_store(database_url)
    enrol(one)
    return one, other, clock


@pytest.fixture
def town(sqlite_url: str, open_store: OpenStore) -> Store:
    """The roster on SQLite."""
    store = open_store(sqlite_url)
    enrol(store)
    return store


def _room(store: Store, title: str = "议事厅", hours: str | None = "每天 9:00-17:00", **place: object) -> int:
    def job(tx: Tx) -> int:
        made = helping.resource(tx, title, kind="room", hours=hours)
        bookings.keep_place(tx, made.id or 0, **place)
        return made.id or 0

    return store.run(job)


def _book(store: Store, key: int, wish: Wish) -> Booking:
    return store.run(lambda tx: booking.book(tx, tx.get(Resource, key), wish))


def test_twenty_at_the_same_moment_get_one_room(stores: tuple[Store, Store, FrozenClock]) -> None:
    """Overlapping in all ways; exactly one of them has it, the others are told what is still free."""
    one, other, _clock = stores
    key = _room(one)
    spans = [("10:00", "12:00"), ("11:00", "13:00"), ("10:30", "11:30"), ("09:00", "17:00")]
    failed = helping.at_once(
        *(
            lambda s=(one, other)[n % 2], span=spans[n % 4]: _book(s, key, _wish(*span))  # type: ignore[misc]
            for n in range(20)
        )
    )
    refusals = [error for error in failed if error is not None]
    assert len(refusals) == 19
    assert {type(error) for error in refusals} == {Conflict}
    assert {error.code for error in refusals if isinstance(error, Conflict)} == {"booking_taken"}
    assert len(one.look(lambda tx: tx.list(Booking))) == 1


def test_of_a_thing_of_which_there_are_three_three_are_lent(stores: tuple[Store, Store, FrozenClock]) -> None:
    """Ten at once; never more at the same time than there are."""
    one, other, _clock = stores
    key = _room(one, "折叠桌", None, quantity=3)
    failed = helping.at_once(
        *(lambda s=(one, other)[n % 2]: _book(s, key, _wish("10:00", "12:00")) for n in range(10))  # type: ignore[misc]
    )
    assert sum(error is None for error in failed) == 3
    assert _book(one, key, _wish("12:00", "13:00")).state == "booked"


def test_one_after_the_other_is_no_clash(town: Store) -> None:
    """An end is not part of it; what was given back is free again."""
    key = _room(town)
    first = _book(town, key, _wish("10:00", "12:00"))
    _book(town, key, _wish("12:00", "13:00"))
    with pytest.raises(Conflict):
        _book(town, key, _wish("11:30", "12:01"))
    town.run(lambda tx: booking.cancel(tx, first, by="书记", person_id=None, keeper=True))
    assert _book(town, key, _wish("10:00", "12:00")).no != first.no


@pytest.mark.parametrize(
    ("start", "end", "more", "code"),
    [
        ("2026-11-24 10:00", "2026-11-24 12:00", {}, "booking_past"),
        ("2026-11-25 09:59", "2026-11-25 12:00", {}, "booking_past"),
        ("12:00", "12:00", {}, "booking_backwards"),
        ("12:00", "10:00", {}, "booking_backwards"),
        ("10:00", "10:05", {}, "booking_short"),
        ("08:00", "10:00", {}, "booking_closed"),
        ("16:00", "17:01", {}, "booking_closed"),
        ("2026-11-26 09:00", "2026-11-28 09:00", {}, "booking_long"),
        ("2027-11-26 10:00", "2027-11-26 12:00", {}, "booking_early"),
        ("9999-12-31 10:00", "9999-12-31 12:00", {}, "booking_early"),
        ("10:00", "12:00", {"heads": 0}, "booking_heads"),
        ("10:00", "12:00", {"heads": -3}, "booking_heads"),
        ("10:00", "12:00", {"heads": 10**9}, "booking_heads"),
        ("10:00", "12:00", {"heads": 31}, "booking_full"),
        ("10:00", "12:00", {"purpose": "开会" * 500}, "too_long"),
        ("10:00", "12:00", {"name": "王" * 5000}, "too_long"),
    ],
)
def test_what_cannot_be(town: Store, start: str, end: str, more: dict[str, object], code: str) -> None:
    """Each is refused with its reason, and nothing is booked."""
    key = _room(town, capacity=30)
    with pytest.raises(Refused) as refused:
        _book(town, key, _wish(start, end, **more))
    assert refused.value.code == code
    assert town.look(lambda tx: tx.list(Booking)) == []


def test_what_may_not_be_booked(town: Store) -> None:
    """Not published, somebody's own, or said so; a private thing is booked where its owner said that it may be."""
    key = _room(town)
    town.run(lambda tx: tx.update(Resource, key, status="withdrawn"))
    with pytest.raises(Conflict, match="booking_not_here"):
        _book(town, key, _wish("10:00", "12:00"))
    owner = town.run(lambda tx: helping.rows.person(tx, name="孙阿姨").id)
    own = town.run(lambda tx: helping.resource(tx, "孙家院子", kind="place", owner_id=owner).id)
    with pytest.raises(Conflict, match="booking_not_here"):
        _book(town, own, _wish("10:00", "12:00"))
    town.run(lambda tx: bookings.keep_place(tx, own, bookable=True))
    assert _book(town, own, _wish("10:00", "12:00")).state == "booked"


def test_one_person_has_so_many_at_once(town: Store, clock: FrozenClock) -> None:
    """The fourth is refused; one that is over does not count."""
    key = _room(town)
    person = town.run(lambda tx: helping.rows.person(tx, name="小贺"))
    for hour in (10, 11, 12):
        _book(town, key, _wish(f"{hour}:00", f"{hour + 1}:00", person=person))
    with pytest.raises(Conflict, match="booking_many"):
        _book(town, key, _wish("14:00", "15:00", person=person))
    clock.at = _at("13:30")
    assert _book(town, key, _wish("14:00", "15:00", person=person)).state == "booked"


def test_giving_back_is_for_who_has_it(town: Store, clock: FrozenClock) -> None:
    """Not for others, not twice, not afterwards."""
    key = _room(town)
    mine, other = town.run(lambda tx: (helping.rows.person(tx), helping.rows.person(tx)))
    made = _book(town, key, _wish("10:00", "12:00", person=mine))
    for person in (other.id, None):
        with pytest.raises(Forbidden):
            town.run(lambda tx, person=person: booking.cancel(tx, made, by="谁", person_id=person))
    town.run(lambda tx: booking.cancel(tx, made, by="本人", person_id=mine.id))
    with pytest.raises(Conflict, match="booking_cancelled"):
        town.run(lambda tx: booking.cancel(tx, made, by="本人", person_id=mine.id))
    later = _book(town, key, _wish("14:00", "15:00", person=mine))
    clock.at = _at("15:00")
    with pytest.raises(Conflict, match="booking_over"):
        town.run(lambda tx: booking.cancel(tx, later, by="本人", person_id=mine.id))


def _reminded(store: Store) -> list[str]:
    while store.run(lambda tx: due.sweep(tx, ABOVE)):
        pass
    return [m.key for m in store.look(lambda tx: tx.list(Outbox, table_of(Outbox).c.message == "booking_soon"))]


def test_the_reminder_comes_once_and_not_for_what_was_given_back(town: Store, clock: FrozenClock) -> None:
    """Two hours before; late, or swept twice, it is still one; what begins at nine is told the evening before."""
    key = _room(town)
    person = town.run(lambda tx: helping.rows.person(tx, name="小贺"))
    _book(town, key, _wish("14:00", "15:00", person=person))
    gone = _book(town, key, _wish("15:00", "16:00", person=person))
    town.run(lambda tx: booking.cancel(tx, gone, by="本人", person_id=person.id))
    _book(town, key, _wish("09:00", "10:00", person=person))
    clock.at = _at("2026-11-25 19:59")
    assert _reminded(town) == []
    clock.at = _at("2026-11-25 20:00")
    assert len(_reminded(town)) == 1
    clock.at = _at("12:01")
    assert len(_reminded(town)) == len(_reminded(town)) == 2


def test_what_is_free(town: Store, clock: FrozenClock) -> None:
    """The hours of the day without what is booked and what has passed."""
    key = _room(town)
    _book(town, key, _wish("10:00", "12:00"))

    def free(tx: Tx) -> list[tuple[int, int]]:
        return booking.free(tx, tx.get(Resource, key), _at("10:00").date())

    assert town.look(free) == [(540, 600), (720, 1020)]
    clock.at = _at("13:30")
    assert town.look(free) == [(810, 1020)]


def test_nobody_is_told_that_a_ladder_is_free_until_midnight(town: Store, clock: FrozenClock) -> None:
    """Without known hours all is free, or what lies between bookings."""
    clock.at = _at("09:15")
    key = _room(town, "人字梯", None)

    def told(tx: Tx) -> str:
        return booking.free_words(tx, tx.get(Resource, key), _at("10:00").date())

    assert town.look(told) == "都空着"
    _book(town, key, _wish("10:00", "12:00"))
    assert town.look(told) == "09:15–10:00、12:00–24:00"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(spans=st.lists(st.tuples(st.integers(0, 31), st.integers(1, 12)), min_size=1, max_size=12))
def test_whatever_is_asked_nothing_stands_twice(town: Store, spans: list[tuple[int, int]]) -> None:
    """Random quarters of an hour: what was booked never overlaps, and what was refused would have."""
    key = _room(town, f"室{len(town.look(lambda tx: tx.list(Resource)))}", None)
    taken: list[tuple[datetime, datetime]] = []
    for begin, length in spans:
        start = _at("09:00") + timedelta(minutes=15 * begin)
        wish = Wish(start, start + timedelta(minutes=15 * length), "测试")
        clash = any(a < wish.end and wish.start < b for a, b in taken)
        try:
            _book(town, key, wish)
        except Conflict:
            assert clash
        else:
            assert not clash
            taken.append((wish.start, wish.end))
    assert town.look(soundness.problems) == []


def test_the_check_of_the_database_finds_what_stands_twice(town: Store) -> None:
    """Written past the step, by whomever."""
    key = _room(town)
    made = _book(town, key, _wish("10:00", "12:00"))
    town.run(lambda tx: tx.insert(Booking, no="B20261126-0009", resource_id=key, starts_at=made.starts_at,
                                  ends_at=made.ends_at, created_at=tx.now))  # fmt: skip
    assert any(made.no in line for line in town.look(soundness.problems))


def test_near_is_by_distance_and_by_estate(town: Store) -> None:
    """The nearest first; beyond the way nothing; by an estate what is its own and around it."""

    def prepare(tx: Tx) -> None:
        helping.resource(tx, "邻里食堂", kind="canteen", hours="每天 7:00-19:00", place="槐荫里南门")
        station = helping.resource(tx, "党群服务站", kind="station")
        bookings.keep_place(tx, station.id or 0, lat=31.108, lng=118.201)
        helping.resource(tx, "远处书屋", kind="library", estate_id=helping.estate_id(tx, "河湾新村"))
        helping.resource(tx, "旧冰箱", kind="item")

    town.run(prepare)

    def around(tx: Tx, estate: str | None, here: tuple[float, float] | None, sort: str | None = None) -> list[str]:
        places.indexing.settle(tx)
        found = places.around(tx, here, register(tx).estate(estate), sort=sort, most=9)
        return [one.resource.title for one in found]

    assert town.run(lambda tx: around(tx, "槐荫里", None)) == ["邻里食堂", "党群服务站"]
    assert town.run(lambda tx: around(tx, None, (31.1079, 118.2012))) == ["党群服务站", "邻里食堂"]
    assert town.run(lambda tx: around(tx, None, (35.0, 110.0))) == []
    assert town.run(lambda tx: around(tx, "槐荫里", None, "食堂")) == ["邻里食堂"]


def test_use_is_what_is_over_and_what_was_counted(town: Store, clock: FrozenClock) -> None:
    """Not what is to come, nor what was given back; a day counted again is set right."""
    key = _room(town)
    _book(town, key, _wish("10:00", "12:00", heads=20))
    _book(town, key, _wish("13:00", "14:00", heads=5))
    clock.at = _at("12:30")
    for heads in (30, 35):
        town.run(lambda tx, heads=heads: bookings.count_use(tx, key, DAY, heads, "小姚"))
    first = _at("00:00").date().replace(day=1)
    found = town.look(lambda tx: places.use(tx, tx.get(Resource, key), first, first.replace(month=12)))
    assert (found.bookings, found.booked_heads, found.counted_heads) == (1, 20, 35)


def test_keepers_hear_of_it_and_the_booker_of_being_called_off(town: Store) -> None:
    """Each once; who does it is not told of it."""
    key = _room(town)
    person = town.run(lambda tx: helping.rows.person(tx, name="小贺"))
    made = _book(town, key, _wish("10:00", "12:00", person=person))
    town.run(lambda tx: booking.cancel(tx, made, by="书记", person_id=None, keeper=True, reason="停电检修"))

    def told(tx: Tx) -> list[tuple[str, str]]:
        return [(m.message, tx.get(Person, m.person_id or 0).name or "") for m in tx.list(Outbox)]

    assert town.look(told) == [("booking_made", "秦书记"), ("booking_called_off", "小贺")]
    assert "停电检修" in town.look(lambda tx: repr([m.payload for m in tx.list(Outbox)]))


def test_who_is_forgotten_has_booked_nothing_and_is_asked_nothing(town: Store, clock: FrozenClock) -> None:
    """What they had is free again, what they offered is withdrawn; how much a place was used stays."""
    key = _room(town)
    person = town.run(lambda tx: helping.rows.person(tx, name="小贺"))
    _book(town, key, _wish("10:00", "12:00", person=person, purpose="小贺的生日", heads=9))
    clock.at = _at("13:00")
    _book(town, key, _wish("14:00", "15:00", person=person))
    town.run(lambda tx: helping.resource(tx, "小贺的梯子", owner_id=person.id, owner="小贺"))
    town.run(lambda tx: forgetting.forget(tx, tx.get(Person, person.id or 0)))
    kept = town.look(lambda tx: tx.list(Booking))
    assert {(row.person_id, row.name, row.purpose) for row in kept} == {(None, None, "")}
    assert [row.state for row in kept] == ["booked", "cancelled"]
    (ladder,) = town.look(lambda tx: tx.list(Resource, table_of(Resource).c.owner_id == person.id))
    assert (ladder.status, ladder.owner, "小贺" in ladder.title) == ("withdrawn", None, False)
    assert _book(town, key, _wish("14:00", "15:00")).state == "booked"


def test_names_go_when_their_time_is_over(town: Store, clock: FrozenClock) -> None:
    """Half a year after a booking nobody can tell whose it was; a day before they still can."""
    key = _room(town)
    person = town.run(lambda tx: helping.rows.person(tx, name="小贺"))
    _book(town, key, _wish("10:00", "12:00", person=person))
    for days, name in ((180, "小贺"), (182, None)):
        clock.at = _at("10:00") + timedelta(days=days - 1)
        asyncio.run(tidy(town))
        (row,) = town.look(lambda tx: tx.list(Booking))
        assert (row.name, row.heads) == (name, 1)
