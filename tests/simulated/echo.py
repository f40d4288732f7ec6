"""A bot that is nothing but the channels, served on loopback, and the twin beside it."""

from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web

from redprop_bot.channels import OfficialAccount, Query, WeCom
from redprop_bot.ports import Channel, FrozenClock
from redprop_bot.simulated import Twin

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class EchoBot:
    """Answers every message with what it understood of it; `behaviour` may stand in for the answer."""

    def __init__(self, twin: Twin, clock: FrozenClock) -> None:
        self.channels = {
            Channel.OA: OfficialAccount(twin.oa_settings(), clock),
            Channel.WORK: WeCom(twin.work_settings(), clock),
        }
        self.deliveries: list = []
        self.headers: list = []
        self.behaviour = None

    async def get(self, request: web.Request) -> web.Response:
        query = Query.parse(request.rel_url.raw_query_string)
        return web.Response(text=self.channels[Channel(request.match_info["channel"])].verify(query))

    async def post(self, request: web.Request) -> web.Response:
        channel = self.channels[Channel(request.match_info["channel"])]
        delivery = channel.receive(Query.parse(request.rel_url.raw_query_string), await request.read())
        self.deliveries.append(delivery)
        self.headers.append(request.headers)
        if self.behaviour:
            return await self.behaviour(channel, delivery)
        inbound = delivery.inbound
        text = f"{inbound.kind}:{inbound.text or inbound.event_key}" if inbound else ""
        return web.Response(body=channel.reply(delivery, text))


@pytest.fixture
def clock():
    return FrozenClock(START)


@pytest.fixture(params=["safe", "compat", "plain"])
def mode(request):
    return request.param


@pytest.fixture
async def twin(clock):
    async with Twin(clock, members=["wangsj", "limgr"]) as twin:
        yield twin


@pytest.fixture
async def bot(twin, clock):
    async for bot in serving(twin, clock):
        yield bot


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


async def serving(twin, clock):
    bot = EchoBot(twin, clock)
    app = web.Application()
    app.router.add_get("/wechat/{channel}", bot.get)
    app.router.add_post("/wechat/{channel}", bot.post)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    twin.callbacks(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    yield bot
    await runner.cleanup()
