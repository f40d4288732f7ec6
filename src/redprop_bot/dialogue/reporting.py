"""群众点单 in chat: reports become orders with one reply; what is missing of the place is known or asked."""

from collections.abc import Mapping
from dataclasses import replace

from redprop_bot.dialogue import alarms, asking_where, likewise
from redprop_bot.dialogue.turn import Turn
from redprop_bot.loop.accept import attach
from redprop_bot.loop.order import Ordered, order
from redprop_bot.loop.report import Report
from redprop_bot.notify import outbox, words
from redprop_bot.ports import Channel
from redprop_bot.registry.accused import accused, apart, overseers
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store import demands, people
from redprop_bot.store.tables import Demand, Estate, Person
from redprop_bot.understand.acts import Act as Heard

INTENTS = {"demand.report", "complaint", "mediation", "suggestion"}

VAGUE = 0.35
"""A report that is less sure than this said hardly anything: the next line may say what it is."""
FORM = "report"
"""What a message that was written into a form says of itself in `extra`, beside the place of the form's fields."""
_FIELDS = ("estate", "building", "unit", "room", "place", "phone")


def report(turn: Turn, heard: list[Heard]) -> None:
    """Take in what was reported in one message: one demand each, one reply for all."""
    outcomes: list[Ordered] = []
    for act in heard:
        made = _one(turn, act)
        if made is not None:
            outcomes.append(made)
    if len(outcomes) < len(heard):
        _flooded(turn)
    if not outcomes:
        return
    _keep_media(turn, outcomes[0].demand)
    if len(outcomes) == 1:
        _reply_one(turn, outcomes[0])
    else:
        _reply_many(turn, outcomes)
    asking_where.ask_place(turn, outcomes)
    if not turn.session.told and turn.speaker.role == "resident":
        turn.session.told = True
        turn.say("order.privacy")
    if turn.inbound.channel == Channel.OA and turn.tx.content.templates.used("subscription"):
        turn.say("order.subscribe", link=turn.about(outcomes[0].demand)["link"])


def on_paper(turn: Turn, heard: list[Heard]) -> None:
    """A report by a form: whatever the words are taken for it is a report, and its fields say where.

    It answers nothing that was asked in chat, and is no command.
    """
    given = {name: value for name in _FIELDS if (value := turn.inbound.extra.get(name))}
    reports = [act for act in heard if act.intent in INTENTS]
    if not reports:
        category = heard[0].category if heard else None
        slots = heard[0].slots if heard else {}
        reports = [Heard("demand.report", category, "normal", slots, text=turn.inbound.text)]
    report(turn, [replace(act, slots={**act.slots, **given}) for act in reports])


def _one(turn: Turn, heard: Heard) -> Ordered | None:
    heard = likewise.of_the_last(turn, heard)
    draft = report_of(turn, heard)
    there = {} if draft.building or draft.place else _just_there(turn, draft)
    draft = replace(draft, building=there.get("building"), unit=there.get("unit")) if there else draft
    resident = turn.speaker.role in ("resident", "member")
    if resident and not draft.is_emergency and len(turn.session.orders) >= turn.tx.content.limits.demands_per_hour:
        return None
    if turn.session.asked_kind() == "matter":
        turn.session.asked = None
    made = order(turn.tx, turn.actor, draft, reporter_id=turn.person_id, first=turn.session.report is None)
    turn.session.reported(made.demand.no, supposed=bool(there), vague=heard.confidence < VAGUE)
    return made


def report_of(turn: Turn, heard: Heard, *, about: Demand | None = None) -> Report:
    """What was heard as a report, its place completed by what is known of the resident; learns from it.

    `about` is the demand that the words add to: what is not said of the estate is the one it has.
    """
    said = _told_before(turn, heard.slots)
    estate = turn.register.estate(_text(said.get("estate")))
    if estate is not None:
        learn(turn, estate, heard)
    else:
        known = (about and about.estate_id) or turn.speaker.person.estate_id or _served(turn)
        estate = turn.register.estates.get(known or 0) or turn.register.only_estate
    if not said.get("building") and not said.get("place"):
        said = {**_home(turn, heard, estate), **said}
    return Report(
        text=heard_text(turn, heard),
        reported_at=min(turn.inbound.created_at, turn.tx.now),
        intent=heard.intent,
        category=heard.category,
        urgency=heard.urgency if heard.intent == "demand.report" else None,
        estate_id=estate.id if estate else None,
        building=_text(said.get("building")),
        unit=_text(said.get("unit")),
        room=_text(said.get("room")),
        place=_text(said.get("place")),
        phone=_text(said.get("phone")),
        party=_text(said.get("party")),
        role=turn.speaker.role,
        said=heard.text.strip() or None,
    )


def _served(turn: Turn) -> int | None:
    """The estate of the committee that the speaker sits on: nobody there is asked which one."""
    units = (
        turn.register.organisations[post.organisation_id] for post in turn.speaker.posts if post.organisation_id
    )
    found = {unit.estate_id for unit in units if unit.estate_id is not None}
    return found.pop() if len(found) == 1 else None


def _told_before(turn: Turn, said: Mapping[str, str | int]) -> Mapping[str, str | int]:
    """The place that was said by itself before what is there: 槐荫里3栋2单元 / 楼道灯不亮, 2栋门口的灯坏了.

    What is said now goes first; what lies inside of a place that is another one now was of the other.
    """
    asked = turn.session.asked or {}
    if asked.get("kind") != "matter":
        return said
    kept = dict(asked["slots"])
    for name, inside in _INSIDE.items():
        if said.get(name) not in (None, kept.get(name)):
            kept = {n: value for n, value in kept.items() if n not in inside}
    return {**kept, **said}


_INSIDE: Mapping[str, tuple[str, ...]] = {
    "estate": ("building", "unit", "room", "place"),
    "building": ("unit", "room", "place"),
    "unit": ("room",),
    "place": ("building", "unit", "room"),
}


def _just_there(turn: Turn, report: Report) -> dict[str, str]:
    """In one breath people say once where they are: 1栋1单元电梯坏了 / 门口的垃圾也没人收.

    Nobody is sent into danger on a guess: an alarm has that place only when both lines are of one kind.
    """
    no = turn.session.just_reported(turn.tx.content.limits.merge_seconds)
    last = demands.by_no(turn.tx, no) if no else None
    if last is None or last.estate_id != report.estate_id or last.reporter_id != turn.person_id:
        return {}
    if report.estate_id is None or (report.is_emergency and last.category != report.category):
        return {}
    return {name: value for name in ("building", "unit") if (value := getattr(last, name))}


_AT_HOME = ("我家", "我们家", "家里", "屋里", "俺家", "我屋")


def _home(turn: Turn, heard: Heard, estate: Estate | None) -> dict[str, str]:
    """Building, unit and room of a resident who speaks of home, or of their own stairwell."""
    person = turn.speaker.person
    if estate is None or estate.id != person.estate_id or not person.building:
        return {}
    own_stairs = heard.slots.get("unit") is not None and heard.slots["unit"] == person.unit
    at_home = any(word in (heard.text or turn.inbound.text) for word in _AT_HOME)
    if not own_stairs and not at_home:
        return {}
    names = ("building", "unit", "room") if at_home else ("building", "unit")
    return {name: value for name in names if (value := getattr(person, name))}


def heard_text(turn: Turn, heard: Heard) -> str:
    """The words of the resident, bounded; the whole message stays in the inbox."""
    text = (turn.inbound.text or heard.text).strip()
    return text[: turn.tx.content.limits.text_length]


def _text(value: object) -> str | None:
    return str(value)[:64] if value not in (None, "") else None


def learn(turn: Turn, estate: Estate, heard: Heard | None = None) -> None:
    """Remember where a resident lives: from a code, a position, an answer, or the first time they say it."""
    person = turn.speaker.person
    if turn.speaker.role not in ("resident", "member") or (heard is not None and person.estate_id is not None):
        return
    values: dict[str, object] = {"estate_id": estate.id}
    if heard is not None and heard.slots.get("room"):
        values |= {n: _text(heard.slots.get(n)) for n in ("building", "unit", "room") if heard.slots.get(n)}
    assert person.id is not None
    learned = people.meet(turn.tx, turn.tx.update(Person, person.id, **values))
    turn.speaker = replace(turn.speaker, person=learned)


def _keep_media(turn: Turn, demand: Demand) -> None:
    for media_id, kind in turn.session.take_media():
        attach(turn.tx, demand, turn.actor, [media_id], kind=kind, channel=turn.inbound.channel)


# -- the reply


def _reply_one(turn: Turn, made: Ordered) -> None:
    demand = made.demand
    slots = turn.about(demand)
    if demand.urgency == "emergency":
        turn.say("order.emergency", lead=alarms.alarm_for(turn, demand), told=_called(turn, demand), **slots)
        return
    if demand.intent in CONFIDENTIAL and demand.due_at is not None:  # the secretary has it from the start
        slots["due"] = words.day(demand.due_at, turn.tx.now, turn.tx.content.zone)
    turn.say(f"order.{_outcome(turn, made)}", **slots, **_overseer(turn, demand))


def _called(turn: Turn, demand: Demand) -> str:
    """Who was told at once: only those that there are."""
    reg, duty = turn.register, turn.tx.content.labels.duty
    names = [reg.organisations[demand.handler_id].name] if demand.handler_id else []
    if reg.grid(demand.community_id, demand.estate_id):
        names.append(duty["grid"])
    names.append(duty["secretary"] if demand.community_id else "街道")
    return "、".join(names)


def _outcome(turn: Turn, made: Ordered) -> str:
    demand = made.demand
    if made.repeated:
        return "repeated"
    if made.joined:
        return "joined"
    if demand.intent in CONFIDENTIAL:
        return _confided(turn, demand)
    if demand.handler_id is not None:
        return "dispatched"
    return "questioned" if made.needs_estate else "unplaced"


def _confided(turn: Turn, demand: Demand) -> str:
    """To the secretary as ever, or past whoever it is about; where there is nobody else, that is said."""
    reg = turn.register
    told, blamed = overseers(reg, demand), accused(reg, demand)
    if told == reg.secretaries(demand.community_id) and not blamed & {person.id for person in told}:
        return "confidential"
    return "confidential_around" if apart(told, blamed) else "confidential_nobody"


def _overseer(turn: Turn, demand: Demand) -> dict[str, str]:
    """Who reads a complaint first, where that is not whoever usually does."""
    told = overseers(turn.register, demand)
    street = told == apart(turn.register.street_staff, accused(turn.register, demand))
    return {"overseer": "街道" if street else "、".join(person.name or "" for person in told)}


def _reply_many(turn: Turn, outcomes: list[Ordered]) -> None:
    urgent = next((o for o in outcomes if o.demand.urgency == "emergency"), None)
    lead = alarms.alarm_for(turn, urgent.demand) if urgent else ""
    lines = []
    for position, made in enumerate(outcomes, 1):
        lines.append(f"{position}. {line(turn, made)}")
    turn.session.listing([made.demand.no for made in outcomes])
    turn.say("order.several", lead=lead, number=str(len(outcomes)), lines="\n".join(lines))


def line(turn: Turn, made: Ordered) -> str:
    """One report among several, in a line."""
    slots = turn.about(made.demand) | _overseer(turn, made.demand)
    return turn.tx.content.replies.say(f"order.line.{_outcome(turn, made)}", **slots)


# -- too much


def _flooded(turn: Turn) -> None:
    """Say so, and let the secretary know once an hour; the words stay in the inbox."""
    key = f"flood:{turn.person_id}:{turn.tx.now:%Y%m%d%H}"
    text = turn.tx.content.replies.say("tell.flood", number=str(len(turn.session.orders)))
    community_id = turn.register.community_of(turn.speaker.person.estate_id)
    draft = outbox.Draft(key=key, message="flood", text=text)
    outbox.queue(turn.tx, [(person, draft) for person in turn.register.secretaries(community_id)])
    turn.say("error.flood")
