"""Copies of a SQLite database while it serves, and putting one back: proved first, in one go, or not at all."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.support import rows, sqlite

from redprop_bot.errors import ConfigError
from redprop_bot.store import schema, serving
from redprop_bot.store.backup import backup, restore
from redprop_bot.store.engine import open_engine, sqlite_path
from redprop_bot.store.tables import Community
from redprop_bot.store.worker import Store


def names(url: str) -> list[str]:
    """Communities of a database, read by a store of its own."""
    with closing(sqlite3.connect(sqlite_path(url))) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM community ORDER BY id")]


@pytest.fixture
def copy(sqlite_store: Store, tmp_path: Path) -> Path:
    """A copy of a database with one community, 甲; the database then gets another, 乙, and is let go."""
    file = tmp_path / "copy.db"
    sqlite_store.run(lambda tx: rows.community(tx, "甲"))
    backup(sqlite_store.url, file)
    sqlite_store.run(lambda tx: rows.community(tx, "乙"))
    sqlite_store.engine.dispose()
    return file


def test_a_copy_is_one_whole_file_for_its_owner(copy: Path) -> None:
    """The copy holds what was committed, needs nothing beside it, and others cannot read it."""
    assert names(f"sqlite:///{copy}") == ["甲"]
    assert sorted(p.name for p in copy.parent.iterdir() if "copy" in p.name) == ["copy.db"]
    assert copy.stat().st_mode & 0o077 == 0


def test_a_copy_made_under_load_is_consistent(sqlite_store: Store, tmp_path: Path) -> None:
    """Copies made while jobs commit pairs of rows never hold half of a pair, and no job waits or fails."""
    stop = threading.Event()
    written = []

    def pair(tx):
        rows.community(tx, f"a{len(written)}")
        rows.community(tx, f"b{len(written)}")

    def load():
        while not stop.is_set():
            sqlite_store.run(pair)
            written.append(1)

    thread = threading.Thread(target=load)
    thread.start()
    counts = []
    for n in range(5):
        file = tmp_path / f"copy{n}.db"
        backup(sqlite_store.url, file)
        counts.append(len(names(f"sqlite:///{file}")))
    stop.set()
    thread.join(30)
    assert all(count % 2 == 0 for count in counts)
    assert counts == sorted(counts)
    assert sqlite_store.look(lambda tx: len(tx.list(Community))) == 2 * len(written)


def test_a_copy_does_not_see_a_job_under_way(sqlite_store: Store, tmp_path: Path) -> None:
    """A copy made in the middle of a job holds nothing of it."""

    def job(tx):
        rows.community(tx)
        backup(sqlite_store.url, tmp_path / "copy.db")

    sqlite_store.run(job)
    assert names(f"sqlite:///{tmp_path / 'copy.db'}") == []


def test_a_later_copy_replaces_an_earlier_one(sqlite_store: Store, copy: Path) -> None:
    """The same file name may be used every day."""
    backup(sqlite_store.url, copy)
    assert names(f"sqlite:///{copy}") == ["甲", "乙"]


def test_the_database_is_never_its_own_copy(sqlite_store: Store) -> None:
    """Naming the database itself as the copy is refused."""
    with pytest.raises(ConfigError, match="换一个文件名"):
        backup(sqlite_store.url, sqlite_path(sqlite_store.url))
    assert sqlite_store.look(lambda tx: tx.list(Community)) == []


def test_a_copy_that_cannot_be_written_says_so(sqlite_store: Store, tmp_path: Path) -> None:
    """A folder that is not there is a fault with its name, and nothing is left behind."""
    with pytest.raises(ConfigError, match="nowhere"):
        backup(sqlite_store.url, tmp_path / "nowhere" / "copy.db")


def test_nothing_to_copy(tmp_path: Path) -> None:
    """A database that does not exist is not made by copying it."""
    with pytest.raises(ConfigError, match="没有这个数据库"):
        backup(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_putting_back_gives_the_state_of_the_copy(sqlite_url: str, copy: Path) -> None:
    """With force the database is as it was when the copy was made, and a store works on it."""
    restore(copy, sqlite_url, force=True)
    assert names(sqlite_url) == ["甲"]
    engine = open_engine(sqlite_url)
    schema.check(engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO community (name) VALUES ('丙')"))
    engine.dispose()
    assert names(sqlite_url) == ["甲", "丙"]


def test_putting_back_where_nothing_is(copy: Path, tmp_path: Path) -> None:
    """A new place needs no force; its folder is made."""
    url = f"sqlite:///{tmp_path / 'new' / 'redprop.db'}"
    restore(copy, url)
    assert names(url) == ["甲"]


def test_a_log_left_by_a_crash_is_not_applied_to_the_copy(sqlite_url: str, copy: Path) -> None:
    """A database whose process died leaves a log beside it; it must not creep into what is put back."""
    path = sqlite_path(sqlite_url)
    held = sqlite3.connect(path)
    held.execute("INSERT INTO community (name) VALUES ('丙')")
    held.commit()
    crashed = {ending: Path(f"{path}{ending}").read_bytes() for ending in ("", "-wal")}
    held.close()
    for ending, content in crashed.items():
        Path(f"{path}{ending}").write_bytes(content)
    restore(copy, sqlite_url, force=True)
    assert names(sqlite_url) == ["甲"]


def test_without_force_nothing_is_overwritten(sqlite_url: str, copy: Path) -> None:
    """A database that is there stays, and the option is named."""
    with pytest.raises(ConfigError, match="--force"):
        restore(copy, sqlite_url)
    assert names(sqlite_url) == ["甲", "乙"]


def test_not_while_it_serves(sqlite_url: str, copy: Path) -> None:
    """While a serve runs even force does not put a copy in its place."""
    with serving.alone(sqlite_url), pytest.raises(ConfigError, match="停止 serve"):
        restore(copy, sqlite_url, force=True)
    assert names(sqlite_url) == ["甲", "乙"]


def test_not_under_another_command(sqlite_url: str, copy: Path) -> None:
    """While another command is in a transaction the database is not replaced under it."""
    with closing(sqlite3.connect(sqlite_path(sqlite_url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConfigError, match="别的命令"):
            restore(copy, sqlite_url, force=True)
        other.execute("INSERT INTO community (name) VALUES ('丙')")
        other.execute("COMMIT")
    assert names(sqlite_url) == ["甲", "乙", "丙"]


def _alter(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(statement)


def _text(file: Path) -> None:
    file.write_text("这不是数据库" * 100, encoding="utf-8")


def _truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _scribble(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for page in range(8, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    file.write_bytes(content)


def _foreign(file: Path) -> None:
    file.unlink()
    _alter(file, "CREATE TABLE demand (id INTEGER)")


_HOMELESS = (
    "INSERT INTO estate (id, community_id, name, aliases, kind, households, lacks)"
    " VALUES (1, 99, 'x', '[]', 'old', 0, '[]')"
)
"""An estate of no community."""


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (Path.unlink, "没有这个文件"),
        (_text, "不是完好的数据库"),
        (_truncate, "损坏|不是完好"),
        (_scribble, "损坏|不是完好"),
        (_foreign, "不是本程序的数据库"),
        (lambda f: f.write_bytes(b""), "不是"),
        (lambda f: _alter(f, "UPDATE alembic_version SET version_num = '9999'"), "更新的版本"),
        (lambda f: _alter(f, "DELETE FROM alembic_version"), "更新的版本"),
        (lambda f: _alter(f, _HOMELESS), "引用对不上"),
    ],
    ids=["gone", "text", "half", "scribbled", "foreign", "empty", "newer", "unversioned", "broken references"],
)
def test_what_cannot_be_trusted_is_not_put_back(sqlite_url: str, copy: Path, spoil, says: str) -> None:
    """A file that is gone, damaged, not ours, or of a newer program changes nothing, even with force."""
    spoil(copy)
    before = sorted(p.name for p in copy.parent.iterdir())
    with pytest.raises(ConfigError, match=says):
        restore(copy, sqlite_url, force=True)
    assert names(sqlite_url) == ["甲", "乙"]
    left = {p.name for p in copy.parent.iterdir()} - set(before)
    assert left <= {"redprop.db.serve"}


def test_damage_of_the_database_is_what_force_is_for(sqlite_url: str, copy: Path) -> None:
    """A database that is damaged beyond reading can be replaced."""
    _text(sqlite_path(sqlite_url))
    restore(copy, sqlite_url, force=True)
    assert names(sqlite_url) == ["甲"]


def test_postgres_has_its_own_tools(tmp_path: Path) -> None:
    """For PostgreSQL both commands name what to use instead."""
    for act in (
        lambda: backup("postgresql://u:sesame@h/d", tmp_path / "f"),
        lambda: restore(tmp_path / "f", "postgresql://u:sesame@h/d"),
    ):
        with pytest.raises(ConfigError, match="pg_dump") as caught:
            act()
        assert "sesame" not in str(caught.value)


def test_templates_of_tests_are_marked_as_ours(tmp_path: Path) -> None:
    """Every migrated database carries the mark that restoring asks for."""
    with closing(sqlite3.connect(sqlite_path(sqlite.migrated(tmp_path / "x.db")))) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (schema.APPLICATION_ID,)
