"""`/console/places`: the places of a community, a week of each, booking and giving back, use."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from redprop_bot.errors import Invalid
from redprop_bot.notify import words
from redprop_bot.rules import months
from redprop_bot.store import bookings
from redprop_bot.store.tables import Booking, Resource
from redprop_bot.volunteers import booking, places
from redprop_bot.web.api.places import keeps
from redprop_bot.web.console import asking
from redprop_bot.web.console.room import EVERYBODY, Answer, Desk, Goto, Page, Room, Way, whole

PATH: Final = "/console/places"
_KEEPERS: Final = EVERYBODY - {"viewer"}
_SHOWN: Final = 100
_WEEK: Final = "一二三四五六日"


def listed(desk: Desk) -> Answer:
    """The places, each with what is free today and this month's use."""
    communities = [desk.viewer.community_id] if desk.viewer.community_id else list(desk.register.communities)
    found = bookings.listed(desk.tx, communities, limit=_SHOWN)
    if desk.viewer.role == "provider":
        found = [row for row in found if row.organisation_id == desk.viewer.organisation_id]
    return Page("places/list.html", {"rows": [_row(desk, row) for row in found]})


def _row(desk: Desk, row: Resource) -> dict[str, Any]:
    first = desk.today.replace(day=1)
    used = places.use(desk.tx, row, first, months.after(first))
    place = bookings.place(desk.tx, row.id or 0)
    return {
        "no": row.no,
        "title": row.title,
        "where": row.place or _estate(desk, row),
        "hours": row.hours or "没写，随时",
        "capacity": place.capacity if place else None,
        "free": places.free_today(desk.tx, row, desk.today),
        "bookable": booking.bookable(desk.tx, row, place),
        "use": used,
    }


def _estate(desk: Desk, row: Resource) -> str:
    estate = desk.register.estates.get(row.estate_id or 0)
    return estate.name if estate else desk.register.community_name(row.community_id) or ""


def one(desk: Desk) -> Answer:
    """A place: its week, a form to book it, a form to count who came."""
    item = asking.handler("GET", "/resources/{no}")(desk).body
    row = bookings.resource(desk.tx, item["no"])
    assert row is not None
    monday = _monday(desk)
    start = datetime(monday.year, monday.month, monday.day, tzinfo=desk.content.zone)
    taken = bookings.at(desk.tx, row.id or 0, start, start + timedelta(days=7))
    days = [_day(desk, row, monday + timedelta(days=n), taken) for n in range(7)]
    return Page(
        "places/one.html",
        {
            "item": item,
            "row": _row(desk, row),
            "days": days,
            "before": (monday - timedelta(days=7)).isoformat(),
            "after": (monday + timedelta(days=7)).isoformat(),
            "title": f"{monday.month}月{monday.day}日起的一周",
            "may": keeps(desk, row),
            "today": desk.today.isoformat(),
        },
    )


def _monday(desk: Desk) -> date:
    try:
        day = date.fromisoformat(desk.query.get("week", ""))
    except ValueError:
        day = desk.today
    near = min(max(day, desk.today - timedelta(days=3660)), desk.today + timedelta(days=3660))
    return near - timedelta(days=near.weekday())


def _day(desk: Desk, row: Resource, day: date, taken: list[Booking]) -> dict[str, Any]:
    zone = desk.content.zone
    here = [one for one in taken if one.starts_at.astimezone(zone).date() <= day <= _last(one, zone)]
    found = booking.hours(row)
    stretches = found.of(day, desk.content.calendar.is_workday) if found else None
    masked = desk.viewer.role == "viewer"
    return {
        "title": f"周{_WEEK[day.weekday()]} {day.month}月{day.day}日",
        "today": day == desk.today,
        "closed": stretches == [],
        "taken": [
            {
                "no": one.no,
                "when": f"{one.starts_at.astimezone(zone):%H:%M}–{one.ends_at.astimezone(zone):%H:%M}",
                "who": "" if masked else words.quoted(one.name or "居民", 20),
                "purpose": "" if masked else words.quoted(one.purpose, 40),
                "heads": one.heads if one.heads > 1 else "",
                "open": one.ends_at > desk.tx.now,
            }
            for one in here
        ],
    }


def _last(one: Booking, zone: Any) -> date:
    return (one.ends_at - timedelta(seconds=1)).astimezone(zone).date()


def booked(desk: Desk) -> Answer:
    """Book it for somebody who came by or telephoned."""
    heads = desk.field("heads")
    if heads and whole(heads) is None:
        raise Invalid("number", field="heads")
    body = {name: desk.field(name) for name in ("starts_at", "ends_at", "purpose", "name") if desk.field(name)}
    if heads:
        body["heads"] = int(heads)  # type: ignore[assignment]
    asking.handler("POST", "/resources/{no}/bookings")(desk.sending(body))
    week = desk.field("starts_at")[:10]
    return Goto(f"{PATH}/{desk.path['no']}?week={week}", "place_booked")


def given_back(desk: Desk) -> Answer:
    """Call a booking off; who booked it is told."""
    row = bookings.by_no(desk.tx, desk.field("booking"))
    no = row.no if row is not None else desk.field("booking")
    body = {"act": "cancel", **({"reason": desk.field("reason")} if desk.field("reason") else {})}
    asking.handler("POST", "/bookings/{no}/acts")(desk.sending(body, no=no))
    return Goto(f"{PATH}/{desk.path['no']}", "place_given_back")


def counted(desk: Desk) -> Answer:
    """How many came without booking."""
    heads = whole(desk.field("heads"))
    if heads is None:
        raise Invalid("number", field="heads")
    body = {"heads": heads, **({"day": desk.field("day")} if desk.field("day") else {})}
    asking.handler("POST", "/resources/{no}/use")(desk.sending(body))
    return Goto(f"{PATH}/{desk.path['no']}", "place_counted")


def kept(desk: Desk) -> Answer:
    """Where it is, for how many, how many of it, what there is, whether it can be booked."""
    route = asking.route("PATCH", "/resources/{no}")
    asking.handler("PATCH", "/resources/{no}")(desk.sending(asking.sent(desk, route.body or {})))
    return Goto(f"{PATH}/{desk.path['no']}", "edited")


ROOM: Final = Room(
    "places",
    "阵地和预约",
    PATH,
    (
        Way("GET", PATH, listed),
        Way("GET", f"{PATH}/{{no}}", one),
        Way("POST", f"{PATH}/{{no}}", kept, back=one, roles=_KEEPERS),
        Way("POST", f"{PATH}/{{no}}/book", booked, back=one, roles=_KEEPERS),
        Way("POST", f"{PATH}/{{no}}/cancel", given_back, back=one, roles=_KEEPERS),
        Way("POST", f"{PATH}/{{no}}/use", counted, back=one, roles=_KEEPERS),
    ),
    roles=EVERYBODY,
    group="2助力",
)
