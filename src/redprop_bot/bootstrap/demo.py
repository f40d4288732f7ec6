"""The demo: the whole service on a database of its own, with the twin of both platforms in the platforms' place.

Everything is the real thing but the platforms. What differs from `serve` is decided here and nowhere else: where
the data lies, that nobody sleeps, and that the page with the phones is there.
"""

import asyncio
import errno
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from redprop_bot import settings as settings_module
from redprop_bot.bootstrap import building, running
from redprop_bot.bootstrap.demo_activities import load_activities
from redprop_bot.bootstrap.demo_appraisals import load_appraisals
from redprop_bot.bootstrap.demo_board import load_board
from redprop_bot.bootstrap.demo_helping import load_helping
from redprop_bot.bootstrap.demo_places import load_places
from redprop_bot.bootstrap.demo_projects import load_projects
from redprop_bot.content import Above, Content, packaged_root
from redprop_bot.dialogue.office import Office
from redprop_bot.ports import Channel
from redprop_bot.registry.demo import DemoPhone, demo_phones, load_demo
from redprop_bot.registry.register import register
from redprop_bot.settings import Settings
from redprop_bot.simulated import Twin
from redprop_bot.simulated.official import UNCERTIFIED
from redprop_bot.store import migrate
from redprop_bot.store.engine import sqlite_path
from redprop_bot.web import demo as pages
from redprop_bot.web.console import DEMO_SEATS
from redprop_bot.web.demo import STAGE, Stage
from redprop_bot.web.serving import Application

HOST: Final = "127.0.0.1"
DATABASE: Final = "sqlite:///var/demo.db"
MEDIA: Final = "demo-media"  # beside the database


def run(port: int, *, account: str = "service") -> int:
    """Run the demo until it is told to stop; the exit code. Raises ConfigError.

    account: the kind of Official Account that the twin plays, `service` (认证服务号) or `subscription` (订阅号).
    """
    try:
        _free(port)
        asyncio.run(demo(port, account=account))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        sys.stderr.write(f"端口 {port} 已被占用，请换一个，例如：redprop-bot demo --port {port + 1}\n")
        return 2
    return 0


def _free(port: int) -> None:
    """Raise OSError at once where somebody listens on the port: nothing has been touched then."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))


async def demo(port: int, *, database_url: str = DATABASE, account: str = "service") -> None:
    """Serve the demo until SIGTERM or SIGINT. Raises ConfigError, and OSError where the port is taken."""
    async with Twin() as twin:
        playing(twin, account)
        office = prepared(twin, port, database_url)
        phones = demo_phones(packaged_root())
        tasks: set[asyncio.Task[None]] = set()

        def ready(address: str) -> None:
            sys.stdout.write(addresses(office, address) + "\n")
            sys.stdout.flush()
            tasks.add(asyncio.get_running_loop().create_task(arrive(twin, address, phones)))

        try:
            await running.serve(
                office, HOST, port, ready=ready, also=lambda app: staged(app, twin, phones, account)
            )
        finally:
            for task in tasks:
                task.cancel()
            office.close()


def playing(twin: Twin, account: str) -> None:
    """Let the twin be an account of this kind. What it cannot do, the bot finds out by being told so."""
    twin.oa.lacks = UNCERTIFIED if account == "subscription" else frozenset()


def staged(app: Application, twin: Twin, phones: Sequence[DemoPhone], account: str = "service") -> None:
    """Put the demo's pages into an application."""
    app[STAGE] = Stage(twin, phones, account)
    app[DEMO_SEATS] = [
        (phone.label, f"/demo/phones/{quote(phone.id)}/open")
        for phone in phones
        if phone.channel is Channel.WORK and phone.who != "member"
    ]
    pages.add_routes(app)


def prepared(twin: Twin, port: int, database_url: str) -> Office:
    """The office on its migrated database with the demo community in it; the twin must be open."""
    office = building.build(demo_settings(twin, port, database_url))
    try:
        migrate.upgrade(office.store.engine)
        office.store.run(lambda tx: load_demo(tx, packaged_root()))
        office.store.run(lambda tx: load_board(tx, packaged_root()))
        office.store.run(lambda tx: load_activities(tx, packaged_root()))
        office.store.run(lambda tx: load_projects(tx, packaged_root()))
        office.store.run(lambda tx: load_appraisals(tx, packaged_root()))
        office.store.run(lambda tx: load_places(tx, packaged_root()))
        office.store.run(lambda tx: load_helping(tx, packaged_root(), office.media))
    except BaseException:
        office.close()
        raise
    return _wide_awake(office)


def demo_settings(twin: Twin, port: int, database_url: str) -> Settings:
    """What the operator of this twin would have set."""
    return settings_module.load(
        env_file=None,
        database_url=database_url,
        host=HOST,
        port=port,
        public_url="",
        demo=True,
        media_dir=sqlite_path(database_url).parent / MEDIA,
        oa=twin.oa_settings(),
        work=twin.work_settings(),
    )


def _wide_awake(office: Office) -> Office:
    """No quiet hours: whoever tries the demo at ten in the evening is not there at eight to see the rest."""
    asleep = office.load
    assert asleep is not None

    def load(above: Above) -> Content:
        content = asleep(above)
        limits = content.limits
        return replace(content, limits=limits.model_copy(update={"quiet_until": limits.quiet_from}))

    office.load = load
    office.content = office.store.content = load(Above())
    office.take_up()
    return office


async def arrive(twin: Twin, address: str, phones: Sequence[DemoPhone]) -> None:
    """The residents follow the account by the code at their door, as the first thing they do."""
    twin.callbacks(address)
    for phone in phones:
        if phone.channel is Channel.OA:
            parts = [phone.estate, phone.building, phone.unit]
            await twin.oa.scan(
                phone.id, f"estate:{'/'.join(part for part in parts if part)}" if phone.estate else ""
            )


def addresses(office: Office, address: str) -> str:
    """What to open, for the terminal."""
    boards = [
        f"  公示栏  {address}/board/{key}（{community.name}）"
        for key, community in office.store.look(register).communities.items()
    ]
    return "\n".join(
        (
            "演示已经启动，用浏览器打开：",
            f"  聊天页  {address}/demo",
            f"  控制台  {address}/console",
            *boards,
            "人和小区都是编的，数据在 var/ 里，下次还在。停下来按 Ctrl+C。",
        )
    )
