"""What nobody picks up goes back: the points to who gave them, the goods to the shelf."""

from collections.abc import Callable, Mapping
from typing import Final

from redprop_bot.loop.actor import CLOCK
from redprop_bot.notify import outbox
from redprop_bot.rules.telling import Weight
from redprop_bot.store import people
from redprop_bot.store import shop as rows
from redprop_bot.store.tables import Redemption, Timer
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import shop


def _lapse(tx: Tx, timer: Timer) -> None:
    held = rows.redemption(tx, timer.subject_id or 0, lock=True)
    if held is None or held.state != "held":
        return
    tell(tx, shop.cancel(tx, held, CLOCK, "到期没取，退回"), "lapsed")


def tell(tx: Tx, redemption: Redemption, what: str) -> None:
    """Tell who redeemed it what became of it without them."""
    person = people.named(tx, {redemption.person_id}).get(redemption.person_id)
    if person is None:
        return
    slots = {"title": redemption.title, "points": str(redemption.points), "quantity": str(redemption.quantity)}
    text = tx.content.replies.say(f"shop.tell.{what}", **slots)
    key = f"redemption:{redemption.id}:{what}"
    outbox.queue(tx, [(person, outbox.Draft(key=key, message=f"shop_{what}", text=text, weight=Weight.PLAIN))])


DO: Final[Mapping[str, Callable[[Tx, Timer], None]]] = {"shop_lapse": _lapse}
