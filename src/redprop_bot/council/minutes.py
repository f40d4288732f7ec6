"""会议纪要: a draft out of what was recorded, frozen when it is approved, and a form of it for everybody.

Plain data, the same for page and Word:

    {"title", "rows": [[name, text]…], "sections": [{"head", "lines"}…], "remarks", "signed", "day"}

Who came stands in it; who reported what does not. The public form has no person at all.
"""

from typing import Any, Final

from redprop_bot.council import agenda, succession, tracking, voting
from redprop_bot.council.attending import present, principals
from redprop_bot.council.chair import Chair, changed, led, must_have_come
from redprop_bot.council.convening import kind_of
from redprop_bot.council.tracking import Way
from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop.record import change, happened, held
from redprop_bot.notify import outbox, words
from redprop_bot.notify.covering import covered
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.flow import Act
from redprop_bot.rules.meetings import Answer, MeetingState
from redprop_bot.store import events, meeting_topics, meetings, people, publicity
from redprop_bot.store.tables import Meeting, Seat, Vote
from redprop_bot.store.tx import Tx

REMARKS: Final = 4000
Paper = dict[str, Any]


def draft(tx: Tx, meeting: Meeting, chair: Chair, *, remarks: str | None = None) -> Meeting:
    """Write the draft from what is recorded by now; again and again until it is approved."""
    meeting = led(tx, meeting, chair)
    if remarks is not None and len(remarks) > REMARKS:
        raise Invalid("too_long", field="remarks", limit=REMARKS)
    must_have_come(tx, meeting)
    meeting = agenda.opened(tx, meeting)
    said = remarks.strip() if remarks is not None else meeting.minutes.get("remarks", "")
    paper = composed(tx, meeting, remarks=said)
    return changed(tx, meeting, minutes=paper, minutes_at=tx.now)


def composed(tx: Tx, meeting: Meeting, *, remarks: str = "") -> Paper:
    """The paper as it would be by now."""
    assert meeting.id is not None
    reg, say, zone = register(tx), tx.content.replies.say, tx.content.zone
    seats = meetings.seats(tx, meeting.id)
    rows = [
        ["时间", words.span(meeting.starts_at, meeting.ends_at, zone)],
        ["地点", meeting.place or ""],
        ["召集", succession.convener(tx, meeting)],
        ["到会", say("minutes.counts", due=str(len(principals(seats))), there=str(len(present(seats))))],
        ["出席", "、".join(_guest(reg, seat, seats) for seat in seats if seat.present_at is not None)],
        ["请假", "、".join(_guest(reg, s, seats) for s in seats if s.answer == Answer.DECLINE)],
    ]
    ways = tracking.of_meetings(tx, [meeting.id]).get(meeting.id, [])
    sections = [
        {"head": say("minutes.report"), "lines": _report(tx, meeting)},
        {
            "head": say("minutes.topics"),
            "lines": [p["title"] for p in agenda.points(tx, meeting) if p["kind"] != "report"],
        },
        {"head": say("minutes.votes"), "lines": [_counted(tx, vote) for vote in _asked(tx, meeting)]},
        {"head": say("minutes.resolved"), "lines": [_line(tx, w) for w in ways if w.row.kind != "answered"]},
        {"head": say("minutes.answered"), "lines": [_line(tx, w) for w in ways if w.row.kind == "answered"]},
        {"head": say("minutes.remarks"), "lines": [line for line in remarks.splitlines() if line.strip()]},
    ]
    return {
        "title": say("minutes.title", title=meeting.title),
        "rows": [row for row in rows if row[1]],
        "sections": [section for section in sections if section["lines"]],
        "remarks": remarks,
        "signed": reg.community_name(meeting.community_id) or next((s.name for s in reg.streets.values()), ""),
        "day": words.full_date(tx.now, zone),
    }


def _guest(reg: Register, seat: Seat, seats: list[Seat]) -> str:
    """李经理（安居物业）, 周师傅（代李经理，安居物业）."""
    known = {one.id: one for one in seats}
    names = [reg.organisations[key].name for key in seat.units if key in reg.organisations]
    if seat.for_id is not None and seat.for_id in known:
        names = [f"代{_name(reg, known[seat.for_id])}", *names]
    return _name(reg, seat) + (f"（{'，'.join(names)}）" if names else "")


def _name(reg: Register, seat: Seat) -> str:
    person = reg.people.get(seat.person_id)
    return (person.name or person.userid or "") if person else ""


def _report(tx: Tx, meeting: Meeting) -> list[str]:
    return [
        line for p in agenda.points(tx, meeting) if p["kind"] == "report" for line in [p["title"], *p["lines"]]
    ]


def _asked(tx: Tx, meeting: Meeting) -> list[Vote]:
    """What was put to the vote and not taken back."""
    return [vote for vote in meetings.votes(tx, meeting.id or 0) if vote.state != "withdrawn"]


def _counted(tx: Tx, vote: Vote) -> str:
    return tx.content.replies.say(
        f"minutes.vote_{vote.state}",
        text=vote.text,
        yes=str(vote.yes),
        no=str(vote.no),
        abstain=str(vote.abstain),
    )


def _line(tx: Tx, way: Way) -> str:
    """What was decided, who does it, until when: as it was decided, whatever came of it."""
    reg, row, say = register(tx), way.row, tx.content.replies.say
    helpers = [reg.organisations[key].name for key in row.helpers]
    told = (
        _into(tx, way),
        _lead(tx, way),
        say("minutes.helpers", units="、".join(helpers)) if helpers else "",
        say("minutes.due", due=words.date(row.due_at, tx.content.zone)) if row.due_at else "",
    )
    about = "，".join(part for part in told if part)
    return f"{row.number}. {row.text}" + (f"（{about}）" if about else "")


def _into(tx: Tx, way: Way) -> str:
    if way.step is None:
        return ""
    return tx.content.replies.say("minutes.plan", project=way.step.project.title)


def _lead(tx: Tx, way: Way, *, public: bool = False) -> str:
    name = tracking.who(tx, way, public=public)
    return tx.content.replies.say("minutes.owned" if way.step else "minutes.lead", unit=name) if name else ""


# -- approval


def approve(tx: Tx, meeting: Meeting, chair: Chair) -> Meeting:
    """It stands: frozen, its public form on the board, and who reported a matter hears what was decided."""
    meeting = led(tx, meeting, chair)
    if kind_of(tx, meeting).closes == "street" and chair.communities is not None:
        raise Forbidden("meeting_street")
    if not meeting.minutes:
        raise Conflict("no_minutes", no=meeting.no)
    must_have_come(tx, meeting)
    assert meeting.id is not None
    voting.lapse(tx, meeting)
    paper = composed(tx, meeting, remarks=meeting.minutes.get("remarks", ""))
    meeting = changed(
        tx,
        meeting,
        minutes={**paper, "public": _public(tx, meeting)},
        approved_at=tx.now,
        approved_by=chair.actor.name,
        state=MeetingState.HELD.value,
    )
    events.note(
        tx, "meeting", meeting.id or 0, "approved", by=chair.actor.name, data={}, community_id=meeting.community_id
    )
    _tell_reporters(tx, meeting, chair)
    _tell_proposers(tx, meeting)
    meeting_topics.let_go(tx, meeting.id or 0)
    return meeting


def impersonal(tx: Tx, text: str) -> str:
    """Without phones, rooms and the name of anybody who is known here."""
    for name in publicity.names_in(tx, text):
        text = text.replace(name, tx.content.replies.say("minutes.somebody"))
    return covered(text)


def _public(tx: Tx, meeting: Meeting) -> Paper:
    """What everybody may read: numbers of people, questions, decisions by their key; never a person."""
    assert meeting.id is not None
    seats = meetings.seats(tx, meeting.id)
    counts = tx.content.replies.say(
        "minutes.counts", due=str(len(principals(seats))), there=str(len(present(seats)))
    )
    return {
        "title": impersonal(tx, meeting.title),
        "counts": counts,
        "votes": [impersonal(tx, _counted(tx, vote)) for vote in _asked(tx, meeting)],
        "resolutions": {
            str(row.id): impersonal(tx, row.text)
            for row in meetings.resolutions(tx, [meeting.id]).get(meeting.id, [])
        },
        "topics": [impersonal(tx, text) for text in agenda.spoken(tx, meeting)],
    }


def _tell_reporters(tx: Tx, meeting: Meeting, chair: Chair) -> None:
    """您报的事会上议了，这样定的: an event of the order, so that its history and its page say so, too."""
    assert meeting.id is not None
    texts = meeting.minutes["public"]["resolutions"]
    for way in tracking.of_meetings(tx, [meeting.id]).get(meeting.id, []):
        for order in way.orders:
            said = words.quoted(_decision(tx, way, texts[str(way.row.id)]), 300)
            data = {"meeting": meeting.no, "title": meeting.title}
            change(tx, held(tx, order), happened("discussed", Act.SUPPLEMENT, chair.actor, said, data))


def _decision(tx: Tx, way: Way, text: str) -> str:
    """In public words: what, who, by when, in which project."""
    row, say = way.row, tx.content.replies.say
    if row.kind in ("answered", "noted"):
        return text
    unit = tracking.who(tx, way, public=True)
    due = words.date(row.due_at, tx.content.zone) if row.due_at else ""
    if way.step is None:
        return say("resolution.decided", text=text, unit=unit, due=due)
    parts = (impersonal(tx, _into(tx, way)), _lead(tx, way, public=True), say("minutes.due", due=due))
    return f"{text}（{'，'.join(part for part in parts if part)}）"


def _tell_proposers(tx: Tx, meeting: Meeting) -> None:
    """Whoever proposed or wanted a topic hears that it was talked about, and where the minutes are."""
    topics = {topic.id or 0: topic for topic in meeting_topics.topics(tx, meeting.id or 0)}
    wanted = meeting_topics.wanted_by(tx, topics)
    known = people.named(tx, {key for keys in wanted.values() for key in keys})
    home = register(tx).community_name(meeting.community_id)
    for topic_id, keys in wanted.items():
        text = tx.content.replies.say(
            "tell.meeting_topic_done",
            topic=words.quoted(topics[topic_id].text, 60),
            title=meeting.title,
            link=f"{tx.content.address}/board/{home}" if home else "",
        )
        told = outbox.Draft(key=f"{meeting.no}:topic:{topic_id}", message="meeting_topic_done", text=text)
        outbox.queue(tx, [(known[key], told) for key in keys])
