"""When 考评 goes on by itself: opened on the first working day after a period, reminded of, brought to a result.

What ended before this was first started is not opened: that is for a secretary to do by hand.
"""

from datetime import date, datetime, timedelta
from typing import Final

from redprop_bot.appraise import appeal, appraisal_telling, periods, scorecard
from redprop_bot.content.appraisal import Sheet
from redprop_bot.errors import Conflict
from redprop_bot.loop.actor import CLOCK
from redprop_bot.loop.due import Deeds
from redprop_bot.registry.care import companies
from redprop_bot.registry.register import register
from redprop_bot.rules.digests import Every, falls_on
from redprop_bot.rules.grades import State
from redprop_bot.store import appraisals, messages, numbers
from redprop_bot.store.tables import Appraisal, Timer
from redprop_bot.store.tx import Tx

KIND: Final = "appraisal"
_LONGEST: Final = 31


def plan(tx: Tx) -> None:
    """The moments of what ended since the last look; else one look."""
    today = tx.now.astimezone(tx.content.zone).date()
    mark, before = today.year * 12 + today.month - 1, numbers.revision(tx, KIND)
    if before >= mark:
        return
    numbers.put_revision(tx, KIND, mark)
    for sheet in tx.content.appraisal.all if before else ():
        if sheet.at is None or mark // sheet.months == before // sheet.months:
            continue
        period = periods.ended(today, sheet.months)
        for community_id in sorted(register(tx).communities):
            key = f"{KIND}:{sheet.key}:{period.key}:{community_id}"
            about = {"sheet": sheet.key, "period": period.key}
            messages.plan(tx, key, KIND, _moment(tx, sheet, period.whole), community_id, **about)


def _moment(tx: Tx, sheet: Sheet, day: date) -> datetime:
    """The sheet's hour on the first working day from a day on."""
    days = (day + timedelta(days=n) for n in range(_LONGEST))
    found = next((one for one in days if falls_on(Every.MONTH, one, tx.content.calendar)), day)
    assert sheet.at is not None
    return datetime.combine(found, sheet.at, tx.content.zone)


def _open(tx: Tx, timer: Timer) -> None:
    sheet, community_id = tx.content.appraisal.of(timer.data["sheet"]), timer.subject_id or 0
    reg = register(tx)
    if sheet is None or community_id not in reg.communities:
        return
    period = periods.ended_by_key(timer.data["period"])
    units = [unit.id or 0 for unit in companies(reg, community_id)]
    scorecard.begin(tx, sheet, period, community_id, units, by=CLOCK.name)


def _still(tx: Tx, timer: Timer) -> list[Appraisal]:
    found = (appraisals.one(tx, key) for key in timer.data["rounds"])
    return [row for row in found if row is not None and row.state == State.OPEN]


def _remind(tx: Tx, timer: Timer) -> None:
    rows = _still(tx, timer)
    if rows and tx.now < rows[0].due_at:  # after an outage nobody is reminded of a day that is over
        appraisal_telling.remind(tx, rows)


def _due(tx: Tx, timer: Timer) -> None:
    for row in _still(tx, timer):
        try:
            with tx.savepoint():
                scorecard.publish(tx, row, None, CLOCK.name)
        except Conflict as refusal:
            if refusal.code == "appraisal_few":
                said = refusal.slots
                appraisal_telling.held(tx, row, str(said["which"]), int(said["there"]), int(said["all"]))


def _waits(tx: Tx, timer: Timer) -> None:
    row = appraisals.one(tx, timer.subject_id or 0)
    if row is not None and row.state == State.APPEALED:
        appraisal_telling.undecided(tx, row)


DO: Final[Deeds] = {KIND: _open, scorecard.REMIND: _remind, scorecard.DUE: _due, appeal.WAITS: _waits}
