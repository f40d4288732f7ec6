"""心愿墙 on a board: wishes that wait for somebody, in words that the secretary agreed to; no name, no home."""

from collections.abc import Mapping
from typing import Any, Final

from redprop_bot.store import wishes as rows
from redprop_bot.web.board.place import Here

SHOWN: Final = 8
_COUNTED: Final = 999


def on_board(at: Here) -> Mapping[str, Any]:
    """The newest that wait, and how many have come true; the whole community's on each of its boards."""
    near = [at.community.id or 0]
    waiting = rows.page(at.tx, communities=near, statuses=["published"], limit=SHOWN)
    done = rows.page(at.tx, communities=near, statuses=["fulfilled"], limit=_COUNTED)
    return {"wishes": [(wish.no, at.said(wish.shown)) for wish in waiting], "done": len(done)}
