"""What time does to pairings and bookings: begin seeking, ask the next, end a rest, remind of what is booked."""

from redprop_bot.loop.actor import CLOCK
from redprop_bot.loop.due import Deeds
from redprop_bot.rules.flow import Act
from redprop_bot.store import fits, messages, pairings
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Demand, Pairing, Timer
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import booking, candidates, indexing, matching, resting
from redprop_bot.volunteers.needs import KINDS, of_demand, side_of

BEGIN = "pairing_begin"
_WITH_PLACE = frozenset({Act.ORDER, Act.SUPPLEMENT, Act.CORRECT, Act.DISPATCH})


def listen(tx: Tx, event: Happening, demand: Demand) -> None:
    """For a report of some kinds somebody is sought by itself, a little later, once it has a place."""
    rules = tx.content.matching
    fits_in = demand.intent == "demand.report" and demand.category in rules.automatic
    if event.act not in _WITH_PLACE or not fits_in or demand.estate_id is None or demand.urgency == "emergency":
        return
    at = rules.wait.after(tx.now, tx.content.calendar)
    messages.plan(tx, f"pairing:demand:{demand.id}", BEGIN, at, demand.id)


def _begin(tx: Tx, timer: Timer) -> None:
    demand = tx.get(Demand, timer.subject_id or 0)
    need = of_demand(tx, demand, side_of(tx, demand.text))
    if need is not None and not pairings.of_need(tx, need.kind, need.id):
        matching.begin(tx, need, CLOCK)


def _ask(tx: Tx, timer: Timer) -> None:
    pairing = tx.get(Pairing, timer.subject_id or 0, lock=True)
    if pairing.state == matching.SEEKING:
        matching.go_on(tx, pairing)


def _again(tx: Tx, timer: Timer) -> None:
    """Something new was offered where nobody had been found: only if it fits is anybody disturbed."""
    pairing = tx.get(Pairing, timer.subject_id or 0, lock=True)
    need = KINDS[pairing.need].read(tx, pairing.need_id, pairing.side)
    if pairing.state != matching.NONE or need is None:
        return
    if any(one.score >= tx.content.matching.least for one in candidates.find(tx, need)):
        matching.again(tx, pairing)


def _silent(tx: Tx, timer: Timer) -> None:
    matching.silent(tx, timer.subject_id or 0)


def _rested(tx: Tx, timer: Timer) -> None:
    fits.mark_of(tx, timer.subject_id or 0)


def _remind(tx: Tx, timer: Timer) -> None:
    booking.remind(tx, timer.subject_id or 0)


DEEDS: Deeds = {
    BEGIN: _begin,
    matching.ASK: _ask,
    matching.SILENT: _silent,
    indexing.AGAIN: _again,
    resting.OVER: _rested,
    booking.REMIND: _remind,
}
