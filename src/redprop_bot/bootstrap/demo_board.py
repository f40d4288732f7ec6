"""What hangs on the public board of the demo (`data/demo/board.yaml`): numbers, postings, by steps of the loop.

Only where nothing hangs yet: what a visitor has changed since is theirs.
"""

from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from redprop_bot.loop import phone_lines, publicity
from redprop_bot.loop.publicity import Draft, Hand
from redprop_bot.registry import demo
from redprop_bot.registry.register import register
from redprop_bot.store import publicity as rows
from redprop_bot.store.tx import Tx

BOARD: Final = "data/demo/board.yaml"
_BY: Final = Hand("演示数据", "admin")


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Line(_Shape):
    label: str
    number: str
    hours: str = ""
    unit: str = ""


class _Posted(_Shape):
    kind: str
    estate: str = ""
    unit: str = ""
    title: str
    note: str = ""


class _Board(_Shape):
    community: str
    lines: tuple[_Line, ...] = ()
    posted: tuple[_Posted, ...] = ()


def load_board(tx: Tx, root: Path) -> None:
    """Hang it up; `root` holds `data/`. Raises ContentError, and Refused for what may not hang there."""
    communities = {community.name: key for key, community in register(tx).communities.items()}
    for board in demo.read(root / BOARD, TypeAdapter(tuple[_Board, ...])):
        key = communities.get(board.community)
        if key is None or rows.lines(tx, key) or rows.posted(tx, key, limit=1):
            continue
        for line in board.lines:
            phone_lines.add_line(
                tx, _BY, key, label=line.label, number=line.number, hours=line.hours, unit=line.unit
            )
        for one in board.posted:
            publicity.post(tx, _BY, Draft(key, one.estate, one.kind, one.title, one.note, one.unit), None)
