"""`roster import | export | template`: the register as a file."""

import argparse
import sys
from pathlib import Path
from typing import Any

from redprop_bot.cli.common import open_office, write_file
from redprop_bot.registry import exporting
from redprop_bot.registry.importing import import_file


def add(commands: Any) -> None:
    """Declare the commands."""
    roster = commands.add_parser("roster", help="名册").add_subparsers(
        dest="what", required=True, metavar="做什么"
    )
    bring = roster.add_parser("import", help="导入 .yaml 或 .xlsx；有错就一处不动，逐条列出")
    bring.add_argument("file", type=Path)
    bring.set_defaults(run=_import)
    give = roster.add_parser("export", help="导出 YAML（或 --out F.xlsx）")
    give.add_argument("--out", type=Path)
    give.set_defaults(run=_export)
    form = roster.add_parser("template", help="样表（--out F.xlsx 或打印 YAML）")
    form.add_argument("--out", type=Path)
    form.set_defaults(run=_template)


def _import(arguments: argparse.Namespace) -> int:
    with open_office() as office:
        summary = office.store.run(lambda tx: import_file(tx, arguments.file))
    for line in summary.lines():
        print(line)
    return 0


def _export(arguments: argparse.Namespace) -> int:
    with open_office() as office:
        look = office.store.look
        _put(
            look(exporting.export_xlsx) if _is_xlsx(arguments.out) else look(exporting.export_yaml), arguments.out
        )
    return 0


def _template(arguments: argparse.Namespace) -> int:
    _put(exporting.template_xlsx() if _is_xlsx(arguments.out) else exporting.template_yaml(), arguments.out)
    return 0


def _is_xlsx(out: Path | None) -> bool:
    return out is not None and out.suffix.lower() == ".xlsx"


def _put(content: str | bytes, out: Path | None) -> None:
    """Write a file, or print what is text."""
    if out is None:
        sys.stdout.write(str(content))
    else:
        write_file(out, content.encode() if isinstance(content, str) else content)
