"""Template and subscription messages: the few fields of the account's template, filled and cut to its kinds.

Which template, which field shows what is data (`data/limits/roads.yaml`); when one is used is `notify.roads`.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from redprop_bot.content import Content
from redprop_bot.content.roads import SLOTS, Template
from redprop_bot.ports import Channel, Form, Outbound
from redprop_bot.rules import keywords
from redprop_bot.rules.budget import Road
from redprop_bot.store.tables import Outbox

BRIEF: Final = "brief"
"""Where a queued message keeps what a template may show of it: the slots of `SLOTS` and `link`."""
JOINED: Final = "joined"
"""Where a message that carries others keeps all their words; its own stay beside, they may have other readers."""

_LONGEST: Final = {
    "thing": 20,
    "phrase": 5,
    "name": 10,
    "const": 20,
    "symbol": 5,
    "car_number": 8,
    "phone_number": 17,
}
_PLAIN: Final = {"character_string", "letter", "number"}  # no Chinese in these


def brief(slots: Mapping[str, Any], link: str) -> dict[str, str]:
    """What a template may show of a matter."""
    return {name: str(slots[name]) for name in sorted(SLOTS) if slots.get(name)} | ({"link": link} if link else {})


def in_short(text: str) -> dict[str, str]:
    """The same of a message that is about no matter of the loop."""
    first, _, rest = text.strip().partition("\n")
    return {"what": first, "note": " ".join(rest.split()) or first}


def fitted(field: str, value: str, empty: str) -> str:
    """The value as the platform takes it for this kind of field; `empty` where there is nothing to show."""
    kind = field.rstrip("0123456789")
    line = " ".join(value.split())
    if kind in _PLAIN:
        return re.sub(r"[^\x21-\x7e]", "", line)[:32] or "0"
    longest = _LONGEST.get(kind, 32)
    if len(line) > longest:
        line = line[: longest - 1] + "…" if longest > 5 else line[:longest]
    return empty if keywords.wrong(field, line) else line  # one wrong value and all of it is refused


def fields(template: Template, known: Mapping[str, str], empty: str) -> dict[str, str]:
    """All fields of a template."""
    return {name: fitted(name, known.get(slot, ""), empty) for name, slot in template.fields.items()}


def outbound(content: Content, message: Outbox) -> Outbound:
    """A claimed message as the sender takes it, by the road that was chosen for it."""
    channel = Channel(message.channel)
    templates = {
        Road.SUBSCRIPTION.value: (Form.SUBSCRIPTION, content.roads.subscription),
        Road.TEMPLATE.value: (Form.TEMPLATE, content.roads.template),
    }
    if message.road not in templates:
        payload = message.payload
        if JOINED in payload:
            payload = {**payload, "text": payload[JOINED]}
        return Outbound(channel, message.receiver, Form(message.form), payload)
    form, template = templates[message.road]
    known = message.payload.get(BRIEF) or {}
    payload = {
        "template_id": template.id,
        "url": known.get("link", ""),
        "data": fields(template, known, content.replies.say("template.empty")),
        "id": f"r{message.id}",
    }
    return Outbound(channel, message.receiver, form, payload)
