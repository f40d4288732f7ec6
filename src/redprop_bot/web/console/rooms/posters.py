"""`/console/posters`: which posters there are to print; the sheets themselves are `web.posters`."""

from typing import Final
from urllib.parse import quote

from redprop_bot.web.console.room import EVERYBODY, Answer, Desk, Page, Room, Way
from redprop_bot.web.posters.printing import PATH
from redprop_bot.web.posters.sheets import places


def listed(desk: Desk) -> Answer:
    """Estates with their buildings."""
    reg = desk.register
    rows = [
        {
            "name": estate.name,
            "community": reg.communities[estate.community_id].name,
            "path": f"{PATH}/{quote(estate.name, safe='')}",
            "buildings": [
                (building.no, quote(building.no, safe="")) for building in reg.buildings.get(estate.id or 0, ())
            ],
        }
        for estate in places(reg, desk.viewer)
    ]
    return Page("posters/list.html", {"rows": rows})


ROOM: Final = Room("posters", "扫码海报", PATH, (Way("GET", PATH, listed),), roles=EVERYBODY, group="2名册")
