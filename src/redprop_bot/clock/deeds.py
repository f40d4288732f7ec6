"""What the rooms above the loop do when their time comes: one line a room, and nothing of what it does.

The loop knows timers and does its own kinds; here the kinds of the others are put beside them.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from redprop_bot.council import meeting_clock
from redprop_bot.loop import due
from redprop_bot.store.tx import Tx

DEEDS: Final[Mapping[str, due.Deed]] = {**meeting_clock.DO}
"""By the kind of the timer."""
PLANS: Final[tuple[due.Plan, ...]] = (meeting_clock.plan,)
"""What is planned before a sweep."""


def prepare(tx: Tx) -> None:
    """What comes before a sweep, of all rooms."""
    due.prepare(tx, PLANS)


def sweep(tx: Tx) -> Counter[str]:
    """Do what is due in all rooms; see `loop.due.sweep`."""
    return due.sweep(tx, DEEDS)
