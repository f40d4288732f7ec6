"""走访记错了，是12户: the visit that was logged is set right, and no other one; what stood there is kept."""

import re
from datetime import timedelta
from typing import Final

from redprop_bot.dialogue import hearing
from redprop_bot.dialogue.turn import Turn
from redprop_bot.store import visits as rows
from redprop_bot.store.tables import Visit
from redprop_bot.store.visits import Wanted
from redprop_bot.volunteers import visits

_REACH: Final = 200
_HOURS: Final = 24
"""Without a number only what was logged just now is meant."""
_HOUSEHOLDS: Final = re.compile(r"户|^\d{1,2}$")
_ROOM: Final = re.compile(r"(?P<room>\d{3,4})(?:室|号)?")


def own(turn: Turn, no: str) -> Visit | None:
    """The visit with this number among those that the speaker logged; without one, their last of today."""
    mine = rows.page(turn.tx, Wanted(None, worker_id=turn.person_id), limit=_REACH)
    if no:
        return next((v for v in mine if v.no == no or v.no.endswith(f"-{no[1:].zfill(4)}")), None)
    since = turn.tx.now - timedelta(hours=_HOURS)
    return mine[0] if mine and mine[0].created_at >= since else None


def correct(turn: Turn, no: str, right: str) -> None:
    """Another count or another home, by who logged it; what cannot be read is asked for and nothing is logged."""
    found = own(turn, no)
    if found is None:
        turn.say("visit.not_yours" if no else "visit.none_to_correct", no=no)
        return
    place = _place(turn, found, right)
    count = _HOUSEHOLDS.search(right) is not None
    if not count and place is None:
        turn.say("visit.correct_how", no=found.no)
        return
    before = _described(turn, found)
    households = visits.households_in(turn.tx, right if "户" in right else f"{right}户") if count else None
    changed = visits.correct(turn.tx, found, households=households, place=place)
    after = _described(turn, changed)
    changed = visits.noted(
        turn.tx, changed, turn.tx.content.replies.say("visit.correction", before=before, after=after)
    )
    matters = "、".join(changed.matters) if place is not None else ""
    turn.say("visit.corrected", no=changed.no, before=before, after=after, matters=matters)


def _place(turn: Turn, visit: Visit, right: str) -> visits.Place | None:
    """Where it was, as far as another place is named; what is not named stays."""
    slots = hearing.read(turn, text=f"走访{right}")[0].slots
    said = {name: str(slots[name]) for name in ("building", "unit", "room") if slots.get(name)}
    bare = _ROOM.fullmatch(right)
    if bare is not None:
        said = {"room": bare["room"]}
    estate = turn.register.estate(str(slots.get("estate") or "") or None)
    if not said and estate is None:
        return None
    return visits.Place(
        community_id=estate.community_id if estate else visit.community_id,
        estate_id=estate.id if estate else visit.estate_id,
        building=said.get("building", visit.building),
        unit=said.get("unit", None if "building" in said else visit.unit),
        room=said.get("room", None if "building" in said else visit.room),
    )


def where(turn: Turn, visit: Visit) -> str:
    """The home or estate of a visit, as far as it was said."""
    estate = turn.register.estates.get(visit.estate_id or 0)
    parts = ((visit.building, "栋"), (visit.unit, "单元"), (visit.room, ""))
    return (estate.name if estate else "") + "".join(f"{value}{word}" for value, word in parts if value)


def _described(turn: Turn, visit: Visit) -> str:
    slots = {"where": where(turn, visit), "households": str(visit.households)}
    return turn.tx.content.replies.say("visit.described", **slots)
