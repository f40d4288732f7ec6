"""What the benches of the console's pages share: a database of each engine, an office on it, a page made whole.

A page is everything but HTTP: the statements, the handler, the template. What is judged is the curve.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.support import postgres

from redprop_bot.bootstrap import building
from redprop_bot.dialogue.office import Office
from redprop_bot.settings import load
from redprop_bot.store import migrate
from redprop_bot.store.tx import Tx
from redprop_bot.web.access import Viewer
from redprop_bot.web.console.room import Desk, Page, Room, Way
from redprop_bot.web.console.rooms import ALL
from redprop_bot.web.pages.rendering import environment
from redprop_bot.web.staff import Seat

SIZES = (10_000, 100_000)
BATCH = 5_000
ROUNDS = 25
LIMIT_MS, LIMIT_RATIO = 300, 2.0
WAYS = {way.path: (room, way) for room in ALL for way in room.ways if way.method == "GET"}


def databases(name: str) -> Iterator[tuple[str, str]]:
    """Each engine with an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        yield "SQLite", f"sqlite:///{folder}/{name}.db"
    if url := os.environ.get("REDPROP_BENCH_POSTGRES"):
        yield "PostgreSQL", url
        return
    run = postgres.begin_run()
    try:
        with postgres.server().database(template="template0") as url:
            yield "PostgreSQL", url
    finally:
        postgres.end_run(run)


@contextmanager
def office(url: str, prepared: Any) -> Iterator[Office]:
    """An office on a database of the newest shape; `prepared` is its first job."""
    made = building.build(load(None, database_url=url, secret_key="0" * 32))
    try:
        migrate.upgrade(made.store.engine)
        made.store.run(prepared)
        yield made
    finally:
        made.close()


def p95(made: Office, viewer: Viewer, path: str, query: Mapping[str, str]) -> float:
    """Milliseconds that a page takes; the first two rounds do not count."""
    room, way = WAYS[path]
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        made.store.look(lambda tx: _page(tx, made, viewer, query, (room, way)))
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.quantiles(times[2:], n=20)[-1]


def _page(tx: Tx, made: Office, viewer: Viewer, query: Mapping[str, str], at: tuple[Room, Way]) -> str:
    room, way = at
    desk = Desk(tx, viewer, made, {}, query, {}, Seat("a", 1, 1, "0" * 16))
    answer = way.handler(desk)
    assert isinstance(answer, Page)
    around = {"me": viewer, "me_role": "", "rooms": ALL, "room": room, "mark": "", "here": "/console"}
    around |= {"said": "", "wrong": "", "wrong_field": "", "labels": desk.content.labels, "typed": {}}
    return environment().get_template(f"console/{answer.template}").render(**around, **answer.values)
