"""Bringing databases to the present schema: whole or not at all, with rows in them, on both engines."""

import re
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, String, inspect, text
from sqlalchemy.exc import DBAPIError
from tests.support import rows

from redprop_bot.errors import ConfigError
from redprop_bot.store import finding, migrate, schema, triggers
from redprop_bot.store.engine import open_engine
from redprop_bot.store.schema import State
from redprop_bot.store.tables import metadata
from redprop_bot.store.tables.base import NAMING
from redprop_bot.store.worker import Store


@pytest.fixture
def empty(empty_url: str):
    """An engine on a database that was never migrated."""
    engine = open_engine(empty_url)
    yield engine
    engine.dispose()


def differences(engine: Engine) -> list:
    """What the tables in the code have and the database has not, or the other way round."""
    with engine.connect() as connection:
        kept = {"include_name": lambda name, kind, _: not (kind == "table" and finding.is_part(name))}
        return compare_metadata(MigrationContext.configure(connection, opts=kept), metadata)


def test_a_new_database_becomes_current(empty: Engine) -> None:
    """From nothing to the present schema, guards included; what the code says is what the database has."""
    assert schema.state(empty) is State.EMPTY
    assert not schema.current(empty)
    migrate.upgrade(empty)
    assert schema.current(empty)
    schema.check(empty)
    assert differences(empty) == []


def test_upgrading_again_changes_nothing(store: Store) -> None:
    """A second upgrade finds nothing to do and keeps every row."""
    store.run(rows.demand)
    before = store.look(_everything)
    migrate.upgrade(store.engine)
    assert store.look(_everything) == before
    assert differences(store.engine) == []


def test_the_way_back_and_forth_ends_where_it_began(store: Store) -> None:
    """Down to nothing and up again gives the same schema: no revision leaves anything behind."""
    from alembic import command

    with migrate._alone(store.engine) as connection:
        command.downgrade(migrate.config(connection), "base")
    assert schema.state(store.engine) is State.EMPTY
    left = set(inspect(store.engine).get_table_names()) - {"alembic_version"}
    assert {name for name in left if not finding.is_part(name)} == set()
    migrate.upgrade(store.engine)
    assert schema.current(store.engine)
    assert differences(store.engine) == []


def test_every_constraint_has_a_name(store: Store) -> None:
    """What has no name cannot be changed by a later revision."""
    found = inspect(store.engine)
    for table in metadata.sorted_tables:
        named = [c["name"] for c in found.get_foreign_keys(table.name)]
        named += [c["name"] for c in found.get_unique_constraints(table.name)]
        named += [found.get_pk_constraint(table.name)["name"]]
        assert all(named), table.name


def test_many_may_start_an_upgrade_at_once(empty_url: str) -> None:
    """Four processes upgrade the same new database: all succeed, and it is made once."""
    faults: list[BaseException] = []
    meet = threading.Barrier(4)

    def start():
        engine = open_engine(empty_url)
        meet.wait(10)
        try:
            migrate.upgrade(engine)
        except BaseException as error:  # noqa: BLE001 - reported below
            faults.append(error)
        engine.dispose()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    engine = open_engine(empty_url)
    assert faults == []
    assert schema.current(engine)
    engine.dispose()


def test_an_upgrade_that_fails_leaves_nothing(empty: Engine, monkeypatch) -> None:
    """When the last step of an upgrade fails the database is as empty as before."""

    def fails(_connection: Connection) -> None:
        raise RuntimeError("half way")

    with monkeypatch.context() as patch:
        patch.setattr(triggers, "ensure", fails)
        with pytest.raises(RuntimeError, match="half way"):
            migrate.upgrade(empty)
    assert inspect(empty).get_table_names() == []
    migrate.upgrade(empty)
    assert schema.current(empty)


def test_the_known_revisions_are_those_of_the_migrations() -> None:
    """What is known by looking at file names is what the migration tool reads in the files, in its order."""
    scripts = [script.revision for script in ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions()]
    assert schema.revisions() == scripts[::-1]
    assert scripts


def test_a_newer_database_is_refused(store: Store) -> None:
    """A database of a newer program is neither used nor changed, and the reason is said."""
    store.run(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    assert schema.state(store.engine) is State.AHEAD
    with pytest.raises(ConfigError, match="更新的版本"):
        migrate.upgrade(store.engine)
    with pytest.raises(ConfigError, match="更新的版本"):
        schema.check(store.engine)
    assert store.look(lambda tx: tx.scalar(text("SELECT version_num FROM alembic_version"))) == "9999"


def test_an_empty_database_says_what_to_do(empty: Engine) -> None:
    """Before the first upgrade the check names the command."""
    with pytest.raises(ConfigError, match="redprop-bot db upgrade"):
        schema.check(empty)


def test_an_unreachable_database_is_a_setting_at_fault(tmp_path) -> None:
    """What is no database, or cannot be reached, is reported under the setting's name and without its password."""
    (tmp_path / "no.db").write_text("这不是数据库" * 200, encoding="utf-8")
    for url in (f"sqlite:///{tmp_path / 'no.db'}", "postgresql://u:sesame@127.0.0.1:1/none"):
        engine = open_engine(url)
        for ask in (schema.check, migrate.upgrade):
            with pytest.raises(ConfigError, match="REDPROP_DATABASE_URL") as caught:
                ask(engine)
            assert "sesame" not in str(caught.value)
        engine.dispose()


@pytest.mark.parametrize(
    "change", ["UPDATE event SET note = 'x'", "DELETE FROM event", "UPDATE event SET act = 'close' WHERE id = 1"]
)
def test_history_cannot_be_changed(store: Store, change: str) -> None:
    """No statement changes or removes an event, and the attempt undoes its whole transaction."""
    store.run(rows.demand)
    with pytest.raises(DBAPIError, match="append-only"):
        store.run(lambda tx: (rows.demand(tx), tx.execute(text(change))))
    assert store.look(lambda tx: tx.scalar(text("SELECT count(*) FROM event"))) == 1


def test_history_cannot_be_emptied(postgres_store: Store) -> None:
    """PostgreSQL can empty a table without touching rows; that is refused as well."""
    postgres_store.run(rows.demand)
    with pytest.raises(DBAPIError, match="append-only"):
        postgres_store.run(lambda tx: tx.execute(text("TRUNCATE event")))


def test_missing_guards_are_noticed_and_made_again(store: Store) -> None:
    """A database without its guards is not current; an upgrade makes them and keeps the rows."""
    store.run(rows.demand)
    names = triggers._SQLITE if store.is_sqlite else triggers._POSTGRES
    with store.engine.begin() as connection:
        for name, made in names.items():
            on = "" if store.is_sqlite else " ON " + re.search(r" ON (\w+)", made)[1]
            connection.execute(text(f"DROP TRIGGER {name}{on}"))
        assert triggers.missing(connection) == sorted(names)
    assert schema.state(store.engine) is State.UNGUARDED
    with pytest.raises(ConfigError, match="防改保护"):
        schema.check(store.engine)
    migrate.upgrade(store.engine)
    assert schema.current(store.engine)
    with pytest.raises(DBAPIError, match="append-only"):
        store.run(lambda tx: tx.execute(text("DELETE FROM event")))


def test_a_rebuild_of_the_history_keeps_rows_and_guards(store: Store) -> None:
    """A change that makes SQLite build `event` anew, as a revision would, loses no row and no guard."""
    store.run(lambda tx: [rows.demand(tx) for _ in range(3)])
    before = store.look(
        lambda tx: [tuple(r) for r in tx.rows(text("SELECT id, note, data FROM event ORDER BY id"))]
    )

    with migrate._alone(store.engine) as connection:
        change = Operations(MigrationContext.configure(connection))
        with change.batch_alter_table(
            "event", recreate="always" if store.is_sqlite else "auto", naming_convention=NAMING
        ) as batch:
            batch.alter_column("note", type_=String(500), existing_type=String())
        if store.is_sqlite:
            assert triggers.missing(connection) == ["event_no_delete", "event_no_update", "recount_signed"]
        triggers.ensure(connection)

    after = store.look(
        lambda tx: [tuple(r) for r in tx.rows(text("SELECT id, note, data FROM event ORDER BY id"))]
    )
    assert after == before
    assert schema.current(store.engine)
    with pytest.raises(DBAPIError, match="append-only"):
        store.run(lambda tx: tx.execute(text("DELETE FROM event")))


def test_a_rebuild_of_a_table_that_others_name_keeps_them(sqlite_store: Store) -> None:
    """Building `community` anew neither fails because estates name it nor takes them along; references hold after."""
    sqlite_store.run(lambda tx: rows.estate(tx, rows.community(tx).id))
    with migrate._alone(sqlite_store.engine) as connection:
        change = Operations(MigrationContext.configure(connection))
        with change.batch_alter_table("community", recreate="always", naming_convention=NAMING) as batch:
            batch.alter_column("name", type_=String(99), existing_type=String())
    assert sqlite_store.look(lambda tx: tx.scalar(text("SELECT count(*) FROM estate"))) == 1
    with pytest.raises(DBAPIError, match="FOREIGN KEY"):
        sqlite_store.run(lambda tx: rows.estate(tx, 77, "无处"))


def test_a_revision_that_breaks_references_is_undone(sqlite_store: Store) -> None:
    """References are not watched during a rebuild; what broke meanwhile is found before the commit."""
    sqlite_store.run(lambda tx: rows.estate(tx, rows.community(tx).id))

    def breaks():
        with migrate._alone(sqlite_store.engine) as connection:
            connection.execute(text("DELETE FROM community"))

    with pytest.raises(RuntimeError, match="references broken"):
        breaks()
    assert sqlite_store.look(lambda tx: tx.scalar(text("SELECT count(*) FROM community"))) == 1


def test_asking_writes_nothing(empty: Engine) -> None:
    """Asking for the state of a new database leaves it without a table."""
    schema.state(empty)
    assert inspect(empty).get_table_names() == []


def _everything(tx) -> dict[str, list[tuple]]:
    return {
        table.name: [tuple(row) for row in tx.rows(table.select().order_by(*table.primary_key.columns))]
        for table in metadata.sorted_tables
    }
