"""What matching one need costs does not depend on how long the lists are: the plans of both engines say so."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from tests.conftest import OpenStore
from tests.golden.play import enrol
from tests.store.test_plans import _plan, _statements
from tests.support import helping

from redprop_bot.registry.register import register
from redprop_bot.store import bookings, pairings
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import candidates, indexing, places
from redprop_bot.volunteers.needs import of_demand

LISTS = ("fit_key", "resource", "service", "member", "person", "pairing", "pairing_ask", "helper", "respite", "place",
         "booking", "demand")  # fmt: skip


@pytest.fixture
def filled(database_url: str, open_store: OpenStore) -> Store:
    """Some hundred offers and members, indexed, and a need."""
    store = open_store(database_url)
    enrol(store)

    def job(tx: Tx) -> None:
        estates = list(register(tx).estates)
        for n in range(120):
            at = estates[n % len(estates)]
            owner = helping.rows.person(tx, name=f"主{n}", estate_id=at).id
            helping.service(tx, f"会家电维修{n}", owner_id=owner, estate_id=at)
            helping.resource(tx, f"轮椅{n}", owner_id=owner, estate_id=at, kind="item" if n % 3 else "room")
        for n in range(60):
            helping.member(tx, f"员{n}", f"m{n}", ["家电维修"])
        helping.need(tx, "洗衣机坏了找人维修，想借轮椅")

    store.run(job)
    while store.run(indexing.settle):
        pass
    with store.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    store.look(register)  # read once a revision, whatever is asked
    return store


def _found(side: str) -> Callable[[Tx], Any]:
    def find(tx: Tx) -> int:
        need = of_demand(tx, tx.list(Demand, limit=1)[0], side)
        assert need is not None
        return len(candidates.find(tx, need))

    return find


LOOKS: dict[str, Callable[[Tx], Any]] = {
    "somebody": _found("service"),
    "a thing": _found("resource"),
    "near": lambda tx: places.around(tx, (31.102, 118.201), None, most=8),
    "named": lambda tx: places.called(tx, [1], "轮椅7", settle=False),
    "the calendar of a room": lambda tx: bookings.at(tx, 3, tx.now, tx.now),
    "what one has booked": lambda tx: bookings.of_person(tx, 3),
    "what waits for one": lambda tx: pairings.of_person(tx, 3),
    "the desk": lambda tx: pairings.page(tx, communities=[1], state=None, need_id=None, before_id=9, limit=9),
    "sought in vain": lambda tx: pairings.in_vain(tx, [1], limit=9),
}


@pytest.mark.parametrize("name", LOOKS)
def test_nothing_is_read_from_end_to_end(filled: Store, name: str) -> None:
    """Every table that grows is entered by an index, and the index of matching is walked, never sorted."""
    assert filled.look(LOOKS[name]) or name not in ("somebody", "a thing", "near", "named")
    statements = _statements(filled, LOOKS[name])
    assert statements
    for statement, parameters in statements:
        if statement.startswith("SELECT demand.") and "LIMIT" in statement and "WHERE" not in statement:
            continue  # how the test finds its need
        plan = _plan(filled, statement, parameters)
        for line in plan.splitlines():
            for table in LISTS:
                assert f"Seq Scan on {table} " not in f"{line} ", plan
                by_keys = f"FROM {table}" in statement and ".id IN (" in statement  # of so few rows it reads all
                assert by_keys or line.strip() != f"SCAN {table}", plan
        if "fit_key" in statement:
            assert "TEMP B-TREE" not in plan, plan
            assert "Sort" not in plan.replace("Incremental", ""), plan
            assert "ix_fit_key_seek" in plan, plan


@pytest.mark.parametrize("side", ["service", "resource"])
def test_the_number_of_statements_is_the_same_whatever_is_found(filled: Store, side: str) -> None:
    """And so is the number of candidates that are looked at."""
    before = len(_statements(filled, _found(side)))

    def more(tx: Tx) -> None:
        for n in range(200):
            owner = helping.rows.person(tx, name=f"新{n}", openid=f"new{n}").id
            helping.service(tx, f"家电维修{n}", owner_id=owner)
            helping.resource(tx, f"又一辆轮椅{n}", owner_id=owner)

    filled.run(more)
    while filled.run(indexing.settle):
        pass
    assert len(_statements(filled, _found(side))) <= before + 2
    assert filled.look(_found(side)) <= candidates.LOOKED_AT
