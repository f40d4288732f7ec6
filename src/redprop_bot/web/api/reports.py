"""`POST /demands`: a text is enough; what the fields say goes before what is understood from the text."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from redprop_bot.content.codes import CATEGORIES, URGENCIES
from redprop_bot.dialogue.reporting import INTENTS as REPORTED
from redprop_bot.errors import Forbidden, Invalid
from redprop_bot.loop.arrange import INTENTS
from redprop_bot.loop.order import Ordered, order
from redprop_bot.loop.report import Report
from redprop_bot.ports import Channel
from redprop_bot.registry import people
from redprop_bot.registry.fields import telephone
from redprop_bot.store.tables import Estate, Person
from redprop_bot.understand.acts import Act as Heard
from redprop_bot.understand.slots.doors import bare
from redprop_bot.web.api import fields
from redprop_bot.web.api.calls import Call
from redprop_bot.web.api.fields import Field, Shape

_AHEAD: Final = timedelta(minutes=5)
_BACK: Final = timedelta(days=366)
_TEXT_LONGEST: Final = 2000
_SHORT: Final = Field("text", longest=64)
_PLACE: Final = ("building", "unit", "room", "place")

REPORT: Final[Shape] = {
    "text": Field("text", "what it is about, in the resident's words", required=True, longest=_TEXT_LONGEST),
    "intent": Field("text", one_of=INTENTS, code="intent"),
    "category": Field("text", one_of=CATEGORIES, code="category"),
    "urgency": Field("text", one_of=URGENCIES, code="urgency"),
    "estate": Field("text", "name or alias", longest=64),
    "building": _SHORT,
    "unit": _SHORT,
    "room": _SHORT,
    "place": _SHORT,
    "phone": Field("text", "to call back", longest=32),
    "reported_at": Field("moment", "now when left out", longest=64),
    "reporter": Field(
        "object",
        "who reported it, if they are to be told: one of the two",
        inner={"openid": Field("text", longest=64), "userid": Field("text", longest=64)},
    ),
}


def take_in(call: Call) -> Ordered:
    """Make a demand of the body, or join it to one that is there."""
    given = fields.read(call.body, REPORT)
    person = _reporter(call, given.get("reporter"))
    report = _report(call, given, person)
    return order(call.tx, call.viewer.actor, report, reporter_id=person.id if person else None)


def _reporter(call: Call, given: Mapping[str, Any] | None) -> Person | None:
    if given is None:
        return None
    if call.viewer.role == "provider":
        raise Forbidden("forbidden", field="reporter")  # a unit does not speak for residents
    if len(given) != 1:
        raise Invalid("missing", field="reporter")
    name, identity = next(iter(given.items()))
    return people.identify(call.tx, Channel.OA if name == "openid" else Channel.WORK, identity).person


def _report(call: Call, given: Mapping[str, Any], person: Person | None) -> Report:
    at = _reported_at(call, given.get("reported_at"))
    heard = _heard(call, given["text"], at)
    said = {name: str(value)[:64] for name, value in heard.slots.items() if value not in (None, "")}
    estate = _estate(call, given.get("estate"), said.get("estate"), person)
    intent = given.get("intent", heard.intent)
    urgency = given.get("urgency") or heard.urgency or "normal"
    phone = _phone(given.get("phone")) or said.get("phone")
    place: dict[str, Any] = {n: bare(n, given[n]) if given.get(n) else said.get(n) for n in _PLACE}
    return Report(
        text=given["text"],
        reported_at=at,
        intent=intent,
        category=given.get("category", heard.category),
        urgency=urgency if intent == "demand.report" else None,
        estate_id=estate.id if estate else None,
        party=said.get("party"),
        community_id=call.viewer.community_id,  # without a place it belongs to whose token brought it
        phone=phone,
        **place,
    )


def _phone(given: str | None) -> str | None:
    """Whom nobody can call back has left no number: better refused than found out when it matters."""
    if not given:
        return None
    number = telephone(given)
    if number is None:
        raise Invalid("phone", field="phone")
    return number


def _heard(call: Call, text: str, at: datetime) -> Heard:
    """The most urgent thing that is reported in a text; a text that reports nothing is a report all the same."""
    heard = call.office.reader.read(
        text,
        role="resident",
        now=at.astimezone(call.content.zone),
        gazetteer=call.register.gazetteer,
    )
    reports = [act for act in heard if act.intent in REPORTED]
    if not reports:
        slots = heard[0].slots if heard else {}
        return Heard("demand.report", urgency="normal", slots=slots, text=text)
    return min(reports, key=lambda act: URGENCIES.index(act.urgency or "normal"))


def _estate(call: Call, given: str | None, said: str | None, person: Person | None) -> Estate | None:
    """The estate that is named, else the one understood, else where the reporter lives, else the only one."""
    reg, home = call.register, call.viewer.community_id
    if given is not None:
        estate = reg.estate(given)
        if estate is None or home not in (None, estate.community_id):
            raise Invalid("unknown_estate", field="estate", name=given)
        return estate
    for estate in (reg.estate(said), reg.estates.get((person.estate_id if person else None) or 0)):
        if estate is not None:
            if home not in (None, estate.community_id):
                raise Forbidden("not_your_community", field="estate")
            return estate
    near = [e for e in reg.estates.values() if home in (None, e.community_id)]
    return near[0] if len(near) == 1 else None


def _reported_at(call: Call, given: str | None) -> datetime:
    if given is None:
        return call.tx.now
    at = fields.moment(given, "reported_at", call.content.zone)
    if not call.tx.now - _BACK <= at <= call.tx.now + _AHEAD:
        raise Invalid("moment", field="reported_at")
    return min(at, call.tx.now)
