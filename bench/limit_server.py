"""The machine's own limit for a message: aiohttp, the same decryption, one durable insert with group commit,
an encrypted reply. No product behind it."""

import asyncio
import queue
import sqlite3
import sys
import threading

from aiohttp import web
from pydantic import SecretStr

from redprop_bot.channels.official_account import OfficialAccount
from redprop_bot.channels.query import Query
from redprop_bot.ports import SystemClock
from redprop_bot.settings import OfficialAccountSettings

GROUP = 32


class Writer:
    """One thread, one connection, what has queued up is committed together."""

    def __init__(self, path: str) -> None:
        self._jobs: queue.SimpleQueue = queue.SimpleQueue()
        threading.Thread(target=self._work, args=(path,), daemon=True).start()

    def put(self, row: tuple) -> asyncio.Future:
        future = asyncio.get_running_loop().create_future()
        self._jobs.put((row, future, asyncio.get_running_loop()))
        return future

    def _work(self, path: str) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS inbox (id INTEGER PRIMARY KEY, key TEXT UNIQUE, body TEXT)")
        while True:
            batch = [self._jobs.get()]
            while len(batch) < GROUP and not self._jobs.empty():
                batch.append(self._jobs.get())
            connection.execute("BEGIN IMMEDIATE")
            for row, _, _ in batch:
                connection.execute("INSERT OR IGNORE INTO inbox (key, body) VALUES (?, ?)", row)
            connection.execute("COMMIT")
            for _, future, loop in batch:
                loop.call_soon_threadsafe(lambda f=future: f.done() or f.set_result(None))


def main() -> None:
    port, path, app_id, token, key = int(sys.argv[1]), *sys.argv[2:6]
    account = OfficialAccount(
        OfficialAccountSettings(
            app_id=app_id, secret=SecretStr("x"), token=SecretStr(token), aes_key=SecretStr(key)
        ),
        SystemClock(),
    )

    async def receive(request: web.Request) -> web.Response:
        delivery = account.receive(Query.parse(request.rel_url.raw_query_string), await request.read())
        assert delivery.inbound is not None
        await request.app[WRITER].put((delivery.inbound.key, delivery.inbound.text))
        return web.Response(
            body=account.reply(delivery, "记下了，单号 D20261125-0001。已派给物业。"), content_type="text/xml"
        )

    async def start(app: web.Application) -> None:
        app[WRITER] = Writer(path)

    app = web.Application()
    app.router.add_post("/wechat/oa", receive)
    app.router.add_get("/readyz", lambda _request: asyncio.sleep(0, web.Response(text="ok")))
    app.on_startup.append(start)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


WRITER = web.AppKey("writer", Writer)

if __name__ == "__main__":
    main()
