"""`/console/visits`: 走访 (三访三问): how many per worker, estate and kind, and the log with what came of each."""

from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from redprop_bot.rules import months
from redprop_bot.store import visits as rows
from redprop_bot.web.console import asking, slips
from redprop_bot.web.console.room import COMMUNITY, Answer, Desk, Page, Room, Way

PATH: Final = "/console/visits"
_SPANS: Final = (("month", "本月"), ("last", "上月"), ("quarter", "本季度"), ("year", "今年"))


def listed(desk: Desk) -> Answer:
    """Counts of a span, and the log of it."""
    span = desk.query.get("span", "month")
    begin, end = _between(desk.today, span)
    wanted = {name: desk.query[name] for name in ("estate", "kind") if desk.query.get(name)}
    dates = {"from": begin.isoformat()} | ({"to": end.isoformat()} if end else {})
    counted = asking.handler("GET", "/visit-stats")(desk.asking(**wanted, **dates)).body
    query = {**wanted, **dates, "limit": "30", "cursor": desk.query.get("cursor", "")}
    found = asking.handler("GET", "/visits")(desk.asking(**query)).body
    onward = {"span": span, **wanted, "cursor": found["next"] or ""}
    kinds = [(kind.code, kind.name) for kind in desk.content.visits.kinds]
    return Page(
        "visits/list.html",
        {
            "counted": counted,
            "items": [_shown(desk, item) for item in found["items"]],
            "onward": f"{PATH}?{urlencode(onward)}" if found["next"] else "",
            "spans": slips.options(list(_SPANS), span),
            "kinds": slips.options(kinds, wanted.get("kind", "")),
            "estates": slips.options([(name, name) for name in slips.estates(desk)], wanted.get("estate", "")),
        },
    )


def _between(today: date, span: str) -> tuple[date, date | None]:
    month = today.replace(day=1)
    if span == "last":
        return months.before(month), month - timedelta(days=1)
    if span == "quarter":
        return month.replace(month=3 * ((month.month - 1) // 3) + 1), None
    if span == "year":
        return month.replace(month=1), None
    return month, None


def _shown(desk: Desk, item: Any) -> dict[str, Any]:
    visit = rows.by_no(desk.tx, item["no"])
    parts = ((item["building"], "栋"), (item["unit"], "单元"), (item["room"], ""))
    where = (item["estate"] or item["community"] or "") + "".join(f"{v}{word}" for v, word in parts if v)
    rooms = {"D": "demands", "W": "wishes"}
    matters = [{"no": no, "address": f"/console/{rooms[no[0]]}/{no}"} for no in item["matters"]]
    day = slips.day(desk, visit.visited_at) if visit else ""
    return dict(item) | {"where": where, "when": day, "came": matters}


ROOM: Final = Room("visits", "走访", PATH, (Way("GET", PATH, listed),), roles=COMMUNITY, group="2助力")
