"""The command `redprop-bot`: one module per family of sub-commands, thin over the rooms below.

Exit codes: 0 fine, 1 found something or partly failed, 2 wrong use or configuration. Words are Chinese.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Final

from redprop_bot import __version__
from redprop_bot.cli.lasting import loading
from redprop_bot.errors import ConfigError, RedpropError

FAMILIES: Final = {
    "service": ("serve", "demo", "doctor"),
    "understanding": ("parse",),
    "teaching": ("corrections", "train"),
    "talk": ("chat",),
    "database": ("db", "backup", "restore", "run-due"),
    "roster": ("roster",),
    "lists": ("export",),
    "access": ("token", "account"),
    "menu": ("menu",),
}
"""Module of this package → its commands. Only the family of the command given is imported: a sweep every minute
should not load the web console each time."""


def _families(argv: Sequence[str]) -> Iterable[str]:
    given = next((word for word in argv if not word.startswith("-")), "")
    named = [family for family, commands in FAMILIES.items() if given in commands]
    return named or FAMILIES


def _parser(families: Iterable[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="redprop-bot", description="红色物业机器人：群众点单、社区派单、物业接单、多方助力"
    )
    parser.add_argument("--version", action="version", version=f"redprop-bot {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    for family in families:
        import_module(f"redprop_bot.cli.{family}").add(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    try:
        given = sys.argv[1:] if argv is None else list(argv)
        with loading():
            arguments = _parser(_families(given)).parse_args(given)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        return int(arguments.run(arguments))
    except ConfigError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return 2
    except RedpropError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
