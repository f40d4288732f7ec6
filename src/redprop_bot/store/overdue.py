"""What should have been done by now and is not: nothing is wrong with the data, the next sweep does it.

So it stands beside the checks of `soundness` and not among them; whoever looks is told to look at the clock.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from redprop_bot.store.tables import Timer
from redprop_bot.store.tx import Tx, table_of

LATE: Final = timedelta(hours=1)


def said(tx: Tx) -> str:
    """One sentence about timers that are more than an hour late; empty when there are none."""
    table = table_of(Timer)
    late = (table.c.done_at.is_(None), table.c.due_at < tx.now - LATE)
    (row,) = tx.rows(select(func.count().label("number"), func.min(table.c.due_at).label("since")).where(*late))
    if not row.number:
        return ""
    since = row.since.astimezone(tx.content.zone)
    return f"到点还没办的定时事项有 {row.number} 件，最早的是 {since:%Y-%m-%d %H:%M}；跑一次 run-due 就会补上。"
