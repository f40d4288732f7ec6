"""Where the time of one fresh report goes, in one process: statements, and microseconds by phase."""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from redprop_bot.bootstrap import building
from redprop_bot.channels.crypto import Cipher
from redprop_bot.channels.official_account import OfficialAccount
from redprop_bot.channels.query import Query
from redprop_bot.ports import Channel, FrozenClock, Inbound, Kind
from redprop_bot.registry.importing import import_file
from redprop_bot.settings import OfficialAccountSettings, load
from redprop_bot.simulated.letters import Seal, message_xml
from redprop_bot.store import migrate

N = 300
KEY, TOKEN, APP = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "benchtoken", "wxbench0000000001"


def _micro(seconds: float) -> float:
    return round(seconds / N * 1e6, 1)


def phases(roster: str) -> None:
    now = datetime.now(UTC)
    clock = FrozenClock(now)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "roster.yaml"
        path.write_text(roster, "utf-8")
        office = building.build(load(None, database_url=f"sqlite:///{name}/phases.db"), clock=clock)
        migrate.upgrade(office.store.engine)
        office.store.run(lambda tx: import_file(tx, path))
        texts = [f"试苑{n}栋{n % 7 + 1}单元的电梯坏了，老人下不了楼" for n in range(1, N + 1)]
        _edge(now, texts)
        gazetteer = office.store.look(
            lambda tx: __import__("redprop_bot.registry.register", fromlist=["register"]).register(tx).gazetteer
        )
        started = time.process_time()
        for text in texts:
            office.reader.read(text, now=now, gazetteer=gazetteer)
        print(f"  understand: {_micro(time.process_time() - started)} µs")

        counts: list[int] = []

        def job(tx) -> None:
            for n, text in enumerate(texts):
                before = tx.statements
                tx.cache.clear()
                office.take(
                    tx,
                    Inbound(Channel.OA, f"b{n}", f"bench{n}", Kind.TEXT, now, text=text),
                    replay_key=f"r{n}",
                    body_hash="h",
                )
                counts.append(tx.statements - before)

        started = time.process_time()
        office.store.run(job)
        print(
            f"  whole turn in one transaction (understanding included): {_micro(time.process_time() - started)} µs"
        )
        print(f"  statements a fresh report: {sum(counts) / len(counts):.1f}")
        office.close()


def _edge(now: datetime, texts: list[str]) -> None:
    account = OfficialAccount(
        OfficialAccountSettings(app_id=APP, secret=SecretStr("x"), token=SecretStr(TOKEN), aes_key=SecretStr(KEY)),
        FrozenClock(now),
    )
    seal = Seal(TOKEN, Cipher(KEY, APP))
    stamp = int(now.timestamp())
    letters = [
        seal.pack(
            message_xml({"ToUserName": "gh", "FromUserName": f"b{n}", "CreateTime": stamp, "MsgType": "text", "Content": text, "MsgId": n}),
            account="gh", now=stamp, encrypt_type="aes",
        )
        for n, text in enumerate(texts)
    ]  # fmt: skip
    started = time.process_time()
    account.reply(account.receive(Query.parse(letters[0][0]), letters[0][1]), "x")  # what loads at first use
    started = time.process_time()
    deliveries = [account.receive(Query.parse(query), body) for query, body in letters]
    received = time.process_time()
    for delivery in deliveries:
        account.reply(delivery, "记下了，单号 D20261125-0001。已派给试物业，最晚明天10:00前办好。")
    print(
        f"  verify, decrypt, parse: {_micro(received - started)} µs · reply, encrypt: {_micro(time.process_time() - received)} µs"
    )
