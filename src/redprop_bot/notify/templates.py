"""A message on its way by template or subscription notice: what is kept of it for that, and what is then sent.

Which template says it and which keyword shows what is data (`data/templates`); filling is `notify.filling`; when a
template is used is `notify.roads`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, cast

from redprop_bot.content import Content
from redprop_bot.content.templates import MOMENTS, SLOTS, TemplateKind
from redprop_bot.errors import ContentRefused
from redprop_bot.notify import late
from redprop_bot.notify.filling import Filled, filled
from redprop_bot.ports import Channel, Form, Outbound
from redprop_bot.rules.budget import Road
from redprop_bot.store.tables import Outbox

BRIEF: Final = "brief"
"""Where a queued message keeps what a template may show of it: the slots of `SLOTS`, moments, and `link`."""
JOINED: Final = "joined"
"""Where a message that carries others keeps all their words; its own stay beside, they may have other readers."""
OWN_BRIEF: Final = "own_brief"
"""Where it keeps what a template might show of itself, while `BRIEF` is of the one that matters most."""

_FORMS: Final[Mapping[str, tuple[Form, TemplateKind]]] = {
    Road.SUBSCRIPTION.value: (Form.SUBSCRIPTION, "subscription"),
    Road.TEMPLATE.value: (Form.TEMPLATE, "template"),
}


def brief(slots: Mapping[str, Any], link: str) -> dict[str, str]:
    """What a template may show of a matter."""
    found = {name: str(slots[name]) for name in sorted(SLOTS | MOMENTS) if slots.get(name)}
    return found | ({"link": link} if link else {})


def carrying(payload: Mapping[str, Any], words: str, brief: Mapping[str, str] | None) -> dict[str, Any]:
    """The payload of a message that carries others: all their words, and what a template shows of them."""
    own = payload.get(OWN_BRIEF, payload.get(BRIEF))
    return {**payload, JOINED: words, **({BRIEF: brief} if brief else {}), **({OWN_BRIEF: own} if own else {})}


def own(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of a message that carries nothing any more."""
    left = {name: value for name, value in payload.items() if name not in (JOINED, BRIEF, OWN_BRIEF)}
    brief = payload.get(OWN_BRIEF, None if JOINED in payload else payload.get(BRIEF))
    return {**left, BRIEF: brief} if brief else left


def in_short(text: str) -> dict[str, str]:
    """The same of a message that is about no matter of the loop."""
    first, _, rest = text.strip().partition("\n")
    return {"what": first, "note": " ".join(rest.split()) or first}


def sayable(content: Content, kind: TemplateKind, message: Outbox, now: datetime) -> Filled | None:
    """The message as this kind of template says it; None where there is none, or a keyword stays empty."""
    if BRIEF not in message.payload:
        return None
    shown = {
        name: late.words_now(content, message, value, now, marks=False)
        for name, value in message.payload[BRIEF].items()
    }
    made = filled(content, kind, message.message, shown, now=now)
    return made if isinstance(made, Filled) else None


def outbound(content: Content, message: Outbox, now: datetime) -> Outbound:
    """A claimed message as the sender takes it, by the road that was chosen for it.

    Raises ContentRefused when its template was taken away since then: another road is chosen.
    """
    channel = Channel(message.channel)
    road = cast("str", message.road)
    if road not in _FORMS:
        payload = message.payload
        if JOINED in payload:
            payload = {**payload, "text": payload[JOINED]}
        payload = late.payload_now(content, message, payload, now)
        return Outbound(channel, message.receiver, Form(message.form), payload)
    form, kind = _FORMS[road]
    made = sayable(content, kind, message, now)
    if made is None:
        raise ContentRefused(road, None, "no template for it any more")
    sent = {
        "template_id": made.template_id,
        "url": message.payload[BRIEF].get("link", ""),
        "data": dict(made.data),
        "id": f"r{message.id}",
    }
    return Outbound(channel, message.receiver, form, sent)
