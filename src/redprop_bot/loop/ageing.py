"""Contact data grow old: so many days after an order ended (`contact_days`) nobody knows whom it was about.

    goes   names, phones, rooms and the key of who reported it: in the order, its history, its letters, its search
           words, in calls and visits around it, its pictures; what the resident and the bot said to each other;
           the name, phone and home of who has had nothing to do with us since
    stays  the order, where to the building, what was done when and by whom of the staff, stars, every figure

Each is written down as done, once. Sign-ins are kept for `access_log_days`. A run that was missed is made up for.
"""

from collections import Counter
from datetime import timedelta
from typing import Final
from zlib import crc32

from redprop_bot.loop import unnaming
from redprop_bot.loop.actor import CLOCK
from redprop_bot.loop.unnaming import Known
from redprop_bot.store import ageing, events, finding, history, numbers
from redprop_bot.store.tables import Demand, Outbox, Visit, WhistleCall
from redprop_bot.store.tx import Tx

BATCH: Final = 50
MANY: Final = 500
AFTERMATH: Final = timedelta(days=31)
"""So long after it ended an order is still spoken about: letters are kept so much shorter than it."""
_DAILY: Final = "ageing"
_CALL: Final = ("matter", "reason", "progress_note", "done_note", "rating_reason")


def orders(tx: Tx) -> int:
    """Some orders whose time is over; how many they were."""
    before = tx.now - timedelta(days=tx.content.limits.contact_days)
    found = ageing.ended(tx, before=before, limit=BATCH)
    return sum(_order(tx, demand) for demand in found)


def _order(tx: Tx, demand: Demand) -> int:
    """One order with all that was merged into it."""
    assert demand.id is not None
    number = sum(_order(tx, merged) for merged in ageing.merged_into(tx, demand.id))
    who = unnaming.known(*ageing.people_of(tx, demand), orders=[demand])
    _around(tx, demand, who)
    gone = dict.fromkeys(("phone", "room", "unit", "place", "party", "rating_reason", "reporter_id"))
    finding.keep(tx, tx.update(Demand, demand.id, **gone, text=who.words(demand.text), unnamed_at=tx.now))
    unnaming.past(tx, demand.id, who)
    events.note(
        tx,
        "retention",
        demand.id,
        "unnamed",
        by=CLOCK.name,
        data={"no": demand.no},
        community_id=demand.community_id,
    )
    return number + 1


def _around(tx: Tx, demand: Demand, who: Known) -> None:
    """What was written elsewhere because of it."""
    assert demand.id is not None
    for visit in ageing.visits(tx, demand, AFTERMATH):
        tx.update(Visit, visit.id, text=who.words(visit.text), resident_id=None, unit=None, room=None)
    for message in [*ageing.letters(tx, demand.id), *ageing.lists_to_call(tx, demand.id)]:
        payload = who.payload(message.payload, wholly=True)
        if payload != message.payload:
            tx.update(Outbox, message.id, payload=payload)
    for call in ageing.whistles(tx, demand.id):
        covered = {name: who.words(text) for name in _CALL if (text := getattr(call, name))}
        if covered:
            tx.update(WhistleCall, call.id, **covered)
    ageing.drop_letters_to_residents(tx, demand.id)
    ageing.drop_what_hangs_on(tx, demand.id)


def rest(tx: Tx) -> Counter[str]:
    """Once a day: old letters, tasks and talks, people of whom nothing is left, old sign-ins; how many of each.

    More than MANY of a kind are left for the next look, which comes on the same day then.
    """
    limits, today = tx.content.limits, tx.now.astimezone(tx.content.zone).date()
    mark = crc32(f"{today}:{limits.contact_days}:{limits.access_log_days}".encode()) >> 1
    done: Counter[str] = Counter()
    if numbers.revision(tx, _DAILY) == mark:
        return done
    before = tx.now - timedelta(days=limits.contact_days)
    letters = ageing.drop_old_letters(tx, before + AFTERMATH, limit=MANY)
    ageing.drop_old_tasks(tx, before + AFTERMATH)
    ageing.drop_talks(tx, before + AFTERMATH)
    people = ageing.silent(tx, before, limit=MANY)
    ageing.no_more(tx, [person.id or 0 for person in people])
    for person in people:
        events.note(tx, "person", person.id or 0, "unnamed", by=CLOCK.name, data={})
    access = history.forget_access(tx, tx.now - timedelta(days=limits.access_log_days))
    done += Counter(unnamed_people=len(people), letters_over=letters, sign_ins_over=access)
    if max(letters, len(people), access) < MANY:
        numbers.put_revision(tx, _DAILY, mark)
    return done
