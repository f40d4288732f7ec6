"""Demands as the API shows them: the fields of the contract, further ones, and what is masked for this token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from redprop_bot.loop.dispatch import row_words
from redprop_bot.notify import links, words
from redprop_bot.registry.people import RESIDENT_NAME, mask_name, mask_phone
from redprop_bot.rules.deadlines import is_late, level
from redprop_bot.store import listing, people
from redprop_bot.store.tables import Attachment, Demand, Event, Helper, Person, Supporter
from redprop_bot.web.api import sight
from redprop_bot.web.api.calls import Call
from redprop_bot.web.api.routes import Item

_NOTED: Final = ("care", "unit", "stars", "days", "into", "from", "to", "until", "reason")
"""What an event carries beside its note, in the order in which it is told."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What hangs on the demands of one answer, read once for all of them."""

    events: dict[int, list[Event]]
    helpers: dict[int, list[Helper]]
    attachments: dict[int, list[Attachment]]
    supporters: dict[int, list[Supporter]]
    persons: dict[int, Person]
    numbers: dict[int, str]


def demand_items(call: Call, demands: Sequence[Demand]) -> list[Item]:
    """The items of these demands, in their order."""
    ids = [cast("int", d.id) for d in demands]
    around = _Around(
        listing.histories(call.tx, ids),
        listing.helpers(call.tx, ids),
        listing.attachments(call.tx, ids),
        listing.supporters(call.tx, [cast("int", d.id) for d in demands if d.supporters]),
        people.named(call.tx, {d.reporter_id for d in demands if d.reporter_id is not None}),
        listing.numbers(call.tx, [d.merged_into_id for d in demands if d.merged_into_id is not None]),
    )
    return [_item(call, demand, around) for demand in demands]


def demand_item(call: Call, demand: Demand) -> Item:
    """The item of one demand."""
    return demand_items(call, [demand])[0]


def iso(call: Call, moment: datetime | None) -> str | None:
    """A moment in ISO 8601 with the offset of the place."""
    return moment.astimezone(call.content.zone).isoformat(timespec="seconds") if moment is not None else None


def _item(call: Call, demand: Demand, around: _Around) -> Item:
    key = cast("int", demand.id)
    reg, viewer = call.register, call.viewer
    masked = viewer.role == "viewer"
    knows = sight.knows_reporter(viewer, demand)
    estate = reg.estates.get(demand.estate_id or 0)
    return {
        "no": demand.no,
        "stage": demand.stage,
        "intent": demand.intent,
        "category": demand.category,
        "urgency": demand.urgency,
        "text": _readable(call, demand, demand.text),
        "community": reg.community_name(demand.community_id),
        "estate": estate.name if estate else None,
        "building": demand.building,
        "unit": demand.unit,
        "room": None if sight.hides_room(call.viewer, demand) else demand.room,
        "place": demand.place,
        "reporter": (
            None if sight.hides_reporter(viewer, demand) else _reporter(demand, around.persons, knows=knows)
        ),
        "supporters": demand.supporters,
        "reported_at": iso(call, demand.reported_at),
        "respond_by": iso(call, demand.respond_by),
        "due_at": iso(call, demand.due_at),
        "overdue": is_late(demand.stage, demand.due_at, call.tx.now),
        "level": level(demand.intent, demand.urgency),
        "first_contact_by": iso(call, demand.contact_by),
        "contacted_at": iso(call, demand.contacted_at),
        "control_by": iso(call, demand.control_by),
        "controlled_at": iso(call, demand.controlled_at),
        "return_until": iso(call, demand.return_until),
        "complex": demand.complex,
        "stuck": listing.is_stuck(demand, call.tx.now),
        "handler": _unit(call, demand.handler_id),
        "assignee": _assignee(call, demand.assignee_id),
        "helpers": [_helper(helper, masked=masked) for helper in around.helpers.get(key, [])],
        "responsibility": _row(call, demand.responsibility_id),
        "caretaking": words.cared(call.tx, demand) or None,
        "escalated_to": demand.escalated_to,
        "rating": _rating(call, demand),
        "attachments": [_attachment(call, demand, one) for one in around.attachments.get(key, [])],
        "events": _events(call, demand, around, knows=knows),
        "dispatches": demand.dispatches,
        "transfers": demand.transfers,
        "reworks": demand.reworks,
        "extension_days": demand.extension_days,
        "paused_until": iso(call, demand.paused_until),
        "done_at": iso(call, demand.done_at),
        "closed_at": iso(call, demand.closed_at),
        "close_reason": demand.close_reason,
        "merged_into": (
            None if demand.merged_into_id in call.viewer.unseen else around.numbers.get(demand.merged_into_id or 0)
        ),
        "updated_at": iso(call, demand.updated_at),
        "version": demand.version,
    }


def _readable(call: Call, demand: Demand, text: str) -> str:
    return sight.readable(call.tx, call.viewer, demand, text)


def _unit(call: Call, unit_id: int | None) -> str | None:
    return call.register.organisations[unit_id].name if unit_id is not None else None


def _assignee(call: Call, person_id: int | None) -> str | None:
    found = call.register.people.get(person_id or 0)
    if found is None:
        return None
    return mask_name(found.name) if call.viewer.role == "viewer" else found.name


def _reporter(demand: Demand, persons: dict[int, Person], *, knows: bool) -> Item | None:
    person = persons.get(demand.reporter_id or 0)
    if person is None and demand.phone is None:
        return None
    name, phone = (person.name if person else None), demand.phone or (person.phone if person else None)
    if not knows:
        return {"name": mask_name(name), "phone": mask_phone(phone), "openid": None, "userid": None}
    openid, userid = (person.openid, person.userid) if person else (None, None)
    return {"name": name, "phone": phone, "openid": openid, "userid": userid}


def _helper(helper: Helper, *, masked: bool) -> str:
    if masked and helper.person_id is not None:
        return mask_name(helper.name) or ""
    return helper.name


def _row(call: Call, row_id: int | None) -> Item | None:
    row = call.register.responsibility(row_id)
    return {"id": row.id, "row": row_words(call.tx, row)} if row is not None else None


def _rating(call: Call, demand: Demand) -> Item | None:
    if demand.stars is None:
        return None
    reason = demand.rating_reason
    return {"stars": demand.stars, "reason": _readable(call, demand, reason) if reason else None}


def _attachment(call: Call, demand: Demand, one: Attachment) -> Item:
    """What people sent is shown through the order's page, whose key stands in the address; gone is null."""
    url = one.url
    if url is None and one.state in ("wanted", "kept"):
        page = links.order_page(call.content.address, demand.no)
        url = f"{page}/photos/{one.id}?k={links.signed(demand.no, call.office.secret_key)}"
    return {"kind": one.kind, "url": None if call.viewer.role == "viewer" else url, "at": iso(call, one.at)}


# -- history


def _events(call: Call, demand: Demand, around: _Around, *, knows: bool) -> list[Item]:
    key = cast("int", demand.id)
    residents = {s.person_id for s in around.supporters.get(key, [])} | {demand.reporter_id}
    return [
        {
            "at": iso(call, event.at),
            # the clock closes as a secretary would; its name says who it was
            "act": "close" if event.act == "expire" else event.act,
            "by": _by(call, event, residents, knows=knows),
            "note": _said(call, demand, event),
        }
        for event in around.events.get(key, [])
    ]


def _said(call: Call, demand: Demand, event: Event) -> str:
    note = event.note
    if not note:
        return carried(call, event.data)
    if call.viewer.role == "viewer" and (event.act == "assign" or note == event.by_name):
        return mask_name(note) or ""  # the note is somebody's name
    return _readable(call, demand, note)


def _by(call: Call, event: Event, residents: set[int | None], *, knows: bool) -> str:
    """Who it was; a resident is nobody's name to those who may not know the reporter."""
    if event.by_id is None:
        return event.by_name
    if not knows and (event.by_id in residents or event.by_id not in call.register.people):
        return RESIDENT_NAME
    if call.viewer.role == "viewer":
        return mask_name(event.by_name) or ""
    return event.by_name


def carried(call: Call, data: Mapping[str, Any], *, beside: bool = False) -> str:
    """Words for what an event carries; `beside` its note, so that what the note is about is not said again."""
    for name in _NOTED[:-1] if beside else _NOTED:
        value = data.get(name)
        if value in (None, "", 0):
            continue
        if name == "reason":
            value = call.content.labels.close_reason.get(value, value)
        if name == "until":
            value = datetime.fromisoformat(value).astimezone(call.content.zone).date().isoformat()
        return call.content.replies.say(f"api.event.{name}", **{"to_unit": data.get("unit") or "", name: value})
    return ""
