"""What time does to wishes: who took one on is reminded, then it is on the wall again; a silent side is asked."""

from collections.abc import Callable, Mapping
from typing import Final

from redprop_bot.loop.actor import CLOCK
from redprop_bot.store import wishes as rows
from redprop_bot.store.tables import Timer, Wish
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import wish_telling, wishes


def _waits(tx: Tx, timer: Timer, mark: str) -> Wish | None:
    """The wish, if what the timer was planned for still stands as it did then."""
    wish = rows.held(tx, timer.subject_id or 0)
    at = getattr(wish, mark)
    status = {"claimed_at": "claimed", "delivered_at": "delivered"}[mark]
    return wish if wish.status == status and at is not None and at.isoformat() == timer.data[mark] else None


def _remind(tx: Tx, timer: Timer) -> None:
    if (wish := _waits(tx, timer, "claimed_at")) is not None:
        wish_telling.remind(tx, wish)


def _release(tx: Tx, timer: Timer) -> None:
    wish = _waits(tx, timer, "claimed_at")
    if wish is None or wish.received_at is not None:
        return
    wish_telling.lapsed(tx, wish)
    wishes.release(tx, wish, CLOCK)


def _ask(tx: Tx, timer: Timer) -> None:
    if (wish := _waits(tx, timer, "delivered_at")) is not None:
        wish_telling.ask_for_word(tx, wish)


DO: Final[Mapping[str, Callable[[Tx, Timer], None]]] = {
    "wish_remind": _remind,
    "wish_release": _release,
    "wish_ask": _ask,
}
