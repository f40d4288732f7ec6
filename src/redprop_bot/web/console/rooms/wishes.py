"""`/console/wishes`: 微心愿: what waits for the yes, what hangs on the wall, who gives, whose word is missing."""

from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.errors import Invalid
from redprop_bot.web.api.wishes import KEEPERS, STATUSES
from redprop_bot.web.console import asking, slips
from redprop_bot.web.console.room import COMMUNITY, Answer, Desk, Goto, Page, Room, Way

PATH: Final = "/console/wishes"
_TONES: Final = {"proposed": "amber", "published": "blue", "delivered": "amber", "fulfilled": "green"}
_OFFERED: Final = {
    "published": (("claim", "替人认领"), ("withdraw", "收回")),
    "claimed": (("deliver", "送到了"), ("receive", "收到了"), ("release", "放回心愿墙")),
    "delivered": (("receive", "收到了"), ("miss", "没收到"), ("release", "放回心愿墙")),
}


def listed(desk: Desk) -> Answer:
    """Wishes by how they stand, newest first."""
    status = desk.query.get("status", "")
    query = {"status": status, "limit": "30", "cursor": desk.query.get("cursor", "")}
    found = asking.handler("GET", "/wishes")(desk.asking(**query)).body
    onward = f"{PATH}?{urlencode({'status': status, 'cursor': found['next']})}" if found["next"] else ""
    names = desk.content.labels.wish_status
    return Page(
        "wishes/list.html",
        {
            "items": [_shown(desk, item) for item in found["items"]],
            "onward": onward,
            "statuses": slips.options([(one, names[one]) for one in STATUSES], status),
            "wanted": status,
            "may": desk.viewer.role in KEEPERS,
            "estates": slips.estates(desk),
        },
    )


def _shown(desk: Desk, item: Any) -> dict[str, Any]:
    status = item["status"]
    given = item["claimer"] or {}
    return dict(item) | {
        "status_name": desk.content.labels.wish_status[status],
        "tone": _TONES.get(status, ""),
        "giver": given.get("organisation") or given.get("name") or "",
        "acts": _OFFERED.get(status, ()),
        "delivered_when": slips.when(desk, item.get("delivered_at")),
        "received_when": slips.when(desk, item.get("received_at")),
    }


def one(desk: Desk) -> Answer:
    """One wish and what can be done."""
    item = asking.handler("GET", "/wishes/{no}")(desk).body
    people = sorted(name for p in desk.register.members if (name := desk.register.people[p].name))
    units = sorted(unit.name for unit in desk.register.organisations.values() if unit.active)
    return Page(
        "wishes/one.html",
        {
            "item": _shown(desk, item),
            "may": desk.viewer.role in KEEPERS,
            "may_decide": desk.viewer.role in KEEPERS - {"clerk"},
            "members": people,
            "units": units,
        },
    )


def entered(desk: Desk) -> Answer:
    """A wish that somebody told the community."""
    route = asking.route("POST", "/wishes")
    item = route.handler(desk.sending(asking.sent(desk, route.body or {}, needed="text"))).body
    return Goto(f"{PATH}/{item['no']}", "entered")


def acted(desk: Desk) -> Answer:
    """The yes or no, or a step for somebody who said so to the community."""
    body = {name: desk.field(name) for name in ("act", "text", "organisation", "thanks") if desk.field(name)}
    if member := desk.field("member"):
        person = desk.register.person_named(member)
        if person is None:
            raise Invalid("wish_giver", field="member")
        body["userid"] = person.userid or person.openid or ""
    item = asking.handler("POST", "/wishes/{no}/acts")(desk.sending(body)).body
    return Goto(f"{PATH}/{item['no']}", f"wish_{body['act']}")


ROOM: Final = Room(
    "wishes",
    "微心愿",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("POST", PATH, entered, back=listed, roles=KEEPERS),
        Way("GET", f"{PATH}/{{no}}", one),
        Way("POST", f"{PATH}/{{no}}", acted, back=one, roles=KEEPERS),
    ),
    roles=COMMUNITY,
    group="2助力",
)
