"""A real browser before the whole service: Chromium of the machine, driven by Playwright, on the demo community.

Where there is no Chromium the tests are skipped and say so; in CI they fail instead. Pictures of every page are kept
below `var/screenshots/` to be looked at.
"""

import asyncio
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from redprop_bot.bootstrap import demo, running
from redprop_bot.content import packaged_root
from redprop_bot.dialogue.office import Office
from redprop_bot.registry.demo import demo_phones
from redprop_bot.simulated import Twin
from redprop_bot.web import accounts, passwords
from redprop_bot.web.accounts import Limits

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "var" / "screenshots"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MISSING = "no Chromium on this machine (REDPROP_CHROMIUM names one): the browser tests are skipped; CI runs them"
PASSWORD = "browser-pass-1"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def chromium() -> str:
    """Where the browser is; skips the test where there is none, fails it in CI."""
    named = os.environ.get("REDPROP_CHROMIUM")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return found


@dataclass
class Town:
    """A running demo with something to do in it; `say` lets somebody talk to the bot."""

    address: str
    office: Office
    twin: Twin
    loop: asyncio.AbstractEventLoop

    def say(self, who: str, text: str, *, work: bool = False) -> str:
        side: Any = self.twin.work if work else self.twin.oa
        return asyncio.run_coroutine_threadsafe(side.say(who, text), self.loop).result(30).text


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The demo on a free port, in a thread of its own: Playwright's synchronous side wants this one."""
    chromium()
    folder = tmp_path_factory.mktemp("town")
    ready, stop, kept = threading.Event(), asyncio.Event(), list[Town]()

    async def serve() -> None:
        port = demo_port()
        async with Twin() as twin:
            office = await asyncio.to_thread(demo.prepared, twin, port, f"sqlite:///{folder / 'demo.db'}")
            office.store.run(lambda tx: accounts.create(tx, "admin", Limits("admin"), passwords.digest(PASSWORD)))
            phones = demo_phones(packaged_root())
            also = lambda app: demo.staged(app, twin, phones)  # noqa: E731
            async with running.running(office, demo.HOST, port, also=also) as address:
                await demo.arrive(twin, address, phones)
                kept.append(Town(address, office, twin, asyncio.get_running_loop()))
                ready.set()
                await stop.wait()
            office.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(60)
    yield kept[0]
    kept[0].loop.call_soon_threadsafe(stop.set)
    thread.join(30)


def demo_port() -> int:
    """A port that is free: links name it, so it must be known beforehand."""
    import socket

    with socket.socket() as probe:
        probe.bind((demo.HOST, 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def browser(town: Town) -> Iterator[Any]:
    """Chromium for one module: while its driver is there no other test of the process can have a loop of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        # The words of its own fields (选择文件) are Chinese where its languages are installed (chromium-l10n).
        spoken = {**os.environ, "LANGUAGE": "zh_CN"}
        opened = driver.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"], env=spoken
        )
        yield opened
        opened.close()


@contextmanager
def page_of(browser: Any, town: Town, who: str, size: dict[str, int] = WIDE) -> Iterator[Any]:
    """A page of somebody who sits at the console: `admin` by password, else a person of the demo by WeCom.

    What the browser complains about fails the test.
    """
    context = browser.new_context(viewport=size, locale="zh-CN", base_url=town.address)
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if _matters(said) else None)
    if who == "admin":
        page.goto("/console/login")
        page.fill("#username", "admin")
        page.fill("#password", PASSWORD)
        page.click("text=登录 >> nth=-1")
    elif who:
        page.goto(f"/demo/phones/{who}/open?to=/console")
    try:
        yield page
        assert complaints == []
    finally:
        context.close()


def _matters(said: Any) -> bool:
    return said.type in ("error", "warning") and "Failed to load resource" not in said.text


def picture(page: Any, name: str) -> None:
    """Keep what the page looks like."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}-{page.viewport_size['width']}.png", full_page=True)
