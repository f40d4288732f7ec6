"""一句话派新单: 让万和物业去看看2栋的水管. A matter that no order is of yet goes to whom the secretary names.

A unit that is named goes before the list of duties; 物业, 师傅 or nobody leave it to the list. What an order is of
already is dispatched by `secretaries`, and words without a matter dispatch nothing new.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from redprop_bot.council.resolving import Decision
from redprop_bot.dialogue import finding, hearing, plain_orders, reporting, secretaries
from redprop_bot.dialogue.meeting_times import due_said
from redprop_bot.dialogue.meetings import chair
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Refused
from redprop_bot.rules.flow import Act
from redprop_bot.store.tables import Demand
from redprop_bot.understand.acts import Act as Heard

_SURE: Final = 0.35
"""How sure a reading as a report has to be: it is read with the words of sending in it."""
_PLACE: Final = ("estate", "building", "unit", "room", "place")
_ANYBODY: Final = re.compile(
    r"(?:小区|社区|咱们?|我们|你们|他们|[这那]边)*的?"
    r"(?:物业(?:公司|那边|这边)?|维修(?:工|队|师傅|人员)?|电工|水工|保洁(?:员|阿姨|大姐)?|保安|师傅|工人|人员?|专人|单位|他们)?"
)
_TOLD: Final = re.compile(
    r"(?:昨[天晚]|前[天晚]|上(?:周|个?月|次|回)|已经?|之前|早[就上]|刚[才刚]?|当时|那天)[^，,。]{0,12}[让叫派请找]\S*了"
)
"""What was done, and is no order."""


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
    reports = [act for act in heard if act.intent == "demand.report"]
    sends = [act for act in heard if act.intent == "order.dispatch" and not act.slots.get("order")]
    if turn.speaker.role != "secretary" or len(heard) != 2 or not (reports and sends) or tells(turn, sends[0]):
        return heard
    slots = {**reports[0].slots, **sends[0].slots}
    return [replace(sends[0], slots=slots, text=turn.inbound.text.strip())]


def run(turn: Turn, heard: Heard) -> bool:
    """Make the order; returns whether it was one. Where it is and what it is about are read as of a report."""
    found = _matters(turn, heard) if not heard.slots.get("order") else []
    if not found or any(_is_of(turn, found[0], demand) for demand in _there(turn)):
        return False
    party = str(heard.slots.get("party") or "")
    alarm, leads = hearing.alarming(found), chair(turn).communities != frozenset()
    if alarm or _ANYBODY.fullmatch(party) or not leads:
        reporting.report(turn, found)
        return True
    try:
        _sent(turn, found[0], party)
    except Refused as refusal:
        turn.refuse(refusal)
    return True


def _sent(turn: Turn, matter: Heard, party: str) -> None:
    text = matter.text.strip()
    named, beside = secretaries.beside_meant(turn, text)
    who = secretaries.unit_meant(turn, party) or party
    helpers = [name for name in [*named, *beside] if name != who]
    due = due_said(turn, matter)
    decision = Decision(text, handler=who, helpers=helpers, due_at=due, category=matter.category)
    plain_orders.give(turn, decision, matter, key="order.sent")


def _matters(turn: Turn, heard: Heard) -> list[Heard]:
    """What the words report to whoever does not know that they come from somebody who may send people."""
    text = heard.text or turn.inbound.text
    plain = "" if _TOLD.search(text) else text
    for name in sorted(turn.register.organisation_names, key=len, reverse=True):
        plain = plain.replace(name, "")  # 万和物业 is no matter of a property company
    read = turn.reader.read(
        plain,
        role="resident",
        now=turn.inbound.created_at.astimezone(turn.tx.content.zone),
        gazetteer=turn.register.gazetteer,
    )
    first = read[0]
    if len(read) > 1 or first.intent != "demand.report" or first.confidence < _SURE or first.category is None:
        return []
    return [replace(first, text=text)]


def _there(turn: Turn) -> list[Demand]:
    return finding.able(turn, Act.DISPATCH, secretaries.of_mine(turn))


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
