"""From a trusted XML tree to an `Inbound`: message types, handled events, the key that shows a repeat.

Fields of Inbound by type, beyond the common ones:

    text        text as sent; event_key = id of the tapped menu option, when it was one
    image       media_id (the picture's address is dropped: pictures are fetched by id only)
    voice       media_id, text = what the platform heard, extra format
    video       media_id, extra thumb_media_id
    location    latitude, longitude, label, extra scale
    link        text = title, extra description, url
    event       see `events`; scalar nodes land in extra under their snake_case name, lists as below
        template_card_event   task_id, response_code, event_key, extra selected.<question> = ids joined by ","
        subscribe_msg_*       extra items = JSON list of objects with snake_case names

Nothing here verifies or decrypts.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from redprop_bot.channels.events import HANDLED, KNOWN_AND_IGNORED
from redprop_bot.channels.nodes import Node
from redprop_bot.errors import Malformed
from redprop_bot.ports import Channel, Inbound, Kind

_KINDS: Mapping[str, Kind] = {
    "text": Kind.TEXT,
    "image": Kind.IMAGE,
    "voice": Kind.VOICE,
    "video": Kind.VIDEO,
    "shortvideo": Kind.VIDEO,
    "location": Kind.LOCATION,
    "link": Kind.LINK,
}

# Two events of one person in one second are told apart by these; a repeat has them all.
# ResponseCode and Ticket are not among them: they identify an answer, not an event.
_EVENT_IDENTITY = (
    "Event", "EventKey", "AgentID", "MsgID", "MsgId", "trace_id", "TaskId", "ChangeType", "UserID", "Id",
    "TagId",
    "AddUserItems", "DelUserItems", "AddPartyItems", "DelPartyItems",
)  # fmt: skip

_COMMON = frozenset({"ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Event"})
_CONSUMED = _COMMON | {
    "Content", "PicUrl", "MediaId", "Recognition", "Location_X", "Location_Y", "Label", "Title", "EventKey",
    "Latitude", "Longitude", "TaskId", "ResponseCode", "bizmsgmenuid",
    # of a member who is added: nobody here needs them, so nobody here keeps them
    "Email", "BizMail", "Avatar", "ThumbAvatar", "QrCode", "Alias", "Telephone", "Address", "Gender",
}  # fmt: skip

_STAMP = re.compile(r"[0-9]{9,10}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?")
_LABEL = re.compile(r"[a-z0-9_]{1,64}")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one tree says; `person` and `account` as sent, for the reply."""

    inbound: Inbound | None
    outcome: Literal["handled", "ignored", "unknown"]
    event: str
    person: str
    account: str


def read(channel: Channel, root: Node) -> Reading:
    """The reading of a tree; Malformed when a known type lacks what it always has."""
    kind = root.value("MsgType").lower()
    if not kind:
        raise Malformed
    return _read_event(channel, root) if kind == "event" else _read_message(channel, root, kind)


def _read_message(channel: Channel, root: Node, kind: str) -> Reading:
    name = f"message:{_label(kind)}"
    if kind not in _KINDS:
        return _reading(root, None, "unknown", name)
    sender, number = _person(root), root.value("MsgId")
    if not number:
        raise Malformed
    inbound = Inbound(
        channel=channel,
        key="m:" + _digest(sender, number),  # ids have collided between persons: the person is part of the key
        sender=sender,
        kind=_KINDS[kind],
        created_at=_created_at(root),
        extra=_extra(root),
        **_message_fields(root, _KINDS[kind]),
    )
    return _reading(root, inbound, "handled", name)


def _message_fields(root: Node, kind: Kind) -> dict[str, Any]:
    match kind:
        case Kind.TEXT:
            return {"text": root.raw("Content"), "event_key": root.value("bizmsgmenuid")}
        case Kind.VOICE:
            return {"media_id": _need(root, "MediaId"), "text": root.value("Recognition")}
        case Kind.LOCATION:
            place = {
                "latitude": _degrees(root, "Location_X", 90),
                "longitude": _degrees(root, "Location_Y", 180),
            }
            return place | {"label": root.value("Label")}
        case Kind.LINK:
            return {"text": root.value("Title")}
        case _:
            return {"media_id": _need(root, "MediaId")}


def _read_event(channel: Channel, root: Node) -> Reading:
    event = _label(_need(root, "Event").lower())
    if event not in HANDLED:
        return _reading(root, None, "ignored" if event in KNOWN_AND_IGNORED else "unknown", event)
    sender, created = _person(root), _created_at(root)
    lists = _lists(event, root)
    identity = [*(root.value(name) for name in _EVENT_IDENTITY), lists.get("items", "")]
    inbound = Inbound(
        channel=channel,
        key="e:" + _digest(root.value("ToUserName"), sender, root.value("CreateTime"), *identity),
        sender=sender,
        kind=Kind.EVENT,
        created_at=created,
        event=event,
        event_key=_event_key(event, root),
        task_id=root.value("TaskId"),
        response_code=root.value("ResponseCode"),
        latitude=_degrees(root, "Latitude", 90) if event == "location" else None,
        longitude=_degrees(root, "Longitude", 180) if event == "location" else None,
        extra=_extra(root) | lists,
    )
    return _reading(root, inbound, "handled", event)


def _event_key(event: str, root: Node) -> str:
    key = root.value("EventKey")
    return key.removeprefix("qrscene_") if event == "subscribe" else key


def _lists(event: str, root: Node) -> dict[str, str]:
    if event == "template_card_event":
        selected = root.one("SelectedItems")
        return dict(map(_selected, selected.all("SelectedItem"))) if selected else {}
    if event.startswith("subscribe_msg_"):
        holders = [node for node in root.children if node.name.lower() == event.replace("_", "")]
        items = [item for holder in holders for item in holder.all("List")] + list(root.all("List"))
        rows = [{_snake(name): text for name, text in item.scalars()} for item in items]
        return {"items": json.dumps(rows, ensure_ascii=False)}
    return {}


def _selected(item: Node) -> tuple[str, str]:
    # "OpitonIds" is the platform's own spelling; the right one is read too, should it ever be mended.
    ids = [
        option.text.strip()
        for holder in ("OpitonIds", "OptionIds")
        for group in item.all(holder)
        for option in group.children
    ]
    return "selected." + item.value("QuestionKey"), ",".join(ids)


def _extra(root: Node) -> dict[str, str]:
    return {_snake(name): text for name, text in root.scalars() if name not in _CONSUMED and text}


def _reading(
    root: Node, inbound: Inbound | None, outcome: Literal["handled", "ignored", "unknown"], event: str
) -> Reading:
    return Reading(inbound, outcome, event, root.value("FromUserName"), root.value("ToUserName"))


def _person(root: Node) -> str:
    person = _need(root, "FromUserName")
    if len(person) > 128 or not person.isprintable() or " " in person:
        raise Malformed
    return person


def _need(root: Node, name: str) -> str:
    value = root.value(name)
    if not value:
        raise Malformed
    return value


def _created_at(root: Node) -> datetime:
    stamp = root.value("CreateTime")
    if not _STAMP.fullmatch(stamp):
        raise Malformed
    return datetime.fromtimestamp(int(stamp), UTC)


def _degrees(root: Node, name: str, limit: int) -> float:
    text = root.value(name)
    if not _DEGREES.fullmatch(text) or abs(float(text)) > limit:
        raise Malformed
    return float(text)


def _label(name: str) -> str:
    return name if _LABEL.fullmatch(name) else "other"


def _snake(name: str) -> str:
    return _CAMEL.sub("_", name).lower()


def _digest(*parts: str) -> str:
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()
