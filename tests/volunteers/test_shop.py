"""The shop: stock and points move together or not at all, whoever is fast and in whatever order."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.support.books import booking, person

from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from redprop_bot.loop.actor import RULE, Actor
from redprop_bot.store import shop as rows
from redprop_bot.store import soundness
from redprop_bot.store.tables import Goods, PointEntry, Redemption, StockMove
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import ledger, shop, shop_clock

Outcome = str


def goods(tx: Tx, *, stock: int = 10, points: int = 5) -> Goods:
    return shop.stock_up(tx, shop.Item("抽纸", points, stock), RULE)


def rich(tx: Tx, number: int = 100) -> int:
    who = person(tx)
    ledger.award(tx, booking(who, number))
    return who


def redeem(thing: Goods, who: int, key: str, quantity: int = 1) -> Callable[[Tx], Redemption]:
    return lambda tx: shop.redeem(tx, thing, who, quantity=quantity, key=key, by=RULE)


def refused(store: Store, kind: type[Refused], job: Callable[[Tx], object]) -> str:
    """The code of the refusal; nothing has moved by it."""
    before = store.look(everything)
    with pytest.raises(kind) as caught:
        store.run(job)
    assert store.look(everything) == before
    return caught.value.code


def everything(tx: Tx) -> tuple[list[int], int, int, list[str]]:
    return (
        [g.stock for g in tx.list(Goods, order=rows._g.c.id)],
        len(tx.list(StockMove)),
        len(tx.list(PointEntry)),
        [r.state for r in tx.list(Redemption, order=rows._r.c.id)],
    )


def test_redeeming_moves_stock_and_points_and_gives_a_code(store: Store) -> None:
    """Two of ten at five points: eight and ninety are left, a code of six digits, the books are sound."""
    thing, who = store.run(goods), store.run(rich)
    made = store.run(redeem(thing, who, "k", 2))
    assert (made.points, made.state, len(made.code), made.code.isdigit()) == (10, "held", 6, True)
    assert store.look(lambda tx: (rows.goods(tx, thing.id).stock, ledger.balance(tx, who))) == (8, 90)
    assert store.look(soundness.problems) == []


def test_the_same_delivery_again_is_the_redemption_that_is_there(store: Store) -> None:
    """A retry with the same key takes nothing more."""
    thing, who = store.run(goods), store.run(rich)
    first, again = store.run(redeem(thing, who, "k")), store.run(redeem(thing, who, "k"))
    assert first.id == again.id
    assert store.look(lambda tx: rows.goods(tx, thing.id).stock) == 9


def test_cancelling_gives_both_back_by_counter_entries_and_only_once(store: Store) -> None:
    """Stock and points are as before; what was booked stands, with what took it back beside it."""
    thing, who = store.run(goods), store.run(rich)
    made = store.run(redeem(thing, who, "k", 3))
    store.run(lambda tx: shop.cancel(tx, made, RULE, "不要了"))
    assert store.look(lambda tx: (rows.goods(tx, thing.id).stock, ledger.balance(tx, who))) == (10, 100)
    moves = store.look(lambda tx: [(m.delta, m.reason) for m in reversed(rows.moves(tx, thing.id))])
    assert moves == [(10, "entered"), (-3, "redeemed"), (3, "cancelled")]
    assert refused(store, Conflict, lambda tx: shop.cancel(tx, made, RULE, "不要了")) == "shop_cancelled"
    assert refused(store, Conflict, lambda tx: shop.pick(tx, made, RULE)) == "shop_cancelled"
    assert store.look(soundness.problems) == []


def test_picked_up_once_by_its_code_and_then_kept(store: Store) -> None:
    """After the clerk handed it over the code opens nothing, and it can be neither picked nor cancelled."""
    thing, who = store.run(goods), store.run(rich)
    made = store.run(redeem(thing, who, "k"))
    store.run(lambda tx: shop.pick(tx, rows.by_code(tx, made.code), RULE))
    assert store.look(lambda tx: rows.by_code(tx, made.code)) is None
    assert refused(store, Conflict, lambda tx: shop.pick(tx, made, RULE)) == "shop_picked"
    assert refused(store, Conflict, lambda tx: shop.cancel(tx, made, RULE, "不要了")) == "shop_picked"


def test_nobody_hands_something_over_to_themselves(store: Store) -> None:
    """The clerk who redeemed it needs another clerk."""
    thing, who = store.run(goods), store.run(rich)
    made = store.run(redeem(thing, who, "k"))
    self = Actor("小社工", who, None, RULE.capacities)
    assert refused(store, Forbidden, lambda tx: shop.pick(tx, made, self)) == "shop_own_pick"


@pytest.mark.parametrize("quantity", [0, -1, -(10**9), 21, 10**12])
def test_odd_numbers_are_refused(store: Store, quantity: int) -> None:
    """Nothing, less than nothing, and more than anybody carries."""
    thing, who = store.run(goods), store.run(rich)
    assert refused(store, Invalid, redeem(thing, who, "k", quantity)) == "shop_quantity"


@pytest.mark.parametrize(("points", "stock"), [(0, 1), (-5, 1), (10**9, 1), (1, -1), (1, 10**9)])
def test_goods_have_a_price_and_no_negative_stock(store: Store, points: int, stock: int) -> None:
    """Neither free nor dearer than anybody could pay, never below nothing; on the shelf and when edited."""
    item = shop.Item("抽纸", points, stock)
    assert refused(store, Invalid, lambda tx: shop.stock_up(tx, item, RULE)) in ("goods_points", "goods_stock")
    thing = store.run(goods)
    edited = lambda tx: shop.edit(tx, thing, RULE, points=points, stock=stock)  # noqa: E731
    assert refused(store, Invalid, edited) in ("goods_points", "goods_stock")


def test_too_few_on_the_shelf_or_too_few_points(store: Store) -> None:
    """Refused with what there is; the other side is untouched."""
    thing, poor = store.run(lambda tx: goods(tx, stock=2)), store.run(lambda tx: rich(tx, 9))
    assert refused(store, Conflict, redeem(thing, poor, "a", 3)) == "shop_sold_out"
    assert refused(store, Conflict, redeem(thing, poor, "b", 2)) == "points_short"
    assert refused(store, Conflict, redeem(thing, store.run(person), "c")) == "points_short"
    store.run(redeem(thing, store.run(rich), "d", 2))
    assert refused(store, Conflict, redeem(thing, store.run(rich), "e")) == "shop_gone"


def test_what_is_off_the_shelf_cannot_be_had(store: Store) -> None:
    """Taken off, it is there for nobody; what was redeemed before can still be given back."""
    thing, who = store.run(goods), store.run(rich)
    made = store.run(redeem(thing, who, "k"))
    store.run(lambda tx: shop.edit(tx, rows.goods(tx, thing.id), RULE, active=False))
    assert refused(store, NotFound, redeem(thing, who, "l")) == "no_goods"
    store.run(lambda tx: shop.cancel(tx, made, RULE, "不要了"))
    assert store.look(lambda tx: rows.goods(tx, thing.id).stock) == 10


def test_counting_anew_is_a_move_of_its_own(store: Store) -> None:
    """The stock is set to what was counted, and the difference is on record."""
    thing = store.run(goods)
    changed = store.run(lambda tx: shop.edit(tx, thing, RULE, stock=7, title="抽纸（大）"))
    assert (changed.stock, changed.version, changed.title) == (7, 2, "抽纸（大）")
    assert store.look(lambda tx: [(m.delta, m.reason) for m in rows.moves(tx, thing.id)])[0] == (-3, "counted")
    assert store.look(soundness.problems) == []


def test_what_is_not_picked_up_goes_back_in_time_and_is_told(store: Store) -> None:
    """When the days are over both sides go back, once; what was picked up stays."""
    from redprop_bot.store.tables import Outbox, Timer

    thing, who = store.run(goods), store.run(rich)
    late, kept = store.run(redeem(thing, who, "a")), store.run(redeem(thing, who, "b"))
    store.run(lambda tx: shop.pick(tx, kept, RULE))
    for _ in range(2):
        for timer in store.look(lambda tx: [one for one in tx.list(Timer) if one.kind in shop_clock.DO]):
            store.run(lambda tx, timer=timer: shop_clock.DO[timer.kind](tx, timer))
    states = store.look(lambda tx: {r.id: r.state for r in tx.list(Redemption)})
    assert states == {late.id: "cancelled", kept.id: "picked"}
    assert store.look(lambda tx: [m.message for m in tx.list(Outbox)]) == ["shop_lapsed"]
    assert store.look(lambda tx: ledger.balance(tx, who)) == 95


def test_moves_of_the_stock_are_never_edited(store: Store) -> None:
    """The database itself refuses it."""
    thing = store.run(goods)
    for statement in ("UPDATE stock_move SET delta = 99", "DELETE FROM stock_move"):
        with pytest.raises(DBAPIError):
            store.run(lambda tx, statement=statement: tx.execute(text(statement)))
    assert store.look(lambda tx: [m.delta for m in rows.moves(tx, thing.id)]) == [10]


def test_a_stock_that_does_not_add_up_is_found(store: Store) -> None:
    """Somebody wrote into the table past the product: `db check` names the goods."""
    store.run(goods)
    store.run(lambda tx: tx.execute(text("UPDATE goods SET stock = 4")))
    assert any("超市" in line and "对不上" in line for line in store.look(soundness.problems))


# -- many at once


def outcome(store: Store, job: Callable[[Tx], object]) -> Outcome:
    try:
        store.run(job)
    except Refused as refusal:
        return refusal.code
    return "done"


def at_once(store: Store, jobs: list[Callable[[Tx], object]]) -> list[Outcome]:
    """Each job in a thread of its own, as so many requests would come."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(lambda job: outcome(store, job), jobs))


def test_of_fifty_at_once_ten_get_the_last_ten(store: Store) -> None:
    """The last ten go to ten people, forty are told; no stock, no balance below zero, the books are sound."""
    thing = store.run(goods)
    people = store.run(lambda tx: [rich(tx, 5) for _ in range(50)])

    async def all_of_them() -> list[Outcome]:
        async def one(who: int) -> Outcome:
            try:
                await store.write(redeem(thing, who, f"k{who}"))
            except Refused as refusal:
                return refusal.code
            return "done"

        return await asyncio.gather(*(one(who) for who in people))

    outcomes = asyncio.run(all_of_them())
    assert sorted(set(outcomes)) == ["done", "shop_gone"]
    assert outcomes.count("done") == 10
    left = store.look(lambda tx: (rows.goods(tx, thing.id).stock, sum(ledger.balance(tx, who) for who in people)))
    assert left == (0, 40 * 5)
    assert store.look(soundness.problems) == []


def test_of_fifty_at_once_from_many_connections_ten_get_the_last_ten(postgres_store: Store) -> None:
    """The same where each has a connection of its own, as several processes have."""
    store = postgres_store
    thing = store.run(goods)
    people = store.run(lambda tx: [rich(tx, 5) for _ in range(50)])
    outcomes: list[Outcome] = []
    for start in range(0, 50, 10):
        outcomes += at_once(store, [redeem(thing, who, f"k{who}") for who in people[start : start + 10]])
    assert outcomes.count("done") == 10
    assert store.look(lambda tx: rows.goods(tx, thing.id).stock) == 0
    assert store.look(soundness.problems) == []


def test_one_purse_pays_at_once_for_no_more_than_it_holds(store: Store) -> None:
    """Ten tries of one person with points for three: three, and nothing is left over."""
    thing, who = store.run(lambda tx: goods(tx, stock=50)), store.run(lambda tx: rich(tx, 17))
    outcomes = at_once(store, [redeem(thing, who, f"k{n}") for n in range(10)])
    assert sorted(outcomes) == ["done"] * 3 + ["points_short"] * 7
    assert store.look(lambda tx: (rows.goods(tx, thing.id).stock, ledger.balance(tx, who))) == (47, 2)


def test_picked_up_and_cancelled_at_once_is_one_of_both(store: Store) -> None:
    """The clerk hands it over while its owner cancels: one of them is told that it is too late."""
    thing, who = store.run(goods), store.run(rich)
    made = store.run(redeem(thing, who, "k"))
    outcomes = at_once(
        store,
        [lambda tx: shop.pick(tx, made, RULE), lambda tx: shop.cancel(tx, made, RULE, "不要了")] * 2,
    )
    assert outcomes.count("done") == 1
    assert store.look(soundness.problems) == []
