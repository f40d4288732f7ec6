"""`/console/points`: the ledger, points by hand with another's yes, counter-entries, what is odd."""

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.errors import Invalid, NotFound
from redprop_bot.store import people
from redprop_bot.volunteers import oddities
from redprop_bot.web.api import points as api
from redprop_bot.web.console import slips
from redprop_bot.web.console.room import COMMUNITY, KEEPERS, Answer, Desk, Goto, Page, Room, Way, whole

PATH: Final = "/console/points"
_ASKERS: Final = KEEPERS | {"clerk"}
_BOOKS: Final = {"machine": "系统记录", "hand": "手工"}
_LOOK_BACK: Final = timedelta(days=7)
_STATES: Final = {"open": "等同意", "approved": "已同意", "refused": "没同意"}


def listed(desk: Desk) -> Answer:
    """The ledger, newest first; above it what waits and what is odd."""
    wanted = {name: desk.query[name] for name in ("ledger", "userid") if desk.query.get(name)}
    asked = dict(wanted)
    if "userid" in asked and people.called(desk.tx, asked["userid"]) is None:
        named = people.by_name(desk.tx, asked["userid"])
        asked["userid"] = (named.userid or named.openid or "?") if named else "?"
    found = api.found(desk.asking(**asked, limit="50", cursor=desk.query.get("cursor", ""))).body
    onward = f"{PATH}?{urlencode({**wanted, 'cursor': found['next']})}" if found["next"] else ""
    values = {
        "items": [_shown(desk, item) for item in found["items"]],
        "onward": onward,
        "wanted": wanted,
        "books": slips.options(list(_BOOKS.items()), wanted.get("ledger", "")),
        "requests": [_request(desk, item) for item in api.waiting(desk).body["items"]],
        "odd": _odd(desk),
        "may_ask": desk.viewer.role in _ASKERS,
        "may_decide": desk.viewer.role in KEEPERS,
    }
    return Page("points/list.html", values)


def _shown(desk: Desk, item: dict[str, Any]) -> dict[str, Any]:
    return item | {
        "when": slips.day(desk, _moment(item["at"])),
        "book": _BOOKS[item["ledger"]],
        "sign": f"{item['delta']:+d}",
    }


def _request(desk: Desk, item: dict[str, Any]) -> dict[str, Any]:
    return item | {"when": slips.day(desk, _moment(item["at"])), "state_name": _STATES[item["state"]]}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _odd(desk: Desk) -> list[str]:
    """What the last days show; to keepers only, for it names people."""
    if desk.viewer.role not in KEEPERS:
        return []
    own = desk.viewer.community_id
    found = oddities.between(desk.tx, desk.tx.now - _LOOK_BACK, desk.tx.now)
    return [one.line for one in found if own in (None, one.community_id)][:20]


def asked(desk: Desk) -> Answer:
    """Ask for points by hand."""
    name = desk.field("name")
    found = people.called(desk.tx, name) or people.by_name(desk.tx, name)
    if found is None:
        raise Invalid("no_person_called", field="name", name=name)
    number = whole(desk.field("delta"))
    if number is None:
        raise Invalid("points_positive", field="delta")
    who = found.userid or found.openid
    api.asked(desk.sending({"userid": who, "delta": number, "reason": desk.field("reason")}))
    return Goto(PATH, "points_asked")


def decided(desk: Desk) -> Answer:
    """Somebody else's yes or no."""
    api.decided(desk.sending({"act": desk.field("act")}))
    return Goto(PATH, "points_decided")


def countered(desk: Desk) -> Answer:
    """Take an entry back by another."""
    key = whole(desk.field("id"))
    if key is None:
        raise NotFound
    api.countered(desk.sending({"act": "counter", "reason": desk.field("reason")}, id=str(key)))
    return Goto(PATH, "points_countered")


def person(desk: Desk) -> Answer:
    """What somebody has, and how it came about."""
    found = api.statement(desk.asking(limit="100")).body
    values = {
        "name": found["person"]["name"] or "居民",
        "balance": found["balance"],
        "items": [_shown(desk, item) for item in found["items"]],
    }
    return Page("points/person.html", values)


ROOM: Final = Room(
    "points",
    "积分台账",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("POST", f"{PATH}/ask", asked, back=listed, roles=_ASKERS),
        Way("POST", f"{PATH}/requests/{{id}}", decided, back=listed, roles=KEEPERS),
        Way("POST", f"{PATH}/counter", countered, back=listed, roles=KEEPERS),
        Way("GET", f"{PATH}/of/{{userid}}", person),
    ),
    roles=COMMUNITY,
    group="2助力",
    key="i",
)
