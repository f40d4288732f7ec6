"""黑名单 and 退出: where a case against a property company stands, and how far a number of months reaches. Pure.

hearing ─ go ─▶ running ─ the last step, or the months are over ─▶ done; hearing ─ drop ─▶ dropped;
running ─ stop ─▶ stopped. In `hearing` the company may say something once; before it has, or its days are over,
nothing goes on.
"""

from calendar import monthrange
from datetime import date
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a case stands; `dropped`: nothing came of it; `stopped`: ended early, with a reason."""

    HEARING = "hearing"
    RUNNING = "running"
    DONE = "done"
    DROPPED = "dropped"
    STOPPED = "stopped"


OPEN: Final = (State.HEARING, State.RUNNING)
"""It is not over."""


def months_from(day: date, months: int) -> date:
    """The same day so many months later, or earlier; the last one of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
