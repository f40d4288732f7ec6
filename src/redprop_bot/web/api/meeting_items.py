"""Meetings as the API shows them; names are masked for those who only look."""

from collections.abc import Sequence
from typing import Any, Final

from redprop_bot.council import agenda, record, tracking
from redprop_bot.council.minutes import impersonal
from redprop_bot.council.tracking import Step, Way
from redprop_bot.notify.covering import covered
from redprop_bot.registry.people import mask_name
from redprop_bot.rules.meetings import needed
from redprop_bot.store import meeting_topics, meetings
from redprop_bot.store.tables import Meeting, Seat, Topic, Vote
from redprop_bot.web.api import sight
from redprop_bot.web.api.calls import Call
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.project_items import measure_item
from redprop_bot.web.api.routes import Item

_POINT: Final = ("voices", "days", "units")


class _Around:
    """What hangs on the meetings of one answer, read once for all of them."""

    def __init__(self, call: Call, rows: Sequence[Meeting]) -> None:
        ids = [row.id or 0 for row in rows]
        self.seats: dict[int, list[Seat]] = meetings.seats_of(call.tx, ids)
        self.topics: dict[int, list[Topic]] = meeting_topics.topics_of(call.tx, ids)
        self.votes: dict[int, list[Vote]] = meetings.votes_of(call.tx, ids)
        self.ways: dict[int, list[Way]] = tracking.of_meetings(call.tx, ids)


def items(call: Call, rows: Sequence[Meeting]) -> list[Item]:
    """The items of these meetings, in their order."""
    around = _Around(call, rows)
    return [_item(call, row, around) for row in rows]


def item(call: Call, row: Meeting) -> Item:
    """The item of one meeting."""
    return items(call, [row])[0]


def _item(call: Call, row: Meeting, around: _Around) -> Item:
    key = row.id or 0
    seats, kind = around.seats.get(key, []), call.content.meetings.kinds.get(row.kind)
    principals = [seat for seat in seats if seat.for_id is None]
    there = {seat.for_id or seat.id for seat in seats if seat.present_at is not None}
    leads = call.viewer.role in sight.EDITORS
    return {
        "id": row.id,
        "no": row.no,
        "kind": row.kind,
        "kind_name": kind.name if kind else row.kind,
        "title": impersonal(call.tx, row.title) if call.viewer.role == "viewer" else row.title,
        "community": call.register.community_name(row.community_id),
        "place": row.place,
        "starts_at": iso(call, row.starts_at),
        "ends_at": iso(call, row.ends_at),
        "state": row.state,
        "quarter": row.quarter,
        "topics": _topics(call, row, around.topics.get(key, [])),
        "agenda": [_point(call, point) for point in agenda.points(call.tx, row)],
        "agenda_fixed_at": iso(call, row.agenda_at),
        "members": [_member(call, seat, seats) for seat in seats],
        "invited": len(principals),
        "present": len(there),
        "quorum": needed(len(principals), kind.quorum) if kind and principals else 0,
        "votes": [_vote(call, vote) for vote in around.votes.get(key, [])],
        "resolutions": [resolution_item(call, one) for one in around.ways.get(key, [])],
        "minutes": _minutes(call, row),
        "code": row.code if leads else None,
        "reason": row.reason,
        "by": mask_name(row.by_name) if call.viewer.role == "viewer" and row.by_id else row.by_name,
        "created_at": iso(call, row.created_at),
        "updated_at": iso(call, row.updated_at),
        "version": row.version,
    }


def _topics(call: Call, row: Meeting, proposed: Sequence[Topic]) -> list[str]:
    found = list(dict.fromkeys([*row.topics, *(topic.text for topic in proposed)]))
    return [covered(text) for text in found] if call.viewer.role == "viewer" else found


def _point(call: Call, point: dict[str, Any]) -> Item:
    title = covered(point["title"]) if call.viewer.role == "viewer" else point["title"]
    more = {name: point.get(name) for name in _POINT}
    return {"kind": point["kind"], "title": title, "demands": point["demands"], "lines": point["lines"], **more}


def _member(call: Call, seat: Seat, seats: Sequence[Seat]) -> Item:
    masked = call.viewer.role == "viewer"
    known = {one.id: one for one in seats}

    def name(one: Seat) -> str | None:
        person = call.register.people.get(one.person_id)
        said = (person.name or person.userid) if person else None
        return mask_name(said) if masked else said

    substitute = known.get(seat.for_id)
    return {
        "name": name(seat),
        "part": seat.part,
        "units": [call.register.organisations[key].name for key in seat.units],
        "answer": seat.answer,
        "reason": None if masked else seat.reason,
        "deputy_for": name(substitute) if substitute else None,
        "present": seat.present_at is not None,
        "present_at": iso(call, seat.present_at),
    }


def _vote(call: Call, vote: Vote) -> Item:
    return {
        "number": vote.number,
        "text": vote.text,
        "state": vote.state,
        "yes": vote.yes,
        "no": vote.no,
        "abstain": vote.abstain,
        "opened_at": iso(call, vote.opened_at),
        "closed_at": iso(call, vote.closed_at),
    }


def resolution_item(call: Call, way: Way) -> Item:
    """One resolution with how far it is; `measure` is what it became in a project, else null."""
    reg, row = call.register, way.row
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "text": covered(row.text) if call.viewer.role == "viewer" else row.text,
        "demands": [order.no for order in way.orders],
        "handler": tracking.who(call.tx, way, public=call.viewer.role == "viewer") or None,
        "helpers": [reg.organisations[key].name for key in row.helpers],
        "due_at": iso(call, way.due_at),
        "stage": way.state,
        "overdue": way.late,
        "measure": _measure(call, way.step),
    }


def _measure(call: Call, step: Step | None) -> Item | None:
    if step is None:
        return None
    shown = measure_item(call, step.measure)
    about = {"project": step.project.no, "title": step.project.title, "number": shown["number"]}
    return {**about, **{name: shown[name] for name in ("owner", "percent", "stage", "due_at", "late", "progress")}}


def _minutes(call: Call, row: Meeting) -> Item | None:
    if not row.minutes:
        return None
    public = row.minutes.get("public", {})
    masked = call.viewer.role == "viewer"
    return {
        "state": "approved" if row.approved_at is not None else "draft",
        "title": public.get("title", "") if masked else row.minutes["title"],
        "sections": [] if masked else row.minutes["sections"],
        "remarks": "" if masked else row.minutes["remarks"],
        "written_at": iso(call, row.minutes_at),
        "approved_at": iso(call, row.approved_at),
        "approved_by": mask_name(row.approved_by) if masked else row.approved_by,
    }


def quarter_item(call: Call, community_id: int, year: int) -> Item:
    """A year of a community."""
    found = record.year(call.tx, community_id, year)
    return {
        "community": call.register.community_name(community_id),
        "year": year,
        "quarters": [
            {
                "quarter": one.number,
                "name": one.name,
                "state": one.how,
                "meetings": [meeting.no for meeting in one.meetings],
                "resolutions": one.resolutions,
                "done": one.done,
                "overdue": one.late,
            }
            for one in found
        ],
    }
