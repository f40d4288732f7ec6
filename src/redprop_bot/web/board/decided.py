"""What meetings decided, in its public words, how far it is, and whether every quarter had its meeting.

Only what was approved of kinds that are public; numbers of people, never a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from redprop_bot.council import convening, record, tracking
from redprop_bot.council.record import Quarter
from redprop_bot.council.tracking import Way
from redprop_bot.notify import words
from redprop_bot.rules.meetings import MeetingState
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting
from redprop_bot.web.board.place import Here

SHOWN: Final = 4
"""Meetings that stand on the board; the others have pages of their own."""
_LOOKED_AT: Final = 30
_EMPTY: Final = ("unknown", "ahead")
"""Quarters of which there is nothing to say: before the house was there, or not yet begun."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One resolution as everybody may see it."""

    text: str
    unit: str
    plan: str
    due: str
    stage: str
    late: bool


@dataclass(frozen=True, slots=True)
class Held:
    """One meeting with what it decided."""

    no: str
    title: str
    date: str
    counts: str
    votes: Sequence[str]
    decisions: Sequence[Decision]


def on_board(at: Here) -> dict[str, Any]:
    """The newest approved meetings, and the quarters of this year that there is something to say of."""
    found = meetings.page(
        at.tx,
        communities=[at.community.id or 0],
        but=convening.private_kinds(at.tx),
        state=MeetingState.HELD.value,
        limit=_LOOKED_AT,
    )
    approved = [m for m in found if m.approved_at is not None][:SHOWN]
    ways = tracking.of_meetings(at.tx, [m.id or 0 for m in approved])
    year = at.tx.now.astimezone(at.tx.content.zone).year
    return {
        "held": [_held(at, m, ways.get(m.id or 0, [])) for m in approved],
        "quarters": [
            _quarter(at, one) for one in record.year(at.tx, at.community.id, year) if one.how not in _EMPTY
        ],
    }


def _held(at: Here, meeting: Meeting, ways: Sequence[Way]) -> Held:
    public = meeting.minutes["public"]
    return Held(
        meeting.no,
        public["title"],
        words.full_date(meeting.starts_at, at.tx.content.zone),
        public["counts"],
        public["votes"],
        [_decision(at, way, public) for way in ways],
    )


def _decision(at: Here, way: Way, public: dict[str, Any]) -> Decision:
    return Decision(
        public["resolutions"].get(str(way.row.id), ""),
        tracking.who(at.tx, way, public=True),
        tracking.plan_of(at.tx, way, public=True),
        words.date(way.due_at, at.tx.content.zone) if way.due_at else "",
        at.tx.content.labels.stage[way.state],
        way.late,
    )


def _quarter(at: Here, one: Quarter) -> dict[str, Any]:
    return {
        "name": one.name.partition("年第")[2],
        "how": at.tx.content.labels.quarter_how[one.how],
        "bad": one.how in ("missed", "unrecorded"),
        "resolutions": one.resolutions,
        "done": one.done,
    }
