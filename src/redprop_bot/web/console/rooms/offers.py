"""`/console/resources`, `/console/services`: two of the four lists: read, entered, edited, with their versions."""

from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.web.api.offers import STATUSES
from redprop_bot.web.console import asking, slips
from redprop_bot.web.console.room import Answer, Desk, Goto, Page, Room, Way

_EDITORS: Final = frozenset({"admin", "street", "secretary", "clerk", "provider"})
_STATUS_NAMES: Final = {"proposed": "等同意", "published": "已公布", "refused": "不公布", "withdrawn": "已收回"}
_TONES: Final = {"proposed": "amber", "published": "green"}


def _room(name: str, title: str, what: str, key: str) -> Room:
    path = f"/console/{name}"
    api = f"/{name}"

    def listed(desk: Desk) -> Answer:
        wanted = {field: desk.query[field] for field in ("status", "q") if desk.query.get(field)}
        query = {**wanted, "limit": "30", "cursor": desk.query.get("cursor", "")}
        found = asking.handler("GET", api)(desk.asking(**query)).body
        onward = f"{path}?{urlencode({**wanted, 'cursor': found['next']})}" if found["next"] else ""
        values = {
            "items": [_shown(item) for item in found["items"]],
            "onward": onward,
            "wanted": wanted,
            "statuses": slips.options(
                [(status, _STATUS_NAMES[status]) for status in STATUSES], wanted.get("status", "")
            ),
        }
        return Page("offers/list.html", values | _about(title, what, path))

    def one(desk: Desk) -> Answer:
        item = asking.handler("GET", f"{api}/{{no}}")(desk).body
        kind = "resource" if name == "resources" else "service"
        values = {
            "item": _shown(item),
            "statuses": slips.options([(s, _STATUS_NAMES[s]) for s in STATUSES[1:]], item["status"]),
            "versions": asking.history(desk, kind, item["no"]),
            "may": desk.viewer.role in _EDITORS,
        }
        return Page("offers/one.html", values | _about(title, what, path))

    def fresh(desk: Desk) -> Answer:
        values = {"estates": slips.estates(desk), "kinds": _kinds(desk) if name == "resources" else []}
        return Page("offers/new.html", _about(title, what, path) | values)

    def entered(desk: Desk) -> Answer:
        route = asking.route("POST", api)
        item = route.handler(desk.sending(asking.sent(desk, route.body or {}, needed="title"))).body
        return Goto(f"{path}/{item['no']}", "entered")

    def edited(desk: Desk) -> Answer:
        route = asking.route("PATCH", f"{api}/{{no}}")
        item = route.handler(desk.sending(asking.sent(desk, route.body or {}, needed="title"))).body
        return Goto(f"{path}/{item['no']}", "edited")

    return Room(
        name,
        title,
        path,
        (
            Way("GET", path, listed),
            Way("GET", f"{path}/new", fresh, roles=_EDITORS),
            Way("POST", f"{path}/new", entered, back=fresh, roles=_EDITORS),
            Way("GET", f"{path}/{{no}}", one),
            Way("POST", f"{path}/{{no}}", edited, back=one, roles=_EDITORS),
        ),
        group="1清单",
        key=key,
    )


def _kinds(desk: Desk) -> list[str]:
    """What can be booked or lent, as people call it."""
    rules = desk.content.booking
    return [one for one in (*rules.kinds, *rules.lend_kinds) if not one.isascii()]


def _about(title: str, what: str, path: str) -> dict[str, Any]:
    return {"title": title, "what": what, "path": path}


def _shown(item: dict[str, Any] | Any) -> dict[str, Any]:
    status = item["status"]
    return dict(item) | {"status_name": _STATUS_NAMES[status], "tone": _TONES.get(status, "")}


RESOURCES: Final = _room("resources", "资源清单", "能用的东西、场地", "r")
SERVICES: Final = _room("services", "服务清单", "能出的人、手艺", "s")
