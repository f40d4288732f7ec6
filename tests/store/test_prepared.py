"""Statements that go to the driver as they are behave like those that SQLAlchemy runs, on both engines."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from tests.support import rows

from redprop_bot.rules.budget import Window
from redprop_bot.rules.flow import Stage
from redprop_bot.store import budgets
from redprop_bot.store.prepared import Prepared
from redprop_bot.store.tables import Demand, Grant, Inbox, Person, Street
from redprop_bot.store.tx import table_of
from redprop_bot.store.worker import Store

AT = datetime(2026, 11, 25, 2, tzinfo=UTC)
_demand = table_of(Demand)
_person = table_of(Person)


def test_rows_are_those_of_the_general_way(store: Store) -> None:
    """Moments, flags, numbers, texts and gaps come back alike, in the order of the columns."""
    statement = select(_demand).where(_demand.c.no == bindparam("no"))

    def job(tx):
        made = rows.demand(tx)
        (fast,) = tx.rows(Prepared(statement), {"no": made.no})
        (slow,) = tx.rows(statement, {"no": made.no})
        return fast, slow

    fast, slow = store.run(job)
    assert tuple(fast) == tuple(slow)
    assert fast._asdict() == dict(slow._mapping)
    assert type(fast.released) is bool


def test_lists_and_literals_in_a_statement_are_bound(store: Store) -> None:
    """A fixed list, a literal and a limit keep their values; only what is named changes from call to call."""
    statement = Prepared(
        select(_person.c.name)
        .where(_person.c.name.in_(["甲", "乙"]), _person.c.following.is_(True), _person.c.id > bindparam("after"))
        .order_by(_person.c.id)
        .limit(2)
    )

    def job(tx):
        ids = [rows.person(tx, name=name).id for name in ("甲", "丙", "乙", "甲")]
        return [[row.name for row in tx.rows(statement, {"after": after})] for after in (0, ids[0])]

    assert store.run(job) == [["甲", "乙"], ["乙", "甲"]]


def test_an_error_names_its_kind_and_no_values(store: Store) -> None:
    """What the database refuses is raised as SQLAlchemy's error, without the words of people in it."""

    def job(tx):
        for _ in range(2):
            tx.insert(Person, name="某位居民", userid="wang", created_at=datetime(2026, 1, 1, tzinfo=UTC))

    with pytest.raises(IntegrityError) as caught:
        store.run(job)
    assert "某位居民" not in str(caught.value)
    assert caught.value.orig is not None


def test_nobody_s_row_is_an_error_and_no_row_is_none(store: Store) -> None:
    """Changing a row that is not there is told; looking for one is answered with nothing."""
    with pytest.raises(LookupError, match="person 99"):
        store.run(lambda tx: tx.update(Person, 99, name="甲"))
    assert store.run(lambda tx: tx.first(Prepared(select(_person).where(_person.c.id == 99)))) is None


def test_json_goes_both_ways(store: Store) -> None:
    """Maps stay maps, with Chinese and nesting, through insert, returning and select."""
    payload = {"text": "电梯坏了", "extra": {"n": [1, None, True]}}
    at = datetime(2026, 1, 1, tzinfo=UTC)

    def job(tx):
        made = tx.insert(
            Inbox, channel="oa", key="k", sender="s", kind="text", payload=payload, created_at=at,
            received_at=at, status="done",
        )  # fmt: skip
        return made.payload, tx.get(Inbox, made.id).payload

    assert store.run(job) == (payload, payload)


def test_an_added_row_is_the_row_as_stored(store: Store) -> None:
    """What an insert gives back equals what is read back, whatever zone and shape it was given."""
    shanghai = timezone(timedelta(hours=8))
    at = datetime(2026, 11, 25, 10, 0, 0, 5, tzinfo=shanghai)

    def job(tx):
        given = rows.demand(tx, due_at=at, pauses=[{"from": "今天"}], complex=True, stage=Stage.DISPATCHED)
        return given, tx.get(Demand, given.id), rows.owed(tx, not_before=at), tx.insert_new(Street, name="东街")

    given, read, owed, street = store.run(job)
    assert tuple(given) == tuple(read)
    assert type(given.stage) is str
    assert given.due_at.tzinfo is UTC
    assert owed.not_before == at
    assert street.name == "东街"


def test_a_row_that_is_there_is_not_added(store: Store) -> None:
    """A unique key that is taken: nothing is added and nothing comes back."""
    assert (
        store.run(lambda tx: tx.insert_new(Grant, key="k", openid="o", template_id="t", given_at=AT)) is not None
    )
    assert store.run(lambda tx: tx.insert_new(Grant, key="k", openid="p", template_id="t", given_at=AT)) is None


def test_statements_of_the_writer_stay_compiled(sqlite_store: Store) -> None:
    """Nothing that would make the driver compile anew is run between two groups, and no plan hangs on a fixed word.

    SQLite compiles again after every PRAGMA that is set, and at each run when a bound word might choose an index.
    """
    seen: list[str] = []

    def job(tx):
        tx.connection.connection.driver_connection.set_trace_callback(seen.append)
        budgets.opened(tx, "openid", Window.TALK, tx.content.roads.terms, tx.now)
        form = next(iter(budgets._OPEN[Window.TALK, "sqlite"]._forms.values()))
        return form._sql

    async def twice():
        return [await sqlite_store.write(job), await sqlite_store.write(job)]

    sql = asyncio.run(twice())[0]
    assert "= 'claimed'" in sql
    assert "= 'waiting'" in sql
    assert any("INSERT INTO budget" in line for line in seen)
    assert not [line for line in seen if line.startswith("PRAGMA")]
