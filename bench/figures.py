"""p95 of the statistics at 10^4 and 10^5 demands, on both engines; 10^6 with `--million`.

A made-up street of ten communities over three years. A page is made whole: figures, lines, template. What is judged
is the curve: the ratio of the biggest to the smallest should stay at most two, and every page under 300 ms.
"""

import random
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from bench.pages import BATCH, ROUNDS, SIZES, curve, databases, offices, p95
from redprop_bot.dialogue.office import Office
from redprop_bot.registry import register
from redprop_bot.store import counting
from redprop_bot.store.tables import Community, Demand, Estate, Event, Organisation
from redprop_bot.store.tx import Tx
from redprop_bot.web.access import Viewer

COMMUNITIES, ESTATES, UNITS, BUILDINGS, DAYS = 10, 6, 12, 12, 1000
CATEGORIES = ("elevator", "noise", "sanitation", "plumbing", "power", "greening", "parking", "building")

STREET = Viewer(0, "street", None, None, "街道")
SECRETARY = Viewer(0, "secretary", 1, None, "书记")
UNIT = Viewer(0, "provider", None, 1, "单位")
FIGURES, REPORT, LIST = "/console/figures", "/console/figures/report", "/console/demands"
PAGES: dict[str, tuple[str, Viewer, dict[str, str]]] = {
    "月·街道": (FIGURES, STREET, {}),
    "月·书记": (FIGURES, SECRETARY, {}),
    "月·单位": (FIGURES, UNIT, {}),
    "上月·街道": (FIGURES, STREET, {"period": "before"}),
    "季·街道": (FIGURES, STREET, {"period": "quarter"}),
    "百日·街道": (FIGURES, STREET, {"days": "100"}),
    "月·小区": (FIGURES, SECRETARY, {"estate": "小区1-1"}),
    "月报·街道": (REPORT, STREET, {}),
    "进来的单·街道": (LIST, STREET, {"figure": "came"}),
    "办结的单·书记": (LIST, SECRETARY, {"figure": "closed"}),
    "没按时·单位": (LIST, UNIT, {"figure": "not_on_time"}),
    "没响应·书记": (LIST, SECRETARY, {"figure": "not_signed"}),
}


def main() -> None:
    sizes = (*SIZES, 1_000_000) if "--million" in sys.argv else SIZES
    for name, urls in databases("figures", len(sizes)):
        print(f"{name}：每页 p95 毫秒（{ROUNDS} 次）", flush=True)
        with offices(urls, sizes, _street, _fill) as made:
            curve(_measured(made))


def _street(tx: Tx) -> None:
    for c in range(1, COMMUNITIES + 1):
        community = tx.insert(Community, name=f"社区{c}")
        for e in range(1, ESTATES + 1):
            tx.insert(Estate, community_id=community.id, name=f"小区{c}-{e}")
    for u in range(1, UNITS + 1):
        tx.insert(Organisation, name=f"单位{u}", kind="property")
    register.changed(tx)


def _fill(made: Office, size: int) -> str:
    """Add demands, one after the other as time went by, the open ones in the newest days, and count them."""
    started, chance, numbers = time.perf_counter(), random.Random(size), Counter[str]()
    ages = sorted((chance.randrange(60 * 24 * DAYS) for _ in range(size)), reverse=True)
    for start in range(0, size, BATCH):
        made.store.run(lambda tx, some=ages[start : start + BATCH]: _batch(tx, chance, numbers, some))
    filled = time.perf_counter()
    while made.store.run(lambda tx: counting.settle(tx, most=BATCH)):
        pass
    with made.store.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return f"写入 {filled - started:.0f} s，计数 {time.perf_counter() - filled:.0f} s"


def _batch(tx: Tx, chance: random.Random, numbers: Counter[str], ages: list[int]) -> None:
    made = [_demand(tx.now, timedelta(minutes=age), chance, numbers, tx.content.zone) for age in ages]
    tx.insert_many(Demand, made)
    rows: Any = tx.rows(text("SELECT id FROM demand ORDER BY id DESC LIMIT :n"), {"n": len(made)})
    accepted = {"subject": "demand", "name": "accepted", "act": "accept", "by_name": "单位"}
    tx.insert_many(
        Event,
        [
            accepted | {"subject_id": row[0], "at": one["reported_at"] + timedelta(minutes=chance.randrange(240))}
            for row, one in zip(reversed(rows), made, strict=True)
            if one["stage"] != "new"
        ],
    )


def _demand(
    now: datetime, age: timedelta, chance: random.Random, numbers: Counter[str], zone: Any
) -> dict[str, Any]:
    at = now - age
    day = f"{at.astimezone(zone):%Y%m%d}"
    numbers[day] += 1
    estate = chance.randrange(COMMUNITIES * ESTATES)
    is_open = age.days < 10 and chance.random() < 0.8
    stage = chance.choice(("new", "dispatched", "accepted", "done")) if is_open else "closed"
    done = None if is_open else min(at + timedelta(hours=chance.randrange(2, 110)), now)
    return {
        "no": f"D{day}-{numbers[day]:07d}",
        "community_id": estate // ESTATES + 1,
        "estate_id": estate + 1,
        "building": str(chance.randrange(1, BUILDINGS + 1)),
        "intent": "demand.report",
        "category": chance.choice(CATEGORIES),
        "urgency": "normal",
        "text": "电梯停了，老人下不了楼",
        "stage": stage,
        "handler_id": None if stage == "new" else 1 + (estate + chance.randrange(3)) % UNITS,
        "reported_at": at,
        "created_at": at,
        "updated_at": at,
        "respond_by": at + timedelta(hours=2),
        "due_at": at + timedelta(days=3),
        "done_at": done or (now if stage == "done" else None),
        "closed_at": done,
        "close_reason": "solved" if done else None,
        "stars": chance.choice((5, 5, 4, 2, None)) if done else None,
    }


def _measured(made: dict[int, Office]) -> dict[str, dict[int, float]]:
    one = next(iter(made.values()))
    now = one.clock.now().astimezone(one.content.zone)
    return {page: p95(made, viewer, path, _query(now, asked)) for page, (path, viewer, asked) in PAGES.items()}


def _query(now: datetime, asked: dict[str, str]) -> dict[str, str]:
    """The words of PAGES as the address has them."""
    before = now.replace(day=1) - timedelta(days=1)
    if "figure" in asked:
        last = before.date()
        return asked | {"from": last.replace(day=1).isoformat(), "to": last.isoformat()}
    if "days" in asked:
        first = now.date() - timedelta(days=int(asked["days"]))
        return {"from": first.isoformat(), "to": now.date().isoformat()}
    named = {"before": f"{before:%Y-%m}", "quarter": f"{before.year}-Q{(before.month + 2) // 3}"}
    return {name: named.get(value, value) for name, value in asked.items()}
