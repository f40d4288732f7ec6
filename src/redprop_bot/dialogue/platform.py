"""Events that nobody says: what became of a template, what was granted, who left the directory.

They have no speaker, so nobody is met or added by them and nothing is answered.
"""

import json
from typing import Any, Final

from redprop_bot.dialogue import contacts
from redprop_bot.notify import outcomes
from redprop_bot.ports import Inbound
from redprop_bot.rules.budget import Road
from redprop_bot.store.tx import Tx

EVENTS: Final = frozenset(
    {
        "templatesendjobfinish",
        "subscribe_msg_popup_event",
        "subscribe_msg_change_event",
        "subscribe_msg_sent_event",
        contacts.EVENT,
    }
)


def take(tx: Tx, inbound: Inbound) -> None:
    """Do what the event asks for."""
    if inbound.event == "templatesendjobfinish":
        outcomes.told_early(tx, inbound.extra.get("msg_id", ""), inbound.extra.get("status", ""))
    elif inbound.event == "subscribe_msg_sent_event":
        for item in _items(inbound):
            code, status = item.get("error_code", ""), item.get("error_status", "")
            said = "success" if code == "0" else f"failed:{code} {status}".strip()
            msgid = item.get("msg_id", "")
            outcomes.told_early(tx, msgid, said, receiver=inbound.sender, road=Road.SUBSCRIPTION)
    elif inbound.event == contacts.EVENT:
        contacts.take(tx, inbound)
    else:
        for position, item in enumerate(_items(inbound)):
            template = item.get("template_id", "")
            if template:
                accepted = item.get("subscribe_status_string", "").lower() == "accept"
                key = f"{inbound.key}:{position}"
                outcomes.granted(tx, key, inbound.sender, template, accepted=accepted)


def _items(inbound: Inbound) -> list[dict[str, str]]:
    items: Any = json.loads(inbound.extra.get("items") or "[]")
    return [item for item in items if isinstance(item, dict)]
