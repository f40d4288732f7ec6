"""Meetings as entries of a calendar: of a person those they are invited to or lead, of a token those it sees."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from redprop_bot.council import agenda
from redprop_bot.council.convening import private_kinds
from redprop_bot.council.minutes import impersonal
from redprop_bot.ports import CalendarEntry, Whose
from redprop_bot.registry.register import register
from redprop_bot.rules.meetings import MeetingState
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting
from redprop_bot.store.tx import Tx

KEPT: Final = timedelta(days=180)
"""So long a meeting stays in a calendar."""


def entries(tx: Tx, whose: Whose) -> list[CalendarEntry]:
    """The entries of one calendar."""
    since = tx.now - KEPT
    found: dict[int | None, Meeting] = {}
    if whose.person_id is not None:
        found |= {m.id: m for m in meetings.of_person(tx, whose.person_id, since)}
    if whose.communities is None or whose.communities:
        homes = None if whose.communities is None else sorted(whose.communities)
        hidden = private_kinds(tx) if whose.outside else ()
        found |= {m.id: m for m in meetings.since(tx, homes, since) if m.kind not in hidden}
    if whose.organisation_id is not None:
        staff = {p.person_id for p in register(tx).all_posts if p.organisation_id == whose.organisation_id}
        for person_id in sorted(staff):
            found |= {m.id: m for m in meetings.of_person(tx, person_id, since)}
    return [entry(tx, meeting) for meeting in sorted(found.values(), key=lambda m: (m.starts_at, m.id or 0))]


def public_entry(tx: Tx, meeting: Meeting) -> CalendarEntry:
    """One meeting as everybody may know of it."""
    return replace(entry(tx, meeting), title=impersonal(tx, meeting.title), note="")


def entry(tx: Tx, meeting: Meeting) -> CalendarEntry:
    """One meeting. What is about to be talked of stands in it, no person does."""
    lines = [point["title"] for point in agenda.points(tx, meeting)]
    if meeting.reason:
        lines = [meeting.reason]
    return CalendarEntry(
        key=meeting.no,
        begins=meeting.starts_at,
        ends=meeting.ends_at,
        title=meeting.title,
        place=meeting.place or "",
        note="\n".join(lines),
        link=f"{tx.content.address}/m/meetings/{meeting.no}",
        cancelled=meeting.state == MeetingState.CANCELLED,
        version=meeting.version,
        changed_at=meeting.updated_at,
    )
