"""Points that hang on somebody else's word: given with it, taken back when it is taken back, given again with it.

    given ──word taken back──▶ counter-entry ──word again──▶ another booking, `<key>:1`, `<key>:2` …

Exact and safe to repeat: there is never more than one entry of a kind from one source that stands for a person.
What a person took back by hand stays taken back. What is spent stays where it is; the secretary hears of it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from redprop_bot.errors import Conflict
from redprop_bot.notify import outbox
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.registry.register import register
from redprop_bot.store import events, people, points
from redprop_bot.store.tables import Person, PointEntry
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import ledger
from redprop_bot.volunteers.ledger import Booking

WHY_LIMIT: Final = ledger.REASON_LIMIT


def give(tx: Tx, booking: Booking) -> PointEntry | None:
    """Book it unless it stands already; whoever lost it before is told that it is there again. Raises Invalid."""
    points.in_turn(tx, booking.person_id)
    before = points.given(tx, booking.source, (booking.kind,), person_id=booking.person_id)
    for entry in before:
        back = points.reversal(tx, entry.id or 0)
        if back is None:
            return entry
        if back.by_name != ledger.MACHINE_NAME:
            return None  # somebody decided that it is not theirs
    if not before:
        return ledger.award(tx, booking)
    made = ledger.award(tx, replace(booking, key=f"{booking.key}:{len(before)}"))
    if made is not None:
        _tell(tx, _person(tx, made), made, "points_again", reason=made.reason)
        _note(tx, made, "points_again")
    return made


def take_back(tx: Tx, source: str, kinds: Sequence[str], reason: str) -> int:
    """Take back what stands of these kinds from a source, each person's for itself; how many entries that were."""
    number = 0
    for found in points.given(tx, source, kinds):
        points.in_turn(tx, found.person_id)
        if points.reversal(tx, found.id or 0) is not None:
            continue
        number += 1
        try:
            ledger.counter(tx, found, reason[:WHY_LIMIT])
        except Conflict:
            _spent(tx, found, reason)
            continue
        _tell(tx, _person(tx, found), found, "points_back", reason=reason)
        _note(tx, found, "points_back")
    return number


def _spent(tx: Tx, entry: PointEntry, reason: str) -> None:
    """They have it no more; a balance is never below zero, so a person decides."""
    person = _person(tx, entry)
    name = (person.name if person else None) or RESIDENT_NAME
    for one in register(tx).secretaries(entry.community_id):
        if person is None or one.id != person.id:
            _tell(tx, one, entry, "points_spent", reason=reason, name=name)
    _note(tx, entry, "points_spent")


def _person(tx: Tx, entry: PointEntry) -> Person | None:
    return people.now(tx, {entry.person_id}).get(entry.person_id)


def _tell(tx: Tx, person: Person | None, entry: PointEntry, message: str, **slots: Any) -> None:
    if person is None:
        return
    text = tx.content.replies.say(f"tell.{message}", points=str(entry.delta), **slots)
    draft = outbox.Draft(key=f"points:{entry.id}:{message}", message=message, text=text)
    outbox.queue(tx, [(person, draft)])


def _note(tx: Tx, entry: PointEntry, name: str) -> None:
    data = {"source": entry.source, "points": entry.delta}
    events.note(
        tx, "points", entry.id or 0, name, by=ledger.MACHINE_NAME, data=data, community_id=entry.community_id
    )
