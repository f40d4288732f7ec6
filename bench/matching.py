"""Matching one need with 1 000 offers and 200 members, and with 100 000 and 20 000, on both engines.

What is judged is the curve: the bigger may take at most three times as long as the smaller. Offers and members are
spread over sixty estates and twenty trades, so that with more of them more is near and fitting, too. `--small` takes
a tenth of the bigger lists.
"""

import random
import statistics
import sys
import time
from typing import Any

from sqlalchemy import text

from bench.pages import databases, office
from redprop_bot.dialogue.office import Office
from redprop_bot.registry.register import changed, register
from redprop_bot.store.tables import Community, Estate, Member, Person, Resource, Service
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import candidates, indexing
from redprop_bot.volunteers.candidates import Need

SIZES = ((1_000, 200), (100_000, 20_000))
LIMIT_RATIO = 3.0
ROUNDS, BATCH, ESTATES = 40, 5_000, 60
_TRADES = (
    ("理发", "上门理发"), ("家电", "家电维修"), ("轮椅", "闲置轮椅可以借"), ("陪护", "陪护老人"), ("辅导", "作业辅导"),
    ("法律", "法律咨询"), ("心理", "心理疏导"), ("书法", "教书法"), ("合唱", "合唱指导"), ("疏通", "疏通下水道"),
    ("电工", "电工换灯"), ("开锁", "开锁配钥匙"), ("保洁", "保洁打扫"), ("园艺", "园艺修剪"), ("义诊", "义诊量血压"),
    ("摄影", "摄影拍照"), ("缝补", "缝补裁缝"), ("搬家", "帮忙搬家"), ("送餐", "给老人送餐"), ("象棋", "陪下象棋"),
)  # fmt: skip


def main() -> None:
    sizes = (SIZES[0], (10_000, 2_000)) if "--small" in sys.argv else SIZES
    for name, (url,) in databases("matching"):
        print(f"{name}：配一件要多久，毫秒（{ROUNDS} 次的中位数和 p95）", flush=True)
        medians: list[float] = []
        with office(url, _town) as made:
            there = (0, 0)
            for offers, members in sizes:
                started = time.perf_counter()
                _fill(made, there, (offers, members))
                there = (offers, members)
                ready = time.perf_counter() - started
                times, found = _measured(made)
                medians.append(statistics.median(times))
                p95 = statistics.quantiles(times, n=20)[-1]
                print(
                    f"  {offers:>8,} 条、{members:>7,} 人：{medians[-1]:6.1f}  p95 {p95:6.1f}"
                    f"  候选 {found:.0f}（备好用了 {ready:.0f} s）",
                    flush=True,
                )
        ratio = medians[-1] / medians[0]
        print(f"  比 {ratio:.2f}" + (" ✗" if ratio > LIMIT_RATIO else ""))


def _town(tx: Tx) -> None:
    home = tx.insert(Community, name="比一比社区").id
    for n in range(ESTATES):
        lat, lng = 31.30 + 0.004 * (n % 8), 118.30 + 0.004 * (n // 8)
        tx.insert(Estate, community_id=home, name=f"第{n}苑", lat=lat, lng=lng)
    changed(tx)


def _fill(made: Office, there: tuple[int, int], sizes: tuple[int, int]) -> None:
    chance = random.Random(sizes[0])
    for start in range(there[1], sizes[1], BATCH):
        made.store.run(lambda tx, start=start: _members(tx, chance, start, min(BATCH, sizes[1] - start)))
    for start in range(there[0], sizes[0], BATCH):
        made.store.run(lambda tx, start=start: _offers(tx, chance, start, min(BATCH, sizes[0] - start)))
    while made.store.run(lambda tx: indexing.settle(tx, most=BATCH)):
        pass
    with made.store.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    made.store.look(register)


def _people(tx: Tx, prefix: str, start: int, number: int) -> list[int]:
    rows = [
        {"openid": f"{prefix}{n}", "name": f"热心{n}", "created_at": tx.now} for n in range(start, start + number)
    ]
    tx.insert_many(Person, rows)
    found = tx.rows(text("SELECT id FROM person ORDER BY id DESC LIMIT :n"), {"n": number})
    return [int(row[0]) for row in found]


def _members(tx: Tx, chance: random.Random, start: int, number: int) -> None:
    keys = _people(tx, "member", start, number)
    rows = [
        {
            "person_id": key,
            "skills": [chance.choice(_TRADES)[0]],
            "branch": f"第{chance.randrange(ESTATES)}苑党支部",
        }
        for key in keys
    ]
    tx.insert_many(Member, rows)
    changed(tx)


def _offers(tx: Tx, chance: random.Random, start: int, number: int) -> None:
    owners = _people(tx, "owner", start, number)
    estates = list(register(tx).estates.values())
    made: dict[str, list[dict[str, Any]]] = {"R": [], "S": []}
    for n, owner in zip(range(start, start + number), owners, strict=True):
        estate, (_word, title) = chance.choice(estates), chance.choice(_TRADES)
        prefix = "R" if "轮椅" in title or n % 4 == 0 else "S"
        made[prefix].append(
            {
                "no": f"{prefix}20260101-{n + 1:06d}",
                "title": title,
                "note": title,
                "community_id": estate.community_id,
                "estate_id": estate.id,
                "owner_id": owner,
                "hours": chance.choice(("周末", "工作日", "晚上", "")),
                "status": "published",
                "created_at": tx.now,
                "updated_at": tx.now,
            }
        )
    tx.insert_many(Resource, made["R"])
    tx.insert_many(Service, made["S"])


def _measured(made: Office) -> tuple[list[float], float]:
    chance = random.Random(7)
    estates = made.store.look(lambda tx: list(register(tx).estates.values()))
    times, found = [], []
    for n in range(ROUNDS + 3):
        estate, (_word, title) = chance.choice(estates), chance.choice(_TRADES)
        side = "resource" if "轮椅" in title else "service"
        need = Need(
            "demand",
            n + 1,
            "D",
            side,
            f"家里想找人{title}，周末有空",
            "convenience",
            estate.community_id,
            estate.id,
        )
        begun = time.perf_counter()
        some = made.store.look(lambda tx, need=need: candidates.find(tx, need))
        times.append((time.perf_counter() - begun) * 1000)
        found.append(len(some))
    return times[3:], statistics.mean(found[3:])
