"""When assessors hear that the sheets of last month are ready: once, on the first working day of the month.

What was missed by an outage is said late, one month back; one before that is read on the page. Of what was over
before this was first started nothing is said: hardly anything of it was kept.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Final

from redprop_bot.appraise import worker_telling
from redprop_bot.appraise.workers import assessors, roll
from redprop_bot.loop.due import Deeds
from redprop_bot.registry.register import register
from redprop_bot.rules import months
from redprop_bot.rules.digests import Every, falls_on
from redprop_bot.rules.workers import month_of
from redprop_bot.store import messages, numbers
from redprop_bot.store.tables import Timer
from redprop_bot.store.tx import Tx

KIND: Final = "workers"
_LONGEST: Final = 31


def plan(tx: Tx) -> None:
    """One timer a community, and one (0) for the street; looked at once a month."""
    today = tx.now.astimezone(tx.content.zone).date()
    mark, before = today.year * 12 + today.month, numbers.revision(tx, KIND)
    if before >= mark:
        return
    numbers.put_revision(tx, KIND, mark)
    if before == 0:
        return
    about = months.before(today)
    for community_id in (*sorted(register(tx).communities), 0):
        key = f"{KIND}:{about:%Y-%m}:{community_id}"
        messages.plan(tx, key, KIND, _moment(tx, about), community_id, month=about.isoformat())


def _moment(tx: Tx, month: date) -> datetime:
    """The hour of the first working day after a month."""
    day = months.after(month)
    days = (day + timedelta(days=n) for n in range(_LONGEST))
    found = next((one for one in days if falls_on(Every.MONTH, one, tx.content.calendar)), day)
    return datetime.combine(found, tx.content.workers.terms.at, tx.content.zone)


def _issue(tx: Tx, timer: Timer) -> None:
    """Say how many there are to who assesses them; where there are none, nothing."""
    community_id = timer.subject_id or 0
    span = month_of(date.fromisoformat(timer.data["month"]))
    by = tx.content.workers.assessed_by
    if community_id:
        theirs = [w for w in roll(tx) if w.community_id == community_id and by(w.post.duty) == "secretary"]
    else:
        theirs = [w for w in roll(tx) if by(w.post.duty) == "street"]
    numbers_of = Counter(person.id or 0 for worker in theirs for person in assessors(tx, worker))
    for key, number in numbers_of.items():
        worker_telling.ready(tx, [register(tx).people[key]], span, number, timer.key)


DO: Final[Deeds] = {KIND: _issue}
