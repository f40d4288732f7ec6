"""p95 of the console's lists and its search at 10^4 and 10^5 demands, on both engines; 10^6 with `--million`.

A page is made whole: who sits there, the statements, the template. What is judged is the curve: the ratio of the
biggest to the smallest should stay at most two, and every page under 300 ms.
"""

import random
import sys
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from bench.pages import BATCH, ROUNDS, SIZES, WAYS, curve, databases, offices, p95
from redprop_bot.content import packaged_root
from redprop_bot.dialogue.office import Office
from redprop_bot.registry.demo import load_demo
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import OPEN, Stage
from redprop_bot.store import finding
from redprop_bot.store.tables import Demand, Event, Outbox
from redprop_bot.store.tx import Tx
from redprop_bot.web.access import Viewer

_WHERE = ("3栋2单元", "5栋", "东门", "地下车库", "一楼大厅", "12栋楼顶", "西侧绿化带", "儿童乐园")
_WHAT = (
    "电梯停了",
    "楼道灯不亮",
    "下水道堵了",
    "垃圾没人收",
    "树枝压到电线",
    "半夜装修吵",
    "单元门关不上",
    "水管漏水",
    "消防通道被堵",
    "路面塌了一块",
)
_HOW = (
    "老人下不了楼",
    "已经三天了",
    "请尽快来看看",
    "孩子差点摔着",
    "反映过没人管",
    "麻烦师傅了",
    "影响大家出行",
    "味道很大",
)

PAGES: dict[str, dict[str, str]] = {
    "today": {},
    "table": {},
    "table stage": {"stage": "dispatched"},
    "table category": {"category": "noise"},
    "table estate": {"estate": "荷香苑"},
    "table many": {"stage": "closed", "category": "elevator", "urgency": "urgent"},
    # one row of 10^4, a full page of 10^6
    "table few": {"stage": "accepted", "category": "elevator", "urgency": "urgent"},
    "table overdue": {"overdue": "true"},
    "board": {},
    "late": {},
    "search 1": {"q": "梯"},
    "search 2": {"q": "电梯"},
    "search 3": {"q": "下水道"},
    "search 4": {"q": "消防通道"},
    "search 6": {"q": "下水道堵了孩"},
    "search 8": {"q": "楼道灯不亮已经三"},
    "search rare": {"q": "琉璃瓦松动"},
    "search two": {"q": "水管 车库"},
    "messages": {},
    "messages dead": {"state": "dead"},
    "audit": {},
}
_ADDRESS = {
    "today": "/console",
    "board": "/console/demands/board",
    "late": "/console/demands/late",
    "audit": "/console/audit",
}


def main() -> None:
    sizes = (*SIZES, 1_000_000) if "--million" in sys.argv else SIZES
    for name, urls in databases("lists", len(sizes)):
        print(f"{name}：每页 p95 毫秒（{ROUNDS} 次）", flush=True)
        with offices(urls, sizes, _town, _fill) as made:
            curve(_measured(made), beneath_ms=20)


def _town(tx: Tx) -> None:
    load_demo(tx, Path(packaged_root()))


def _fill(made: Office, size: int) -> str:
    """Add demands: a twentieth open, the rest closed; an event and a message each."""
    started, chance = time.perf_counter(), random.Random(size)
    for start in range(0, size, BATCH):
        made.store.run(lambda tx, start=start: _batch(tx, chance, start, min(BATCH, size - start)))
    with made.store.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return f"用了 {time.perf_counter() - started:.0f} s"


def _batch(tx: Tx, chance: random.Random, start: int, number: int) -> None:
    reg = register(tx)
    estates = list(reg.estates.values())
    units = [u.id for u in reg.organisations.values() if u.kind == "property"]
    open_stages = [s.value for s in Stage if s in OPEN]
    made, events, messages = [], [], []
    for n in range(start, start + number):
        estate, at = chance.choice(estates), tx.now - timedelta(minutes=chance.randrange(60 * 24 * 700))
        stage = chance.choice(open_stages) if chance.random() < 0.05 else "closed"
        said = f"{estate.name}{chance.choice(_WHERE)}{chance.choice(_WHAT)}{chance.choice(_HOW)}"
        made.append(
            {
                "no": f"D20260101-{n + 1:07d}",
                "community_id": estate.community_id,
                "estate_id": estate.id,
                "intent": "demand.report",
                "category": chance.choice(("elevator", "noise", "sanitation", "plumbing", "power", "greening")),
                "urgency": chance.choices(("normal", "urgent", "emergency"), (90, 9, 1))[0],
                "text": said + ("，琉璃瓦松动" if n % 9973 == 0 else ""),
                "stage": stage,
                "handler_id": None if stage in ("new", "returned") else chance.choice(units),
                "reported_at": at,
                "created_at": at,
                "updated_at": at,
                "due_at": tx.now + timedelta(hours=chance.randrange(-48, 240)),
                "paused_until": tx.now + timedelta(days=chance.randrange(-9, 30))
                if stage == "suspended"
                else None,
                "extension_days": 2 if stage == "accepted" and chance.random() < 0.01 else None,
            }
        )
    tx.insert_many(Demand, made)
    rows = tx.rows(text("SELECT id, no, text, community_id FROM demand ORDER BY id DESC LIMIT :n"), {"n": number})
    finding.keep_many(tx, [(int(r[0]), str(r[1]), str(r[2])) for r in rows])
    for key, no, _said, community in rows:
        common = {"community_id": community, "at": tx.now}
        events.append(
            common | {"subject": "demand", "subject_id": key, "name": "ordered", "act": "order", "by_name": "居民"}
        )
        state = chance.choices(("sent", "dead"), (999, 1))[0]
        messages.append(
            {
                "key": f"bench:{no}",
                "channel": "work",
                "receiver": "x",
                "community_id": community,
                "demand_id": key,
                "message": "x",
                "form": "text",
                "payload": {"text": "请接单"},
                "state": state,
                "created_at": tx.now,
                "not_before": tx.now,
            }
        )
    tx.insert_many(Event, events)
    tx.insert_many(Outbox, messages)


def _measured(made: dict[int, Office]) -> dict[str, dict[int, float]]:
    community, unit = next(iter(made.values())).store.look(
        lambda tx: (next(iter(register(tx).communities)), register(tx).organisation_names["禾润物业"].id)
    )
    seats = {
        "街道": Viewer(0, "street", None, None, "街道"),
        "书记": Viewer(0, "secretary", community, None, "书记"),
        "单位": Viewer(0, "provider", None, unit, "单位"),
    }
    found: dict[str, dict[int, float]] = {}
    for page, query in PAGES.items():
        path = _ADDRESS.get(page) or ("/console/messages" if page.startswith("messages") else "/console/demands")
        room, way = WAYS[path]
        for who, viewer in seats.items():
            if viewer.role in (way.roles or room.roles):
                found[f"{page}·{who}"] = p95(made, viewer, path, query)
    return found
