"""Shorter clocks for what an emergency affects, while it lasts: only ever shorter than the ordinary ones.

They hold for what is reported or dispatched meanwhile; promises that were made before stay as they were made.
"""

from datetime import datetime
from typing import Any

from redprop_bot.loop.scope import of_mode
from redprop_bot.registry.register import register
from redprop_bot.rules.workdays import WorkCalendar
from redprop_bot.store import modes
from redprop_bot.store.tx import Tx


def shortened(
    tx: Tx, subject: Any, columns: dict[str, Any], *, at: datetime, calendar: WorkCalendar
) -> dict[str, Any]:
    """The columns of the clocks that begin at `at`. `subject` is a demand, or a report about to be one."""
    matter = getattr(subject, "report", subject)
    terms = tx.content.emergency_mode
    if getattr(matter, "category", None) not in terms.categories or matter.intent != "demand.report":
        return columns
    on = modes.active(tx)
    if not on:
        return columns
    estate = matter.estate_id
    community = register(tx).estates[estate].community_id if estate is not None else matter.community_id
    if not any(of_mode(mode).covers(community, estate) for mode in on):
        return columns
    clocks = terms.clocks
    short = {
        "respond_by": clocks.sign_for.after(at, calendar),
        "contact_by": clocks.first_contact.after(at, calendar),
        "due_at": clocks.solve.after(at, calendar),
    }
    return {
        name: value if value is None or name not in short else min(value, short[name])
        for name, value in columns.items()
    }
