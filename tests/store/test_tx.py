"""Reading and writing rows through a transaction, the same on both engines."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from tests.support import rows

from redprop_bot.ports import FrozenClock
from redprop_bot.store.engine import open_engine
from redprop_bot.store.tables import Community, Conversation, Demand, Estate, Person, Street
from redprop_bot.store.tx import table_of
from redprop_bot.store.worker import Store


def test_insert_fills_what_was_left_out(store: Store) -> None:
    """A row without its optional columns gets the defaults of the table class, lists and maps of its own."""

    def job(tx):
        one = rows.estate(tx, rows.community(tx).id)
        return one, tx.get(Estate, one.id)

    one, again = store.run(job)
    assert tuple(one) == tuple(again)
    assert (one.kind, one.households, one.aliases, one.lat) == ("commercial", 0, [], None)


def test_moments_keep_their_instant(store: Store) -> None:
    """A moment written with any offset comes back as the same instant in UTC, to the microsecond."""
    shanghai = timezone(timedelta(hours=8))
    at = datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=shanghai)
    found = store.run(lambda tx: tx.get(Person, rows.person(tx, ask_first_until=at).id))
    assert found.ask_first_until == at
    assert found.ask_first_until.tzinfo is UTC


def test_moments_are_ordered_by_instant(store: Store) -> None:
    """Whatever offset they were written with, moments compare by when they are."""
    early = datetime(2026, 3, 1, 7, 0, tzinfo=timezone(timedelta(hours=8)))  # 23:00 the day before, in UTC
    late = datetime(2026, 3, 1, 0, 0, tzinfo=UTC)

    def job(tx):
        for at in (late, early):
            rows.person(tx, ask_first_until=at)
        column = table_of(Person).c.ask_first_until
        return [p.ask_first_until for p in tx.list(Person, column <= late, order=column)]

    assert store.run(job) == [early, late]


def test_moments_without_zone_are_refused(store: Store) -> None:
    """A moment without a zone is a bug: it is refused, nothing is guessed."""
    with pytest.raises(ValueError, match="without a zone"):
        store.run(lambda tx: rows.person(tx, ask_first_until=datetime(2026, 1, 1)))  # noqa: DTZ001
    assert store.run(lambda tx: tx.list(Person)) == []


def test_json_keeps_chinese_and_shape(store: Store) -> None:
    """JSON columns give back what was put in, nested and in Chinese, emoji included."""
    state = {"问": ["哪一栋?", {"n": 3, "ok": True, "无": None}], "e": "🙏"}

    def job(tx):
        who = rows.person(tx)
        tx.put(Conversation, who.id, state=state, updated_at=tx.now)
        return tx.get(Conversation, who.id).state

    assert store.run(job) == state


def test_get_of_nothing_raises(store: Store) -> None:
    """A key that must exist and does not is an error, not None."""
    with pytest.raises(LookupError, match="demand 7"):
        store.run(lambda tx: tx.get(Demand, 7))


def test_find_returns_none_for_nothing(store: Store) -> None:
    """Looking for what is not there gives None, with and without a lock."""
    name = table_of(Community).c.name
    assert store.run(lambda tx: tx.find(Community, name == "x")) is None
    assert store.run(lambda tx: tx.find(Community, name == "x", lock=True)) is None


def test_list_orders_and_limits(store: Store) -> None:
    """A list is in the asked order and no longer than asked."""

    def job(tx):
        for name in ("甲", "乙", "丙"):
            rows.community(tx, name)
        column = table_of(Community).c.id
        return [c.name for c in tx.list(Community, order=column.desc(), limit=2)]

    assert store.run(job) == ["丙", "乙"]


def test_update_changes_one_row_and_returns_it(store: Store) -> None:
    """Only the row with the key changes, and only the named columns."""

    def job(tx):
        one, other = rows.demand(tx), rows.demand(tx)
        changed = tx.update(Demand, one.id, stage="dispatched", building="3")
        return one, changed, tx.get(Demand, one.id), other, tx.get(Demand, other.id)

    one, changed, stored, other, other_now = store.run(job)
    assert tuple(changed) == tuple(stored)
    assert (changed.stage, changed.building, changed.text) == ("dispatched", "3", one.text)
    assert tuple(other) == tuple(other_now)


def test_update_takes_expressions_beside_values(store: Store) -> None:
    """A new value may be computed from the row by the database."""
    version = table_of(Demand).c.version

    def job(tx):
        one = rows.demand(tx)
        tx.update(Demand, one.id, version=version + 1, stage="accepted")
        return tx.update(Demand, one.id, version=version + 1)

    changed = store.run(job)
    assert (changed.version, changed.stage) == (3, "accepted")


def test_insert_new_leaves_what_is_there(store: Store) -> None:
    """A second row with the same unique key is not added and changes nothing."""

    def job(tx):
        first = tx.insert_new(Person, openid="o1", name="甲", created_at=tx.now)
        second = tx.insert_new(Person, openid="o1", name="乙", created_at=tx.now)
        return first, second, tx.list(Person)

    first, second, people = store.run(job)
    assert second is None
    assert [(p.id, p.name) for p in people] == [(first.id, "甲")]


def test_insert_many_new_adds_the_rest(store: Store) -> None:
    """Of many rows those whose key is taken are left out, the others are added."""

    def job(tx):
        tx.insert(Community, name="甲")
        tx.insert_many_new(Community, [{"name": "甲"}, {"name": "乙"}])
        tx.insert_many_new(Community, [])
        return [c.name for c in tx.list(Community, order=table_of(Community).c.id)]

    assert store.run(job) == ["甲", "乙"]


def test_insert_many_gives_each_row_its_own_defaults(store: Store) -> None:
    """Many rows at once get the same defaults as one by one."""

    def job(tx):
        home = rows.community(tx).id
        tx.insert_many(Estate, [{"community_id": home, "name": n} for n in ("东苑", "西苑")])
        tx.insert_many(Estate, [])
        return [(e.name, e.aliases, e.kind) for e in tx.list(Estate, order=table_of(Estate).c.id)]

    assert store.run(job) == [("东苑", [], "commercial"), ("西苑", [], "commercial")]


def test_put_adds_then_changes(store: Store) -> None:
    """The first put of a key adds a row, the next changes only what it names."""

    def job(tx):
        who = rows.person(tx)
        tx.put(Conversation, who.id, state={"a": 1}, updated_at=tx.now)
        tx.put(Conversation, who.id, state={"b": 2}, updated_at=tx.now)
        return [c.state for c in tx.list(Conversation)]

    assert store.run(job) == [{"b": 2}]


def test_savepoint_undoes_only_its_part(store: Store) -> None:
    """What failed inside a savepoint is gone; what came before and after stays."""

    def job(tx):
        def fails():
            with tx.savepoint():
                rows.community(tx, "中")
                raise ZeroDivisionError

        rows.community(tx, "前")
        with pytest.raises(ZeroDivisionError):
            fails()
        with tx.savepoint():
            rows.community(tx, "后")

    store.run(job)
    assert store.run(lambda tx: [c.name for c in tx.list(Community)]) == ["前", "后"]


def test_what_a_failed_part_remembered_is_forgotten(store: Store) -> None:
    """Neither what a failed part kept for later steps nor its wish to wake the delivery outlives it."""

    def job(tx):
        def fails():
            with tx.savepoint():
                tx.cache["people"][2] = "ghost"
                tx.cache["new"] = 1
                tx.wakes = True
                raise ZeroDivisionError

        tx.cache["people"] = {1: "real"}
        with pytest.raises(ZeroDivisionError):
            fails()
        return tx.cache, tx.wakes

    assert store.run(job) == ({"people": {1: "real"}}, False)


def test_savepoint_survives_a_refused_statement(store: Store) -> None:
    """A statement that the database refuses inside a savepoint does not spoil the rest of the job."""

    def job(tx):
        rows.community(tx, "甲")
        with pytest.raises(IntegrityError), tx.savepoint():
            rows.community(tx, "甲")
        rows.community(tx, "乙")

    store.run(job)
    assert store.run(lambda tx: len(tx.list(Community))) == 2


def test_references_are_enforced(store: Store) -> None:
    """A row cannot name another that does not exist."""
    with pytest.raises(IntegrityError):
        store.run(lambda tx: rows.estate(tx, 99))


def test_a_job_sees_one_moment(store: Store, clock: FrozenClock) -> None:
    """The moment of a job is the clock's when it began, in UTC."""

    def job(tx):
        clock.at += timedelta(hours=1)
        return tx.now

    assert store.run(job) == clock.at - timedelta(hours=1)


def test_statements_are_counted(store: Store) -> None:
    """A transaction knows how many statements it ran."""

    def job(tx):
        before = tx.statements
        row = tx.insert(Street, name="青石街道")
        tx.get(Street, row.id)
        tx.update(Street, row.id, name="白石街道")
        return tx.statements - before

    assert store.run(job) == 3


def test_a_faulty_statement_is_a_database_error(store: Store) -> None:
    """What the database refuses reaches the caller as SQLAlchemy's error, and nothing stays."""
    with pytest.raises(DBAPIError):
        store.run(lambda tx: (rows.community(tx), tx.connection.exec_driver_sql("SELECT nonsense")))
    assert store.run(lambda tx: tx.list(Community)) == []


def test_a_new_database_is_its_owner_s(tmp_path):
    """It will hold everything people tell the bot; so will the log beside it."""
    engine = open_engine(f"sqlite:///{tmp_path}/new.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x INTEGER)"))
        assert {oct(file.stat().st_mode & 0o777) for file in tmp_path.iterdir()} == {"0o600"}
    engine.dispose()
