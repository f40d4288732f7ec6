"""`serve`, `demo`, `doctor`: running the service and finding out why it does not."""

import argparse
import asyncio
import logging
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from redprop_bot.bootstrap import building, demo, running
from redprop_bot.cli import workers
from redprop_bot.cli.common import open_office, settings
from redprop_bot.cli.lasting import settled
from redprop_bot.cli.platforms import inspecting
from redprop_bot.cli.platforms.lines import Mark
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import ConfigError, Fault
from redprop_bot.registry.register import register
from redprop_bot.rules.holiday_table import coverage
from redprop_bot.settings import Settings
from redprop_bot.store import schema
from redprop_bot.store.engine import is_sqlite


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
    if arguments.workers > 1:
        return workers.run(host, port, arguments.workers)
    with open_office(hears=True, host=host, port=port) as office:  # links name the address that is served
        settled()
        try:
            asyncio.run(running.serve(office, host, port, ready=_ready, shared=arguments.shared))
        except OSError as error:
            raise ConfigError([Fault("--port", f"{host}:{port} 用不了（{error.strerror}）")]) from None
    return 0


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
        return 1
    checks: list[tuple[str, Callable[[Office], str]]] = [
        ("配置", _configuration),
        ("数据库", _database),
        ("公众号接口", lambda o: _platform(o.settings, "oa")),
        ("企业微信接口", lambda o: _platform(o.settings, "work")),
        ("时钟", _clock),
        ("节假日表", _holidays),
        ("个别时限", _names),
    ]
    bad = 0
    try:
        for name, check in checks:
            try:
                print(f"✓ {name}：{check(office)}")
            except Exception as error:  # noqa: BLE001 - each check says what is wrong in its own line
                bad += 1
                print(f"✗ {name}：{_plain(error)}")
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


def _plain(error: Exception) -> str:
    if isinstance(error, ConfigError):
        return "；".join(fault.what for fault in error.faults)
    return str(error) if isinstance(error, _Wrong) else type(error).__name__


class _Wrong(Exception):
    pass


def _configuration(office: Office) -> str:
    known = office.settings
    on = [name for name, channel in (("公众号", known.oa), ("企业微信", known.work)) if channel is not None]
    return f"回复 {len(office.content.replies.templates)} 条，" + (
        "、".join(on) + "已配置" if on else "公众号和企业微信都没有配置"
    )


def _database(office: Office) -> str:
    schema.check(office.store.engine)
    return "结构是最新的"


def _platform(known: Settings, channel: str) -> str:
    setting = known.oa if channel == "oa" else known.work
    if setting is None:
        return "没有配置，不用"
    scheme, _, rest = setting.api_base.partition("://")
    host, _, port = rest.partition(":")
    try:
        with socket.create_connection((host, int(port or (443 if scheme == "https" else 80))), timeout=5):
            return f"{host} 连得上"
    except OSError as error:
        raise _Wrong(f"{host} 连不上（{type(error).__name__}），请检查网络和防火墙") from None


def _clock(office: Office) -> str:
    now = datetime.now(UTC)
    if now.year < 2026:
        raise _Wrong(f"时间是 {now:%Y-%m-%d}，明显不对，请校时")
    return f"{now.astimezone(office.content.zone):%Y-%m-%d %H:%M:%S}（{office.settings.timezone}）"


def _holidays(office: Office) -> str:
    known = coverage(office.content.holidays, datetime.now(office.content.zone).date())
    if known.is_over:
        raise _Wrong(f"只到 {known.until}，之后只按周末算，请升级 chinesecalendar 或填 data/holidays")
    own = f"，之后有自己写的 {known.own_days_after} 天" if known.own_days_after else ""
    ending = f"，还有 {known.days_left} 天，之后只按周末算，请留意明年的放假通知" if known.is_ending else ""
    return f"到 {known.until}{own}{ending}"


def _names(office: Office) -> str:
    """Hours and terms of their own only hold for names that the register knows."""
    content = office.content
    said = [(kind, getattr(row, kind)) for row in content.hours for kind in ("estate", "unit")]
    said += [pair for row in content.deadlines.special for pair in row.conditions]
    known = office.store.look(register)
    names = {"estate": set(known.estate_names), "unit": set(known.organisation_names)}
    lost = sorted({str(name) for kind, name in said if name and kind in names and name not in names[kind]})
    if lost:
        raise _Wrong(f"名册里没有 {'、'.join(lost)}，data/hours、data/deadlines 里写的不起作用")
    return f"{len(content.hours)} 条上班时间、{len(content.deadlines.special)} 条个别时限，名字都在名册里"
