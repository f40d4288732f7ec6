"""`parse`: messages in, what was understood out; needs no database and no network."""

import argparse
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from redprop_bot.cli.common import settings
from redprop_bot.content import roots
from redprop_bot.errors import ConfigError, Fault
from redprop_bot.registry import roster_file
from redprop_bot.registry.register import register
from redprop_bot.store import schema
from redprop_bot.store.engine import is_sqlite, sqlite_path
from redprop_bot.understand import stream
from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.load import load_reader


def add(commands: Any) -> None:
    """Declare the commands."""
    parse = commands.add_parser("parse", help="听懂一批消息：每行一个 JSON，进出同序")
    parse.add_argument("file", nargs="?", default="-", help="文件，- 为标准输入")
    parse.add_argument("--roster", type=Path, help="按这份名册归一小区和单位")
    parse.add_argument("--explain", action="store_true", help="说明是哪些词和句式决定的")
    parse.set_defaults(run=_parse)


def _parse(arguments: argparse.Namespace) -> int:
    known = settings()
    reader = load_reader(roots(known.content_dir))
    gazetteer = _gazetteer(arguments.roster, known.database_url)
    if arguments.file == "-":
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="surrogateescape")  # type: ignore[union-attr]
        return stream.run(sys.stdin, sys.stdout, reader=reader, gazetteer=gazetteer, explain=arguments.explain)
    try:
        with Path(arguments.file).open(encoding="utf-8-sig", errors="surrogateescape") as source:
            return stream.run(source, sys.stdout, reader=reader, gazetteer=gazetteer, explain=arguments.explain)
    except OSError as error:
        raise ConfigError([Fault(arguments.file, f"读不了：{error.strerror}")]) from None


def _gazetteer(roster: Path | None, url: str) -> Gazetteer:
    """Names from the roster file, else from the configured database, else none: names are then kept as said."""
    if roster is not None:
        if not roster.is_file():
            raise ConfigError([Fault(str(roster), "没有这个文件")])
        try:
            return Gazetteer.from_roster_file(roster)
        except (ConfigError, UnicodeDecodeError):
            roster_file.read(roster)  # says what is wrong, and in which line, as the import does
            says = "这里只读 YAML 的名册，请先导入，再用 roster export 导出"
            raise ConfigError([Fault(str(roster), says)]) from None
    if is_sqlite(url) and not sqlite_path(url).exists():
        return Gazetteer.empty()
    try:
        return _from_database(url)
    except Exception:  # noqa: BLE001 - understanding works without a database
        return Gazetteer.empty()


def _from_database(url: str) -> Gazetteer:
    from redprop_bot.content import load_content  # noqa: PLC0415
    from redprop_bot.ports import SystemClock  # noqa: PLC0415
    from redprop_bot.store.worker import Store  # noqa: PLC0415

    content = load_content(roots(None), zone=ZoneInfo("Asia/Shanghai"), address="")
    store = Store(url, clock=SystemClock(), content=content)
    try:
        if not schema.current(store.engine):
            return Gazetteer.empty()
        return store.look(lambda tx: register(tx).gazetteer)
    finally:
        store.close()
