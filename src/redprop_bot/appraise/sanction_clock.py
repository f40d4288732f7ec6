"""When a case goes on by itself: the company's days are over, a step is late, the months of a listing are over."""

from typing import Final

from redprop_bot.appraise import sanction_telling as telling
from redprop_bot.appraise import sanctions as steps
from redprop_bot.loop.due import Deeds
from redprop_bot.rules.sanctions import State
from redprop_bot.store import sanctions
from redprop_bot.store.tables import Sanction, Timer
from redprop_bot.store.tx import Tx


def _still(tx: Tx, timer: Timer, state: State) -> Sanction | None:
    """The case, held, if it still stands where the timer was set."""
    if timer.subject_id is None or sanctions.one(tx, timer.subject_id) is None:
        return None
    row = sanctions.held(tx, timer.subject_id)
    return row if row.state == state else None


def _heard(tx: Tx, timer: Timer) -> None:
    row = _still(tx, timer, State.HEARING)
    if row is not None and not row.answer:  # an answer was told when it came
        telling.heard(tx, row)


def _step(tx: Tx, timer: Timer) -> None:
    row = _still(tx, timer, State.RUNNING)
    if row is not None and len(row.taken) == timer.data["turn"]:
        telling.step_waits(tx, row)


def _end(tx: Tx, timer: Timer) -> None:
    row = _still(tx, timer, State.RUNNING)
    if row is not None:
        steps.over(tx, row)


DO: Final[Deeds] = {steps.HEARD: _heard, steps.STEP: _step, steps.END: _end}
