"""冲销 by hand: an entry of somebody else is taken back, and they are told. The shop has its own way back."""

from redprop_bot.errors import Conflict, Forbidden
from redprop_bot.loop.actor import Actor
from redprop_bot.notify import outbox
from redprop_bot.rules.points import House
from redprop_bot.store import one_person, people, points
from redprop_bot.store.tables import PointEntry
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import ledger


def counter(tx: Tx, entry: PointEntry, reason: str, by: Actor) -> PointEntry:
    """Take an entry back, once. Raises as `ledger.counter` does, and Conflict, Forbidden.

    Points for goods come back where the goods do, when the redemption is cancelled (`points_shop`), and nobody
    sets their own right (`points_own_entry`).
    """
    assert entry.id is not None
    if entry.against == House.SHOP:
        raise Conflict("points_shop")
    holder = one_person.holder(tx, entry.person_id)
    if by.person_id is not None and one_person.holder(tx, by.person_id) == holder:
        raise Forbidden("points_own_entry")
    done = points.reversal(tx, entry.id)
    back = ledger.counter(tx, entry, reason, by=by)
    if done is None:
        tell(tx, back)
    return back


def tell(tx: Tx, back: PointEntry, *, delta: int | None = None) -> None:
    """Whose points were set right hears by how much; `delta` is what is left of it where they are booked anew."""
    holder = one_person.holder(tx, back.person_id)
    slots = {"delta": f"{back.delta if delta is None else delta:+d}", "reason": back.reason}
    slots["balance"] = str(ledger.balance(tx, holder))
    text = tx.content.replies.say("tell.points_countered", **slots)
    draft = outbox.Draft(key=f"points:{back.id}:countered", message="points_countered", text=text)
    outbox.queue(tx, [(person, draft) for person in people.now(tx, {back.person_id}).values()])
