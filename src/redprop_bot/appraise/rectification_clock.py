"""When 整改 goes on by itself: before a deadline, when it is over, when a report waits for its re-check.

Each is about one deadline: after another day was set, an earlier timer has nothing to say.
"""

from typing import Final

from redprop_bot.appraise import rectification
from redprop_bot.appraise import rectification_telling as telling
from redprop_bot.loop.due import Deeds
from redprop_bot.rules.discipline import Extension, State
from redprop_bot.store import rectifications
from redprop_bot.store.tables import Rectification, Timer
from redprop_bot.store.tx import Tx


def _still(tx: Tx, timer: Timer, state: State) -> Rectification | None:
    """The order, held, if it still stands where the timer was set."""
    if timer.subject_id is None or rectifications.one(tx, timer.subject_id) is None:
        return None
    row = rectifications.held(tx, timer.subject_id)
    return row if row.state == state and row.turn == timer.data["turn"] else None


def _remind(tx: Tx, timer: Timer) -> None:
    row = _still(tx, timer, State.OPEN)
    if row is not None and tx.now < row.due_at:  # after an outage nobody is reminded of a day that is over
        telling.remind(tx, row)


def _due(tx: Tx, timer: Timer) -> None:
    row = _still(tx, timer, State.OPEN)
    if row is None:
        return
    if row.extension == Extension.ASKED:  # asked in time: the answer is what is late
        telling.undecided(tx, row)
        return
    rectification.missed(tx, row)


def _check(tx: Tx, timer: Timer) -> None:
    row = _still(tx, timer, State.REPORTED)
    if row is not None:
        telling.check_waits(tx, row)


DO: Final[Deeds] = {
    rectification.REMIND: _remind,
    rectification.DUE: _due,
    rectification.CHECK: _check,
}
