"""The rooms of the console, in the order of the navigation. A new room is a module here and an entry in `ALL`."""

from typing import Final

from redprop_bot.web.console.room import Room
from redprop_bot.web.console.rooms import audit, demands, duties, messages, offers, people, roster, settings, today

ALL: Final[tuple[Room, ...]] = (
    today.ROOM,
    demands.ROOM,
    offers.RESOURCES,
    offers.SERVICES,
    duties.ROOM,
    people.ROOM,
    roster.ROOM,
    messages.ROOM,
    audit.ROOM,
    settings.ROOM,
)
