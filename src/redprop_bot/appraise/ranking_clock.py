"""When the days are over on which companies look at a board: the street is told once that it may be published."""

from typing import Final

from redprop_bot.appraise import ranking_telling as telling
from redprop_bot.appraise.ranking import OVER
from redprop_bot.loop.due import Deeds
from redprop_bot.rules.ranking import State
from redprop_bot.store import rankings
from redprop_bot.store.tables import Timer
from redprop_bot.store.tx import Tx


def _over(tx: Tx, timer: Timer) -> None:
    row = rankings.one(tx, timer.subject_id or 0)
    if row is not None and row.state == State.REVIEW and row.turn == timer.data["turn"]:
        telling.over(tx, row)


DO: Final[Deeds] = {OVER: _over}
