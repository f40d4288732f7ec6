"""`/console/partners`: 共建单位、红领合伙人: what each gave in a quarter, and its thank-you card."""

from typing import Final

from redprop_bot.volunteers import partners
from redprop_bot.web.api.partners import quarter_in
from redprop_bot.web.console import asking, slips
from redprop_bot.web.console.room import EVERYBODY, Answer, Desk, Page, Room, Way

PATH: Final = "/console/partners"
_BACK: Final = 6


def listed(desk: Desk) -> Answer:
    """All of them in one quarter."""
    chosen = quarter_in(desk)
    quarter, offered = partners.now(desk.tx), []
    for _ in range(_BACK):
        offered.append((quarter.code, quarter.name))
        quarter = partners.before(quarter)
    items = asking.handler("GET", "/partners")(desk).body["items"]
    names = desk.content.labels.given
    return Page(
        "partners/list.html",
        {
            "items": items,
            "heads": list(names.items()),
            "quarter": chosen.name,
            "quarters": slips.options(offered, chosen.code),
        },
    )


ROOM: Final = Room("partners", "共建单位", PATH, (Way("GET", PATH, listed),), roles=EVERYBODY, group="2助力")
