"""Activities as entries of a calendar: of a person those they go to or organise, of a token those it keeps."""

from datetime import timedelta
from typing import Final

from redprop_bot.ports import CalendarEntry, Whose
from redprop_bot.registry.register import register
from redprop_bot.store import activities
from redprop_bot.store.tables import Activity
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import activity_telling

KEPT: Final = timedelta(days=180)
"""So long an activity stays in a calendar."""
_AHEAD: Final = timedelta(days=400)
_MOST: Final = 300
_STATES: Final = ("published", "over", "cancelled")


def entries(tx: Tx, whose: Whose) -> list[CalendarEntry]:
    """The entries of one calendar. What was called off stays for a while and says so."""
    since, until = tx.now - KEPT, tx.now + _AHEAD
    found: dict[int | None, Activity] = {}
    if whose.person_id is not None:
        found |= {a.id: a for a in activities.of_diary(tx, whose.person_id, since, limit=_MOST)}
    if whose.communities is None or whose.communities:
        homes = None if whose.communities is None else sorted(whose.communities)
        rows = activities.between(tx, homes, since, until, states=_STATES, limit=_MOST)
        found |= {a.id: a for a in rows}
    if whose.organisation_id is not None:
        rows = activities.page(
            tx, communities=None, states=_STATES, since=since, organisation_id=whose.organisation_id, limit=_MOST
        )
        found |= {a.id: a for a in rows}
    return [_entry(tx, one) for one in sorted(found.values(), key=lambda a: (a.starts_at, a.id or 0))]


def _entry(tx: Tx, activity: Activity) -> CalendarEntry:
    cancelled = activity.state == "cancelled"
    return CalendarEntry(
        key=activity.no,
        begins=activity.starts_at,
        ends=activity.ends_at,
        title=activity.title,
        place=activity.place or register(tx).community_name(activity.community_id) or "",
        note=(activity.cancel_reason or "") if cancelled else activity.note,
        link=activity_telling.page(tx, activity.no),
        cancelled=cancelled,
        version=activity.version,
        changed_at=activity.updated_at,
    )
