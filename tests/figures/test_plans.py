"""What a page of figures costs does not depend on how many demands there are: the plans of both engines say so."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from tests.store.test_plans import _plan, _statements
from tests.support import rows

from redprop_bot.appraise import periods
from redprop_bot.appraise.overview import Where, overview
from redprop_bot.store import boards, counting, figure_orders, figures
from redprop_bot.store.boards import Place
from redprop_bot.store.figure_orders import FIGURES, Behind
from redprop_bot.store.sifting import Scope, Sieve
from redprop_bot.store.tables import Demand, Supporter
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

TODAY = date(2026, 11, 25)
NOVEMBER = periods.asked("", "", "", TODAY)
COUNTED = ("demand", "event", "supporter", "tally")
AUTUMN = periods.asked("2026-Q3", "", "", TODAY)


@pytest.fixture
def filled(store: Store) -> Store:
    """A few demands, counted."""

    def job(tx: Tx) -> None:
        home = rows.community(tx).id
        place, unit = rows.estate(tx, home).id, rows.unit(tx).id
        for n in range(60):
            at = {"community_id": home, "estate_id": place, "building": str(n % 5), "handler_id": unit}
            rows.demand(tx, **at, stage="closed", closed_at=tx.now, category="noise")

    store.run(job)
    while store.run(counting.settle):
        pass
    return store


READS: dict[str, Callable[[Tx], Any]] = {
    "a month of the street": lambda tx: overview(tx, Where(), NOVEMBER),
    "a quarter of a community": lambda tx: overview(tx, Where(1), AUTUMN),
    "a unit": lambda tx: overview(tx, Where(None, 1), NOVEMBER),
    "digests": lambda tx: figures.by_community_and_unit(tx, AUTUMN.begin, AUTUMN.end),
}


@pytest.mark.parametrize("name", READS)
def test_figures_are_read_from_sums(filled: Store, name: str) -> None:
    """No demand, event or supporter is looked at while nothing waits; sums are found by their key."""
    for statement, parameters in _statements(filled, READS[name]):
        plan = _plan(filled, statement, parameters)
        for table in ("demand", "event", "supporter"):
            assert f"FROM {table}" not in statement, statement
        assert "Seq Scan on figure" not in plan, plan
        if name != "digests":  # all places there are: those are few
            assert "SCAN figure" not in plan, plan


def test_what_waits_is_found_by_keys(filled: Store) -> None:
    """A count, before every sweep and by who reads meanwhile, looks at what waits and at nothing else."""
    filled.run(lambda tx: [tx.update(Demand, key, stars=4) for key in (1, 2, 3)])
    found = _statements(filled, lambda tx: counting.waiting_change(tx, exact=False))
    looked_at = {table for table in COUNTED for statement, _ in found if f"FROM {table}" in statement}
    assert looked_at == set(COUNTED)
    for statement, parameters in found:
        plan = _plan(filled, statement, parameters)
        for table in COUNTED:
            assert f"SCAN {table}" not in plan, plan
            assert f"Seq Scan on {table}" not in plan, plan


@pytest.mark.parametrize("place", [Place(1), Place(1, 1)])
def test_the_year_of_a_board_is_read_from_sums_and_what_is_open(filled: Store, place: Place) -> None:
    """Rows of demands are looked at through the indexes that hold the open ones only; the counts are those of rows."""

    def more(tx: Tx) -> None:
        at = {"community_id": 1, "estate_id": 1}
        one = rows.demand(tx, **at, stage="closed", closed_at=tx.now, stars=5)
        tx.insert(Supporter, demand_id=one.id, person_id=rows.person(tx).id, at=tx.now, stars=1)
        rows.demand(tx, **at, stage="accepted", due_at=tx.now - timedelta(days=1))
        rows.demand(tx, **at, stage="merged")
        rows.demand(tx, community_id=rows.community(tx, name="别的社区").id, stage="new")

    filled.run(more)
    year = (date(2026, 1, 1), date(2027, 1, 1))
    found = filled.look(lambda tx: boards.figures(tx, place, *year))
    assert found == boards.Figures(reported=62, closed=61, open=1, late=1, rated=2, content=1)
    while filled.run(counting.settle):
        pass
    assert filled.look(lambda tx: boards.figures(tx, place, *year)) == found
    for statement, parameters in _statements(filled, lambda tx: boards.figures(tx, place, *year)):
        plan = _plan(filled, statement, parameters)
        assert "Seq Scan on demand" not in plan, plan
        if "FROM demand" in statement:
            assert "_open" in plan or "stage=?" in plan, plan


@pytest.mark.parametrize("figure", FIGURES)
def test_the_orders_behind_are_a_walk_along_the_numbers(filled: Store, figure: str) -> None:
    """The window is read from the index of numbers, and nothing else of all demands."""
    behind = Behind(figure, NOVEMBER.begin, NOVEMBER.end)
    found = _statements(
        filled, lambda tx: figure_orders.page(tx, Scope([1]), Sieve(handler_id=1), behind, below=50, limit=10)
    )
    for statement, parameters in found:
        plan = _plan(filled, statement, parameters)
        assert "Seq Scan" not in plan, plan
        assert "SCAN demand" not in plan, plan
        if "demand.id IN" in statement:  # a window, by its keys or its numbers
            assert any(way in plan for way in ("INTEGER PRIMARY KEY", "id=?", "pk_demand", "uq_demand_no")), plan
        elif "ORDER BY demand.no DESC" in statement:
            assert "uq_demand_no" in plan or "sqlite_autoindex_demand" in plan, plan
            assert "TEMP B-TREE" not in plan, plan


def test_pages_follow_each_other_without_a_gap(filled: Store) -> None:
    """Sixty orders in pages of seven: each once, the newest number first."""
    behind, below, seen = Behind("came", NOVEMBER.begin, NOVEMBER.end), None, []
    while True:
        page = filled.look(lambda tx, b=below: figure_orders.page(tx, Scope(), Sieve(), behind, below=b, limit=7))
        seen += [row.no for row in page.rows]
        below = page.below
        if below is None:
            break
    assert len(seen) == len(set(seen)) == 60
    assert seen == sorted(seen, reverse=True)


@pytest.mark.postgres
def test_two_processes_count_each_change_once(postgres_store: Store, open_store: Any, postgres_url: str) -> None:
    """Both at it at the same time: the sums are those of one."""
    stores = [postgres_store, open_store(postgres_url)]
    postgres_store.run(lambda tx: [rows.demand(tx) for _ in range(300)])
    barrier = threading.Barrier(2)

    def work(store: Store) -> None:
        barrier.wait()
        while store.look(counting.waiting):  # a turn taken while the other counts does nothing
            store.run(lambda tx: counting.settle(tx, most=100))

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert postgres_store.look(counting.waiting) == 0
    assert postgres_store.look(counting.came) == {300}
