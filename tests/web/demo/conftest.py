"""The demo as it is started, on a database of its own and a free port, and a browser before it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from redprop_bot.bootstrap import demo, running
from redprop_bot.content import packaged_root
from redprop_bot.dialogue.office import Office
from redprop_bot.registry.demo import demo_phones
from redprop_bot.simulated import Twin

PATIENCE = 30.0  # seconds after which something that never comes is given up


@dataclass
class Browser:
    """Reads the feed and posts what a visitor does; `lines` is what the page would show."""

    base: str
    session: aiohttp.ClientSession
    lines: list[dict] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    connected: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self) -> None:
        async with self.session.get(f"{self.base}/demo/feed") as response:
            self.connected.set()
            async for raw in response.content:
                line = raw.decode()
                if line.startswith("data: ") and '"kind"' in line:
                    self.lines.append(json.loads(line[6:]))
                    self.changed.set()

    async def until(self, phone: str, fits: Callable[[dict], bool]) -> dict:
        """The first line of a phone that fits, whenever it comes."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for line in self.lines:
                    if line["phone"] == phone and fits(line):
                        return line
                self.changed.clear()
                await self.changed.wait()

    async def post(self, phone: str, act: str, **fields) -> tuple[int, dict]:
        """Status and answer."""
        async with self.session.post(f"{self.base}/demo/phones/{phone}/{act}", json=fields) as response:
            return response.status, await response.json()

    async def send(self, phone: str, act: str, data: bytes, **headers: str) -> tuple[int, dict]:
        """The same with a body of its own."""
        address = f"{self.base}/demo/phones/{phone}/{act}"
        async with self.session.post(address, data=data, headers=headers) as response:
            return response.status, await response.json()


@dataclass
class Shown:
    """A running demo."""

    twin: Twin
    office: Office
    address: str
    browser: Browser


@pytest.fixture
async def shown(tmp_path: Path) -> AsyncIterator[Shown]:
    """The demo with its residents at the door and a browser that follows."""
    async for opened in showing(tmp_path, "service"):
        yield opened


async def showing(tmp_path: Path, account: str) -> AsyncIterator[Shown]:
    """The same with an account of this kind."""
    async with Twin() as twin, aiohttp.ClientSession() as session:
        demo.playing(twin, account)
        office = await asyncio.to_thread(demo.prepared, twin, 0, f"sqlite:///{tmp_path / 'demo.db'}")
        phones = demo_phones(packaged_root())
        try:
            async with running.running(
                office, demo.HOST, 0, also=lambda app: demo.staged(app, twin, phones, account)
            ) as address:
                await demo.arrive(twin, address, phones)
                browser = Browser(address, session)
                follows = asyncio.create_task(browser.follow())
                await asyncio.wait_for(browser.connected.wait(), PATIENCE)
                yield Shown(twin, office, address, browser)
            await asyncio.wait_for(follows, PATIENCE)  # the feed ends with the service
        finally:
            office.close()
