"""Kill -9 at seeded points under load: nothing acknowledged is lost, nothing is doubled.

The service runs as a process of its own and kills itself; the platforms are the twin in this process, whose ledger
survives. Messages are delivered again until they are acknowledged, as the platforms would for a while.
"""

import asyncio
import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from tests.crash.victim import die_at_the_point
from tests.support.commands import Command
from tests.support.ports import free_port

from redprop_bot.content import Content, packaged_root
from redprop_bot.ports import Channel, SystemClock
from redprop_bot.registry.importing import import_file
from redprop_bot.simulated import Twin
from redprop_bot.store import soundness
from redprop_bot.store.tables import Demand, Event, Inbox, Outbox
from redprop_bot.store.worker import Store

KILLS = 20
MESSAGES = 1_000
PARALLEL = 24
POINTS = ("before_commit", "after_commit", "before_send", "after_send")

ESTATES = ("梅香苑", "兰亭苑", "翠竹园", "金菊园", "松涛苑", "柏树湾", "桃花里", "杏林居", "榆钱巷", "枫叶里")


def roster() -> str:
    """Ten estates, each with a company of its own: messages to many people, as in a town."""
    return json.dumps(
        {
            "communities": [
                {
                    "name": "试社区",
                    "staff": [{"name": "甲书记", "userid": "shuji", "duty": "secretary"}],
                    "estates": [{"name": name} for name in ESTATES],
                }
            ],
            "organisations": [
                {
                    "name": f"{name}物业",
                    "kind": "property",
                    "staff": [
                        {"name": f"{name}经理", "userid": f"manager-{n}", "duty": "manager"},
                        {"name": f"{name}师傅", "userid": f"worker-{n}", "duty": "worker"},
                    ],
                }
                for n, name in enumerate(ESTATES)
            ],
            "responsibilities": [{"category": "elevator", "estate": n, "unit": f"{n}物业"} for n in ESTATES],
        },
        ensure_ascii=False,
    )


def words(n: int) -> str:
    """The n-th resident's report; no two are about the same lift."""
    return f"{ESTATES[n % len(ESTATES)]}{n}栋{n % 5 + 1}单元电梯坏了"


def unhurried(folder: Path) -> Path:
    """Content by which twenty people may get a town's orders within minutes: the pace is not what is tried here."""
    name = Path("data") / "limits" / "roads.yaml"
    roads = yaml.safe_load((packaged_root() / name).read_text("utf-8"))
    roads["member"] = {"per_minute": 100_000, "per_hour": 100_000}
    (folder / "content" / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / "content" / name).write_text(yaml.safe_dump(roads), "utf-8")
    return folder / "content"


class Victim:
    """The service as a process that dies at a point and is started again."""

    def __init__(self, url: str, twin: Twin, folder: Path) -> None:
        self.port = free_port()
        oa, work = twin.oa_settings(), twin.work_settings()
        self._folder = folder
        self._env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("REDPROP_", "COV_"))},
            "REDPROP_DATABASE_URL": url,
            "REDPROP_CONTENT_DIR": str(unhurried(folder)),
            "REDPROP_SECRET_KEY": "sixteen-characters-at-least",
            "REDPROP_OA__APP_ID": oa.app_id,
            "REDPROP_OA__SECRET": oa.secret.get_secret_value(),
            "REDPROP_OA__TOKEN": oa.token.get_secret_value(),
            "REDPROP_OA__AES_KEY": oa.aes_key.get_secret_value() if oa.aes_key else "",
            "REDPROP_OA__API_BASE": oa.api_base,
            "REDPROP_WORK__CORP_ID": work.corp_id,
            "REDPROP_WORK__AGENT_ID": str(work.agent_id),
            "REDPROP_WORK__SECRET": work.secret.get_secret_value(),
            "REDPROP_WORK__TOKEN": work.token.get_secret_value(),
            "REDPROP_WORK__AES_KEY": work.aes_key.get_secret_value(),
            "REDPROP_WORK__API_BASE": work.api_base,
        }
        self.process: Command | None = None
        self._log = folder / "victim.log"

    async def start(self, point: str = "", count: int = 0) -> None:
        """Start it, armed or not, and wait until it is ready or has died."""
        env = {**self._env, "CRASH_POINT": point, "CRASH_COUNT": str(count)}
        arguments = ["serve", "--port", str(self.port)]
        self.process = Command(die_at_the_point, arguments, folder=self._folder, env=env, out=self._log)
        async with aiohttp.ClientSession() as session:
            for _ in range(3600):  # three minutes: it is the machine that may be slow
                if self.process.returncode is not None:
                    return
                try:
                    async with session.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                        if answer.status == 200:
                            return
                except (aiohttp.ClientError, OSError):
                    pass
                await asyncio.sleep(0.05)
        raise AssertionError("the service did not become ready:\n" + self.said())

    def said(self) -> str:
        return self._log.read_text("utf-8", "replace")[-3000:]

    async def stop(self) -> int:
        """End it as an operator would."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.terminate()
        return await asyncio.to_thread(self.process.wait)


class Load:
    """Residents who each report one matter, again and again until it is acknowledged."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin
        self._next = 0
        self.waiting: list[dict[str, Any]] = []
        self.replies: dict[str, str] = {}

    def _message(self) -> dict[str, Any]:
        if self.waiting:
            return self.waiting.pop()
        self._next += 1
        n = self._next
        return {
            "ToUserName": self._twin.oa.phones.account,
            "FromUserName": f"resident-{n}",
            "CreateTime": int(SystemClock().now().timestamp()),
            "MsgType": "text",
            "Content": words(n),
            "MsgId": 7_000_000_000_000_000_000 + n,
        }

    async def run(self, victim: Victim, limit: int) -> None:
        """Deliver until `limit` messages are acknowledged or the service has died."""

        async def one() -> None:
            while len(self.replies) < limit and victim.process is not None and victim.process.returncode is None:
                fields = self._message()
                outcome = await self._twin.oa.phones.push(fields)
                if outcome.ok and outcome.text:
                    self.replies[str(fields["MsgId"])] = outcome.text
                else:
                    self.waiting.append(fields)

        await asyncio.gather(*(one() for _ in range(PARALLEL)))


@pytest.mark.slow
async def test_kill_nine_loses_and_doubles_nothing(database_url: str, tmp_path: Path, content: Content) -> None:
    """20 kills at seeded points, 1 000 acknowledged reports; what was in flight may arrive twice, nothing else."""
    prepare(database_url, tmp_path, content)
    rng = random.Random(20261125)
    async with Twin() as twin:
        twin.oa.phones.courier.attempts = 1
        twin.work.desk.pace.off = True
        victim, load = Victim(database_url, twin, tmp_path), Load(twin)
        twin.callbacks(f"http://127.0.0.1:{victim.port}")
        kills = 0
        while kills < KILLS:
            await victim.start(POINTS[kills % len(POINTS)], rng.randint(2, 25))
            await load.run(victim, limit=len(load.replies) + 400)
            if victim.process is not None and victim.process.returncode is None:
                await asyncio.to_thread(victim.process.wait, 300)  # what it still owes brings it past the point
            assert victim.process is not None
            assert await asyncio.to_thread(victim.process.wait) == -9, victim.said()
            kills += 1
        await victim.start()
        await load.run(victim, MESSAGES)
        while load.waiting:  # nobody's report is left undelivered
            fields = load.waiting.pop()
            outcome = await twin.oa.phones.push(fields)
            assert outcome.ok
            load.replies[str(fields["MsgId"])] = outcome.text
        await drained(database_url, content)
        code = await victim.stop()
        assert code == 0, victim.said()
        judge(database_url, content, twin, load)


def prepare(url: str, folder: Path, content: Content) -> None:
    file = folder / "roster.yaml"
    file.write_text(roster(), "utf-8")
    store = Store(url, clock=SystemClock(), content=content)
    store.run(lambda tx: import_file(tx, file))
    store.close()


async def drained(url: str, content: Content) -> None:
    """Wait until the service owes nothing that may leave now; a dead process's claims run out first."""
    store = Store(url, clock=SystemClock(), content=content)
    try:
        for _ in range(1200):
            left = await store.read(
                lambda tx: [
                    o for o in tx.list(Outbox) if o.state in ("pending", "claimed") and o.not_before <= tx.now
                ]
            )
            if not left:
                return
            await asyncio.sleep(0.1)
    finally:
        store.close()
    raise AssertionError(f"{len(left)} messages are still owed")


def judge(url: str, content: Content, twin: Twin, load: Load) -> None:
    store = Store(url, clock=SystemClock(), content=content)
    inbox, demands, events, outbox, found = store.look(
        lambda tx: (tx.list(Inbox), tx.list(Demand), tx.list(Event), tx.list(Outbox), soundness.problems(tx))
    )
    store.close()
    assert len({(row.receiver, row.key) for row in outbox}) == len(outbox)
    # What the calendar sends to a secretary on some mornings is of no order.
    outbox = [row for row in outbox if row.demand_id is not None]
    assert len(load.replies) >= MESSAGES
    stored = {row.payload["text"]: row.reply for row in inbox}
    keys = {row.key for row in inbox}
    assert len(keys) == len(inbox)
    for msg_id, reply in load.replies.items():
        text = _text(msg_id)
        assert stored[text] == reply, "an acknowledged message is lost or answered otherwise"
    assert len(demands) == len(inbox), "a report was lost or doubled"
    assert len({d.text for d in demands}) == len(demands)
    numbers = sorted(d.no for d in demands)
    assert len(set(numbers)) == len(numbers)
    per_demand = Counter((e.subject_id, e.act) for e in events)
    assert set(per_demand.values()) == {1}
    assert len(events) == 2 * len(demands)  # order and dispatch, each once
    assert len(outbox) == 2 * len(demands)  # manager and worker, each once
    assert len({(o.receiver, o.demand_id) for o in outbox}) == len(outbox)
    arrived = Counter(
        (e.person, str(e.detail.get("task_id")))
        for e in twin.ledger.entries
        if e.channel is Channel.WORK and e.kind == "card"
    )
    for row in outbox:
        assert row.state == "sent", row.error
        times = arrived[row.receiver, row.payload["task_id"]]
        assert times >= 1, f"owed and never sent: {row.key}"
        assert times <= row.attempts
    assert found == []


def _text(msg_id: str) -> str:
    return words(int(msg_id) - 7_000_000_000_000_000_000)
