"""Activities from the plan to the thanks: planned by whoever organises, published by who keeps the community.

    planned → published → over
        └────────┴──────→ cancelled

Places are `signing_up`, coming and going `attendance`, what time does `activity_clock`.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.loop.actor import CLOCK
from redprop_bot.loop.publicity import Paper
from redprop_bot.rules import quiet
from redprop_bot.rules.positions import Position
from redprop_bot.store import activities, events, messages, numbers
from redprop_bot.store.tables import Activity, ActivityPhoto
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import activity_telling, signing_up
from redprop_bot.volunteers.hands import Hand

TITLE_LIMIT: Final = 60
REMIND, OVER, OLD, LAPSE = "activity_remind", "activity_over", "activity_old", "activity_lapse"


@dataclass(frozen=True, slots=True)
class Plan:
    """An activity as it is planned; `position` is where one checks in by place."""

    title: str
    starts_at: datetime
    ends_at: datetime
    kind: str = "volunteer"
    note: str = ""
    community_id: int | None = None
    place: str = ""
    lat: float | None = None
    lng: float | None = None
    capacity: int | None = None
    points: int | None = None


def plan(tx: Tx, wanted: Plan, by: Hand, *, publish: bool) -> Activity:
    """Put an activity on the calendar. Raises Invalid (what cannot be), Forbidden (publishing there)."""
    if publish and not by.publishes(wanted.community_id):
        raise Forbidden("activity_publish")
    _check(tx, asdict(wanted))
    _must_be_ahead(tx, wanted.ends_at)
    made = tx.insert(
        Activity,
        no=numbers.take(tx, "A", tx.now, tx.content.zone),
        **asdict(wanted),
        organisation_id=by.organisation_id,
        organiser_id=by.person_id,
        organiser=by.name,
        state="planned",
        created_at=tx.now,
        updated_at=tx.now,
    )
    _note(tx, made, "activity_planned", by)
    if publish:
        return publish_it(tx, made, by)
    _plan_lapse(tx, made)
    return made


def publish_it(tx: Tx, activity: Activity, by: Hand) -> Activity:
    """Let everybody see it and sign up. Raises Forbidden, Conflict."""
    if not by.publishes(activity.community_id):
        raise Forbidden("activity_publish")
    if activity.state != "planned":
        raise Conflict("activity_state", no=activity.no)
    done = _change(tx, activity, state="published")
    _plan_timers(tx, done)
    _note(tx, done, "activity_published", by)
    activity_telling.organiser(tx, done, "activity_published", but=by.person_id)
    return done


def edit(tx: Tx, activity: Activity, changes: dict[str, Any], by: Hand) -> Activity:
    """Change what was planned; who has a place is told of another time or place.

    Raises Invalid, Forbidden, Conflict. More places are given to who waits; fewer than are taken cannot be.
    """
    by.must_keep(activity)
    if activity.state not in ("planned", "published"):
        raise Conflict("activity_state", no=activity.no)
    _check(tx, {name: getattr(activity, name) for name in _CHECKED} | changes)
    if "starts_at" in changes or "ends_at" in changes:
        _must_be_ahead(tx, changes.get("ends_at", activity.ends_at))
    capacity = changes.get("capacity", activity.capacity)
    if capacity is not None and capacity < activities.going(tx, activity.id or 0):
        raise Conflict("activity_capacity", field="capacity")
    done = _change(tx, activity, **changes)
    _note(tx, done, "activity_changed", by, fields=sorted(changes))
    if done.state == "planned":
        _plan_lapse(tx, done)
    if done.state == "published":
        _plan_timers(tx, done)
        signing_up.fill(tx, done)
        if any(getattr(done, name) != getattr(activity, name) for name in ("starts_at", "ends_at", "place")):
            first = min(activity.starts_at, done.starts_at)
            activity_telling.everybody(tx, done, "activity_moved", mark=str(done.version), before=first)
    return done


def cancel(tx: Tx, activity: Activity, reason: str, by: Hand) -> Activity:
    """Call it off; who has a place or waits is told why. Raises Forbidden, Conflict, Invalid."""
    by.must_keep(activity)
    if activity.state not in ("planned", "published"):
        raise Conflict("activity_state", no=activity.no)
    text = " ".join(reason.split())
    if not text:
        raise Invalid("activity_reason", field="reason", no=activity.no)
    if len(text) > 200:
        raise Invalid("too_long", field="reason", limit=200)
    done = _change(tx, activity, state="cancelled", cancel_reason=text)
    _note(tx, done, "activity_cancelled", by)
    activity_telling.everybody(tx, done, "activity_cancelled", mark="", reason=text)
    return done


def decline(tx: Tx, activity: Activity, by: Hand) -> Activity:
    """A plan that is not published; who made it is told. Raises Forbidden, Conflict."""
    if not by.publishes(activity.community_id):
        raise Forbidden("activity_publish")
    if activity.state != "planned":
        raise Conflict("activity_state", no=activity.no)
    done = _change(tx, activity, state="cancelled")
    _note(tx, done, "activity_declined", by)
    activity_telling.organiser(tx, done, "activity_declined", but=by.person_id)
    return done


def lapse(tx: Tx, activity: Activity) -> None:
    """A plan that nobody said yes to in time is off; who made it must not wait on."""
    done = _change(tx, activity, state="cancelled")
    events.note(
        tx,
        "activity",
        activity.id or 0,
        "activity_declined",
        by=CLOCK.name,
        data={"no": activity.no},
        community_id=activity.community_id,
    )
    activity_telling.organiser(tx, done, "activity_lapsed")


def count_heads(tx: Tx, activity: Activity, number: int, by: Hand) -> Activity:
    """How many the organiser has counted; beside those who checked in, never instead of them."""
    by.must_keep(activity)
    if not 0 <= number <= tx.content.activities.most_people * 10:
        raise Invalid("number", field="head_count")
    done = _change(tx, activity, head_count=number)
    _note(tx, done, "activity_counted", by)
    return done


PHOTOS: Final = 30


def add_photo(tx: Tx, activity: Activity, paper: Paper, by: Hand) -> ActivityPhoto:
    """A cleaned picture of what was done there. Raises Forbidden, Conflict, Invalid (no picture)."""
    by.must_keep(activity)
    assert activity.id is not None
    if activity.state not in ("published", "over"):
        raise Conflict("activity_state", no=activity.no)
    if not paper.content_type.startswith("image/"):
        raise Invalid("photo", field="file")
    if len(activities.photos(tx, activity.id)) >= PHOTOS:
        raise Conflict("activity_photos", most=PHOTOS)
    made = tx.insert(
        ActivityPhoto,
        activity_id=activity.id,
        at=tx.now,
        by_name=by.name,
        name=paper.name,
        content_type=paper.content_type,
        size=paper.size,
    )
    _note(tx, activity, "activity_photo", by)
    return made


def drop_photo(tx: Tx, activity: Activity, photo_id: int, by: Hand) -> None:
    """Take a picture down. Raises Forbidden, NotFound."""
    by.must_keep(activity)
    found = activities.photo(tx, activity.id or 0, photo_id)
    if found is None:
        raise NotFound
    activities.drop_photo(tx, found)
    _note(tx, activity, "activity_photo_dropped", by)


def position(activity: Activity) -> Position | None:
    """Where it is, if that is known."""
    return None if activity.lat is None or activity.lng is None else (activity.lat, activity.lng)


# -- the inside

_CHECKED: Final = ("title", "starts_at", "ends_at", "capacity", "points", "lat", "lng")


def _check(tx: Tx, values: dict[str, Any]) -> None:
    rules, title = tx.content.activities, values["title"].strip()
    if not title:
        raise Invalid("missing", field="title")
    if len(title) > TITLE_LIMIT:
        raise Invalid("too_long", field="title", limit=TITLE_LIMIT)
    length = values["ends_at"] - values["starts_at"]
    if length <= timedelta(0):
        raise Invalid("activity_times", field="ends_at")
    if length > timedelta(hours=rules.most_hours):
        raise Invalid("activity_long", field="ends_at", hours=rules.most_hours)
    if values["capacity"] is not None and not 1 <= values["capacity"] <= rules.most_people:
        raise Invalid("number", field="capacity")
    most = tx.content.points.caps.activity
    if values["points"] is not None and not 0 <= values["points"] <= most:
        raise Invalid("activity_points", field="points", most=most)
    if (values["lat"] is None) != (values["lng"] is None):
        raise Invalid("missing", field="lat" if values["lat"] is None else "lng")


def _must_be_ahead(tx: Tx, ends: datetime) -> None:
    """What is over already nobody can come to."""
    if ends <= tx.now:
        raise Invalid("activity_gone", field="ends_at")


def _change(tx: Tx, activity: Activity, **values: Any) -> Activity:
    return tx.update(Activity, activity.id, **values, updated_at=tx.now, version=activity.version + 1)


def _note(tx: Tx, activity: Activity, name: str, by: Hand, **data: Any) -> None:
    assert activity.id is not None
    where = activity.community_id
    events.note(
        tx, "activity", activity.id, name, by=by.name, data={"no": activity.no, **data}, community_id=where
    )


def reminders(tx: Tx, activity: Activity) -> list[tuple[int, datetime]]:
    """When who has a place is reminded; in the evening before where the morning would leave less than an hour."""
    found = []
    for hours in tx.content.activities.remind_hours:
        at = activity.starts_at - timedelta(hours=hours)
        if (leaves := activity_telling.morning(tx, at)) > at and leaves > activity.starts_at - timedelta(hours=1):
            at = quiet.evening_before(at, tx.content.zone, tx.content.limits.quiet_from)
        found.append((hours, at))
    return found


def _plan_timers(tx: Tx, activity: Activity) -> None:
    """What time will do; a timer of an earlier plan finds another moment in the row and does nothing."""
    mark = int(activity.starts_at.timestamp())
    for hours, at in reminders(tx, activity):
        if at > tx.now:
            key = f"{activity.no}:remind:{hours}:{mark}"
            messages.plan(tx, key, REMIND, at, activity.id, starts_at=activity.starts_at.isoformat())
    over_at = activity.ends_at + timedelta(minutes=tx.content.activities.attendance.leaves_minutes)
    key = f"{activity.no}:over:{int(activity.ends_at.timestamp())}"
    messages.plan(tx, key, OVER, over_at, activity.id, ends_at=activity.ends_at.isoformat())
    old_at = activity.ends_at + timedelta(days=tx.content.activities.kept_days)
    key = f"{activity.no}:old:{int(activity.ends_at.timestamp())}"
    messages.plan(tx, key, OLD, old_at, activity.id, ends_at=activity.ends_at.isoformat())


def _plan_lapse(tx: Tx, activity: Activity) -> None:
    key = f"{activity.no}:lapse:{int(activity.starts_at.timestamp())}"
    messages.plan(tx, key, LAPSE, activity.starts_at, activity.id, starts_at=activity.starts_at.isoformat())
