"""A date as it is written: 12月20日, 2026-12-20. Pure but for the zone of the content."""

import re
from datetime import datetime, timedelta
from typing import Final

from redprop_bot.dialogue.turn import Turn

DATE: Final = re.compile(r"(?:(?P<y>20\d\d)[-年/])?(?P<m>\d{1,2})[-月/](?P<d>\d{1,2})[日号]?")


def day_of(turn: Turn, said: str) -> datetime | None:
    """A date as written, at the end of its working day; without a year, the next such date."""
    match = DATE.fullmatch(said)
    if match is None:
        return None
    zone = turn.tx.content.zone
    today = turn.tx.now.astimezone(zone)
    try:
        day = datetime(int(match["y"] or today.year), int(match["m"]), int(match["d"]), 18, tzinfo=zone)
        if match["y"] is None and day < today - timedelta(days=1):
            day = day.replace(year=day.year + 1)
    except ValueError:
        return None
    return day
