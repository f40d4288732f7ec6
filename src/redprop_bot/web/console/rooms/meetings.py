"""`/console/meetings`: what is ahead and what was, the quarters of the year; one meeting with all that is its."""

import re
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.council import agenda, papers
from redprop_bot.errors import Conflict, Invalid
from redprop_bot.loop.paper import TYPE
from redprop_bot.notify import words
from redprop_bot.rules.meetings import MeetingState
from redprop_bot.rules.projects import ProjectStage
from redprop_bot.store import projects
from redprop_bot.store.tables import Meeting
from redprop_bot.web import calendar
from redprop_bot.web.api import meetings as api
from redprop_bot.web.api.meeting_acts import ACTS
from redprop_bot.web.console import slips
from redprop_bot.web.console.room import COMMUNITY, KEEPERS, Answer, Desk, Give, Goto, Page, Room, Way, whole
from redprop_bot.web.posters import codes

PATH: Final = "/console/meetings"
SHOWN: Final = 30
_TONES: Final = {"proposed": "amber", "called": "blue", "held": "green", "cancelled": ""}
_PARTS: Final = re.compile("[、，,]")
_BAD: Final = ("missed", "unrecorded")


def listed(desk: Desk) -> Answer:
    """Meetings by day, newest numbers first, and how each quarter stands."""
    wanted = {name: desk.query[name] for name in ("kind", "state") if desk.query.get(name)}
    found = api.found(desk.asking(**wanted, limit=str(SHOWN), cursor=desk.query.get("cursor", ""))).body
    labels, kinds = desk.content.labels, desk.content.meetings.kinds
    rows = sorted((_row(desk, item) for item in found["items"]), key=lambda row: row["starts_at"], reverse=True)
    year = whole(desk.query.get("year", "")) or desk.today.year
    return Page(
        "meetings/list.html",
        {
            "rows": rows,
            "onward": f"{PATH}?{urlencode({**wanted, 'cursor': found['next']})}" if found["next"] else "",
            "kinds": slips.options([(code, kind.name) for code, kind in kinds.items()], wanted.get("kind", "")),
            "states": slips.options(list(labels.meeting_state.items()), wanted.get("state", "")),
            "filtered": bool(wanted),
            "years": [_year(desk, one) for one in api.quarters(desk.asking(year=str(year))).body["items"]],
            "year": year,
            "feed": calendar.address_of(desk.viewer, desk.content.address, desk.office.secret_key),
            "may": desk.viewer.role in KEEPERS,
        },
    )


def _row(desk: Desk, item: Any) -> dict[str, Any]:
    done = sum(one["stage"] in ("done", "closed") for one in item["resolutions"])
    return {
        **item,
        "when": slips.when(desk, item["starts_at"]),
        "state_name": desk.content.labels.meeting_state[item["state"]],
        "tone": _TONES[item["state"]],
        "done": done,
        "home": item["community"] or next((s.name for s in desk.register.streets.values()), ""),
    }


def _year(desk: Desk, item: Any) -> dict[str, Any]:
    how = desk.content.labels.quarter_how
    shown = [{**one, "how": how[one["state"]], "bad": one["state"] in _BAD} for one in item["quarters"]]
    return {"community": item["community"], "quarters": shown}


def fresh(desk: Desk) -> Answer:
    """A new meeting; by default the next working day a week from now, at the hour of its kind."""
    kinds = desk.content.meetings.kinds
    chosen = desk.field("kind") or desk.query.get("kind", "") or next(iter(kinds))
    day = desk.today + timedelta(days=7)
    while not desk.content.calendar.is_workday(day):
        day += timedelta(days=1)
    kind = kinds.get(chosen) or next(iter(kinds.values()))
    homes = [(c.name, c.name) for c in desk.register.communities.values()]
    street = next((s.name for s in desk.register.streets.values()), "街道")
    own = desk.viewer.community_id
    return Page(
        "meetings/new.html",
        {
            "kinds": slips.options([(code, one.name) for code, one in kinds.items()], chosen),
            "homes": slips.options([("", street), *homes] if own is None else [], desk.field("community")),
            "starts": f"{day.isoformat()}T{kind.at:%H:%M}",
            "minutes": kind.minutes,
        },
    )


def entered(desk: Desk) -> Answer:
    """Call it."""
    body: dict[str, Any] = {
        name: desk.field(name)
        for name in ("kind", "title", "community", "place", "starts_at", "ends_at")
        if desk.field(name)
    }
    body["topics"] = [line.strip() for line in desk.field("topics").splitlines() if line.strip()]
    body["members"] = [
        name.strip() for name in desk.field("members").replace("，", "、").split("、") if name.strip()
    ]
    item = api.called(desk.sending(body), once=True).body
    return Goto(f"{PATH}/{item['no']}", "meeting_called")


def one(desk: Desk) -> Answer:
    """A meeting: agenda, who comes, decisions, votes, minutes."""
    meeting, item = _seen(desk)
    zone, labels = desk.content.zone, desk.content.labels
    frozen = meeting.approved_at is not None or meeting.state == MeetingState.CANCELLED
    members = [
        {
            **m,
            "part_name": labels.meeting_part.get(m["part"], ""),
            "answer_name": labels.meeting_answer.get(m["answer"] or "", ""),
        }
        for m in item["members"]
    ]
    decided = [{**r, "stage_name": labels.stage[r["stage"]], "due": _due(desk, r)} for r in item["resolutions"]]
    plans = [
        (one.no, f"{one.title}（{one.no}）")
        for one in projects.named(desk.tx, meeting.community_id)
        if one.stage == ProjectStage.OPEN and desk.viewer.community_id in (None, one.community_id)
    ]
    link = f"{desk.content.address}/m/meetings/{meeting.no}?c={meeting.code}"
    return Page(
        "meetings/one.html",
        {
            "item": item,
            "when": words.span(meeting.starts_at, meeting.ends_at, zone),
            "starts": f"{meeting.starts_at.astimezone(zone):%Y-%m-%dT%H:%M}",
            "ends": f"{meeting.ends_at.astimezone(zone):%Y-%m-%dT%H:%M}",
            "state_name": labels.meeting_state[meeting.state],
            "tone": _TONES[meeting.state],
            "members": members,
            "decided": decided,
            "table": [d.no for d in agenda.on_the_table(desk.tx, meeting)],
            "units": slips.options([(name, name) for name in slips.all_units(desk)], desk.field("handler")),
            "unit_names": slips.all_units(desk),
            "passed": [vote for vote in item["votes"] if vote["state"] == "passed"],
            "projects": slips.options(plans, desk.field("project")),
            "people": sorted({p.name for p in desk.register.people.values() if p.name}),
            "votes_here": desk.content.meetings.kinds[item["kind"]].votes
            if item["kind"] in desk.content.meetings.kinds
            else False,
            "may": desk.viewer.role in KEEPERS and not frozen,
            "paper": _paper_rows(meeting),
            "code": codes.drawn(link) if desk.viewer.role in KEEPERS and not frozen else "",
        },
    )


def _seen(desk: Desk) -> tuple[Meeting, dict[str, Any]]:
    call = desk.sending({}, id=desk.path["no"])
    return api.the_meeting(call), dict(api.one(call).body)


def _due(desk: Desk, item: Any) -> str:
    return words.date(datetime.fromisoformat(item["due_at"]), desk.content.zone) if item["due_at"] else ""


def _paper_rows(meeting: Meeting) -> list[tuple[str, str]]:
    return [(name, text) for name, text in meeting.minutes.get("rows", [])]


def acted(desk: Desk) -> Answer:
    """Do what a form asks for, then the page again."""
    no, act = desk.path["no"], desk.field("act")
    meeting, _item = _seen(desk)
    if desk.version != meeting.version:
        raise Conflict("stale", field="version")
    if act == "change":
        names = ("title", "place", "starts_at", "ends_at")
        body: dict[str, Any] = {name: desk.field(name) for name in names if desk.field(name)}
        api.changed(desk.sending({**body, "version": desk.version}, id=no))
    else:
        api.acted(desk.sending({"act": act, **_fields(desk)}, id=no))
    return Goto(f"{PATH}/{no}", f"meeting_{act}")


def _fields(desk: Desk) -> dict[str, Any]:
    """The fields of an act out of a form; boxes that were ticked are a list."""
    given: dict[str, Any] = {}
    for name, field in ACTS.items():
        text = desk.field(name)
        if name == "act" or (not text and name != "remarks") or name not in desk.body:
            continue
        if field.kind == "texts":
            parts = [one for text in desk.fields(name) for one in _PARTS.split(text)]
            given[name] = [one.strip() for one in parts if one.strip()]
        elif field.kind == "whole":
            number = whole(text)
            if number is None:
                raise Invalid("number", field=name)
            given[name] = number
        else:
            given[name] = text
    return given


def agenda_paper(desk: Desk) -> Answer:
    """The agenda as a Word file."""
    meeting, _item = _seen(desk)
    return Give(papers.agenda_file(desk.tx, meeting), f"{meeting.no}-议程.docx", TYPE)


def minutes_paper(desk: Desk) -> Answer:
    """The minutes as a Word file."""
    meeting, _item = _seen(desk)
    if not meeting.minutes:
        raise Conflict("no_minutes", no=meeting.no)
    return Give(papers.minutes_file(desk.tx, meeting), f"{meeting.no}-纪要.docx", TYPE)


ROOM: Final = Room(
    "meetings",
    "会议",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("GET", f"{PATH}/new", fresh, roles=KEEPERS),
        Way("POST", f"{PATH}/new", entered, back=fresh, roles=KEEPERS),
        Way("GET", f"{PATH}/{{no}}", one),
        Way("POST", f"{PATH}/{{no}}", acted, back=one, roles=KEEPERS),
        Way("GET", f"{PATH}/{{no}}/agenda.docx", agenda_paper),
        Way("GET", f"{PATH}/{{no}}/minutes.docx", minutes_paper, roles=COMMUNITY - {"viewer"}),
    ),
    roles=COMMUNITY,
    group="1议事",
    key="h",
)
