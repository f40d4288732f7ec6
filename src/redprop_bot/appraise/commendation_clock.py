"""When a vote is over: its secretaries are told once, with how many voted; the result waits for their word."""

from typing import Final

from redprop_bot.appraise import commendation_telling as telling
from redprop_bot.appraise.commendation import CLOCK
from redprop_bot.loop.due import Deeds
from redprop_bot.rules.commendation import State
from redprop_bot.store import commendations
from redprop_bot.store.tables import Timer
from redprop_bot.store.tx import Tx


def _ended(tx: Tx, timer: Timer) -> None:
    row = commendations.one(tx, timer.subject_id or 0)
    if row is not None and row.state == State.VOTING:
        telling.ended(tx, row, commendations.voted(tx, row.id or 0))


DO: Final[Deeds] = {CLOCK: _ended}
