"""What the rooms above the loop do when their time has come: one line a room, put together for the sweep."""

from typing import Final

from redprop_bot.loop.due import Deeds
from redprop_bot.volunteers import activity_clock, oddities

ABOVE: Final[Deeds] = {**activity_clock.DO, **oddities.DO}
"""By kind of timer. A room that plans timers of its own adds its deeds here."""
