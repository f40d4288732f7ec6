"""This year's counts of a place, with what each rate is counted from; remembered for a minute.

Everybody may open a board as often as they like; counting anew each time would let them slow down everybody else.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from redprop_bot.store import boards
from redprop_bot.store.boards import Figures, Place
from redprop_bot.web.board.place import Here

KEEP: Final = timedelta(minutes=1)
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it is, and whether it is one to be ashamed of."""

    value: str
    name: str
    bad: bool = False


class Counted:
    """What was counted lately, by place. Jobs run in a few threads; a lost entry costs a count."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Place, tuple[datetime, Figures]] = OrderedDict()

    def of(self, here: Here) -> Figures:
        """The counts of a place since New Year, as of at most a minute ago."""
        now = here.tx.now
        found = self._kept.get(here.place)
        if found is not None and timedelta(0) <= now - found[0] < KEEP:
            return found[1]
        today = now.astimezone(here.tx.content.zone).date()
        counted = boards.figures(here.tx, here.place, today.replace(month=1, day=1), today + timedelta(days=1))
        self._kept[here.place] = now, counted
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return counted


COUNTED: Final = web.AppKey("board_counted", Counted)


def figures(found: Figures) -> Sequence[Figure]:
    """The counts in words; no rate without the number it comes from."""
    share = f"{round(100 * found.content / found.rated)}%" if found.rated else "—"
    return (
        Figure(str(found.reported), "今年报事"),
        Figure(str(found.closed), "今年办结"),
        Figure(str(found.open), "正在办"),
        Figure(str(found.late), "超期没办完", bad=found.late > 0),
        Figure(share, f"满意（{found.rated} 人评）"),
    )
