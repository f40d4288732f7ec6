"""The slots that every message about a demand may use, and what may not be in them.

Residents' names, phones and rooms go to the people who handle the matter, and to nobody else.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from redprop_bot.notify import covering, links
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.flow import AT_WORK, IMPOSED_AT, Stage
from redprop_bot.store import people
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx

SLOTS = frozenset(
    {
        *(
            "no",
            "where",
            "what",
            "text",
            "handler",
            "due",
            "respond",
            "contact",
            "control",
            "stage",
            "urgency",
            "supporters",
            "stars",
        ),
        *("reporter", "room", "community", "link"),  # of the demand
        *("return_by", "imposed", "precedents", "care"),  # of who has to take it, and why
        *("who", "note", "row", "unit", "days", "reason", "to", "until", "into"),  # of the event
        *("kind", "matter", "answer", "limit", "given"),  # of a whistle
    }
)
"""Slots that a `tell.*` template may use."""


class Reads(StrEnum):
    """Who reads it, and so what of a demand may stand in it."""

    PASSER_BY = "passer_by"  # may offer help: the matter and the building
    RESIDENTS = "residents"  # reporter and neighbours alike: besides, the link that opens words and pictures
    STAFF = "staff"  # besides, the words and the room; also the reply to whoever reported it
    CONTACT = "contact"  # besides, whom to call: those who go there
    ACCUSED = "accused"  # the unit that is complained of: the words without their speaker, no room, no contact


LONGEST_QUOTE = 300
"""Characters of somebody's words that a message repeats; all of them stand behind the link."""

_WEEKDAYS = "一二三四五六日"


@lru_cache(maxsize=256)  # the same moments stand in the reply and in what others are told
def day(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A moment as people say it: 今天 18:00, 明天 09:30, 12月3日（周四）18:00."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    near = {today: "今天", today + timedelta(days=1): "明天", today + timedelta(days=2): "后天"}
    said = near.get(local.date(), f"{date(moment, zone)}（周{_WEEKDAYS[local.weekday()]}）")
    if local.year != today.year and local.date() not in near:
        said = f"{local.year}年{said}"
    return f"{said}{local:%H:%M}"


def date(moment: datetime, zone: ZoneInfo) -> str:
    """The day of a moment: 12月3日."""
    local = moment.astimezone(zone)
    return f"{local.month}月{local.day}日"


def full_date(moment: datetime, zone: ZoneInfo) -> str:
    """The day of a moment with its year, as papers are dated: 2026年12月3日."""
    return f"{moment.astimezone(zone).year}年{date(moment, zone)}"


def span(begin: datetime, end: datetime, zone: ZoneInfo) -> str:
    """From when until when: 2026年12月3日（周四）09:30—11:30."""
    one, other = begin.astimezone(zone), end.astimezone(zone)
    until = f"{other:%H:%M}" if one.date() == other.date() else f"{date(other, zone)}{other:%H:%M}"
    return f"{one.year}年{date(one, zone)}（周{_WEEKDAYS[one.weekday()]}）{one:%H:%M}—{until}"


def where(reg: Register, demand: Demand, *, room: bool) -> str:
    """The place: 桂花园3栋2单元501; without the room for those who need not know it."""
    parts = []
    if demand.estate_id is not None:
        parts.append(reg.estates[demand.estate_id].name)
    for value, word in ((demand.building, "栋"), (demand.unit, "单元")):
        if value:
            parts.append(value + word)
    if room and demand.room:
        parts.append(demand.room)
    if demand.place:
        parts.append(demand.place)
    return "".join(parts)


def what(tx: Tx, demand: Demand) -> str:
    """The matter in two or three words."""
    labels = tx.content.labels
    if demand.category is None:
        return labels.intent.get(demand.intent, demand.intent)
    name = labels.category[demand.category]
    return name if demand.intent == "demand.report" else f"{name}（{labels.intent[demand.intent]}）"


def unnamed(tx: Tx, text: str, demand: Demand) -> str:
    """Words around a complaint without what tells who it is: phones, the room, the name of the reporter."""
    return covering.covered(text, room=demand.room, name=_name(tx, demand), phone=demand.phone)


def names_others(tx: Tx, text: str, demand: Demand) -> bool:
    """Whether words hold a mobile number that is not the reporter's: of somebody else in the house."""
    mobiles = {phone for phone in covering.told_of(text)[1] if _MOBILE.fullmatch(phone)} - {demand.phone}
    if not mobiles or demand.reporter_id is None:
        return bool(mobiles)
    person = people.named(tx, {demand.reporter_id}).get(demand.reporter_id)
    return bool(mobiles - {person.phone if person else None})


_MOBILE = re.compile(r"1[3-9]\d{9}")


def for_neighbours(tx: Tx, text: str, demand: Demand) -> str:
    """Words for all who reported the same: without the phones, the rooms and the names of any of them."""
    return unnamed(tx, text, demand).replace(covering.NAME, covering.OTHER)


def quoted(text: str, longest: int = LONGEST_QUOTE) -> str:
    """Somebody's words as part of a message: one line, so that they cannot pass for lines of ours, and bounded."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest]}…"


def slots(tx: Tx, demand: Demand, reads: Reads, *, read_at: datetime | None = None) -> dict[str, Any]:
    """The slots about a demand, as far as `reads` may know it; `read_at` is when it is read, where not now."""
    reg = register(tx)
    zone, now = tx.content.zone, read_at or tx.now
    inside = reads in (Reads.STAFF, Reads.CONTACT)
    text = unnamed(tx, demand.text, demand) if reads == Reads.ACCUSED else demand.text
    shown = inside or reads == Reads.ACCUSED
    secret = None if reads == Reads.PASSER_BY else tx.content.secret or None
    return {
        "no": demand.no,
        "where": where(reg, demand, room=inside) or "（地点待补）",
        "what": what(tx, demand),
        "text": quoted(text) if shown else "",
        "handler": reg.organisations[demand.handler_id].name if demand.handler_id else "社区",
        "due": day(demand.due_at, now, zone) if demand.due_at else "",
        "due_at": demand.due_at.isoformat() if demand.due_at else "",  # for templates, which want moments whole
        "reported_at": demand.reported_at.isoformat(),
        "respond": day(demand.respond_by, now, zone) if demand.respond_by else "",
        "contact": day(contact, now, zone) if (contact := _contact_by(demand, tx.now)) else "",
        "control": day(control, now, zone) if (control := _control_by(demand)) else "",
        "community": reg.community_name(demand.community_id) or "街道",
        "urgency": tx.content.labels.urgency.get(demand.urgency or "", ""),
        "stage": tx.content.labels.stage[demand.stage],
        "reporter": _contact(tx, demand) if reads == Reads.CONTACT else "",
        "supporters": str(demand.supporters) if demand.supporters else "",
        "stars": str(demand.stars or ""),
        "link": links.order_page(tx.content.address, demand.no, secret),
        "return_by": day(until, now, zone) if (until := returnable_until(demand, now)) else "",
        "imposed": str(demand.dispatches) if _imposed(demand) else "",
        "care": cared(tx, demand),
    }


def cared(tx: Tx, demand: Demand) -> str:
    """Why a caretaker has it without a row of the list; empty where that is not so."""
    estate = register(tx).estates.get(demand.estate_id or 0) if demand.by_care else None
    return tx.content.replies.say("care.why", estate=estate.name) if estate is not None else ""


def _imposed(demand: Demand) -> bool:
    return demand.stage == Stage.DISPATCHED and demand.dispatches >= IMPOSED_AT


def returnable_until(demand: Demand, now: datetime) -> datetime | None:
    """Until when the unit may give it back; None when it has taken it, said or not, or has to."""
    if demand.stage not in AT_WORK or demand.dispatches >= IMPOSED_AT:
        return None
    return demand.return_until if demand.return_until is not None and now < demand.return_until else None


def _contact_by(demand: Demand, now: datetime) -> datetime | None:
    """Until when the reporter is to hear from the unit, as long as they have not."""
    waits = demand.stage in AT_WORK and demand.contacted_at is None and demand.reporter_id is not None
    return demand.contact_by if waits and demand.contact_by is not None and demand.contact_by > now else None


def _control_by(demand: Demand) -> datetime | None:
    """Until when a danger is to be under control, as long as nobody has said that it is."""
    return demand.control_by if demand.controlled_at is None else None


def _contact(tx: Tx, demand: Demand) -> str:
    if demand.reporter_id is None:
        return demand.phone or ""
    person = people.named(tx, {demand.reporter_id}).get(demand.reporter_id)
    name = (person.name if person else None) or RESIDENT_NAME
    phone = demand.phone or (person.phone if person else None)
    return f"{name} {phone}" if phone else name


def _name(tx: Tx, demand: Demand) -> str | None:
    if demand.reporter_id is None:
        return None
    person = people.named(tx, {demand.reporter_id}).get(demand.reporter_id)
    return person.name if person else None


def event_slots(tx: Tx, data: Mapping[str, Any], *, read_at: datetime | None = None) -> dict[str, Any]:
    """What an event carries, as people read it at `read_at`, where not now."""
    found = {k: data[k] for k in ("row", "unit", "days", "to", "into", "stars") if data.get(k) is not None}
    if until := data.get("until"):
        found["until"] = date(datetime.fromisoformat(until), tx.content.zone)
    if (code := data.get("reason")) is not None:
        found["reason"] = tx.content.labels.close_reason.get(code, code)
    if kind := data.get("kind"):
        found["kind"] = tx.content.whistle.kinds[kind].name
    for name in ("answer", "limit"):
        if at := data.get(name):
            found[name] = day(datetime.fromisoformat(at), read_at or tx.now, tx.content.zone)
    return found | {name: data[name] for name in ("matter", "given") if data.get(name)}
