"""Whatever the order of operations: no stock and no balance below zero, and all of them are what was booked."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from tests.support import sqlite
from tests.support.books import booking, person

from redprop_bot.content import Content
from redprop_bot.errors import Refused
from redprop_bot.loop.actor import RULE
from redprop_bot.ports import FrozenClock
from redprop_bot.store import shop as rows
from redprop_bot.store import soundness
from redprop_bot.store.tables import Goods, PointEntry, StockMove
from redprop_bot.store.tx import Tx, table_of
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import ledger, shop

KEYS = itertools.count(1)
NUMBERS = st.integers(min_value=-3, max_value=30)

SEARCH = settings(
    max_examples=20,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)


class Shop(RuleBasedStateMachine):
    """A shop with a few goods and people, beside a model of plain numbers."""

    store: Store
    redeemed: Bundle[Any] = Bundle("redeemed")

    def __init__(self) -> None:
        super().__init__()
        self.stock: dict[int, int] = {}
        self.price: dict[int, int] = {}
        self.balance: dict[int, int] = {}
        self.held: dict[int, tuple[int, int, int]] = {}

    @initialize()
    def open(self) -> None:
        """Two kinds of goods, two people."""
        for price, stock in ((3, 4), (7, 2)):
            made = self.store.run(
                lambda tx, p=price, s=stock: shop.stock_up(tx, shop.Item("抽纸", p, s), RULE)  # type: ignore[misc]
            )
            assert made.id is not None
            self.stock[made.id], self.price[made.id] = stock, price
        self.balance = {self.store.run(person): 0 for _ in range(2)}

    def _try(self, job: Any) -> Any:
        try:
            return self.store.run(job)
        except Refused:
            return None

    @rule(data=st.data(), number=NUMBERS)
    def earn(self, data: st.DataObject, number: int) -> None:
        """Somebody earns, or is to earn, something odd."""
        who = data.draw(st.sampled_from(sorted(self.balance)))
        entry = self._try(lambda tx: ledger.award(tx, booking(who, number)))
        assert (entry is not None and entry.delta == number) or number <= 0 or self.balance[who] > 50
        if entry is not None:
            self.balance[who] += entry.delta

    @rule(target=redeemed, data=st.data(), quantity=NUMBERS)
    def redeem(self, data: st.DataObject, quantity: int) -> int | None:
        """Somebody wants some."""
        who = data.draw(st.sampled_from(sorted(self.balance)))
        what = data.draw(st.sampled_from(sorted(self.stock)))
        key = f"machine:{next(KEYS)}"
        goods = self.store.look(lambda tx: rows.goods(tx, what))
        made = self._try(lambda tx: shop.redeem(tx, goods, who, quantity=quantity, key=key, by=RULE))
        price = quantity * self.price[what]
        waiting = sum(1 for owner, _what, _number in self.held.values() if owner == who)
        can = quantity >= 1 and quantity <= self.stock[what] and price <= self.balance[who] and waiting < 10
        assert (made is not None) == (can and quantity <= 20)
        if made is None:
            return None
        self.stock[what] -= quantity
        self.balance[who] -= price
        self.held[made.id] = (who, what, quantity)
        return int(made.id)

    @rule(key=redeemed, pick=st.booleans())
    def end(self, key: int | None, pick: bool) -> None:
        """It is picked up or given back; the second time nothing happens."""
        if key is None:
            return
        made = self.store.look(lambda tx: rows.redemption(tx, key))
        done = self._try(lambda tx: shop.pick(tx, made, RULE) if pick else shop.cancel(tx, made, RULE, "不要了"))
        assert (done is not None) == (key in self.held)
        if key not in self.held:
            return
        who, what, quantity = self.held.pop(key)
        if not pick:
            self.stock[what] += quantity
            self.balance[who] += done.points

    @rule(data=st.data(), stock=NUMBERS)
    def count(self, data: st.DataObject, stock: int) -> None:
        """Somebody counts what is there."""
        what = data.draw(st.sampled_from(sorted(self.stock)))
        edited = self._try(lambda tx: shop.edit(tx, rows.goods(tx, what, lock=True), RULE, stock=stock))
        assert (edited is not None) == (stock >= 0)
        if edited is not None:
            self.stock[what] = stock

    @invariant()
    def all_adds_up(self) -> None:
        """As the model has it, and as the rows add up to."""

        def look(tx: Tx) -> None:
            for what, stock in self.stock.items():
                assert _sum(tx, StockMove, "goods_id", what) == stock == tx.get(Goods, what).stock >= 0
            for who, balance in self.balance.items():
                assert _sum(tx, PointEntry, "person_id", who) == balance == ledger.balance(tx, who) >= 0

        self.store.look(look)

    def teardown(self) -> None:
        """In the end `db check` finds nothing."""
        assert self.store.look(soundness.problems) == []


def _sum(tx: Tx, model: Any, column: str, key: int) -> int:
    table = table_of(model)
    return int(tx.scalar(select(func.coalesce(func.sum(table.c.delta), 0)).where(table.c[column] == key)))


def test_a_shop_adds_up_whatever_happens_in_it(tmp_path: Path, clock: FrozenClock, content: Content) -> None:
    """Earning, redeeming, cancelling, picking up, counting, in any order, with odd numbers among them."""
    store = Store(sqlite.migrated(tmp_path / "shop.db"), clock=clock, content=content)

    class Here(Shop):
        pass

    Here.store = store
    try:
        run_state_machine_as_test(Here, settings=SEARCH)
    finally:
        store.close()


def test_the_model_itself_would_notice(tmp_path: Path, clock: FrozenClock, content: Content) -> None:
    """A stock written past the product turns the invariant red."""
    store = Store(sqlite.migrated(tmp_path / "shop.db"), clock=clock, content=content)
    machine = type("There", (Shop,), {"store": store})()
    machine.open()
    machine.all_adds_up()
    store.run(lambda tx: tx.update(Goods, min(machine.stock), stock=99))
    with pytest.raises(AssertionError):
        machine.all_adds_up()
    store.close()
