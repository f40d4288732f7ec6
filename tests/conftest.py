"""Fixtures of all tests: a moment, the content, and a store on SQLite and on PostgreSQL.

`store` runs a test on both engines; `sqlite_store` and `postgres_store` on one. `open_store` opens further stores on
a database, as another process would.
"""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from tests.support import postgres, sqlite
from tests.support.patient import be_patient
from tests.support.read_once import reading_once

from redprop_bot.content import Content, load_content, roots
from redprop_bot.ports import FrozenClock
from redprop_bot.store import events
from redprop_bot.store.worker import Store

ADDRESS = "http://127.0.0.1:8080"
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the morning in Shanghai

# The same examples in every run and without a stopwatch: a change turns the suite red, luck and a busy machine do
# not. `--hypothesis-profile=search` looks for new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("steady")

OpenStore = Callable[[str], Store]


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[_RUN] = postgres.begin_run()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first: begun near the end, one of them would run alone while the others wait."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _RUN in config.stash:
        postgres.end_run(config.stash[_RUN])


_RUN = pytest.StashKey[Path]()


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands at ten in the morning of Wednesday, 25 November 2026, in Shanghai."""
    return FrozenClock(NOW)


@pytest.fixture(scope="session")
def content() -> Content:
    """What the product ships with."""
    return load_content(roots(None), zone=ZoneInfo("Asia/Shanghai"), address=ADDRESS)


@pytest.fixture(scope="session", autouse=True)
def _read_once() -> Iterator[None]:
    """What the product ships with is read once, however many offices the tests build."""
    with reading_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def _patient() -> None:
    """No test is decided by how busy the machine is."""
    be_patient()


@pytest.fixture(scope="session", autouse=True)
def _happenings_have_words(content: Content) -> Iterator[None]:
    """Whatever a test makes happen to something that is no demand has its words for the trail."""
    real = events.note

    def checked(tx: Any, subject: str, subject_id: int, name: str, **rest: Any) -> None:
        known = content.labels.happened.get(subject, {})
        assert {"what", name} <= known.keys(), f"data/labels: happened.{subject} has no word for {name}"
        real(tx, subject, subject_id, name, **rest)

    events.note = checked
    yield
    events.note = real


@pytest.fixture(scope="session")
def postgres_server() -> postgres.PostgresServer:
    """The PostgreSQL of the run."""
    return postgres.server()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a migrated, empty SQLite database."""
    return sqlite.migrated(tmp_path / "redprop.db")


@pytest.fixture
def postgres_url(postgres_server: postgres.PostgresServer) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated, empty database, once on each engine."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that was never migrated, once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: postgres.PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(template="template0") as url:
        yield url


@pytest.fixture
def open_store(clock: FrozenClock, content: Content) -> Iterator[OpenStore]:
    """Opens a store on an address, any number of times; all share `clock`. Closed after the test."""
    opened: list[Store] = []

    def make(url: str) -> Store:
        opened.append(Store(url, clock=clock, content=content))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def store(database_url: str, open_store: OpenStore) -> Store:
    """A store on a migrated, empty database, once on each engine."""
    return open_store(database_url)


@pytest.fixture
def sqlite_store(sqlite_url: str, open_store: OpenStore) -> Store:
    """A store on SQLite only."""
    return open_store(sqlite_url)


@pytest.fixture
def postgres_store(postgres_url: str, open_store: OpenStore) -> Store:
    """A store on PostgreSQL only."""
    return open_store(postgres_url)


def pytest_report_header() -> str:
    return f"databases of this run: {os.environ.get(postgres.RUN, '-')}"
