"""由万和物业月底前修好门禁, said without a meeting: an order like any other, and no decision of anybody."""

import re
from typing import Final

from redprop_bot.council import resolving
from redprop_bot.council.ourselves import own_meant
from redprop_bot.council.resolving import Decision
from redprop_bot.dialogue import finding, secretaries
from redprop_bot.dialogue.meetings import chair, home
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import Invalid
from redprop_bot.loop.entrust import entrust, hand_over, keep
from redprop_bot.loop.helping import beside, charged
from redprop_bot.loop.report import Report
from redprop_bot.notify import words
from redprop_bot.store.tables import Demand, Organisation
from redprop_bot.understand.acts import Act as Heard

_MEETING: Final = re.compile(
    r"会上|会议|会里|开会|开了?个?会|例会|[个场次]会|决议|决定|议定|商定|敲定|拍板|定了|定下|说好|商量好|研究|[一都]致|同意|通过|表决|结论"
)


def of_a_meeting(turn: Turn, text: str) -> bool:
    """Whether a sentence speaks of people who sat together: only then it is a decision."""
    return _MEETING.search(text) is not None or turn.tx.content.meetings.named(text) is not None


def give(turn: Turn, decision: Decision, heard: Heard, *, key: str = "order.given") -> None:
    """Hand it out, and say so by the reply of this key. Raises Invalid for what is nobody's."""
    if decision.project is not None:
        raise Invalid("measure_how", project=decision.project)
    if decision.handler is None or decision.answer is not None:
        turn.say("meeting.no_meeting")
        return
    if decision.demands:
        for no in decision.demands:
            if decision.due_at is not None and _handed(turn, no, decision):
                continue
            slots: dict[str, str | int] = {"order": no, "party": decision.handler}
            secretaries.dispatch(turn, Heard("order.dispatch", slots=slots))
        return
    chair(turn).must(_community(turn, heard))
    with turn.tx.savepoint():
        order = _made(turn, decision, heard)
    turn.session.asked = None
    turn.session.demand = order.no
    day = words.date(order.due_at, turn.tx.content.zone) if order.due_at else ""
    unit = turn.register.organisations[order.handler_id].name if order.handler_id else decision.handler
    helpers = "、".join(decision.helpers)
    told = turn.about(order)
    by, text = told["due"] or day, words.quoted(order.text, 60)
    turn.say(key, **{**told, "unit": unit, "due": day, "by": by, "text": text, "helpers": helpers})


def _handed(turn: Turn, no: str, decision: Decision) -> bool:
    """An order that is there, to a unit and until the day that was said; whether there are both."""
    unit, found = resolving.unit_meant(turn.register, decision.handler or ""), finding.by_number(turn, no)
    if unit is None or unit.id is None or len(found) != 1 or decision.due_at is None:
        return False
    with turn.tx.savepoint():
        given = hand_over(turn.tx, found[0], turn.actor, unit.id, due_at=decision.due_at, note="")
    turn.session.demand, turn.session.asked = given.no, None
    turn.say("done.dispatch", **turn.about(given))
    return True


def _community(turn: Turn, heard: Heard) -> int | None:
    """Where it belongs: with the estate that is named, else with whoever speaks."""
    estate = turn.register.estate(str(heard.slots.get("estate") or ""))
    return home(turn, turn.inbound.text) if estate is None else estate.community_id


def _made(turn: Turn, decision: Decision, heard: Heard) -> Demand:
    tx, reg = turn.tx, turn.register
    community = _community(turn, heard)
    unit = resolving.unit_meant(reg, decision.handler or "")
    report = _report(turn, decision, heard, community, unit)
    own = own_meant(reg, community, decision.handler or "")
    if own is not None:
        due = decision.due_at or tx.content.calendar.add_days(tx.now, _DAYS)
        order = keep(tx, turn.actor, report, own.keeper, due_at=due)
        charged(tx, order, own.people, but=turn.person_id)
        return order
    if unit is None or unit.id is None:
        raise Invalid("unknown_unit", name=(decision.handler or "")[:40])
    order = entrust(tx, turn.actor, report, unit.id, due_at=decision.due_at, note="")
    beside(tx, order, [one for name in decision.helpers if (one := resolving.unit_meant(reg, name))])
    return order


_DAYS: Final = 10


def _report(
    turn: Turn, decision: Decision, heard: Heard, community: int | None, unit: Organisation | None
) -> Report:
    reg, text = turn.register, decision.text
    estates = [one for one in reg.estates.values() if community in (None, one.community_id)]
    named = [one for name, one in reg.estate_names.items() if name in text and one in estates]
    kept = [one for one in estates if unit is not None and one.property_name == unit.name]
    likely = estates if len(estates) == 1 else kept
    estate = named[0] if named else likely[0] if len(likely) == 1 else None
    slots = heard.slots if estate is not None else {}
    return Report(
        text,
        turn.tx.now,
        category=decision.category or "other",
        urgency=heard.urgency or "normal",
        community_id=community,
        estate_id=estate.id if estate is not None else None,
        building=str(slots.get("building") or "") or None,
        unit=str(slots.get("unit") or "") or None,
        room=str(slots.get("room") or "") or None,
        place=str(slots.get("place") or "") or (None if estate is not None else reg.community_name(community)),
        role=turn.speaker.role,
    )
