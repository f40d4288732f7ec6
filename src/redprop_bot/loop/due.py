"""What time does to demands: unrated ones close, unanswered questions about the place reach the people in charge.

One call does everything that is due at the moment of the transaction, each thing once.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from redprop_bot.loop import caring, digest_clock, emergency_clock, phoning, photo_place, reminding, whistle_clock
from redprop_bot.loop.actor import CLOCK
from redprop_bot.loop.confirm import expire
from redprop_bot.loop.record import change, happened
from redprop_bot.notify import outcomes
from redprop_bot.rules.flow import Act, Stage
from redprop_bot.store import messages
from redprop_bot.store.tables import Demand, Timer
from redprop_bot.store.tx import Tx

BATCH = 200
RETRY = timedelta(minutes=10)

log = logging.getLogger(__name__)

Deeds = Mapping[str, Callable[[Tx, Timer], None]]
"""What is done when a timer of this kind is due."""

Plan = Callable[[Tx], None]
"""What is planned before a sweep."""
NOTHING: Deeds = MappingProxyType({})


def sweep(tx: Tx, above: Deeds = NOTHING) -> Counter[str]:
    """Do what is due, at most BATCH things; returns how many of each kind were done.

    `above` are the kinds of timers of the rooms above this one. A thing that cannot be done is put off by RETRY
    and holds back no other. Reminders and the ladder come after what changes orders, and see it.
    """
    done = _timers(tx, {**_DO, **above})
    return done + reminding.sweep(tx)


def prepare(tx: Tx, above: Sequence[Plan] = ()) -> None:
    """What comes before a sweep: other rules than at the last one are noticed, digests and trials planned.

    `above` is what the rooms above this one plan; each must cost next to nothing where it has planned already.
    """
    reminding.notice_other_rules(tx)
    digest_clock.plan_today(tx)
    caring.plan(tx)
    for plan in above:
        plan(tx)


def _timers(tx: Tx, deeds: Deeds) -> Counter[str]:
    done: Counter[str] = Counter()
    for timer in messages.due_timers(tx, limit=BATCH):
        assert timer.id is not None
        try:
            with tx.savepoint():
                deeds[timer.kind](tx, timer)
                messages.finish(tx, timer.id)
            done[timer.kind] += 1
        except Exception as error:
            if tx.must_pass(error):
                raise
            log.exception("timer %s could not be done", timer.key)
            tx.update(Timer, timer.id, due_at=tx.now + RETRY)
    return done


def _expire(tx: Tx, timer: Timer) -> None:
    demand = tx.get(Demand, timer.subject_id or 0, lock=True)
    done_at = demand.done_at.isoformat() if demand.done_at else None
    if demand.stage == Stage.DONE and done_at == timer.data.get("done_at"):
        expire(tx, demand, CLOCK)


def _place_wait(tx: Tx, timer: Timer) -> None:
    """The reporter did not say where: people must ask."""
    demand = tx.get(Demand, timer.subject_id or 0, lock=True)
    if demand.stage == Stage.NEW and demand.estate_id is None:
        change(tx, demand, happened("still_unplaced", Act.SUPPLEMENT, CLOCK))


def _phone(tx: Tx, timer: Timer) -> None:
    phoning.ask(tx, timer.subject_id or 0)


def _photo_place(tx: Tx, timer: Timer) -> None:
    photo_place.use(tx, timer.subject_id or 0)


_DO: Deeds = {
    "expire": _expire,
    "place_wait": _place_wait,
    "phone": _phone,
    photo_place.KIND: _photo_place,
    outcomes.AGAIN: outcomes.again,
    **whistle_clock.DO,
    **emergency_clock.DO,
    **digest_clock.DO,
    **caring.DO,
}
