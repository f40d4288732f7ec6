"""Places (阵地) and bookings (预约) by API: what is near, what is free, booking, giving back, use."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from redprop_bot.errors import Forbidden, Invalid, NotFound
from redprop_bot.registry.people import mask_name
from redprop_bot.rules import months
from redprop_bot.rules.positions import Position
from redprop_bot.store import bookings
from redprop_bot.store.tables import Booking, Resource
from redprop_bot.volunteers import booking, places
from redprop_bot.volunteers.booking import Wish
from redprop_bot.web.api import fields, paging, sight
from redprop_bot.web.api.calls import Call, Reply, number_in
from redprop_bot.web.api.fields import Field, Shape, moment, read
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route

_BODY: Final[Shape] = {
    "starts_at": Field("moment", required=True, longest=40),
    "ends_at": Field("moment", required=True, longest=40),
    "heads": Field("whole", "how many people", least=1, most=booking.MOST_HEADS),
    "purpose": Field("text", longest=booking.PURPOSE_LENGTH),
    "name": Field("text", "for whom", longest=booking.NAME_LENGTH),
}
_ACT: Final[Shape] = {
    "act": Field("text", required=True, one_of=("cancel",), code="unknown_act"),
    "reason": Field("text", longest=200),
}
_USE: Final[Shape] = {
    "day": Field("text", "such as 2026-11-25; today when left out", longest=10),
    "heads": Field("whole", "how many came without booking", required=True, least=0, most=booking.MOST_HEADS),
}
_STATES: Final = ("booked", "cancelled")
_FILTERS: Final = {
    "resource": "number of a resource",
    "from": "those that end after this moment",
    "to": "those that begin before it",
    "state": ", ".join(_STATES),
    **paging.QUERY,
}
_NEAR: Final = {
    "lat": "latitude, with lng",
    "lng": "longitude, with lat",
    "estate": "name or alias, in place of a position",
    "sort": "such as 食堂",
    "limit": "1–20",
}


def _item(call: Call, row: Booking, resource: Resource) -> Item:
    masked = call.viewer.role == "viewer"
    return {
        "no": row.no,
        "resource": resource.no,
        "title": resource.title,
        "community": call.register.community_name(row.community_id),
        "starts_at": iso(call, row.starts_at),
        "ends_at": iso(call, row.ends_at),
        "heads": row.heads,
        "purpose": "" if masked else row.purpose,
        "name": mask_name(row.name) if masked else row.name,
        "state": row.state,
        "created_at": iso(call, row.created_at),
        "cancelled_at": iso(call, row.cancelled_at),
        "reason": None if masked else row.reason,
        "version": row.version,
    }


def keeps(call: Call, resource: Resource) -> bool:
    """Whether this token looks after the place."""
    viewer = call.viewer
    if viewer.role == "provider":
        return viewer.organisation_id is not None and resource.organisation_id == viewer.organisation_id
    return viewer.role != "viewer" and viewer.community_id in (None, resource.community_id)


def _resource(call: Call, no: str) -> Resource:
    found = bookings.resource(call.tx, no)
    if found is None or call.viewer.community_id not in (None, found.community_id or call.viewer.community_id):
        raise NotFound("no_resource")
    if found.status != "published" and not keeps(call, found):
        raise NotFound("no_resource")
    return found


def _when(call: Call, name: str) -> datetime | None:
    text = call.query.get(name)
    return moment(text, name, call.content.zone) if text else None


def _found(call: Call) -> Reply:
    state, size = call.query.get("state"), paging.limit(call)
    if state is not None and state not in _STATES:
        raise Invalid("choice", field="state")
    no, viewer = call.query.get("resource"), call.viewer
    try:
        resource = _resource(call, no) if no else None
    except NotFound as none:
        raise Invalid("no_resource", field="resource") from none
    rows = bookings.page(
        call.tx,
        communities=None if viewer.community_id is None else [viewer.community_id],
        organisation_id=viewer.organisation_id,
        resource_id=resource.id if resource else None,
        begin=_when(call, "from"),
        end=_when(call, "to"),
        state=state,
        before_id=paging.before(call, "bookings"),
        limit=size + 1,
    )
    return paging.page("bookings", size, rows, [_of(call, row) for row in rows[:size]])


def _of(call: Call, row: Booking) -> Item:
    return _item(call, row, call.tx.get(Resource, row.resource_id))


def _one(call: Call) -> tuple[Booking, Resource]:
    row = bookings.by_no(call.tx, number_in(call, "B"))
    if row is None or call.viewer.community_id not in (None, row.community_id or call.viewer.community_id):
        raise NotFound("no_booking")
    resource = call.tx.get(Resource, row.resource_id)
    if call.viewer.role == "provider" and not keeps(call, resource):
        raise NotFound("no_booking")
    return row, resource


def _shown(call: Call) -> Reply:
    return Reply(_item(call, *_one(call)))


def _booked(call: Call) -> Reply:
    sight.must_act(call.viewer)
    resource = _resource(call, number_in(call, "R"))
    if not keeps(call, resource):
        raise Forbidden
    given = read(call.body, _BODY)
    start, end = (moment(given[name], name, call.content.zone) for name in ("starts_at", "ends_at"))
    wish = Wish(
        start=start,
        end=end,
        by_name=call.viewer.name,
        name=given.get("name") or call.viewer.name[: booking.NAME_LENGTH],
        heads=given.get("heads", 1),
        purpose=given.get("purpose", ""),
    )
    return Reply(_item(call, booking.book(call.tx, resource, wish), resource), 201)


def _acted(call: Call) -> Reply:
    sight.must_act(call.viewer)
    row, resource = _one(call)
    if not keeps(call, resource):
        raise Forbidden
    given = read(call.body, _ACT)
    done = booking.cancel(
        call.tx, row, by=call.viewer.name, person_id=None, reason=given.get("reason", ""), keeper=True
    )
    return Reply(_item(call, done, resource))


def _free(call: Call) -> Reply:
    """What can still be booked on a day."""
    resource = _resource(call, number_in(call, "R"))
    day = _day(call, call.query.get("day"))
    can = booking.bookable(call.tx, resource, bookings.place(call.tx, resource.id or 0))
    stretches = booking.free(call.tx, resource, day) if can else []
    midnight = datetime(day.year, day.month, day.day, tzinfo=call.content.zone)
    items = [
        {"from": iso(call, midnight + timedelta(minutes=a)), "to": iso(call, midnight + timedelta(minutes=b))}
        for a, b in stretches
    ]
    return Reply({"day": day.isoformat(), "bookable": can, "free": items})


def _day(call: Call, text: str | None) -> date:
    if not text:
        return call.tx.now.astimezone(call.content.zone).date()
    return fields.day(text, "day", code="use_day")


def _used(call: Call) -> Reply:
    """How much a place was used in a month."""
    resource = _resource(call, number_in(call, "R"))
    return Reply(_use(call, resource, _day(call, call.query.get("day"))))


def _use(call: Call, resource: Resource, day: date) -> Item:
    first = day.replace(day=1)
    found = places.use(call.tx, resource, first, months.after(first))
    return {
        "resource": resource.no,
        "month": f"{first:%Y-%m}",
        "bookings": found.bookings,
        "booked_heads": found.booked_heads,
        "counted_heads": found.counted_heads,
    }


def _counted(call: Call) -> Reply:
    sight.must_act(call.viewer)
    resource = _resource(call, number_in(call, "R"))
    if not keeps(call, resource):
        raise Forbidden
    given = read(call.body, _USE)
    day = _day(call, given.get("day"))
    if day > call.tx.now.astimezone(call.content.zone).date():
        raise Invalid("use_day", field="day")
    bookings.count_use(call.tx, resource.id or 0, day.isoformat(), given["heads"], call.viewer.name)
    return Reply(_use(call, resource, day))


def _near(call: Call) -> Reply:
    """The places around a position or an estate, the nearest first."""
    name = call.query.get("estate")
    estate = call.register.estate(name)
    if name and estate is None:
        raise Invalid("unknown_estate", field="estate", name=name[:64])
    here = position(call.query)
    if here is None and estate is None:
        raise Invalid("missing", field="estate")
    text = call.query.get("limit", "20")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:4]) <= 20:
        raise Invalid("bad_limit", field="limit")
    found = places.around(call.tx, here, estate, sort=call.query.get("sort"), most=int(text))
    viewer = call.viewer
    shown = [
        one for one in found if viewer.community_id in (None, one.resource.community_id or viewer.community_id)
    ]
    return Reply({"items": [_place(call, one) for one in shown], "next": None})


def _place(call: Call, one: places.Near) -> Item:
    resource = one.resource
    return {
        "no": resource.no,
        "title": resource.title,
        "kind": resource.kind,
        "community": call.register.community_name(resource.community_id),
        "place": resource.place,
        "hours": resource.hours,
        "open": places.is_open(call.tx, resource),
        "km": round(one.km, 2) if one.km is not None else None,
        "capacity": one.place.capacity if one.place else None,
        "services": list(one.place.services) if one.place else [],
        "bookable": booking.bookable(call.tx, resource, one.place),
    }


def position(query: Any) -> Position | None:
    """`lat` and `lng` of a query; raises Invalid for half of one or what is none."""
    if not query.get("lat") and not query.get("lng"):
        return None
    try:
        lat, lng = float(query.get("lat") or "x"), float(query.get("lng") or "x")
    except ValueError:
        raise Invalid("position", field="lat") from None
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise Invalid("position", field="lat")
    return lat, lng


ROUTES: Final = (
    Route("GET", "/places", _near, "附近有什么", "NearPlace", query=_NEAR, listed=True),
    Route("GET", "/bookings", _found, "预约", "Booking", query=_FILTERS, listed=True),
    Route("GET", "/bookings/{no}", _shown, "预约：一个", "Booking"),
    Route("POST", "/bookings/{no}/acts", _acted, "预约：取消", "Booking", body=_ACT),
    Route(
        "POST", "/resources/{no}/bookings", _booked, "预约一处场地、一样东西", "Booking", body=_BODY, status=201
    ),
    Route("GET", "/resources/{no}/free", _free, "哪段时间还空", "Free", query={"day": "such as 2026-11-25"}),
    Route("GET", "/resources/{no}/use", _used, "用了多少", "Use", query={"day": "a day of the month"}),
    Route("POST", "/resources/{no}/use", _counted, "记下来了多少人", "Use", body=_USE),
)
