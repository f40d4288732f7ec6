"""`serve`, `demo`, `doctor`: running the service and finding out why it does not."""

import argparse
import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from redprop_bot.bootstrap import building, demo, running
from redprop_bot.cli import checkup, workers
from redprop_bot.cli.common import open_office, settings
from redprop_bot.cli.lasting import settled
from redprop_bot.cli.platforms import inspecting
from redprop_bot.cli.platforms.lines import Mark
from redprop_bot.content import unread
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import ConfigError, Fault
from redprop_bot.settings import unknown
from redprop_bot.store.engine import is_sqlite

log = logging.getLogger(__name__)


def add(commands: Any) -> None:
    """Declare the commands."""
    serve = commands.add_parser("serve", help="启动服务：回调、接口、页面、定时")
    serve.add_argument("--host")
    serve.add_argument("--port", type=int)
    serve.add_argument("--workers", type=int, default=1)
    serve.add_argument("--shared", action="store_true", help=argparse.SUPPRESS)  # given by `workers`
    serve.set_defaults(run=_serve)
    show = commands.add_parser("demo", help="启动演示：自带数据库和一个演示社区")
    show.add_argument("--port", type=int, default=8080)
    show.add_argument(
        "--account",
        choices=("service", "subscription"),
        default="service",
        help="公众号是认证服务号（能主动发消息）还是订阅号（等居民下次说话时一起说）",
    )
    show.set_defaults(run=_demo)
    doctor = commands.add_parser("doctor", help="检查配置、数据库、平台、时钟、节假日表")
    doctor.add_argument("--platform", action="store_true", help="连账号一起查：凭证、IP、回调、菜单、模板")
    doctor.set_defaults(run=_doctor)


def _serve(arguments: argparse.Namespace) -> int:
    known = settings()
    if arguments.workers < 1:
        raise ConfigError([Fault("--workers", "至少 1")])
    if arguments.workers > 1 and is_sqlite(known.database_url):
        says = "SQLite 只能一个进程；要几个进程，请把 REDPROP_DATABASE_URL 设成 PostgreSQL"
        raise ConfigError([Fault("--workers", says)])
    host = arguments.host or known.host
    port = known.port if arguments.port is None else arguments.port
    if not 0 <= port <= 65535:
        raise ConfigError([Fault("--port", "应在 0 到 65535 之间")])
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for talkative in ("redprop_bot.access", "alembic", "apscheduler"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    if strange := unknown():
        log.warning("no setting has these names: %s", ", ".join(_with_meant(strange)))
    building.prove_media(known.media_dir)
    if lost := unread(known.content_dir):
        log.warning("nothing reads these files of REDPROP_CONTENT_DIR: %s", ", ".join(lost))
    if arguments.workers > 1:
        return workers.run(host, port, arguments.workers)
    with open_office(hears=True, host=host, port=port) as office:  # links name the address that is served
        settled()
        try:
            asyncio.run(running.serve(office, host, port, ready=_ready, shared=arguments.shared))
        except OSError as error:
            raise ConfigError([Fault("--port", f"{host}:{port} 用不了（{error.strerror}）")]) from None
    return 0


def _with_meant(strange: Mapping[str, str]) -> list[str]:
    return [f"{name} ({near}?)" if near else name for name, near in strange.items()]


def _ready(address: str) -> None:
    print(f"服务已启动：{address}", flush=True)


def _demo(arguments: argparse.Namespace) -> int:
    return demo.run(arguments.port, account=arguments.account)


def _doctor(arguments: argparse.Namespace) -> int:
    """One line each; 1 if one fails."""
    try:
        office = building.build(settings())
    except ConfigError as error:
        for fault in error.faults:
            print(f"✗ 配置：{fault}")
        for name, near in unknown().items():
            print(f"✗ 设置的名字：{name} 没有这个设置" + (f"，是不是 {near}？" if near else ""))
        return 1
    try:
        bad = checkup.run(office)
        if arguments.platform:
            bad += asyncio.run(_platforms(office))
    finally:
        office.close()
    return 1 if bad else 0


async def _platforms(office: Office) -> int:
    """The accounts themselves; how much is wrong."""
    bad = 0
    async for line in inspecting.inspect(office):
        print(line, flush=True)
        bad += line.mark is Mark.BAD
    return bad
