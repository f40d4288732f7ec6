"""The command `redprop-bot`: one module per family of sub-commands, thin over the rooms below.

Exit codes: 0 fine, 1 found something or partly failed, 2 wrong use or configuration. Words are Chinese.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from redprop_bot import __version__
from redprop_bot.cli import access, database, lists, menu, roster, service, talk, teaching, understanding
from redprop_bot.errors import ConfigError, RedpropError

_FAMILIES = (service, understanding, teaching, talk, database, roster, lists, access, menu)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="redprop-bot", description="红色物业机器人：群众点单、社区派单、物业接单、多方助力"
    )
    parser.add_argument("--version", action="version", version=f"redprop-bot {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    for family in _FAMILIES:
        family.add(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    try:
        arguments = _parser().parse_args(argv)
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
