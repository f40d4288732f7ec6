"""Activities by API: the calendar, planning and publishing, places, check-in, and what the organiser sets right.

Names of who takes part are told to keepers of the community and to who organises it; everybody else sees numbers.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.registry.people import mask_name
from redprop_bot.rules.activities import STATES, Way
from redprop_bot.store import activities as rows
from redprop_bot.store import people
from redprop_bot.store.tables import Activity, Person
from redprop_bot.volunteers import activities, activity_telling, attendance, signing_up
from redprop_bot.volunteers.activities import Plan
from redprop_bot.volunteers.attendance import Proof
from redprop_bot.volunteers.hands import Hand
from redprop_bot.volunteers.hands import speaking as hand_of
from redprop_bot.web.access import Viewer, community_called
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.activity_shapes import ACT, ACTS, BODY, CHANGE, FILTERS
from redprop_bot.web.api.calls import Call, Reply, key_in, number_in
from redprop_bot.web.api.fields import moment, read, timed
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route

_KEEPERS: Final = ("admin", "street", "secretary", "clerk")


def hand(viewer: Viewer) -> Hand:
    """A token or a seat as a hand: keepers of the lists in their community, units for what they organise."""
    if viewer.speaker is not None:
        return hand_of(viewer.speaker)
    own = viewer.community_id
    if viewer.role not in sight.EDITORS:
        return Hand(viewer.name, None, frozenset(), viewer.organisation_id)
    return Hand(viewer.name, None, None if own is None else frozenset({own}), viewer.organisation_id)


def items(call: Call, found: list[Activity]) -> list[Item]:
    """The items of these activities, in their order."""
    counted = rows.counts(call.tx, [a.id for a in found if a.id is not None])
    return [_item(call, activity, counted[activity.id or 0]) for activity in found]


def item(call: Call, activity: Activity) -> Item:
    """The item of one."""
    return items(call, [activity])[0]


def _item(call: Call, activity: Activity, counted: Mapping[str, int]) -> Item:
    reg, masked = call.register, call.viewer.role == "viewer"
    readable = partial(sight.covers, call.viewer, staff=True)
    unit = reg.organisations.get(activity.organisation_id or 0)
    return {
        "id": activity.id,
        "no": activity.no,
        "title": readable(activity.title),
        "kind": activity.kind,
        "note": readable(activity.note),
        "community": reg.community_name(activity.community_id),
        "place": readable(activity.place),
        "lat": activity.lat,
        "lng": activity.lng,
        "starts_at": iso(call, activity.starts_at),
        "ends_at": iso(call, activity.ends_at),
        "capacity": activity.capacity,
        "points": activity.points,
        "signups": counted["going"],
        "waiting": counted["waiting"],
        "checkins": counted["came"],
        "head_count": activity.head_count,
        "status": activity.state,
        "reason": readable(activity.cancel_reason),
        "organiser": mask_name(activity.organiser) or ""
        if masked and activity.organiser_id
        else activity.organiser,
        "organisation": unit.name if unit else None,
        "created_at": iso(call, activity.created_at),
        "updated_at": iso(call, activity.updated_at),
        "version": activity.version,
    }


def sees(viewer: Viewer, activity: Activity) -> bool:
    """Whether it is there for this token: what is only planned for who keeps the community or planned it."""
    if viewer.community_id is not None and activity.community_id not in (None, viewer.community_id):
        return False
    own = viewer.organisation_id is not None and activity.organisation_id == viewer.organisation_id
    return activity.state != "planned" or viewer.role in _KEEPERS or own


def _one(call: Call, *, lock: bool = False) -> Activity:
    if call.path["no"].isdigit():  # its key, as in the item
        found = rows.by_key(call.tx, key_in(call, "no"), lock=lock)
    else:
        found = rows.by_no(call.tx, number_in(call, "A"), lock=lock)
    if found is None or not sees(call.viewer, found):
        raise NotFound
    return found


def _kept(call: Call) -> Activity:
    found = _one(call)
    hand(call.viewer).must_keep(found)
    return found


# -- reading


def found(call: Call) -> Reply:
    """A page of activities, newest first."""
    status = call.query.get("status")
    if status is not None and status not in STATES:
        raise Invalid("choice", field="status")
    size, zone, viewer = paging.limit(call), call.content.zone, call.viewer
    since, until = call.query.get("from"), call.query.get("to")
    page = rows.page(
        call.tx,
        communities=None if viewer.community_id is None else [viewer.community_id],
        states=None if status is None else [status],
        since=moment(since, "from", zone) if since else None,
        until=moment(until, "to", zone, days=1) if until else None,
        before_id=paging.before(call, "activities"),
        limit=size + 1,
    )
    return paging.page("activities", size, page, items(call, [a for a in page[:size] if sees(viewer, a)]))


def one(call: Call) -> Reply:
    """One activity."""
    return Reply(item(call, _one(call)))


def participants(call: Call) -> Reply:
    """Who takes part, for who keeps it."""
    activity = _kept(call)
    assert activity.id is not None
    places = rows.sign_ups(call.tx, activity.id, "going", "waiting", "left")
    came = {row.person_id: row for row in rows.attendances(call.tx, activity.id)}
    known = people.named(call.tx, {row.person_id for row in places})
    made: list[Item] = []
    for row in places:
        person, here = known.get(row.person_id), came.get(row.person_id)
        made.append(
            {
                "userid": (person.userid or person.openid) if person else None,
                "name": person.name if person else None,
                "state": row.state,
                "came_at": iso(call, here.came_at) if here else None,
                "left_at": iso(call, here.left_at) if here else None,
                "way": here.way if here else None,
                "corrected_by": here.corrected_by if here else None,
                "reason": here.reason if here else None,
            }
        )
    return Reply({"items": made, "next": None})


def code(call: Call) -> Reply:
    """The six digits of the moment, for the organiser's screen."""
    activity = _kept(call)
    digits, seconds = attendance.shown(call.tx, activity)
    scene = f"activity:{activity.no}:{digits}"
    return Reply({"no": activity.no, "code": digits, "seconds": seconds, "scene": scene})


# -- planning


def _times(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    zone = call.content.zone
    for name in ("starts_at", "ends_at"):
        if name in given:
            given[name] = timed(given[name], name, zone)
    return given


def planned(call: Call) -> Reply:
    """A new activity; keepers publish it at once, what others plan waits for the secretary."""
    sight.must_act(call.viewer)
    given, reg, viewer = _times(call, read(call.body, BODY)), call.register, call.viewer
    named = community_called(reg, given.pop("community", None))
    community_id = named or viewer.community_id or reg.community_of(None)
    if viewer.community_id not in (None, community_id):
        raise Forbidden("not_your_community")
    by = hand(viewer)
    status = given.pop("status", None)
    publish = by.publishes(community_id) if status is None else status == "published"
    made = activities.plan(call.tx, Plan(community_id=community_id, **given), by, publish=publish)
    if not publish and not by.publishes(community_id):
        activity_telling.ask_secretary(call.tx, made, by=by.person_id)
    return Reply(item(call, made), 201)


def edited(call: Call) -> Reply:
    """Another time, place, limit; publishing and calling off."""
    sight.must_act(call.viewer)
    activity, given = _one(call, lock=True), _times(call, read(call.body, CHANGE))
    by = hand(call.viewer)
    by.must_keep(activity)
    if given.pop("version") != activity.version:
        raise Conflict("stale", field="version")
    status, reason = given.pop("status", None), given.pop("reason", "")
    if given:
        activity = activities.edit(call.tx, activity, given, by)
    if status == "published" and activity.state == "planned":
        activity = activities.publish_it(call.tx, activity, by)
    elif status == "cancelled":
        activity = activities.cancel(call.tx, activity, reason, by)
    return Reply(item(call, activity))


# -- acts


def _somebody(call: Call, given: dict[str, Any]) -> int:
    person: Person | None = people.called(call.tx, given["userid"])
    if person is None or person.id is None:
        raise Invalid("no_person_called", field="userid", name=given["userid"])
    return person.id


def _proof(given: dict[str, Any]) -> Proof:
    if "lat" in given and "lng" in given:
        return Proof(Way.PLACE, here=(given["lat"], given["lng"]))
    if "code" not in given:
        raise Invalid("missing", field="code")
    return Proof(Way.CODE, given["code"])


def _checkin(call: Call, activity: Activity, given: dict[str, Any]) -> None:
    attendance.check_in(call.tx, activity, _somebody(call, given), _proof(given), call.tx.now)


def _checkout(call: Call, activity: Activity, given: dict[str, Any]) -> None:
    attendance.check_out(call.tx, activity, _somebody(call, given), _proof(given), call.tx.now)


def _correct(call: Call, activity: Activity, given: dict[str, Any]) -> None:
    zone = call.content.zone
    moments = {name: moment(given[name], name, zone) for name in ("came_at", "left_at") if name in given}
    who = _somebody(call, given)
    attendance.correct(call.tx, activity, who, hand(call.viewer), **moments, reason=given["reason"])


def _strike(call: Call, activity: Activity, given: dict[str, Any]) -> None:
    who = _somebody(call, given)
    attendance.strike(call.tx, activity, who, hand(call.viewer), reason=given["reason"])


_DO: Final[Mapping[str, Callable[[Call, Activity, dict[str, Any]], Any]]] = {
    "publish": lambda call, activity, _given: activities.publish_it(call.tx, activity, hand(call.viewer)),
    "cancel": lambda call, activity, given: activities.cancel(
        call.tx, activity, given["reason"], hand(call.viewer)
    ),
    "signup": lambda call, activity, given: signing_up.join(call.tx, activity, _somebody(call, given)),
    "withdraw": lambda call, activity, given: signing_up.leave(call.tx, activity, _somebody(call, given)),
    "checkin": _checkin,
    "checkout": _checkout,
    "correct": _correct,
    "strike": _strike,
    "headcount": lambda call, activity, given: activities.count_heads(
        call.tx, activity, given["number"], hand(call.viewer)
    ),
}


def acted(call: Call) -> Reply:
    """An act on an activity; the activity as it is afterwards."""
    sight.must_act(call.viewer)
    activity = _one(call)
    verb = read({"act": call.body.get("act")}, {"act": ACT["act"]})["act"]
    given = read({name: value for name, value in call.body.items() if name != "act"}, ACTS[verb])
    hand(call.viewer).must_keep(activity)
    _DO[verb](call, activity, given)
    after = rows.by_no(call.tx, activity.no)
    assert after is not None
    return Reply(item(call, after))


ROUTES: Final = (
    Route("GET", "/activities", found, "活动", "Activity", query=FILTERS, listed=True),
    Route("POST", "/activities", planned, "排一场活动", "Activity", body=BODY, status=201),
    Route("GET", "/activities/{no}", one, "一场活动", "Activity"),
    Route("PATCH", "/activities/{no}", edited, "改一场活动", "Activity", body=CHANGE),
    Route("POST", "/activities/{no}/acts", acted, "对一场活动做一个动作", "Activity", body=ACT),
    Route("GET", "/activities/{no}/people", participants, "谁报了名、谁来了", "Participant", listed=True),
    Route("GET", "/activities/{no}/code", code, "现在的签到码", "Code"),
)
