"""A quarter of a community with 3 000 orders, from due moment to due moment, with outages; every promise accounted for.

    python -m bench quarter          prints totals and draws docs/quarter.svg
    BENCH_ORDERS=300 …               a smaller one
Time stands still but for this: it goes to the next moment at which anything is due or anybody does anything, and
there `run-due` runs, unless the house is dark; messages leave with the next one. What people do while it is dark they
do when it is light again.
"""

import asyncio
import heapq
import itertools
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func, select

from bench.town.account import Watch
from bench.town.people import ROSTER, Chance, Step, do, report
from bench.town.picture import Series, svg
from redprop_bot.bootstrap import building
from redprop_bot.clock import sweeping
from redprop_bot.errors import Refused
from redprop_bot.notify.delivery import Delivery
from redprop_bot.ports import Channel, FrozenClock, Outbound, Receipt
from redprop_bot.registry.importing import import_file
from redprop_bot.rules.flow import OPEN, Stage
from redprop_bot.settings import load as load_settings
from redprop_bot.store import migrate, soundness
from redprop_bot.store.prepared import Prepared
from redprop_bot.store.tables import Demand, Nudge, Outbox, Timer
from redprop_bot.store.tx import Tx, table_of

_demand, _nudge, _timer = (table_of(model) for model in (Demand, Nudge, Timer))
_EARLIEST = tuple(
    Prepared(select(func.min(column)).where(*where))
    for column, where in (
        (_demand.c.remind_at, ()),
        (_nudge.c.ripe_at, ()),
        (_timer.c.due_at, (_timer.c.done_at.is_(None),)),
    )
)
ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 10, 1, tzinfo=ZONE)
DAYS = 92
ORDERS = int(os.environ.get("BENCH_ORDERS", "3000"))
SEED = 20261001
LOOK = -1  # somebody looks at the clock, whether anything is due or not
PICTURE = Path(__file__).parents[1] / "docs" / "quarter.svg"


class Post:
    """A platform that takes everything."""

    def __init__(self) -> None:
        self.count = 0

    async def send(self, message: Outbound) -> Receipt:  # noqa: ARG002 - a platform has it so
        self.count += 1
        return Receipt(msgid=f"q{self.count}")


@dataclass
class Quarter:
    """What came of it."""

    watch: Watch
    faults: list[str]
    done: Counter[str]
    delivered: int
    sweeps: int
    stages: Counter[str]
    came: list[int]
    still_open: list[int]
    dark: list[tuple[datetime, datetime]]
    weeks: list[tuple[str, int, int]] = field(default_factory=list)


class Town:
    """The town while its quarter goes by."""

    def __init__(self, folder: Path, *, orders: int, days: int, seed: int) -> None:
        self.clock, self.post = FrozenClock(BEGIN), Post()
        settings = load_settings(None, database_url=f"sqlite:///{folder / 'quarter.db'}")
        senders = {Channel.OA: self.post, Channel.WORK: self.post}
        self.office = building.build(settings, clock=self.clock, senders=senders)
        self.store = self.office.store
        sqlalchemy_event.listen(self.store.engine, "connect", _hurry)
        migrate.upgrade(self.store.engine)
        (folder / "roster.yaml").write_text(ROSTER, "utf-8")
        self.store.run(lambda tx: import_file(tx, folder / "roster.yaml"))
        self.chance = Chance(seed, self.office.content)
        self.watch = Watch(self.office.content)
        self.ids: dict[int, int] = {}
        self.turn = itertools.count()
        self.to_do: list[tuple[datetime, int, Step | int]] = []
        self.begin, self.end = BEGIN, BEGIN + timedelta(days=days)
        self.dark = self.chance.outages(BEGIN, days)
        for number, at in enumerate(self.chance.reports(orders, BEGIN, days)):
            self._put(at, number)
        for day in range(days):
            self._put(BEGIN + timedelta(days=day, hours=8, minutes=30), LOOK)
        self.done: Counter[str] = Counter()

    def _put(self, at: datetime, what: Step | int) -> None:
        heapq.heappush(self.to_do, (at, next(self.turn), what))

    def light(self, at: datetime) -> datetime:
        """The moment, or the end of the outage that it lies in."""
        for start, end in self.dark:
            if start <= at < end:
                return self.light(end)
        return at

    async def run(self) -> None:
        """From one moment to the next until the quarter is over."""
        delivery = Delivery(self.store, self.office.senders)
        while True:
            owed = await self.store.read(_next)
            people = self.to_do[0][0] if self.to_do else self.end
            at = self.light(max(self.clock.at, min(people, owed or self.end)))
            if at >= self.end:
                return
            self.clock.at = at
            if at in {end for _start, end in self.dark}:
                await self._sweep(delivery)  # it is light again: the house wakes before the people do
            looked_at = owed is not None and owed <= at
            while self.to_do and self.light(self.to_do[0][0]) <= at:
                _at, _turn, what = heapq.heappop(self.to_do)
                looked_at |= what == LOOK
                await self.store.write(lambda tx, what=what: self._happen(tx, what))
            if looked_at:
                await self._sweep(delivery)

    async def _sweep(self, delivery: Delivery) -> None:
        self.watch.swept.append(self.clock.at)
        done = await sweeping.run_due(self.office, delivery)
        self.done.update(done["done"])
        climbs = sum(n for name, n in done["done"].items() if name.startswith(("climb", "expire")))
        if climbs:
            await self.store.write(self._look)

    def _look(self, tx: Tx) -> None:
        """What the clock has done to orders is seen; what is tabled or ended has another future."""
        for number, key in self.ids.items():
            demand = tx.get(Demand, key)
            if demand.stage != self.watch.seen[key][-1][1]:
                self._seen(number, demand)

    def _happen(self, tx: Tx, what: Step | int) -> None:
        if isinstance(what, Step):
            demand = tx.get(Demand, self.ids[what.no], lock=True)
            try:
                with tx.savepoint():
                    after = do(tx, demand, what)
            except Refused:
                return  # it has gone another way
            if (after.stage, after.due_at) != (demand.stage, demand.due_at):
                self._seen(what.no, after, anew=after.stage != demand.stage)
        elif what >= 0:
            made = report(tx, what, self.chance.matter())
            self.ids[what] = made.id or 0
            self._seen(what, made)

    def _seen(self, number: int, demand: Demand, *, anew: bool = True) -> None:
        self.watch.note(self.clock.at, demand)
        for step in self.chance.of(number, demand, self.clock.at) if anew else []:
            self._put(step.at, step)

    # -- what came of it

    def over(self) -> Quarter:
        """Account for it."""
        faults = self.store.look(lambda tx: [*self.watch.faults(tx), *_unsound(tx)])
        rows = self.store.look(lambda tx: tx.list(Demand))
        days = (self.end - self.begin).days
        came = [0] * days
        for row in rows:
            came[(row.reported_at.astimezone(ZONE) - self.begin).days] += 1
        return Quarter(
            self.watch, faults, self.done, self.post.count, len(self.watch.swept),
            Counter(row.stage for row in rows), came, [self._open(day + 1) for day in range(days)],
            self.dark, self._weeks(),
        )  # fmt: skip

    def _open(self, day: int) -> int:
        night = self.begin + timedelta(days=day)
        stages = ([s for at, s, _due, _n in steps if at <= night] for steps in self.watch.seen.values())
        return sum(bool(past) and past[-1] in OPEN - {Stage.DONE} for past in stages)

    def _weeks(self) -> list[tuple[str, int, int]]:
        late = {(order, due) for order, due, _at in self.watch.late_by(0)}
        all_due = {
            (o, due) for o, steps in self.watch.seen.items() for _at, _s, due, _n in steps if due is not None
        }
        weeks: dict[date, Counter[bool]] = {}
        for order, due in all_due:
            if due < self.end:
                local = due.astimezone(ZONE).date()
                weeks.setdefault(local - timedelta(days=local.weekday()), Counter())[(order, due) not in late] += 1
        return [(f"{w.month}/{w.day}", weeks[w][True], weeks[w].total()) for w in sorted(weeks)]


def _hurry(connection, _record) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _unsound(tx: Tx) -> list[str]:
    """What `db check` finds; these residents never say a word, so what waits for their next one is given up."""
    return [
        found
        for found in map(str, soundness.problems(tx))
        if "nobody asked" not in found and "同类问题" not in found
    ]


def _next(tx: Tx) -> datetime | None:
    """The next moment at which the house has something to do."""
    found = [tx.scalar(earliest) for earliest in _EARLIEST]
    return min((moment for moment in found if moment is not None), default=None)


def simulated(folder: Path, *, orders: int, days: int = DAYS, seed: int = SEED) -> tuple[Town, Quarter]:
    """One quarter; the town is left open, so that more may be asked of it."""
    town = Town(folder, orders=orders, days=days, seed=seed)
    asyncio.run(town.run())
    return town, town.over()


def drawn(quarter: Quarter, days: int = DAYS) -> str:
    """The picture."""
    names = [f"{d.month}/{d.day}" for d in (BEGIN + timedelta(days=n) for n in range(days))]
    dark = [((a - BEGIN) / timedelta(days=1), (b - BEGIN) / timedelta(days=1)) for a, b in quarter.dark]
    good, of = sum(g for _n, g, _of in quarter.weeks), sum(o for _n, _g, o in quarter.weeks)
    note = (
        f"{sum(quarter.came)} 件，{len(dark)} 次停机；到期 {of} 个期限，守住 {good} 个；每个没守住的都催过、升过"
    )
    return svg(
        Series("一个社区的一个季度（模拟）", note, names, quarter.came, quarter.still_open, quarter.weeks, dark)
    )


def main() -> None:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        town, quarter = simulated(Path(name), orders=ORDERS)
        letters = town.store.look(lambda tx: Counter(row.state for row in tx.list(Outbox)))
        town.office.close()
    broken = len(quarter.watch.late_by(0))
    print(
        f"{sum(quarter.came)} orders, {quarter.sweeps} sweeps, {quarter.delivered} deliveries, {len(quarter.dark)} outages"
    )
    print(
        f"promises kept {quarter.watch.kept()}, broken {broken}; notices {quarter.done['notice']}, climbs {quarter.done['climb']}"
    )
    print(f"stages {dict(quarter.stages)}; letters {dict(letters)}")
    print(f"done {dict(sorted(quarter.done.items()))}")
    print(f"faults {len(quarter.faults)}; {time.perf_counter() - began:.0f} s", flush=True)
    if quarter.faults:
        print("\n".join(quarter.faults[:20]))
        sys.exit(1)
    if "BENCH_ORDERS" not in os.environ:
        PICTURE.write_text(drawn(quarter), "utf-8")
