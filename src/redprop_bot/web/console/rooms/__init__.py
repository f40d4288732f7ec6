"""The rooms of the console, in the order of the navigation. A new room is a module here and an entry in `ALL`."""

from typing import Final

from redprop_bot.web.console.room import Room
from redprop_bot.web.console.rooms import (
    activities,
    audit,
    board,
    demands,
    duties,
    figures,
    mediations,
    meetings,
    messages,
    offers,
    people,
    points,
    posters,
    projects,
    roster,
    settings,
    shop,
    today,
    visits,
    whistles,
    wishes,
)

ALL: Final[tuple[Room, ...]] = (
    today.ROOM,
    demands.ROOM,
    figures.ROOM,
    offers.RESOURCES,
    offers.SERVICES,
    duties.ROOM,
    activities.ROOM,
    points.ROOM,
    wishes.ROOM,
    shop.ROOM,
    visits.ROOM,
    board.ROOM,
    meetings.ROOM,
    projects.ROOM,
    mediations.ROOM,
    whistles.ROOM,
    people.ROOM,
    roster.ROOM,
    posters.ROOM,
    messages.ROOM,
    audit.ROOM,
    settings.ROOM,
)
