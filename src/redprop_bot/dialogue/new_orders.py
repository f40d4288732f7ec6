"""一句话派新单: 让万和物业去看看2栋的水管. A matter that no order is of yet goes to whom the secretary names.

A unit that is named goes before the list of duties; 物业, 师傅 or nobody leave it to the list. What an order is of
already is dispatched by `secretaries`, and words without a matter dispatch nothing new.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from redprop_bot.council.resolving import Decision
from redprop_bot.dialogue import finding, hearing, plain_orders, reporting, secretaries, sending_words
from redprop_bot.dialogue.meeting_times import due_said
from redprop_bot.dialogue.meetings import chair
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Refused
from redprop_bot.loop.dispatch import answering
from redprop_bot.rules.flow import Act
from redprop_bot.rules.intended import clauses
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_SURE: Final = 0.35
"""How sure a reading as a report has to be that says where: it is read with the words of sending in it."""
_SURE_ALONE: Final = 0.5
_GUESSES: Final = frozenset(
    {
        "demand.report",
        "suggestion",
        "order.progress",
        "unknown",
        "feedback.satisfied",
        "feedback.unsatisfied",
        "consult",
    }
)
_TELLS: Final = frozenset({"demand.report", "suggestion", "order.dispatch"})
_PLACE: Final = ("estate", "building", "unit", "room", "place")
_ANYBODY: Final = re.compile(
    r"(?:小区|社区|咱们?|我们|你们|他们|[这那]边)*的?"
    r"(?:物业(?:公司|那边|这边)?|维修(?:工|队|师傅|人员)?|电工|水工|保洁(?:员|阿姨|大姐)?|保安|师傅|工人|人员?|专人|单位|他们)?"
)


def or_else(otherwise: Callable[[Turn, Heard], None]) -> Callable[[Turn, Heard], None]:
    """A new order where the words tell of a matter that there is none of, else what they mean of one."""

    def outcome(turn: Turn, heard: Heard) -> None:
        if not run(turn, heard):
            otherwise(turn, heard)

    return outcome


def tells(turn: Turn, heard: Heard) -> bool:
    """Whether a sentence that sends somebody tells of a matter of its own."""
    return heard.intent == "order.dispatch" and not heard.slots.get("order") and bool(_matters(turn, heard))


def joined(turn: Turn, heard: list[Heard]) -> list[Heard]:
    """门禁坏了，派给万和物业: a matter and, in the same breath, who gets it are one thing."""
    if turn.speaker.role != "secretary":
        return heard
    if len(heard) == 1 and (sent := _sends_a_unit(turn, heard[0])):
        return [sent]
    reports = [act for act in heard if act.intent == "demand.report"]
    sends = [act for act in heard if act.intent == "order.dispatch" and not act.slots.get("order")]
    if len(heard) != 2 or not (reports and sends) or tells(turn, sends[0]):
        return heard
    slots = {**reports[0].slots, **sends[0].slots}
    both = replace(sends[0], slots=slots, text=turn.inbound.text.strip())
    return [both] if not hearing.alarming(reports) and tells(turn, both) else heard


def only_told(turn: Turn, heard: Sequence[Heard]) -> bool:
    """没让万和物业去修2栋的灯, 本来想让他们去: a secretary says how it is, and no order comes of it."""
    text = turn.inbound.text.strip()
    if turn.speaker.role != "secretary" or len(heard) != 1 or heard[0].intent not in _TELLS:
        return False
    if heard[0].intent == "order.dispatch" and (heard[0].slots.get("order") or sending_words.turns(text)):
        return False
    of_a_unit = any(name[:2] in text for name in turn.register.organisation_names) or "物业" in text
    if heard[0].urgency == "emergency" or not of_a_unit or not sending_words.is_told(text):
        return False
    turn.say("ask.only_told")
    return True


def _sends_a_unit(turn: Turn, heard: Heard) -> Heard | None:
    """通知万和物业把东门口的积雪扫了, whatever it is taken for: the verb and a unit say that it sends."""
    text = turn.inbound.text.strip()
    names = turn.register.organisation_names
    unit = sending_words.sent(text, names)
    guessed = heard.intent in _GUESSES and heard.urgency != "emergency" and not heard.slots.get("order")
    if unit is None or not guessed or sending_words.asks(text):
        return None
    sent = Heard("order.dispatch", slots={**heard.slots, "party": names[unit].name}, text=text)
    return sent if tells(turn, sent) else None


def run(turn: Turn, heard: Heard) -> bool:
    """Make the order; returns whether it was one. Where it is and what it is about are read as of a report."""
    if each := _each(turn, heard):
        for one in each:
            if not run(turn, one):
                secretaries.dispatch(turn, one)
        return True
    found = _matters(turn, heard) if not heard.slots.get("order") else []
    if not found or any(_is_of(turn, found[0], demand) for demand in _there(turn)):
        return False
    party = str(heard.slots.get("party") or "")
    alarm, leads = hearing.alarming(found), chair(turn).communities != frozenset()
    party = _off_the_list(turn, found[0], party) or party
    if alarm or _ANYBODY.fullmatch(party) or not leads:
        reporting.report(turn, found)
        return True
    try:
        when = {name: heard.slots[name] for name in ("time", "days") if heard.slots.get(name)}
        _sent(turn, found[0], party, when)
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _each(turn: Turn, heard: Heard) -> list[Heard]:
    """让万和物业修门禁，让康居物业清垃圾: each clause for itself, where every one sends a unit to a matter."""
    names, parts = turn.register.organisation_names, clauses(heard.text or turn.inbound.text)
    if len(parts) < 2 or heard.slots.get("order"):
        return []
    found: list[Heard] = []
    for part in parts:
        unit = sending_words.sent(part, names)
        if unit is None:
            return []
        slots = {**hearing.read(turn, text=part)[0].slots, "party": names[unit].name}
        found.append(Heard("order.dispatch", slots=slots, text=part))
    return found if all(tells(turn, one) for one in found) else []


def _off_the_list(turn: Turn, matter: Heard, party: str) -> str | None:
    """The property company that is meant by 物业, where the list names nobody."""
    estate = turn.register.estate(str(matter.slots.get("estate") or "")) or turn.register.only_estate
    unit = secretaries.caretaker(turn, estate.id if estate else None, party)
    if estate is None or unit is None:
        return None
    listed = answering(turn.tx, category=matter.category, estate_id=estate.id, text=matter.text)
    return unit if listed is None else None


def _sent(turn: Turn, matter: Heard, party: str, when: Mapping[str, str | int]) -> None:
    text = matter.text.strip()
    named, beside = secretaries.beside_meant(turn, text)
    who = secretaries.unit_meant(turn, party) or party
    helpers = [name for name in [*named, *beside] if name != who]
    due = due_said(turn, replace(matter, slots={**matter.slots, **when}))
    decision = Decision(text, handler=who, helpers=helpers, due_at=due, category=matter.category)
    plain_orders.give(turn, decision, matter, key="order.sent")


def _matters(turn: Turn, heard: Heard) -> list[Heard]:
    """What the words report to whoever does not know that they come from somebody who may send people."""
    text = heard.text or turn.inbound.text
    if sending_words.is_told(text):
        return []
    plain, party = text, str(heard.slots.get("party") or "")
    for name in sorted({*turn.register.organisation_names, party} - {""}, key=len, reverse=True):
        plain = plain.replace(name, "")  # 万和物业 is no matter of a property company
    plain = sending_words.bare(plain)
    read = hearing.as_resident(turn, plain)
    first, kinds = read[0], turn.reader.things(plain)
    if len(read) > 1:
        return []
    placed = any(heard.slots.get(name) for name in _PLACE)
    sure = _SURE if placed else _SURE_ALONE
    if first.intent in ("demand.report", "suggestion") and first.confidence >= sure and first.category:
        return [replace(first, intent="demand.report", urgency=first.urgency or "normal", text=text)]
    if party and placed and len(kinds) == 1 and sending_words.does(plain):
        return [Heard("demand.report", next(iter(kinds)), "normal", heard.slots, text=text)]
    return []


def _there(turn: Turn) -> list[Demand]:
    ours = secretaries.of_mine(turn)
    return finding.able(turn, Act.DISPATCH, lambda one: ours(one) and one.intent not in CONFIDENTIAL)


def _is_of(turn: Turn, said: Heard, demand: Demand) -> bool:
    """Whether an order may be of this matter: of its kind, and nowhere else."""
    if said.category != demand.category and demand.category not in turn.reader.things(said.text):
        return False
    estate = turn.register.estate(str(said.slots.get("estate") or ""))
    if estate is not None and demand.estate_id not in (None, estate.id):
        return False
    if not any(getattr(demand, name) for name in _PLACE[1:]):
        return True  # nobody knows yet where that one is
    return all(
        str(value) in (getattr(demand, name) or demand.text)
        for name in _PLACE[1:]
        if (value := said.slots.get(name))
    )
