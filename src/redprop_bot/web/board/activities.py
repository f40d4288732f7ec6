"""The calendar of activities on a board, and for some days after a quarter what was earned in it, for objection.

Names stand there only of those who have agreed; everybody else is a resident.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.rules.whistle import quarter_before, quarter_bounds, quarter_of
from redprop_bot.store import activities, people, points
from redprop_bot.volunteers import activity_telling
from redprop_bot.web.board.place import Here

_AHEAD: Final = timedelta(days=92)
_SHOWN: Final = 12
_MOST: Final = 500


def section(at: Here) -> dict[str, Any]:
    """What is on in the next months, and the quarter that can be objected to."""
    community = at.community.id or 0
    found = activities.between(at.tx, [community], at.tx.now, at.tx.now + _AHEAD, limit=_SHOWN)
    counted = activities.counts(at.tx, [a.id for a in found if a.id is not None])
    rows = [
        {
            "no": a.no,
            "title": at.said(a.title),
            "when": activity_telling.when(at.tx, a.starts_at, a.ends_at),
            "place": at.said(a.place) or at.community.name,
            "left": _left(a.capacity, counted[a.id or 0]["going"]),
        }
        for a in found
    ]
    return {"rows": rows, **_quarter(at, community)}


def _left(capacity: int | None, going: int) -> str:
    if capacity is None:
        return "名额不限"
    return f"还有 {capacity - going} 个名额" if going < capacity else "可以排队"


def _quarter(at: Here, community: int) -> dict[str, Any]:
    """The quarter before, as long as it can be objected to."""
    zone = at.tx.content.zone
    year, number = quarter_before(*quarter_of(at.tx.now, zone))
    first, end = quarter_bounds(year, number, zone)
    until = end + timedelta(days=at.tx.content.points.objection_days)
    if at.tx.now >= until:
        return {"quarter": "", "until": "", "earned": []}
    days = first.date().isoformat(), (end - timedelta(days=1)).date().isoformat()
    found = points.earned_by_all(at.tx, community, *days, limit=_MOST)
    known = people.named(at.tx, {row.person_id for row in found if row.named})
    earned = [((known[row.person_id].name if row.named else None) or RESIDENT_NAME, row.number) for row in found]
    return {"quarter": f"{year}年第{number}季度" if found else "", "until": _day(until), "earned": earned}


def _day(moment: datetime) -> str:
    return f"{moment.month}月{moment.day}日"
