"""`export`: ledgers (台账) as .xlsx or .csv, with the same items as the API gives an administrator."""

import argparse
from pathlib import Path
from typing import Any

from redprop_bot.cli.common import open_office, write_file
from redprop_bot.errors import ConfigError, Fault
from redprop_bot.web import ledgers

KINDS = ("demands", "resources", "services", "responsibilities", "points", "ratings", "whistles", "projects")


def add(commands: Any) -> None:
    """Declare the commands."""
    export = commands.add_parser("export", help="导出台账")
    export.add_argument("kind", choices=KINDS, metavar="|".join(KINDS))
    export.add_argument("--out", type=Path, required=True, metavar="F.xlsx|F.csv")
    export.set_defaults(run=_export)


def _export(arguments: argparse.Namespace) -> int:
    out: Path = arguments.out
    if out.suffix not in (".xlsx", ".csv"):
        raise ConfigError([Fault("--out", "文件名应以 .xlsx 或 .csv 结尾")])
    with open_office() as office:
        rows = office.store.look(lambda tx: ledgers.rows(office, tx, arguments.kind))
    write = ledgers.as_xlsx if out.suffix == ".xlsx" else ledgers.as_csv
    write_file(out, write(arguments.kind, rows))
    print(f"导出 {len(rows)} 行到 {out}")
    return 0
