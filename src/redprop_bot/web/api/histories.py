"""How the history of an order to a company, or of a case against one, is shown by API.

Only the shape; who may read it is decided by whoever asks for it.
"""

from typing import Final

from redprop_bot.registry.people import mask_name
from redprop_bot.store.tables import Event
from redprop_bot.web.api.calls import Call
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item
from redprop_bot.web.api.schemas import MAY, TEXT, WHEN, Schema, shaped

EVENT: Final[Schema] = shaped(name=TEXT, side=TEXT, by=MAY, text=TEXT, due_at=MAY, at=WHEN)


def event(call: Call, one: Event) -> Item:
    """A company reads on which side something was done, and not by whom."""
    name: str | None = one.by_name
    if call.viewer.role == "provider":
        name = None
    elif call.viewer.role == "viewer":
        name = mask_name(one.by_name)
    return {
        "name": one.name,
        "side": one.data["side"],
        "by": name,
        "text": one.data["reason"],
        "due_at": one.data.get("due"),
        "at": iso(call, one.at),
    }
