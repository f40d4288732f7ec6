"""What meetings decided, in its public words, how far it is, and whether every quarter had its meeting.

Only what was approved; numbers of people, never a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from redprop_bot.council import agenda, record
from redprop_bot.council.record import Quarter
from redprop_bot.notify import words
from redprop_bot.rules.meetings import MeetingState
from redprop_bot.store import meetings
from redprop_bot.store.tables import Demand, Meeting, Resolution
from redprop_bot.web.board.place import Here

SHOWN: Final = 4
"""Meetings that stand on the board; the others have pages of their own."""
_LOOKED_AT: Final = 30


@dataclass(frozen=True, slots=True)
class Decision:
    """One resolution as everybody may see it."""

    text: str
    unit: str
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
    """The newest approved meetings, and the quarters of this year."""
    found = meetings.page(
        at.tx, communities=[at.community.id or 0], state=MeetingState.HELD.value, limit=_LOOKED_AT
    )
    approved = [m for m in found if m.approved_at is not None][:SHOWN]
    rows = meetings.resolutions(at.tx, [m.id or 0 for m in approved])
    orders = meetings.decided(at.tx, [row.id or 0 for some in rows.values() for row in some])
    year = at.tx.now.astimezone(at.tx.content.zone).year
    return {
        "held": [_held(at, m, rows.get(m.id or 0, []), orders) for m in approved],
        "quarters": [_quarter(at, one) for one in record.year(at.tx, at.community.id, year)],
    }


def _held(at: Here, meeting: Meeting, rows: Sequence[Resolution], orders: dict[int, list[Demand]]) -> Held:
    public = meeting.minutes["public"]
    return Held(
        meeting.no,
        public["title"],
        words.full_date(meeting.starts_at, at.tx.content.zone),
        public["counts"],
        public["votes"],
        [_decision(at, row, public, orders.get(row.id or 0, [])) for row in rows],
    )


def _decision(at: Here, row: Resolution, public: dict[str, Any], orders: Sequence[Demand]) -> Decision:
    state = agenda.state_of(row, orders)
    return Decision(
        public["resolutions"].get(str(row.id), ""),
        at.reg.organisations[row.handler_id].name if row.handler_id is not None else "",
        words.date(row.due_at, at.tx.content.zone) if row.due_at else "",
        at.tx.content.labels.stage[state],
        agenda.is_late(at.tx, row, state),
    )


def _quarter(at: Here, one: Quarter) -> dict[str, Any]:
    return {
        "name": one.name.partition("年第")[2],
        "how": at.tx.content.labels.quarter_how[one.how],
        "bad": one.how in ("missed", "unrecorded"),
        "resolutions": one.resolutions,
        "done": one.done,
    }
