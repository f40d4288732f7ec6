"""Doing everything that is due, each thing once: safe to repeat, late, or on two machines at the same time."""

from collections import Counter
from datetime import timedelta
from typing import Any, Final

from redprop_bot.clock.kinds import ABOVE, PLANS
from redprop_bot.dialogue.office import Office
from redprop_bot.loop import ageing, due
from redprop_bot.media import Retention
from redprop_bot.notify.delivery import Delivery
from redprop_bot.rules.workers import years_before
from redprop_bot.store import (
    access,
    bookings,
    corrections,
    counting,
    forgetting_help,
    messages,
    stops,
    views,
    worker_events,
)
from redprop_bot.store.tx import Tx
from redprop_bot.store.worker import Store
from redprop_bot.volunteers import indexing

REPLAYS_KEPT: Final = timedelta(minutes=15)
"""A signed query is accepted for five minutes to either side; its mark may go some time after that."""
BATCHES: Final = 50
"""So many portions of changed demands one sweep counts; what is due does not wait for the rest."""
ANSWERS_KEPT: Final = timedelta(hours=24)
"""So long a repeated request gets its first answer again."""


async def sweep(store: Store) -> Counter[str]:
    """Do what is due until nothing is; returns how many of each kind. Figures are brought up to date before."""
    for _ in range(BATCHES):
        if not await store.write(counting.settle):
            break
    await store.write(indexing.refresh)
    for _ in range(BATCHES):
        if not await store.write(indexing.settle):
            break
    await store.write(lambda tx: due.prepare(tx, PLANS))
    done: Counter[str] = Counter()
    while batch := await store.write(lambda tx: due.sweep(tx, ABOVE)):
        done += batch
    del done["looked"]  # says that there may be more, not that anything was done
    return done


async def age(store: Store) -> Counter[str]:
    """Let contact data go whose time is over; returns how many orders and people, and what else went."""
    done: Counter[str] = Counter()
    while number := await store.write(ageing.orders):
        done["unnamed_orders"] += number
    for _ in range(BATCHES):
        gone = await store.write(ageing.rest)
        if not +gone:
            break
        done += gone
    return done


async def tidy(store: Store) -> None:
    """Drop marks, answers, corrections and files of unfinished forms that have served their time."""
    await store.write(_forget)


def _forget(tx: Tx) -> None:
    messages.forget_replays(tx, tx.now - REPLAYS_KEPT)
    access.forget_answers(tx, tx.now - ANSWERS_KEPT)
    stops.forget(tx, tx.now - REPLAYS_KEPT)
    views.forget_uploads(tx)
    forgetting_help.grow_old(
        tx,
        visits_before=tx.now - timedelta(days=tx.content.visits.keep_days),
        wishes_before=tx.now - timedelta(days=tx.content.wishes.keep_days),
    )
    bookings.forget_names(tx, tx.now - timedelta(days=tx.content.booking.keep_days))
    worker_events.forget(tx, years_before(tx.now, tx.content.workers.terms.keep_years))
    corrections.forget(tx, tx.now - timedelta(days=tx.content.limits.corrections_days))


async def run_due(office: Office, delivery: Delivery) -> dict[str, Any]:
    """Do what is due at the office's present moment and deliver what is owed.

    Gives {"now": ISO, "done": {kind: number}, "sent": number, "failed": number, "owed": number,
    "waiting": number}; `failed` are attempts that will be made again or were given up, `owed` is what still waits,
    for its hour or for another try, `waiting` what residents are told with the answer to their next word.
    """
    done = await sweep(office.store)
    await tidy(office.store)
    done += await age(office.store)
    if office.media is not None:
        done += await Retention(office.store, office.media).sweep()
    before = delivery.sent
    attempts = await delivery.drain_all()
    sent = delivery.sent - before
    counts = await office.store.read(access.outbox_counts)
    now = office.clock.now().astimezone(office.content.zone)
    return {
        "now": now.isoformat(timespec="seconds"),
        "done": dict(sorted(done.items())),
        "sent": sent,
        "failed": attempts - sent,
        "owed": counts.get("pending", 0) + counts.get("claimed", 0),
        "waiting": counts.get("waiting", 0),
    }
