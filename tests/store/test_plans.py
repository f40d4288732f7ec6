"""Lists are walks along an index: no statement behind a page of the console reads all demands or sorts them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from tests.support import rows

from redprop_bot.rules.flow import Stage
from redprop_bot.store import changes, demands, finding, mailing, pressing, sifting, trail
from redprop_bot.store.sifting import Scope, Sieve
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store

ALL, HOME, UNIT = Scope(), Scope([1]), Scope(None, 1, released=True)


def _sift(scope: Scope, **asked: Any) -> Callable[[Tx], Any]:
    return lambda tx: sifting.sift(tx, scope, Sieve(**asked), below=50, limit=10)


LISTS: dict[str, Callable[[Tx], Any]] = {
    "all": _sift(ALL),
    "a community": _sift(HOME),
    "a unit": _sift(UNIT),
    "a stage": _sift(ALL, stage="new"),
    "a stage of a community": _sift(HOME, stage="new"),
    "a stage of a unit": _sift(UNIT, stage="dispatched"),
    "an estate": _sift(HOME, estate_id=1),
    "a category": _sift(ALL, category="noise"),
    "a unit of a community": _sift(HOME, handler_id=1),
    "late ones": _sift(ALL, overdue=True),
    "many filters": _sift(HOME, stage="new", category="noise", urgency="urgent", overdue=True),
    "open ones of a kind": _sift(ALL, stage="new", category="noise", urgency="urgent"),
    "open ones of a kind of a community": _sift(HOME, stage="new", category="noise", urgency="urgent"),
    "open ones of a kind of a unit": _sift(UNIT, stage="new", category="noise", urgency="urgent"),
    "count of a stage": lambda tx: sifting.count(tx, ALL, Sieve(stage="new")),
    "count of a stage of a community": lambda tx: sifting.count(tx, HOME, Sieve(stage="new")),
    "count of a unit": lambda tx: sifting.count(tx, UNIT, Sieve(stage="new")),
    "alarms": lambda tx: pressing.alarms(tx, ALL, limit=10),
    "alarms of a community": lambda tx: pressing.alarms(tx, HOME, limit=10),
    "asked for time": lambda tx: pressing.asked_for_time(tx, HOME, limit=10),
    "asked for time, all": lambda tx: pressing.asked_for_time(tx, ALL, limit=10),
    "alarms of a unit": lambda tx: pressing.alarms(tx, UNIT, limit=10),
    "to look at, all": lambda tx: pressing.to_look_at(tx, ALL, limit=10),
    "returned": lambda tx: pressing.urgent_first(tx, HOME, Stage.RETURNED, limit=10),
    "accepted, all": lambda tx: pressing.urgent_first(tx, ALL, Stage.ACCEPTED, limit=10),
    "dispatched to a unit": lambda tx: pressing.urgent_first(tx, UNIT, Stage.DISPATCHED, limit=10),
    "overdue": lambda tx: pressing.overdue(tx, ALL, limit=10),
    "overdue of a community": lambda tx: pressing.overdue(tx, HOME, limit=10),
    "overdue of a unit": lambda tx: pressing.overdue(tx, UNIT, limit=10),
    "overdue, next page": lambda tx: pressing.overdue(tx, HOME, limit=10, after=(tx.now - timedelta(days=1), 5)),
    "due today": lambda tx: pressing.due_until(tx, HOME, tx.now + timedelta(hours=9), limit=10),
    "to look at": lambda tx: pressing.to_look_at(tx, HOME, limit=10),
    "messages": lambda tx: mailing.page(tx, None, None, before_id=50, limit=10),
    "dead messages": lambda tx: mailing.page(tx, None, "dead", before_id=None, limit=10),
    "dead messages of a community": lambda tx: mailing.page(tx, [1], "dead", before_id=None, limit=10),
    "messages of a community": lambda tx: mailing.page(tx, [1], None, before_id=None, limit=10),
    "count of messages": lambda tx: mailing.count(tx, "dead"),
    "trail": lambda tx: trail.page(tx, None, before_id=50, limit=10),
    "trail of a community": lambda tx: trail.page(tx, [1], before_id=None, limit=10),
    "changes": lambda tx: changes.since(tx, 500),
    "what complains of somebody": lambda tx: demands.accusing(tx, 1),
    "what complains of somebody, all": lambda tx: demands.accusing(tx, None),
    "a stage of a community without some": _sift(Scope([1], unseen=frozenset({7, 9})), stage="new"),
    "words": lambda tx: finding.found(tx, "路灯", before=None, most=10),
}


@pytest.fixture
def filled(store: Store) -> Store:
    """A few hundred demands of two communities and the statistics about them."""
    return _filled(store)


def _filled(store: Store) -> Store:

    def job(tx: Tx) -> None:
        for name in ("甲", "乙"):
            home = rows.community(tx, name).id
            place, unit = rows.estate(tx, home, f"{name}苑").id, rows.unit(tx, f"{name}物业").id
            for n in range(120):
                stage = list(Stage)[n % len(Stage)].value
                rows.demand(
                    tx,
                    community_id=home,
                    estate_id=place,
                    handler_id=unit,
                    stage=stage,
                    category="noise",
                    urgency=("normal", "urgent", "emergency")[n % 3],
                    due_at=tx.now + timedelta(hours=n - 60),
                    paused_until=tx.now if stage == "suspended" else None,
                    extension_days=1 if n % 40 == 0 else None,
                )

    store.run(job)
    with store.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return store


def _statements(store: Store, job: Callable[[Tx], Any]) -> list[tuple[str, Any]]:
    seen: list[tuple[str, Any]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        store.look(job)
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
    return seen


def _plan(store: Store, statement: str, parameters: Any) -> str:
    with store.engine.connect() as connection:
        if store.is_sqlite:
            rows_ = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return "\n".join(row[3] for row in rows_)
        # What the planner can do: of so few rows it would rather read all.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL enable_sort = off"))
        connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        return "\n".join(str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_a_walk_along_an_index(filled: Store, name: str) -> None:
    """Nothing is sorted, and nothing is read from end to end, whatever the filters."""
    statements = _statements(filled, LISTS[name])
    assert statements
    for statement, parameters in statements:
        plan = _plan(filled, statement, parameters)
        looked_up = " IN (" in statement and "demand.id IN" in statement  # a bounded handful of keys
        if filled.is_sqlite:
            scans = [line for line in plan.splitlines() if line.startswith("SCAN") and "INDEX" not in line]
            allowed = ("SCAN anon", "SCAN demand_words", "SCAN (", "SCAN CONSTANT")
            primary = name in ("all", "messages", "trail", "changes")  # newest first, all of them: by the key
            assert [s for s in scans if not s.startswith(allowed) and not primary] == [], plan
            assert "TEMP B-TREE" not in plan or looked_up, plan
        elif name != "words":
            assert "Seq Scan" not in plan, plan
            assert "Sort" not in plan or looked_up, plan


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("asked for time", "ix_demand_community_asked"),
        ("alarms of a unit", "ix_demand_handler_alarm"),
        ("to look at", "ix_demand_community_look"),
        ("what complains of somebody", "ix_demand_accusing"),
        ("returned", "ix_demand_community_urgent"),
        ("dispatched to a unit", "ix_demand_handler_urgent"),
        ("open ones of a kind of a community", "ix_demand_open_kind"),
        ("open ones of a kind of a unit", "ix_demand_open_kind"),
    ],
)
def test_one_community_among_many_is_not_looked_for_in_all_its_orders(sqlite_store: Store, name, index) -> None:
    """Of ten years of orders a handful waits for an answer: the walk is along those.

    On SQLite: of so few rows PostgreSQL takes any index that is short.
    """
    filled = _filled(sqlite_store)
    statement, parameters = _statements(filled, LISTS[name])[0]
    assert index in _plan(filled, statement, parameters)
