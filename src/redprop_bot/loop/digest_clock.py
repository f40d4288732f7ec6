"""When digests are sent: planned as timers by the first sweep of a day, done by the sweep of their hour.

A sweep that was missed is made up for on the same day; what would reach people on another day is left out. Each
person gets each once a period, because the message's key names both. A clock that jumps plans that day's as well,
and plans none a second time.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from redprop_bot.notify import digests
from redprop_bot.notify.digest_readers import readers
from redprop_bot.notify.monthly import Month
from redprop_bot.rules import digests as rules
from redprop_bot.rules import quiet
from redprop_bot.rules.digests import Digest, To
from redprop_bot.rules.telling import Weight
from redprop_bot.store import digests as rows
from redprop_bot.store import messages, numbers
from redprop_bot.store.tables import Timer
from redprop_bot.store.tx import Tx

BATCH: Final = 200
RETRY: Final = timedelta(minutes=10)
REVISION: Final = "digests"

log = logging.getLogger(__name__)

T = TypeVar("T")


def plan_today(tx: Tx) -> None:
    """Plan what falls on this day, where that has not been done for this day and these digests."""
    day = _today(tx)
    mark = tx.content.digest_mark(day)
    if numbers.revision(tx, REVISION) == mark:
        return
    numbers.put_revision(tx, REVISION, mark)
    for digest in tx.content.digests.entries:
        if rules.falls_on(digest.every, day, tx.content.calendar):
            at = rules.moment(digest, day, tx.content.zone)
            key = f"digest:{digest.name}:{at:%Y-%m-%dT%H:%M}"
            messages.plan(tx, key, "digest", at, name=digest.name, day=day.isoformat())


def _today(tx: Tx) -> date:
    return tx.now.astimezone(tx.content.zone).date()


def _send(tx: Tx, timer: Timer) -> None:
    """Send one digest to everybody who gets it; whoever it cannot be made for is tried again."""
    digest = next((one for one in tx.content.digests.entries if one.name == timer.data["name"]), None)
    day = date.fromisoformat(timer.data["day"])
    if digest is None or not _still_its_day(tx, day):
        return
    failed = _to_residents(tx, timer, digest, day) if To.RESIDENTS in digest.to else _to_staff(tx, digest, day)
    if failed:
        messages.plan(tx, f"{timer.key}+", "digest", tx.now + RETRY, **_onward(timer))


def _onward(timer: Timer) -> dict[str, Any]:
    """What the next timer is told; `first` names them all: who is tried again plans the same next ones."""
    return {"first": timer.key, **timer.data}


def _still_its_day(tx: Tx, day: date) -> bool:
    """Whether it reaches people on its day if it leaves now."""
    limits, zone = tx.content.limits, tx.content.zone
    leaves = quiet.not_before(tx.now, Weight.PLAIN, zone, limits.quiet_from, limits.quiet_until)
    return _today(tx) == day == leaves.astimezone(zone).date()


def _to_staff(tx: Tx, digest: Digest, day: date) -> int:
    issue = digests.Issue(tx, digest, day)
    return _each(tx, readers(tx, digest.to), issue.send)


def _to_residents(tx: Tx, timer: Timer, digest: Digest, day: date) -> int:
    """Some residents; who comes after them has a timer of their own, so that no sweep is long."""
    people = rows.listeners(tx, after=timer.data.get("after", 0), limit=BATCH)
    period = rules.period(digest, day, tx.content.calendar, tx.content.zone)
    failed = _each(tx, people, Month(tx, digest, period, people).send)
    if len(people) == BATCH:
        last, onward = people[-1].id, _onward(timer)
        messages.plan(tx, f"{onward['first']}:{last}", "digest", tx.now, **{**onward, "after": last})
    return failed


def _each(tx: Tx, many: Sequence[T], send: Callable[[T], Any]) -> int:
    """Send to each; who stumbles holds back nobody. Returns how many did."""
    failed = 0
    for one in many:
        try:
            with tx.savepoint():
                send(one)
        except Exception as error:
            if tx.must_pass(error):
                raise
            log.exception("a digest could not be made for one person")
            failed += 1
    return failed


DO: Final[Mapping[str, Callable[[Tx, Timer], None]]] = {"digest": _send}
