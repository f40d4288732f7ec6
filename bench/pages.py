"""What the benches of the console's pages share: databases of each engine, offices on them, a page made whole.

A page is everything but HTTP: the statements, the handler, the template. What is judged is the curve, so a database
of each size stands there at the same time and they take turns: whatever else the machine does falls on all alike.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
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
ROUNDS = 40
LIMIT_MS, LIMIT_RATIO = 300, 2.0
WAYS = {way.path: (room, way) for room in ALL for way in room.ways if way.method == "GET"}


def databases(name: str, count: int = 1) -> Iterator[tuple[str, list[str]]]:
    """Each engine with as many empty databases as are asked for."""
    with tempfile.TemporaryDirectory() as folder:
        yield "SQLite", [f"sqlite:///{folder}/{name}{n}.db" for n in range(count)]
    run = postgres.begin_run()
    try:
        with ExitStack() as stack:
            server = postgres.server()
            yield (
                "PostgreSQL",
                [stack.enter_context(server.database(template="template0")) for _ in range(count)],
            )
    finally:
        postgres.end_run(run)


@contextmanager
def offices(
    urls: list[str], sizes: tuple[int, ...], prepared: Any, fill: Callable[[Office, int], str]
) -> Iterator[dict[int, Office]]:
    """An office for each size, each on a database of its own that `fill` has filled; it says how that went."""
    with ExitStack() as stack:
        made = {}
        for url, size in zip(urls, sizes, strict=True):
            made[size] = stack.enter_context(office(url, prepared))
            print(f"  {size:>9,} 件备好：{fill(made[size], size)}", flush=True)
        yield made


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


def p95(made: Mapping[int, Office], viewer: Viewer, path: str, query: Mapping[str, str]) -> dict[int, float]:
    """Milliseconds that a page takes at each size; the first two rounds do not count."""
    room, way = WAYS[path]
    times: dict[int, list[float]] = {size: [] for size in made}
    for _ in range(ROUNDS):
        for size, one in made.items():
            begun = time.perf_counter()
            one.store.look(lambda tx, one=one: _page(tx, one, viewer, query, (room, way)))
            times[size].append((time.perf_counter() - begun) * 1000)
    return {size: statistics.quantiles(taken[2:], n=20)[-1] for size, taken in times.items()}


def curve(found: Mapping[str, Mapping[int, float]], *, beneath_ms: float = 0) -> None:
    """Print each page's milliseconds by size, and the ratio; of a page faster than `beneath_ms` it is noise."""
    sizes = list(next(iter(found.values())))
    print("  " + "页".ljust(16) + "".join(f"{size:>12,}" for size in sizes) + "       比")
    for page, at in found.items():
        big, ratio = at[sizes[-1]], at[sizes[-1]] / at[sizes[0]]
        bad = " ✗" if big > LIMIT_MS or (ratio > LIMIT_RATIO and big > beneath_ms) else ""
        print(f"  {page:<18}" + "".join(f"{at[size]:>12.1f}" for size in sizes) + f"{ratio:>8.2f}{bad}")


def _page(tx: Tx, made: Office, viewer: Viewer, query: Mapping[str, str], at: tuple[Room, Way]) -> str:
    room, way = at
    desk = Desk(tx, viewer, made, {}, query, {}, Seat("a", 1, 1, "0" * 16))
    answer = way.handler(desk)
    assert isinstance(answer, Page)
    around = {"me": viewer, "me_role": "", "rooms": ALL, "room": room, "mark": "", "here": "/console"}
    around |= {"said": "", "wrong": "", "wrong_field": "", "labels": desk.content.labels, "typed": {}}
    return environment().get_template(f"console/{answer.template}").render(**around, **answer.values)
