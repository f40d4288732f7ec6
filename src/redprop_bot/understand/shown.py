"""Write what the reader thinks of some hard messages: `python -m redprop_bot.understand.shown PAGE [--root DIR]`.

The page itself holds the messages (a heading each, the speaker below it); what stands under them is written anew,
so that it always tells of the rules and weights there are.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from redprop_bot.understand.acts import Act
from redprop_bot.understand.gazetteer import Gazetteer
from redprop_bot.understand.load import load_reader

_NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
_MESSAGE = re.compile(r"^## (?P<text>.+)\n\n说话人：(?P<role>[a-z]+)\n", re.MULTILINE)
_TABLE = "| 意思 | 类别 | 急缓 | 槽位 | 把握 | 凭什么 |\n|---|---|---|---|---|---|\n"


def _row(act: Act) -> str:
    slots = "，".join(f"{name}={value}" for name, value in act.slots.items())
    why = "；".join(act.why).replace("|", "\\|")
    cells = (act.intent, act.category or "", act.urgency or "", slots, f"{act.confidence:.2f}", why)
    return "| " + " | ".join(cells) + " |\n"


def page(written: str, roots: Sequence[Path]) -> str:
    """The page with all answers written anew; ValueError when it holds no message."""
    found = list(_MESSAGE.finditer(written))
    if not found:
        raise ValueError("页面里没有“## 一句话”和“说话人：resident”")
    reader = load_reader(roots)
    out = [written[: found[0].start()]]
    for message in found:
        acts = reader.read(
            message["text"], role=message["role"], now=_NOW, gazetteer=Gazetteer.empty(), explain=True
        )
        out += [message[0], "\n", _TABLE, *map(_row, acts), "\n"]
    return "".join(out).rstrip("\n") + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="重写“难话”页面里机器人的想法")
    parser.add_argument("page", type=Path, help="每句话一个二级标题，下面一行“说话人：resident”")
    parser.add_argument("--root", type=Path, action="append", help="含 intents/ 和 data/words/ 的文件夹，可给几个")
    args = parser.parse_args(argv)
    args.page.write_text(page(args.page.read_text("utf-8"), args.root or [Path.cwd()]), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
