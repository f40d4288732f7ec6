"""The moments of one meeting: planned when it is called and again whenever it is moved; see `meeting_clock`."""

from datetime import UTC, datetime, timedelta
from typing import Final

from redprop_bot.store import messages
from redprop_bot.store.tables import Meeting
from redprop_bot.store.tx import Tx

FIX, REMIND, OVER = "meeting_agenda", "meeting_remind", "meeting_over"
MORNING: Final = 9
"""The hour at which what has a day and no hour is said."""


def plan_meeting(tx: Tx, meeting: Meeting) -> None:
    """Plan them; those of an earlier time find that they are none of this meeting's any more."""
    kinds, terms = tx.content.meetings.kinds, tx.content.meetings
    fixed = kinds[meeting.kind].fixed if meeting.kind in kinds else 0
    fix_at = min(max(meeting.starts_at - timedelta(days=fixed), tx.now), meeting.starts_at)
    remind_at = meeting.starts_at - timedelta(hours=terms.remind_hours)
    _plan(tx, meeting, FIX, fix_at)
    if remind_at > tx.now:  # else the invitation has just said so
        _plan(tx, meeting, REMIND, remind_at)
    _plan(tx, meeting, OVER, meeting.ends_at)


def _plan(tx: Tx, meeting: Meeting, kind: str, at: datetime) -> None:
    key = f"{kind}:{meeting.no}:{meeting.version}"
    messages.plan(tx, key, kind, at, meeting.id, starts=mark(meeting))


def mark(meeting: Meeting) -> str:
    """By which a moment knows that the meeting still begins when it was planned for."""
    return meeting.starts_at.astimezone(UTC).isoformat()


def morning(tx: Tx, moment: datetime) -> datetime:
    """Nine o'clock of that day."""
    local = moment.astimezone(tx.content.zone)
    return local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
