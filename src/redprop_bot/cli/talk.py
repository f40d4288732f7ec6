"""`chat`: talk to the bot in the terminal, against the configured database."""

import argparse
import io
import sys
import time
from collections.abc import Iterator
from typing import Any

from redprop_bot.cli.common import open_office
from redprop_bot.errors import ConfigError, Fault
from redprop_bot.ports import Channel, Inbound, Kind

_CHANNELS = {"resident": Channel.OA, "oa": Channel.OA, "work": Channel.WORK}


def add(commands: Any) -> None:
    """Declare the commands."""
    chat = commands.add_parser("chat", help="在终端里和机器人说话")
    chat.add_argument("--as", dest="who", required=True, metavar="resident:o1|work:wangsj", help="以谁的身份")
    chat.set_defaults(run=_chat)


def _chat(arguments: argparse.Namespace) -> int:
    kind, _, name = arguments.who.partition(":")
    if kind not in _CHANNELS or not name:
        raise ConfigError([Fault("--as", "写成 resident:o1 或 work:wangsj")])
    with open_office(hears=True) as office:
        if sys.stdin.isatty():
            print("直接说话，Ctrl-D 结束。")
        for number, line in enumerate(_lines()):
            text = line.rstrip("\n")
            if not text.strip():
                continue
            now = office.clock.now()
            inbound = Inbound(
                _CHANNELS[kind], f"chat:{name}:{time.time_ns()}:{number}", name, Kind.TEXT, now, text=text
            )
            answer = office.store.run(lambda tx, said=inbound: office.take(tx, said))  # type: ignore[misc]
            print(answer.text or "（不回话）", end="\n\n", flush=True)
    return 0


def _lines() -> Iterator[str]:
    """What is typed or piped in."""
    if isinstance(sys.stdin, io.TextIOWrapper) and not sys.stdin.isatty():
        sys.stdin.reconfigure(encoding="utf-8", errors="strict")
    try:
        yield from sys.stdin
    except UnicodeDecodeError:
        raise ConfigError([Fault("标准输入", "不是 UTF-8 文本，请另存为 UTF-8")]) from None
