"""`/m/meetings/{no}`: a meeting on the phone: coming or not, being there, agenda, votes, decisions, their state.

anybody        when, where, what about; of approved minutes their public form
who was invited, who leads   besides: agenda with what is known, who comes, the forms, the papers as files
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from redprop_bot.council import agenda, attending, diary, papers, tracking, voting
from redprop_bot.council.attending import present, principals
from redprop_bot.council.chair import known
from redprop_bot.council.convening import kind_of
from redprop_bot.council.minutes import impersonal
from redprop_bot.errors import Forbidden, Invalid, NotFound, Refused
from redprop_bot.loop.paper import TYPE
from redprop_bot.loop.scope import keeper_of
from redprop_bot.notify import words
from redprop_bot.registry.register import register
from redprop_bot.rules.meetings import Answer, Choice, MeetingState, needed
from redprop_bot.store import meeting_topics, meetings
from redprop_bot.store.tables import Meeting, Seat
from redprop_bot.store.tx import Tx
from redprop_bot.web import calendar, sessions
from redprop_bot.web.errors import said
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login
from redprop_bot.web.pages.rendering import missing, shown_to
from redprop_bot.web.phone import slips
from redprop_bot.web.phone.slips import Form
from redprop_bot.web.posters import codes

_MISSING: Final = "没有找到这场会"
_PATH: Final = "/m/meetings/{no}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A meeting as one person may see it. `leads`: they lead it; `seat`: they were invited."""

    meeting: Meeting
    person_id: int | None
    seat: Seat | None
    leads: bool

    @property
    def inside(self) -> bool:
        """Whether it is theirs to see whole."""
        return self.seat is not None or self.leads


def add_routes(app: web.Application) -> None:
    """The page, its forms, its files."""
    app.router.add_get(_PATH, _page)
    app.router.add_post(f"{_PATH}/act", _act)
    app.router.add_get(f"{_PATH}/calendar.ics", _entry)
    app.router.add_get(f"{_PATH}/{{paper:agenda|minutes}}.docx", _paper)


def seen(tx: Tx, no: str, person_id: int | None) -> Seen:
    """The meeting for this person. Raises NotFound; what is not public is not there for others."""
    meeting = known(tx, no[:64])
    person = sessions.viewer(tx, person_id) if person_id is not None else None
    seat = meetings.seat_of(tx, meeting.id or 0, person_id) if person is not None and person_id else None
    leads = False
    if person is not None and person_id is not None:
        keeper = keeper_of(register(tx), person_id, person.name)
        leads = keeper.communities is None or meeting.community_id in keeper.communities
    found = Seen(meeting, person_id if person else None, seat, leads)
    if not found.inside and (not kind_of(tx, meeting).public or meeting.state == MeetingState.PROPOSED):
        raise NotFound("no_meeting", no=no[:64])
    return found


# -- looking


async def _page(request: web.Request) -> web.StreamResponse:
    return await _shown(request)


async def _shown(request: web.Request, wrong: Refused | None = None, form: Form | None = None) -> web.Response:
    office, no = request.app[OFFICE], request.match_info["no"]
    person_id = sessions.person_of(request)
    try:
        values = await office.store.read(lambda tx: _values(tx, seen(tx, no, person_id)))
    except NotFound:
        return missing(_MISSING)
    return shown_to(
        request,
        "m/meeting.html",
        status=wrong.status if wrong else 200,
        here=f"/m/meetings/{no}",
        mark=slips.mark(request) if person_id is not None else "",
        login=login.login_address(f"/m/meetings/{no}"),
        signed_in=person_id is not None,
        told=slips.told(office, request),
        wrong=said(office.content, wrong) if wrong else "",
        typed=form.fields if form else {},
        given=request.query.get("c", "")[:8],
        **values,
    )


def _values(tx: Tx, at: Seen) -> dict[str, Any]:
    meeting, labels = at.meeting, tx.content.labels
    seats = meetings.seats(tx, meeting.id or 0)
    due, there = len(principals(seats)), len(present(seats))
    return {
        "m": meeting,
        "title": meeting.title if at.inside else impersonal(tx, meeting.title),
        "why": (meeting.reason or "") if at.inside else impersonal(tx, meeting.reason or ""),
        "state": labels.meeting_state[meeting.state],
        "kind": kind_of(tx, meeting).name,
        "when": words.span(meeting.starts_at, meeting.ends_at, tx.content.zone),
        "counts": (due, there, needed(due, kind_of(tx, meeting).quorum)) if due else None,
        "inside": at.inside,
        "leads": at.leads,
        "points": _points(tx, at),
        "decided": _decided(tx, at),
        "votes": _votes(tx, at),
        "members": _members(tx, seats) if at.inside else [],
        "mine": _mine(tx, at, seats),
        "minutes": at.inside and bool(meeting.minutes),
        "code": codes.drawn(f"{tx.content.address}/m/meetings/{meeting.no}?c={meeting.code}") if at.leads else "",
    }


def _points(tx: Tx, at: Seen) -> Sequence[dict[str, Any]]:
    """The agenda: whole for who is inside, only what about for others."""
    if at.inside:
        return agenda.points(tx, at.meeting)
    public = at.meeting.minutes.get("public") if at.meeting.approved_at is not None else None
    proposed = [topic.text for topic in meeting_topics.topics(tx, at.meeting.id or 0)]
    topics = public["topics"] if public else dict.fromkeys([*at.meeting.topics, *proposed])
    said = topics if public else [impersonal(tx, text) for text in topics]
    return [{"title": text, "lines": [], "demands": []} for text in said]


def _decided(tx: Tx, at: Seen) -> list[dict[str, Any]]:
    """What was decided and how far it is; to others only what is approved, in its public words."""
    meeting = at.meeting
    if not at.inside and meeting.approved_at is None:
        return []
    ways = tracking.of_meetings(tx, [meeting.id or 0]).get(meeting.id or 0, [])
    public = meeting.minutes.get("public", {}).get("resolutions", {})

    def shown(way: tracking.Way) -> dict[str, Any]:
        return {
            "number": way.row.number,
            "text": way.row.text if at.inside else public.get(str(way.row.id), ""),
            "unit": tracking.who(tx, way, public=not at.inside),
            "plan": tracking.plan_of(tx, way, public=not at.inside),
            "project": way.step.project.no if way.step is not None and at.inside else "",
            "due": words.date(way.due_at, tx.content.zone) if way.due_at else "",
            "stage": tx.content.labels.stage[way.state],
            "late": way.late,
            "orders": [order.no for order in way.orders],
        }

    return [shown(way) for way in ways]


def _votes(tx: Tx, at: Seen) -> list[dict[str, Any]]:
    if not at.inside:
        return []
    return [
        {"number": v.number, "text": v.text, "state": v.state, "yes": v.yes, "no": v.no, "abstain": v.abstain}
        for v in meetings.votes(tx, at.meeting.id or 0)
    ]


def _members(tx: Tx, seats: Sequence[Seat]) -> list[dict[str, str]]:
    reg, labels = register(tx), tx.content.labels
    known_seats = {seat.id: seat for seat in seats}

    def name(seat: Seat) -> str:
        person = reg.people.get(seat.person_id)
        return (person.name or person.userid or "") if person else ""

    found = []
    for seat in seats:
        units = [reg.organisations[key].name for key in seat.units]
        sends = known_seats.get(seat.for_id)
        about = [f"代{name(sends)}"] if sends else units or [labels.meeting_part.get(seat.part, "")]
        answer = labels.meeting_answer.get(seat.answer or "", "还没回")
        found.append(
            {"name": name(seat), "about": "、".join(about), "answer": "已签到" if seat.present_at else answer}
        )
    return found


def _mine(tx: Tx, at: Seen, seats: Sequence[Seat]) -> dict[str, Any] | None:
    """What the person can do now."""
    if at.seat is None:
        return None
    meeting, seat = at.meeting, at.seat
    open_vote = next((v for v in meetings.votes(tx, meeting.id or 0) if v.state == "open"), None)
    voted = open_vote is not None and meetings.has_voted(tx, open_vote.id or 0, seat.for_id or seat.id or 0)
    stands = meeting.state == MeetingState.CALLED and meeting.approved_at is None
    deputy = next((s for s in seats if s.for_id == seat.id), None)
    sent = register(tx).people.get(deputy.person_id) if deputy else None
    return {
        "answer": tx.content.labels.meeting_answer.get(seat.answer or "", ""),
        "deputy": sent.name if sent else "",
        "is_deputy": seat.for_id is not None,
        "can_answer": stands and meeting.begun_at is None and seat.present_at is None,
        "can_arrive": attending.takes_attendance(tx, meeting) and seat.present_at is None,
        "present": seat.present_at is not None,
        "vote": open_vote if seat.present_at is not None and not voted else None,
        "voted": voted,
    }


# -- doing


async def _act(request: web.Request) -> web.StreamResponse:
    office, no = request.app[OFFICE], request.match_info["no"]
    form: Form | None = None
    try:
        given = await slips.signed(request)
        if not isinstance(given, slips.Signed):
            return given
        form, person_id = given.form, given.person_id
        sent = given.form
        await office.store.write(lambda tx: _done(tx, seen(tx, no, person_id), sent))
    except Refused as refusal:
        if form is None or isinstance(refusal, NotFound):
            return slips.problem(request, refusal)
        return await _shown(request, refusal, form)
    return slips.onward(f"/m/meetings/{no}", f"meeting_{form.text('act')}")


def _done(tx: Tx, at: Seen, form: Form) -> None:
    """Do what a form asks for. Raises Refused; nothing has changed then."""
    if at.seat is None or at.person_id is None:
        raise Forbidden("not_invited", no=at.meeting.no)
    person, act = register(tx).people[at.person_id], form.text("act")
    if act in list(Answer):
        more = {"reason": form.text("reason") or None, "deputy": form.text("deputy") or None}
        attending.answer(tx, at.meeting, person, act, **more)
    elif act == "arrive":
        if form.text("code") != at.meeting.code:
            raise Invalid("meeting_code", field="code")
        attending.arrive(tx, at.meeting, person)
    elif act in list(Choice):
        voting.give(tx, at.meeting, person, voting.standing(tx, at.meeting), act)
    else:
        raise Invalid("unknown_act", field="act")


# -- files


async def _entry(request: web.Request) -> web.Response:
    """The meeting for one's calendar, once; the feed keeps it up to date."""
    office, no, person_id = request.app[OFFICE], request.match_info["no"], sessions.person_of(request)

    def job(tx: Tx) -> Any:
        at = seen(tx, no, person_id)
        return diary.entry(tx, at.meeting) if at.inside else diary.public_entry(tx, at.meeting)

    try:
        found = await office.store.read(job)
    except NotFound:
        return missing(_MISSING)
    return calendar.answer([found], no)


async def _paper(request: web.Request) -> web.Response:
    office, no, which = request.app[OFFICE], request.match_info["no"], request.match_info["paper"]
    person_id = sessions.person_of(request)

    def job(tx: Tx) -> bytes | None:
        at = seen(tx, no, person_id)
        if not at.inside or (which == "minutes" and not at.meeting.minutes):
            return None
        return papers.agenda_file(tx, at.meeting) if which == "agenda" else papers.minutes_file(tx, at.meeting)

    try:
        found = await office.store.read(job)
    except NotFound:
        found = None
    if found is None:
        return missing(_MISSING)
    headers = {"Content-Disposition": f'attachment; filename="{no}-{which}.docx"', "Cache-Control": "no-store"}
    return web.Response(body=found, content_type=TYPE, headers=headers)
