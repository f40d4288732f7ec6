"""The agenda that writes itself: what the last meeting decided, what is tabled or stuck, suggestions, topics.

The first point says how far the last resolutions are; orders stand by cause and place, those of most people first.
A point is plain data, the same for pages, chat, Word and API:

    {"kind": report | matter | suggestion | topic, "title", "demands": [no…], "lines": [text…]}

No words of residents and no names: places to the building, counts, units. Complaints not released stay off.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from redprop_bot.council import tracking
from redprop_bot.council.chair import Chair, begun, changed, held, led
from redprop_bot.council.convening import MOST_TOPICS, TOPIC, kind_of, topics_of
from redprop_bot.errors import Conflict, Invalid
from redprop_bot.loop.dispatch import answering
from redprop_bot.loop.record import needed
from redprop_bot.notify import quoting, words
from redprop_bot.notify.covering import covered
from redprop_bot.registry.accused import accused
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Stage
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import demands, listing, meeting_topics, meetings
from redprop_bot.store.sifting import Scope
from redprop_bot.store.tables import Demand, Meeting
from redprop_bot.store.tx import Tx

Point = dict[str, Any]


def points(tx: Tx, meeting: Meeting) -> list[Point]:
    """The agenda as it was fixed, else as it would be by now."""
    return list(meeting.agenda) if meeting.agenda_at is not None else written(tx, meeting)


def written(tx: Tx, meeting: Meeting) -> list[Point]:
    """The agenda as of now."""
    return [
        *_report(tx, meeting),
        *_matters(tx, meeting),
        *_suggestions(tx, meeting),
        *(_topic(text) for text in spoken(tx, meeting)),
    ]


def _topic(text: str, *lines: str) -> Point:
    return {"kind": "topic", "title": text, "demands": [], "lines": list(lines)}


def spoken(tx: Tx, meeting: Meeting) -> list[str]:
    """Topics in words: those of whoever called it, then what was proposed, the most wanted first."""
    proposed = [topic.text for topic in meeting_topics.topics(tx, meeting.id or 0)]
    return list(dict.fromkeys([*meeting.topics, *proposed]))


def fix(tx: Tx, meeting: Meeting) -> Meeting:
    """From now on it stands as it is; topics that are added are added at its end."""
    meeting = held(tx, meeting)
    if meeting.agenda_at is not None:
        return meeting
    return changed(tx, meeting, agenda=written(tx, meeting), agenda_at=tx.now)


def add(tx: Tx, meeting: Meeting, chair: Chair, *, topic: str) -> Meeting:
    """A topic by whoever leads it, also when the agenda stands. Conflict for one that is there."""
    meeting = led(tx, meeting, chair)
    text = topics_of([needed(topic, "topic")])[0]
    if text in spoken(tx, meeting):
        raise Conflict("topic_twice", no=meeting.no, field="topic")
    if len(meeting.topics) >= MOST_TOPICS:
        raise Invalid("too_long", field="topic", limit=MOST_TOPICS)
    added: dict[str, Any] = {"topics": [*meeting.topics, text]}
    if meeting.agenda_at is not None:
        added["agenda"] = [*meeting.agenda, _topic(text, tx.content.replies.say("agenda.late"))]
    return changed(tx, meeting, **added)


def opened(tx: Tx, meeting: Meeting) -> Meeting:
    """The meeting begins with the agenda that stands then."""
    return begun(tx, fix(tx, meeting))


# -- what the last one decided


def _report(tx: Tx, meeting: Meeting) -> list[Point]:
    last = meetings.before(tx, meeting)
    if last is None or last.id is None:
        return []
    found = tracking.of_meetings(tx, [last.id]).get(last.id, [])
    if not found:
        return []
    title = tx.content.replies.say(
        "agenda.report",
        date=words.date(last.starts_at, tx.content.zone),
        number=str(len(found)),
        done=str(sum(way.done for way in found)),
        late=str(sum(way.late for way in found)),
    )
    lines = [tracking.line_of(tx, way) for way in found]
    nos = list(dict.fromkeys(order.no for way in found for order in way.orders))
    return [{"kind": "report", "title": title, "demands": nos, "lines": lines}]


# -- matters


def _communities(meeting: Meeting) -> list[int] | None:
    return None if meeting.community_id is None else [meeting.community_id]


def on_the_table(tx: Tx, meeting: Meeting) -> list[Demand]:
    """Orders that wait for a meeting like this one: tabled, or past the day of their next look."""
    home = _communities(meeting)
    found = {d.id: d for d in (*meeting_topics.tabled(tx, home), *listing.stuck(tx, Scope(home)))}
    here = meetings.decided_here(tx, meeting.id or 0)
    read_by = _staff_at(tx, meeting)
    return [
        d
        for d in found.values()
        if d.id not in here
        and (d.intent not in CONFIDENTIAL or (d.released and not accused(register(tx), d) & read_by))
    ]


def _staff_at(tx: Tx, meeting: Meeting) -> frozenset[int]:
    """Those of the community and the street who read the agenda: what complains of them does not stand on it."""
    own = {post.person_id for post in register(tx).all_posts if post.organisation_id is None}
    return frozenset(seat.person_id for seat in meetings.seats(tx, meeting.id or 0)) & own


def _matters(tx: Tx, meeting: Meeting) -> list[Point]:
    groups: dict[tuple[str, int], list[Demand]] = defaultdict(list)
    for demand in on_the_table(tx, meeting):
        groups[demand.category or "other", demand.estate_id or 0].append(demand)
    made = [_group(tx, meeting, category, estate, found) for (category, estate), found in groups.items()]
    return [point for _, point in sorted(made, key=lambda one: -one[0])]


def voices(found: Iterable[Demand]) -> int:
    """How many people stand behind some orders."""
    return sum(1 + demand.supporters for demand in found)


def _group(tx: Tx, meeting: Meeting, category: str, estate: int, found: Sequence[Demand]) -> tuple[int, Point]:
    reg, say, number = register(tx), tx.content.replies.say, voices(found)
    place = reg.estates[estate].name if estate else reg.community_name(found[0].community_id) or ""
    waits = max((tx.now - demand.reported_at).days for demand in found)
    units = list(dict.fromkeys(_units(tx, found)))
    rulings = list(dict.fromkeys(quoting.said(tx, r) for demand in found for r in quoting.like(tx, demand)))
    lead = units[0] if units else say("agenda.no_unit")
    due = tx.content.calendar.add_days(meeting.starts_at, kind_of(tx, meeting).resolve)
    counted = "agenda.counts" if waits else "agenda.counts_new"
    lines = [
        say(counted, number=str(len(found)), voices=str(number), days=str(waits)),
        say("agenda.units", units="、".join(units)) if units else "",
        *(say("agenda.stuck", why=why) for why in _why(tx, found)),
        *rulings,
        say("agenda.proposal", unit=lead, due=words.date(due, tx.content.zone)),
    ]
    title = say("agenda.matter", place=place, what=tx.content.labels.category[category], number=str(len(found)))
    point: Point = {
        "kind": "matter",
        "title": title,
        "demands": [demand.no for demand in found],
        "lines": [line for line in lines if line],
        "voices": number,
        "days": waits,
        "units": units,
    }
    return number, point


def _units(tx: Tx, found: Iterable[Demand]) -> Iterable[str]:
    """Who has it or had it, else who would answer for it."""
    reg = register(tx)
    for demand in found:
        key = demand.handler_id or demand.former_id
        if key is None:
            answer = answering(tx, category=demand.category, estate_id=demand.estate_id, text=demand.text)
            key = answer.unit_id if answer else None
        if key is not None:
            yield reg.organisations[key].name


_ASKED = 3  # reasons that a point quotes


def _why(tx: Tx, found: Sequence[Demand]) -> list[str]:
    """What was missing each time, power or money: the reason of the table or of the pause, without persons."""
    reasons: list[str] = []
    for demand in found:
        assert demand.id is not None
        names = ("paused",) if demand.stage == Stage.SUSPENDED else ("escalated", "climbed")
        notes = (demands.last_note(tx, demand.id, name) for name in names)
        if note := next((one for one in notes if one), ""):
            reasons.append(words.quoted(covered(note, room=demand.room), 60))
    return list(dict.fromkeys(reasons))[:_ASKED]


def _suggestions(tx: Tx, meeting: Meeting) -> list[Point]:
    groups: dict[str, list[Demand]] = defaultdict(list)
    here = meetings.decided_here(tx, meeting.id or 0)
    for demand in meeting_topics.suggestions(tx, _communities(meeting), voices=tx.content.meetings.support):
        if demand.id not in here:
            groups[demand.category or "other"].append(demand)
    say, labels = tx.content.replies.say, tx.content.labels.category
    return [
        {
            "kind": "suggestion",
            "title": say("agenda.suggestion", what=labels[category], number=str(len(found))),
            "demands": [demand.no for demand in found],
            "lines": [
                say(
                    "agenda.wanted",
                    text=words.quoted(covered(d.text, room=d.room)[:TOPIC], 60),
                    voices=str(1 + d.supporters),
                )
                for d in found
            ],
        }
        for category, found in groups.items()
    ]
