"""`/console/activities`: the calendar, planning, who takes part, the code on the big screen, what is set right.

What may be done by whom is decided by the API's handlers; here only pages.
"""

from datetime import datetime
from typing import Any, Final

from redprop_bot.errors import Invalid, NotFound, Refused
from redprop_bot.media import documents
from redprop_bot.registry.people import RESIDENT_NAME
from redprop_bot.store import activities as rows
from redprop_bot.store import people
from redprop_bot.store.tables import Activity
from redprop_bot.volunteers import activities, activity_telling, attendance
from redprop_bot.web import loose
from redprop_bot.web.api import activities as api
from redprop_bot.web.api import activity_shapes
from redprop_bot.web.console import asking, slips
from redprop_bot.web.console.room import Answer, Desk, Goto, Page, Room, Way, whole
from redprop_bot.web.console.rooms import board
from redprop_bot.web.posters import codes

PATH: Final = "/console/activities"
_EDITORS: Final = frozenset({"admin", "street", "secretary", "clerk", "provider"})
_STATES: Final = {"planned": "等公布", "published": "报名中", "cancelled": "已取消", "over": "已结束"}
_TONES: Final = {"planned": "amber", "published": "green", "cancelled": "red"}
_PLACES: Final = {"going": "已报上", "waiting": "排队", "left": "已退出"}
_WAYS: Final = {"code": "码", "scene": "扫码", "place": "位置", "organiser": "补签"}
_FORM: Final = ("title", "kind", "note", "place", "starts_at", "ends_at", "capacity", "points")


def calendar(desk: Desk) -> Answer:
    """A year, month by month; a month without one says so (月月有专场), those that are over in one line."""
    zone = desk.content.zone
    year = whole(desk.query.get("year", "")) or desk.today.year
    if not 2000 <= year <= 2100:
        raise Invalid("number", field="year")
    begin, end = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    own = desk.viewer.community_id
    inside = None if own is None else [own]
    found = rows.between(desk.tx, inside, begin, end, states=tuple(_STATES), limit=500)
    shown = [_slip(desk, item) for item in api.items(desk, [a for a in found if api.sees(desk.viewer, a)])]
    by_month = {month: [one for one in shown if one["month"] == (year, month)] for month in range(1, 13)}
    over = [month for month in by_month if (year, month) < (desk.today.year, desk.today.month)]
    values = {
        "year": year,
        "months": [(month, items) for month, items in by_month.items() if items or month not in over],
        "bare": [month for month in over if not by_month[month]],
        "now": desk.today.month if year == desk.today.year else 0,
    }
    return Page("activities/calendar.html", values)


def _slip(desk: Desk, item: dict[str, Any]) -> dict[str, Any]:
    starts, ends = (datetime.fromisoformat(item[name]) for name in ("starts_at", "ends_at"))
    limit = f"/{item['capacity']}" if item["capacity"] is not None else ""
    return item | {
        "when": activity_telling.when(desk.tx, starts, ends),
        "month": (starts.year, starts.month),
        "status_name": _STATES[item["status"]],
        "tone": _TONES.get(item["status"], ""),
        "kind_name": desk.content.activities.kind_name(item["kind"]),
        "places": f"{item['signups']}{limit}",
        "address": f"{PATH}/{item['no']}",
    }


def fresh(desk: Desk) -> Answer:
    """The form of a new one."""
    return Page("activities/new.html", {"kinds": _kinds(desk, "volunteer"), "communities": _communities(desk)})


def _kinds(desk: Desk, chosen: str) -> list[dict[str, Any]]:
    return slips.options(list(desk.content.activities.kinds.items()), chosen)


def _communities(desk: Desk) -> list[str]:
    own = desk.viewer.community_id
    return [c.name for key, c in desk.register.communities.items() if own in (None, key)]


def _sent(desk: Desk, names: tuple[str, ...]) -> dict[str, Any]:
    """What the form says; what was left empty is left out, but a limit and points, which may be taken away."""
    shape = {name: activity_shapes.FIELDS[name] for name in names}
    given = asking.sent(desk, shape, needed="title")
    kept = {n: v for n, v in given.items() if v not in (None, " ") or n in ("capacity", "points", "note", "place")}
    return {name: "" if value == " " else value for name, value in kept.items()}


def entered(desk: Desk) -> Answer:
    """Plan it."""
    given = _sent(desk, _FORM)
    if desk.field("community"):
        given["community"] = desk.field("community")
    item = api.planned(desk.sending(given)).body
    return Goto(f"{PATH}/{item['no']}", "entered")


def one(desk: Desk) -> Answer:
    """One with its list."""
    item = dict(api.one(desk).body)
    found = rows.by_no(desk.tx, item["no"])
    assert found is not None
    keeps = api.hand(desk.viewer).keeps(found)
    local = {n: datetime.fromisoformat(item[n]).strftime("%Y-%m-%dT%H:%M") for n in ("starts_at", "ends_at")}
    values = {
        "item": _slip(desk, item),
        "local": local,
        "kinds": _kinds(desk, item["kind"]),
        "keeps": keeps and desk.viewer.role != "viewer",
        "people": _people(desk, found) if keeps else [],
        "photos": [photo.id for photo in rows.photos(desk.tx, found.id or 0)] if keeps else [],
        "may_publish": api.hand(desk.viewer).publishes(found.community_id),
    }
    return Page("activities/one.html", values)


def _people(desk: Desk, activity: Activity) -> list[dict[str, Any]]:
    assert activity.id is not None
    places = rows.sign_ups(desk.tx, activity.id, "going", "waiting", "left")
    came = {row.person_id: row for row in rows.attendances(desk.tx, activity.id)}
    known = people.named(desk.tx, {row.person_id for row in places})
    made = []
    for row in places:
        here = came.get(row.person_id)
        person = known[row.person_id]
        made.append(
            {
                "key": row.person_id,
                "name": person.name or f"{RESIDENT_NAME} {row.person_id}",
                "state": _PLACES[row.state],
                "came": slips.day(desk, here.came_at) if here else "",
                "left": slips.day(desk, here.left_at) if here and here.left_at else "",
                "way": _WAYS[here.way] if here else "",
                "reason": here.reason if here else "",
                "points": attendance.booked_points(desk.tx, here) if here else None,
            }
        )
    return made


def edited(desk: Desk) -> Answer:
    """Keep what was changed."""
    given = _sent(desk, _FORM) | {"version": desk.version}
    item = api.edited(desk.sending(given)).body
    return Goto(f"{PATH}/{item['no']}", "edited")


def acted(desk: Desk) -> Answer:
    """Publish, call off, count heads, set right who came."""
    no, act = desk.path["no"], desk.field("act")
    if act in ("correct", "strike"):
        _set_right(desk, act)
    else:
        body: dict[str, Any] = {"act": act}
        if act == "cancel":
            body["reason"] = desk.field("reason")
        if act == "headcount":
            body["number"] = whole(desk.field("number"))
        api.acted(desk.sending(body))
    return Goto(f"{PATH}/{no}", "edited")


def _set_right(desk: Desk, act: str) -> None:
    activity = rows.by_no(desk.tx, desk.path["no"])
    person = whole(desk.field("person"))
    name = desk.field("name")
    if person is None and name:
        found = people.called(desk.tx, name) or people.by_name(desk.tx, name)
        person = found.id if found else None
    if activity is None or person is None:
        raise Invalid("no_person_called", field="name", name=name)
    by, reason = api.hand(desk.viewer), desk.field("reason")
    if act == "strike":
        attendance.strike(desk.tx, activity, person, by, reason=reason)
    else:
        attendance.correct(desk.tx, activity, person, by, reason=reason)


def pictured(desk: Desk) -> Answer:
    """Put up a picture that was cleaned and kept before."""
    activity = _kept(desk)
    if desk.ready is None:
        raise Invalid("no_file", field="file")
    activities.add_photo(desk.tx, activity, desk.ready, api.hand(desk.viewer))
    return Goto(f"{PATH}/{activity.no}", "entered")


def unpictured(desk: Desk) -> Answer:
    """Take it down."""
    activity, key = _kept(desk), whole(desk.path["key"])
    activities.drop_photo(desk.tx, activity, key or 0, api.hand(desk.viewer))
    return Goto(f"{PATH}/{activity.no}", "edited")


def _kept(desk: Desk) -> Activity:
    found = rows.by_no(desk.tx, desk.path["no"])
    if found is None or not api.sees(desk.viewer, found):
        raise NotFound
    return found


def code(desk: Desk) -> Answer:
    """The code for the big screen, and the same to scan; the page renews itself when the code does."""
    shown = api.code(desk).body
    activity = rows.by_no(desk.tx, shown["no"])
    assert activity is not None
    assert activity.id is not None
    counted = rows.counts(desk.tx, [activity.id])[activity.id]
    address = f"{desk.content.address}/m/activities/{shown['no']}?code={shown['code']}"
    values = {
        "title": activity.title,
        "no": shown["no"],
        "digits": shown["code"],
        "seconds": shown["seconds"],
        "renew": shown["seconds"] + 1,
        "svg": codes.drawn(address),
        "came": counted["came"],
        "going": counted["going"],
        "address": f"{PATH}/{shown['no']}",
    }
    return Page("activities/code.html", values)


def _back(desk: Desk) -> Answer:
    try:
        return one(desk)
    except Refused:
        return calendar(desk)


ROOM: Final = Room(
    "activities",
    "活动",
    PATH,
    (
        Way("GET", PATH, calendar),
        Way("GET", f"{PATH}/new", fresh, roles=_EDITORS),
        Way("POST", f"{PATH}/new", entered, back=fresh, roles=_EDITORS),
        Way("GET", f"{PATH}/{{no}}", one),
        Way("POST", f"{PATH}/{{no}}", edited, back=_back, roles=_EDITORS),
        Way("POST", f"{PATH}/{{no}}/act", acted, back=_back, roles=_EDITORS),
        Way("GET", f"{PATH}/{{no}}/code", code, roles=_EDITORS),
        Way(
            "POST",
            f"{PATH}/{{no}}/photos",
            pictured,
            back=_back,
            roles=_EDITORS,
            upload=documents.LIMIT,
            before=board.kept,
            undo=loose.paper,
        ),
        Way("POST", rf"{PATH}/{{no}}/photos/{{key:\d{{1,15}}}}/drop", unpictured, back=_back, roles=_EDITORS),
    ),
    group="2助力",
    key="v",
)
