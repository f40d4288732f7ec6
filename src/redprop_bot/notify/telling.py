"""The listener that tells: an event of a demand becomes messages by the table of `rules.telling`."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from redprop_bot.notify import cards_of_whistles, outbox, quoting, templates, words
from redprop_bot.notify.audience import people_of
from redprop_bot.notify.words import Reads
from redprop_bot.registry import care
from redprop_bot.registry.register import register
from redprop_bot.rules import flow, quiet
from redprop_bot.rules.flow import Act
from redprop_bot.rules.roles import CONFIDENTIAL
from redprop_bot.rules.telling import TELLING, Audience, Tell, Weight, rank
from redprop_bot.store import messages, people
from redprop_bot.store.events import Happening
from redprop_bot.store.tables import Card, Demand, Organisation, Person
from redprop_bot.store.tx import Tx

CANDIDATES = 4
"""How many units are offered as buttons."""

_GO_THERE = {Audience.HANDLER, Audience.ASSIGNEE, Audience.HOLDER, Audience.CALLED}
_TRUSTED = {
    *(Audience.SECRETARY, Audience.ORDERER, Audience.STREET, Audience.GRID, Audience.REPORTERS, Audience.WHISTLER)
}  # may know who complained
_AT_ONCE = {
    "alarmed", "alarmed_unplaced", "alarm_spread", "dispatched", "redispatched", "reopened", "assigned",
    "unplaced", "care_dispatched", "care_redispatched",
}  # fmt: skip
_IN_DANGER = _AT_ONCE | {
    "returned",
    "supplemented",
    "supported",
    "placed",
    "urged",
    "corrected",
    "withdrawn",
    "controlled",
    "tended",
}
_OF_THE_OFFICE = {
    "tell.reopened": "tell.reopened_office",
    "tell.reopened_secretary": "tell.reopened_secretary_office",
    "tell.reopened_copy": "tell.reopened_copy_office",
    "tell.reopened_unplaced": "tell.reopened_unplaced_office",
    "tell.urged": "tell.urged_office",
}
"""Nobody is told that residents said what the community has said."""

_UNHELD = {"tell.emergency_copy": "tell.emergency_copy_unheld"}
"""Nobody is told that a unit was sent where none was."""

_TO_ALARM = {"tell.order": "tell.emergency", "tell.dispatched": "tell.dispatched_alarm"}
"""Who is sent to a danger that nobody controls yet is told to go, not until when to accept."""


def tell(tx: Tx, event: Happening, demand: Demand) -> None:
    """Queue what the table says, to each person once, and never to the actor."""
    rows = TELLING.get(event.name, ())
    told = {event.by_id}
    drafts: list[tuple[Person, outbox.Draft]] = []
    for row in rows:
        for person in people_of(tx, row.to, demand, event):
            if person.id not in told:
                told.add(person.id)
                drafts.append((person, _draft(tx, row, event, demand)))
    settle_cards(tx, event, demand)
    outbox.queue(tx, drafts, demand)


def _draft(tx: Tx, row: Tell, event: Happening, demand: Demand) -> outbox.Draft:
    cached = tx.cache.setdefault(("draft", demand.no, demand.version, event.name), {})
    if (row.to, row.message) not in cached:
        cached[row.to, row.message] = _compose(tx, row, event, demand)
    draft: outbox.Draft = cached[row.to, row.message]
    return draft


def _compose(tx: Tx, row: Tell, event: Happening, demand: Demand) -> outbox.Draft:
    key = f"{demand.no}:{demand.version}:{event.name}:{row.message}"
    return composed(tx, row, event, demand, family="tell", key=key, weight=_weight(row, event, demand))


def slots_for(
    tx: Tx, to: Audience, event: Happening, demand: Demand, *, read_at: datetime | None = None
) -> dict[str, Any]:
    """Every slot of a message about an event, as far as they may know it; 今天 is the day of `read_at`."""
    reads = _reads(to, demand)
    slots: dict[str, Any] = dict.fromkeys(words.SLOTS, "")
    slots |= words.slots(tx, demand, reads, read_at=read_at)
    slots |= words.event_slots(tx, event.data, read_at=read_at)
    if reads in (Reads.STAFF, Reads.CONTACT):
        slots["precedents"] = quoting.precedents_of(tx, demand)
    slots |= {"who": event.by_name, "note": _note(tx, event.note, demand, reads)}
    if reads == Reads.ACCUSED and event.by_id == demand.reporter_id:
        slots["who"] = tx.content.labels.duty["secretary"]
    return slots


def composed(
    tx: Tx,
    row: Tell,
    event: Happening,
    demand: Demand,
    *,
    family: str,
    key: str,
    weight: Weight,
    more: Mapping[str, str] = MappingProxyType({}),
) -> outbox.Draft:
    """The message `<family>.<message>` of a row; `more` are slots that only this family has."""
    limits = tx.content.limits
    morning = quiet.not_before(tx.now, weight, tx.content.zone, limits.quiet_from, limits.quiet_until)
    slots = slots_for(tx, row.to, event, demand, read_at=morning) | dict(more)
    name, replies = f"{family}.{row.message}", tx.content.replies
    if event.data.get("office"):
        name = _OF_THE_OFFICE.get(name, name)
    if demand.handler_id is None:
        name = _UNHELD.get(name, name)
    if demand.urgency == "emergency" and demand.control_by is not None and demand.controlled_at is None:
        name = _TO_ALARM.get(name, name)
    return outbox.Draft(
        key=key,
        message=row.message,
        text=replies.say(name, **slots),
        card=replies.say_beside(name, _ON_CARD, **slots) if row.buttons else "",
        weight=weight,
        rows=_rows(slots),
        quote=slots["text"][:200],
        buttons=_buttons(tx, row, demand),
        menu=tuple((f"{key}:{demand.no}", tx.content.labels.button[key]) for key in row.menu),
        link=slots["link"],
        subject="whistle" if event.name in cards_of_whistles.EVENTS else "demand",
        subject_id=event.data.get("call_id", demand.id),
        rank=rank(row.message, demand.urgency),
        brief=templates.brief(slots, slots["link"]) if row.to == Audience.REPORTERS else None,
        read_at=morning,
    )


def _reads(to: Audience, demand: Demand) -> Reads:
    """What these people may know. As long as nobody goes, and in danger, the secretary must be able to call."""
    if to == Audience.REPORTERS:
        return Reads.RESIDENTS
    unheld = demand.handler_id is None
    trusted = to in _TRUSTED or (to == Audience.HOLDER and unheld)
    if demand.intent in CONFIDENTIAL and not trusted:
        return Reads.ACCUSED
    called = to in _GO_THERE or (to == Audience.SECRETARY and unheld) or demand.urgency == "emergency"
    return Reads.CONTACT if called else Reads.STAFF


def _note(tx: Tx, text: str, demand: Demand, reads: Reads) -> str:
    if reads == Reads.ACCUSED:
        text = words.unnamed(tx, text, demand)
    elif reads == Reads.RESIDENTS and (demand.supporters or words.names_others(tx, text, demand)):
        text = words.for_neighbours(tx, text, demand)
    return words.quoted(text)


def _weight(row: Tell, event: Happening, demand: Demand) -> Weight:
    """Residents' updates always wait; staff are woken by danger, and those who go by an urgent order."""
    if row.to == Audience.REPORTERS:
        return Weight.PLAIN
    if event.data.get("pressing"):  # a whistle whose clock runs at night
        return Weight.PRESSING
    if demand.urgency == "emergency":
        return Weight.PRESSING if event.name in _IN_DANGER else Weight.PLAIN
    pressing = demand.urgency == "urgent" and event.name in _AT_ONCE
    goes = row.to in (Audience.HANDLER, Audience.GRID, Audience.ASSIGNEE)
    return Weight.PRESSING if pressing and goes else Weight.PLAIN


_OF_CONTROL = frozenset({"control_soon", "control_late"})
_ON_CARD = frozenset({"where", "what", "text", "reporter", "row", "care"})
"""Slots that a card shows in its rows or its quote."""


def _rows(slots: dict[str, str]) -> tuple[tuple[str, str], ...]:
    named = (
        ("单号", "no"),
        ("地点", "where"),
        ("事项", "what"),
        ("期限", "due"),
        ("联系", "reporter"),
        ("依据", "row"),
        ("依据", "care"),
    )
    return tuple((name, slots[key]) for name, key in named if slots.get(key))


def _buttons(tx: Tx, row: Tell, demand: Demand) -> tuple[tuple[str, str], ...]:
    if row.buttons == ("candidates",):
        return tuple((f"dispatch:{demand.no}:{unit.id}", unit.name[:10]) for unit in candidates(tx, demand))
    keys = [key for key in row.buttons if _useful(key, demand, tx.now)]
    return tuple((f"{key}:{demand.no}", tx.content.labels.button[key]) for key in keys)


def _useful(key: str, demand: Demand, now: datetime) -> bool:
    """Whether what a button does can be done by now."""
    if key == "return":
        return words.returnable_until(demand, now) is not None
    return key != "accept" or flow.can(Act.ACCEPT, demand.stage)


def candidates(tx: Tx, demand: Demand) -> list[Organisation]:
    """Units that might take it: those with a row for the category first, then its company or caretaker."""
    reg = register(tx)
    likely = [r.unit_id for r in reg.responsibilities if r.category == demand.category]
    if demand.estate_id is not None and (keeper := care.caretaker(reg, demand.estate_id)):
        likely += [keeper.id] if keeper.id is not None else []
    if demand.estate_id is not None and (name := reg.estates[demand.estate_id].property_name):
        likely += [o.id for o in reg.organisations.values() if o.name == name and o.id is not None]
    likely += [
        o.id for o in reg.organisations.values() if o.kind in ("property", "department") and o.id is not None
    ]
    likely = [i for i in dict.fromkeys(likely) if i not in (demand.handler_id, demand.former_id)]
    units = (reg.organisations[i] for i in likely)
    return [unit for unit in units if unit.active][:CANDIDATES]


def settle_cards(tx: Tx, event: Happening, demand: Demand) -> None:
    """Cards of an earlier state say what has become of it and by whom; their buttons would only be refused."""
    if demand.version == 1 or demand.id is None or tx.cache.get(("settled", demand.no)) == demand.version:
        return
    tx.cache["settled", demand.no] = demand.version
    cards = messages.open_cards(tx, demand.id)
    known = people.named(tx, {card.person_id for card in cards})
    text = tx.content.labels.stage[demand.stage]
    if event.by_id in register(tx).people and event.by_id != demand.reporter_id:
        text = f"{text} · {event.by_name}"
    for card in cards:
        if card.subject == "whistle":
            answer = cards_of_whistles.settled(tx, card, event, demand)
            if answer is not None:
                outbox.settle_card(tx, card, known[card.person_id], answer or text)
        elif is_stale(card, demand):
            outbox.settle_card(tx, card, known[card.person_id], text)


def is_stale(card: Card, demand: Demand) -> bool:
    """Whether the card offers what no longer can be done."""
    if card.message == "extension_asked" and demand.extension_days is None:
        return True
    if card.message in _OF_CONTROL and demand.controlled_at is not None:
        return True
    return (card.stage, card.unit_id) != (demand.stage, demand.handler_id)
