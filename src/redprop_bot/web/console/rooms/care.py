"""`/console/care`: 小区管法: of each estate kind, mode, company or caretaker, trial, what is open."""

from typing import Final
from urllib.parse import urlencode

from redprop_bot.loop import caring
from redprop_bot.web.console.room import COMMUNITY, Answer, Desk, Page, Room, Way


def listed(desk: Desk) -> Answer:
    """Every estate that the desk may see, those of which something is unclear first."""
    mine = desk.viewer.community_id
    found = caring.states(desk.tx, None if mine is None else {mine})
    rows = [
        caring.slots(desk.tx, one)
        | {
            "community": desk.register.community_name(one.estate.community_id) or "",
            "company": one.cared.company or "",
            "taker": one.taker,
            "soon": one.days is not None and one.days <= desk.content.care.warn_days,
            "bare": one.bare,
            "late": one.late,
            "address": f"/console/demands?{urlencode({'estate': one.estate.name})}",
        }
        for one in found
    ]
    counts = (
        ("小区", len(found)),
        ("没有物业公司", sum(1 for one in found if one.bare)),
        ("有托管单位", sum(1 for one in found if one.taker)),
        ("在试行", sum(1 for one in found if one.until is not None)),
        ("还说不清怎么管", sum(1 for one in found if one.unclear)),
    )
    defaults = [
        (one.name, one.caretaker)
        for key, one in desk.register.communities.items()
        if one.caretaker is not None and mine in (None, key)
    ]
    names = desk.content.labels.category
    takes = "、".join(name for code, name in names.items() if code in desk.content.care.categories)
    return Page("care/list.html", {"rows": rows, "counts": counts, "defaults": defaults, "takes": takes})


ROOM: Final = Room(
    "care", "小区管法", caring.PAGE, (Way("GET", caring.PAGE, listed),), roles=COMMUNITY, group="2名册"
)
