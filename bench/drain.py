"""Draining the outbox to a platform that takes 50 ms, and the callback beside a platform that hangs.

    python -m bench drain
prints messages a second of one process for 10 000 rows, its memory on the way, the token fetches of 200 concurrent
sends, and the callback's p50 and p99 with a platform that answers and with one that never does, in the same run.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bench.intake import APP, KEY, ROSTER, TOKEN, environment, free_port, load, memory_mib, wait_ready
from redprop_bot.bootstrap import building, sending
from redprop_bot.channels import OfficialAccountSender
from redprop_bot.notify.delivery import Delivery
from redprop_bot.ports import Channel, Form, Outbound
from redprop_bot.rules.budget import Window
from redprop_bot.settings import OfficialAccountSettings, WorkSettings
from redprop_bot.settings import load as load_settings
from redprop_bot.store import access, budgets, migrate
from redprop_bot.store.tables import Outbox

ROWS = int(os.environ.get("BENCH_ROWS", "10000"))
ANSWER_SECONDS = 0.05
CALLS = 600
RATE = 30


# -- the platform, in a process of its own


async def _platform(port: int, *, hangs: bool) -> None:
    counts = {"tokens": 0, "sent": 0}

    async def token(_request: web.Request) -> web.Response:
        counts["tokens"] += 1
        await asyncio.sleep(ANSWER_SECONDS)
        return web.json_response({"errcode": 0, "access_token": "t", "expires_in": 7200})

    async def take(request: web.Request) -> web.Response:
        await request.read()
        counts["sent"] += 1
        await asyncio.sleep(3600 if hangs else ANSWER_SECONDS)
        return web.json_response({"errcode": 0, "errmsg": "ok", "msgid": str(counts["sent"])})

    async def told(_request: web.Request) -> web.Response:
        return web.json_response(counts)

    app = web.Application()
    app.router.add_get("/readyz", told)
    app.router.add_route("*", "/cgi-bin/stable_token", token)
    app.router.add_route("*", "/cgi-bin/gettoken", token)
    app.router.add_post("/cgi-bin/{api:.+}", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


class Platform:
    """The fake platform, for the length of a block."""

    def __init__(self, *, hangs: bool = False) -> None:
        self.port, self._hangs = free_port(), hangs

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "bench.drain", str(self.port), str(int(self._hangs))]
        self._process = subprocess.Popen(command)
        wait_ready(self.port, self._process)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


# -- draining


def oa_settings(origin: str) -> OfficialAccountSettings:
    return OfficialAccountSettings(
        app_id=APP, secret=SecretStr("x"), token=SecretStr(TOKEN), aes_key=SecretStr(KEY), api_base=origin
    )


def work_settings(origin: str) -> WorkSettings:
    return WorkSettings(
        corp_id="wwbench",
        agent_id=1,
        secret=SecretStr("x"),
        token=SecretStr(TOKEN),
        aes_key=SecretStr(KEY),
        api_base=origin,
    )


def owed(number: int, now: datetime) -> dict:
    """Half to residents, half to members; some get five, the others one."""
    oa = number % 2 == 0
    who = f"{'o' if oa else 'u'}{number if number % 10 else number % 2000}"
    return {
        "key": f"bench:{number}",
        "channel": "oa" if oa else "work",
        "receiver": who,
        "message": "bench",
        "form": "text",
        "payload": {"text": f"试苑{number}栋电梯接单了，最晚明天10:00前办好。"},
        "weight": "answer",
        "rank": "closing",
        "created_at": now,
        "not_before": now,
    }


async def drain(folder: Path, platform: Platform) -> None:
    known = load_settings(
        None,
        database_url=f"sqlite:///{folder}/drain.db",
        oa=oa_settings(platform.origin),
        work=work_settings(platform.origin),
    )
    office = building.build(known)
    migrate.upgrade(office.store.engine)
    now = datetime.now(UTC)
    rows = [owed(n, now) for n in range(ROWS)]

    def fill(tx) -> None:
        tx.insert_many(Outbox, rows)
        for openid in {row["receiver"] for row in rows if row["channel"] == "oa"}:
            for window in Window:
                budgets.opened(tx, openid, window, tx.content.roads.terms, tx.now)

    office.store.run(fill)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        office.senders = sending.senders(office, session)
        delivery = Delivery(office.store, office.senders)
        work = asyncio.create_task(delivery.run())
        memory, started, used = [], time.perf_counter(), time.process_time()
        while True:
            await asyncio.sleep(0.5)
            memory.append(memory_mib(os.getpid()))
            counts = office.store.look(access.outbox_counts)
            if not counts.get("pending") and not counts.get("claimed"):
                break
        seconds, processor = time.perf_counter() - started, time.process_time() - used
        delivery.stop()
        await work
    done = sum(counts.values()) - counts.get("waiting", 0)
    print(f"  drain: {done} of {ROWS} rows in {seconds:.1f} s = {done / seconds:.0f}/s  states {counts}")
    print(
        f"  processor {processor / ROWS * 1000:.2f} ms a row  memory {memory[0]:.0f} MiB at the start, "
        f"{max(memory):.0f} at most, {memory[-1]:.0f} at the end"
    )
    office.close()


async def one_token(origin: str) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        sender = OfficialAccountSender(oa_settings(origin), session)
        before = await _counts(session, origin)
        messages = [Outbound(Channel.OA, f"o{n}", Form.TEXT, {"text": "好"}) for n in range(200)]
        await asyncio.gather(*(sender.send(message) for message in messages))
        after = await _counts(session, origin)
    print(f"  200 concurrent sends: {after['tokens'] - before['tokens']} token fetch")


async def _counts(session: aiohttp.ClientSession, origin: str) -> dict[str, int]:
    async with session.get(f"{origin}/readyz") as answer:
        return dict(await answer.json())


# -- the callback beside it


def callback(folder: Path, name: str, origin: str) -> None:
    (folder / "roster.yaml").write_text(ROSTER, "utf-8")
    root = Path(__file__).resolve().parents[1]
    env = environment(folder) | {
        "PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")]),
        "REDPROP_DATABASE_URL": f"sqlite:///{folder}/{name}.db",
        "REDPROP_OA__API_BASE": origin,
        "REDPROP_WORK__CORP_ID": "wwbench",
        "REDPROP_WORK__AGENT_ID": "1",
        "REDPROP_WORK__SECRET": "x",
        "REDPROP_WORK__TOKEN": TOKEN,
        "REDPROP_WORK__AES_KEY": KEY,
        "REDPROP_WORK__API_BASE": origin,
    }
    product = [sys.executable, "-m", "redprop_bot"]
    for command in (["db", "upgrade"], ["roster", "import", "roster.yaml"]):
        subprocess.run([*product, *command], cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    process = subprocess.Popen(
        [*product, "serve", "--port", str(port)],
        cwd=folder,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_ready(port, process)
        load(port, 200, 16, 0, 0)
        steady = load(port, CALLS, 64, RATE, 100_000)
    finally:
        process.terminate()
        process.wait()
    print(
        f"  callback at {RATE}/s, platform {name}: p50 {steady['p50_ms']} ms  p99 {steady['p99_ms']} ms  "
        f"failed {steady['failed']}"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Platform() as platform:
            asyncio.run(drain(folder, platform))
            asyncio.run(one_token(platform.origin))
            callback(folder, "answers", platform.origin)
        with Platform(hangs=True) as platform:
            callback(folder, "hangs", platform.origin)


if __name__ == "__main__":
    asyncio.run(_platform(int(sys.argv[1]), hangs=sys.argv[2] == "1"))
