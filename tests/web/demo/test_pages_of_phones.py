"""In the demo a page opened from a phone knows whose phone it is: through the twin's OAuth, by the real code."""

import asyncio
import socket

import aiohttp
import pytest

from redprop_bot.bootstrap import demo, running
from redprop_bot.content import packaged_root
from redprop_bot.registry.demo import demo_phones
from redprop_bot.simulated import Twin


@pytest.fixture
async def address(tmp_path):
    """The demo on a port that its links name too."""
    with socket.socket() as probe:
        probe.bind((demo.HOST, 0))
        port = probe.getsockname()[1]
    async with Twin() as twin:
        office = await asyncio.to_thread(demo.prepared, twin, port, f"sqlite:///{tmp_path / 'demo.db'}")
        phones = demo_phones(packaged_root())
        try:
            async with running.running(
                office, demo.HOST, port, also=lambda app: demo.staged(app, twin, phones)
            ) as where:
                await demo.arrive(twin, where, phones)
                yield where
        finally:
            office.close()


async def test_each_phone_is_its_own_person(address):
    """A resident reports; their phone's page shows it, a neighbour's does not, the manager's opens the order."""
    jar = aiohttp.CookieJar(unsafe=True)  # cookies of 127.0.0.1, as a browser keeps them
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:

        async def page(phone, to):
            async with browser.get(f"{address}/demo/phones/{phone}/open", params={"to": to}) as answer:
                assert answer.status == 200
                return str(answer.url.path), await answer.text()

        said = {"text": "3栋2单元电梯坏了"}
        async with browser.post(f"{address}/demo/phones/demo-resident-1/say", json=said) as answer:
            assert answer.status == 200
        path, html = await page("demo-resident-1", "/m/mine")
        assert path == "/m/mine"
        no = html.split("/m/orders/")[1].split('"')[0]
        assert "还没有报过事" in (await page("demo-resident-2", "/m/mine"))[1]
        for phone, opens in (("demo-resident-1", True), ("demo-resident-2", False), ("hanlq", True)):
            path, html = await page(phone, f"/m/orders/{no}")
            assert path == f"/m/orders/{no}"
            assert ("报事内容" in html) == opens, phone


async def test_only_phones_of_the_demo_and_pages_of_ours(address):
    """Another phone is not there; another address becomes the list of one's own."""
    async with aiohttp.ClientSession() as browser:
        async with browser.get(f"{address}/demo/phones/nobody/open?to=/m/mine") as answer:
            assert answer.status == 404
        where = f"{address}/demo/phones/demo-resident-1/open?to=https://evil.example/"
        async with browser.get(where, allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/m/login?next=%2Fm%2Fmine&by=oa"
