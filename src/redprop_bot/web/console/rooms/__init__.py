"""The rooms of the console, in the order of the navigation. A new room is a module here and an entry in `ALL`."""

from typing import Final

from redprop_bot.web.console.room import Room
from redprop_bot.web.console.rooms import (
    audit,
    board,
    demands,
    duties,
    figures,
    matching,
    meetings,
    messages,
    offers,
    people,
    places,
    posters,
    roster,
    settings,
    today,
)

ALL: Final[tuple[Room, ...]] = (
    today.ROOM,
    demands.ROOM,
    figures.ROOM,
    offers.RESOURCES,
    offers.SERVICES,
    duties.ROOM,
    board.ROOM,
    meetings.ROOM,
    matching.ROOM,
    places.ROOM,
    people.ROOM,
    roster.ROOM,
    posters.ROOM,
    messages.ROOM,
    audit.ROOM,
    settings.ROOM,
)
