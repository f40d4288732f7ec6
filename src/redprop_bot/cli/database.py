"""`db`, `backup`, `restore`, `run-due`: looking after the database and the clock by hand."""

import argparse
import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from redprop_bot.bootstrap.building import key_file
from redprop_bot.bootstrap.sending import run_due
from redprop_bot.cli.common import open_office, settings
from redprop_bot.errors import ConfigError, Fault
from redprop_bot.ports import FrozenClock
from redprop_bot.store import backup, counting, messages, migrate, overdue, schema, soundness
from redprop_bot.store.engine import open_engine

PORTION = 2000
"""So many demands are counted at once where nobody waits for the next message."""


FIRST_YEAR, LAST_YEAR = 2020, 2100
"""Outside of them `--now` is a slip, and terms and dates reckoned from it would be none that can be kept."""


def add(commands: Any) -> None:
    """Declare the commands."""
    database = commands.add_parser("db", help="数据库").add_subparsers(
        dest="what", required=True, metavar="做什么"
    )
    database.add_parser("upgrade", help="升级结构").set_defaults(run=_upgrade)
    database.add_parser("check", help="检查结构和账目").set_defaults(run=_check)
    database.add_parser("recount", help="统计重数一遍").set_defaults(run=_recount)
    replay = database.add_parser("replay", help="把没办成的消息再办一次")
    replay.add_argument("reference", nargs="?", help="编号，例如 F0012；不写就是全部")
    replay.set_defaults(run=_replay)
    keep = commands.add_parser("backup", help="服务不停，备份到文件")
    keep.add_argument("file", type=Path)
    keep.set_defaults(run=_backup)
    back = commands.add_parser("restore", help="从备份恢复（先停服务）")
    back.add_argument("file", type=Path)
    back.add_argument("--force", action="store_true", help="覆盖现有的数据库")
    back.set_defaults(run=_restore)
    due = commands.add_parser("run-due", help="把到期的事都办一遍，可以重复运行")
    due.add_argument("--now", metavar="ISO", help="当作这个时刻")
    due.set_defaults(run=_run_due)


def _upgrade(_arguments: argparse.Namespace) -> int:
    engine = open_engine(settings().database_url)
    try:
        migrate.upgrade(engine)
    finally:
        engine.dispose()
    print("数据库结构已是最新。")
    return 0


def _check(_arguments: argparse.Namespace) -> int:
    with open_office(current=False) as office:
        try:
            schema.check(office.store.engine)
        except ConfigError as error:
            for fault in error.faults:
                print(fault)
            return 1
        found, late = office.store.look(soundness.problems), office.store.look(overdue.said)
    for line in found:
        print(line)
    if not found:
        print("数据库没有问题。")
    if late:
        print(late)
    return 1 if found else 0


def _recount(_arguments: argparse.Namespace) -> int:
    with open_office() as office:
        number = office.store.run(counting.begin_anew)
        while office.store.run(lambda tx: counting.settle(tx, most=PORTION)):
            pass
    print(f"重数了 {number} 件。")
    return 0


def _replay(arguments: argparse.Namespace) -> int:
    with open_office(hears=True) as office:
        rows = office.store.look(lambda tx: messages.failed(tx, arguments.reference))
        if not rows:
            print("没有要补办的消息。")
            return 1 if arguments.reference else 0
        again = 0
        for row in rows:
            answer = office.store.run(lambda tx, r=row: office.replay(tx, r))  # type: ignore[misc]
            again += answer.failed
            print(f"{row.reference}：{'还是没办成' if answer.failed else '补办好了'}")
    return 1 if again else 0


def _backup(arguments: argparse.Namespace) -> int:
    known = settings()
    backup.backup(known.database_url, arguments.file)
    print(f"已备份到 {arguments.file}")
    beside = [f"照片 {known.media_dir}", *([f"密钥 {key}"] if (key := key_file(known)) else [])]
    print(f"这里面只有数据库，请一起拷走：{'、'.join(beside)}")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    known = settings()
    backup.restore(arguments.file, known.database_url, force=arguments.force)
    print(f"已恢复。照片不在备份里，要另外拷回 {known.media_dir}")
    if (key := key_file(known)) and not key.exists():
        says = "没有它，发出去的链接和动态码都打不开了。请先把原来的拷到这里，再启动服务"
        print(f"注意：密钥文件 {key} 不在，{says}", file=sys.stderr)
    return 0


def _run_due(arguments: argparse.Namespace) -> int:
    clock = FrozenClock(_moment(arguments.now)) if arguments.now else None
    with open_office(clock=clock) as office:
        summary = asyncio.run(run_due(office))
    print(json.dumps(summary, ensure_ascii=False, sort_keys=True))
    return 0


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError([Fault("--now", "写成 2026-11-25T08:00:00+08:00")]) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ConfigError([Fault("--now", f"应在 {FIRST_YEAR} 年到 {LAST_YEAR} 年之间")])
    return moment if moment.tzinfo else moment.replace(tzinfo=settings().zone)
