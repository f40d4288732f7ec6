"""签到、签退: once each, inside the time window, with a proof of being there; nobody has to, nobody is followed.

A proof is the code of the moment, the scene that carries it, or a position, which is measured and not kept. Who
organises it can set a time right, with a reason, but not their own. Points follow from the times.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from redprop_bot.errors import Conflict, Forbidden, Invalid, Refused
from redprop_bot.rules import activities as rules
from redprop_bot.rules import points as worth
from redprop_bot.rules.activities import Way
from redprop_bot.rules.positions import Position, km
from redprop_bot.store import activities, events
from redprop_bot.store import points as booked
from redprop_bot.store.tables import Activity, Attendance, PointEntry, SignUp
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import countering, ledger
from redprop_bot.volunteers.activities import position
from redprop_bot.volunteers.hands import Hand
from redprop_bot.volunteers.ledger import Booking

REASON_LIMIT: Final = 60


@dataclass(frozen=True, slots=True)
class Proof:
    """What is shown: digits by code or scene, else where somebody is."""

    way: Way
    digits: str = ""
    here: Position | None = None


WRONG_CODE: Final = "attendance_code"


def shown(tx: Tx, activity: Activity) -> tuple[str, int]:
    """The code to show now, and for how many seconds."""
    seconds = tx.content.activities.attendance.code_seconds
    return rules.code(tx.content.secret, activity.no, tx.now, seconds), rules.left_of(tx.now, seconds)


def check_in(tx: Tx, activity: Activity, person_id: int, proof: Proof, at: datetime) -> Attendance:
    """They are there. Raises Conflict: not on the list, outside of the time, twice, wrong code or place."""
    assert activity.id is not None
    _must_be_on(activity)
    row = _place_of(tx, activity, person_id)
    if activities.attendance(tx, activity.id, person_id) is not None:
        raise Conflict("attended", no=activity.no, title=activity.title)
    terms = tx.content.activities.attendance
    if not rules.may_come(at, activity.starts_at, activity.ends_at, terms.opens_minutes):
        if at < activity.starts_at:
            raise Conflict("attendance_early", **_slots(tx, activity))
        raise Conflict("attendance_late", no=activity.no, title=activity.title)
    _prove(tx, activity, row, proof, at)
    made = tx.insert_new(Attendance, activity_id=activity.id, person_id=person_id, came_at=at, way=proof.way.value)
    if made is None:  # another process was faster
        raise Conflict("attended", no=activity.no, title=activity.title)
    return made


def check_out(
    tx: Tx, activity: Activity, person_id: int, proof: Proof, at: datetime
) -> tuple[Attendance, PointEntry | None]:
    """They go; the points are booked. Raises Conflict: did not come, went already, too late, wrong proof."""
    assert activity.id is not None
    row = _place_of(tx, activity, person_id)
    came = activities.attendance(tx, activity.id, person_id, lock=True)
    if came is None:
        raise Conflict("not_attended", no=activity.no, title=activity.title)
    if came.left_at is not None or came.booked:
        raise Conflict("left_already", no=activity.no, title=activity.title)
    if not rules.may_leave(at, activity.ends_at, tx.content.activities.attendance.leaves_minutes):
        raise Conflict("leave_late", no=activity.no, title=activity.title)
    _prove(tx, activity, row, proof, at)
    done = tx.update(Attendance, came.id, left_at=max(at, came.came_at))
    return book(tx, activity, done)


def book(tx: Tx, activity: Activity, came: Attendance) -> tuple[Attendance, PointEntry | None]:
    """Book what somebody's time was worth; nothing where it is worth nothing or the caps leave nothing."""
    terms = tx.content.points
    attended = worth.Attended(activity.starts_at, activity.ends_at, came.came_at, came.left_at)
    part = worth.share(attended, grace_minutes=terms.full_after_minutes, without_check_out=terms.without_check_out)
    number = worth.worth(activity.points, terms.kinds["activity"].per_hour or 0, attended, part)
    entry = None
    if number > 0:
        entry = ledger.award(
            tx,
            Booking(
                key=_key(tx, activity, came.person_id),
                person_id=came.person_id,
                points=number,
                kind="activity",
                source=f"activity:{activity.no}",
                reason=activity.title,
                community_id=activity.community_id,
                day=activity.starts_at.astimezone(tx.content.zone).date(),
            ),
        )
    done = tx.update(Attendance, came.id, booked=True, entry_id=entry.id if entry else None)
    return done, entry


def _key(tx: Tx, activity: Activity, person_id: int) -> str:
    """Each booking after a correction has a key of its own; the row of the attendance keeps tries apart."""
    source = f"activity:{activity.no}"
    return f"{source}:{person_id}:{booked.times(tx, person_id, source)}"


def booked_points(tx: Tx, came: Attendance) -> int:
    """What was booked for somebody's time."""
    return tx.get(PointEntry, came.entry_id).delta if came.entry_id is not None else 0


# -- set right by who organises it


def correct(
    tx: Tx,
    activity: Activity,
    person_id: int,
    by: Hand,
    *,
    came_at: datetime | None = None,
    left_at: datetime | None = None,
    reason: str,
) -> Attendance:
    """Somebody came, or at other times; points booked before are taken back and booked anew.

    Where no time is said they were there from the beginning to the end. Raises Forbidden (not theirs, their own),
    Invalid, Conflict (what was booked is spent already).
    """
    by.must_keep(activity)
    if by.person_id == person_id:
        raise Forbidden("attendance_own")
    text = " ".join(reason.split())
    if not text:
        raise Invalid("missing", field="reason")
    if len(text) > REASON_LIMIT:
        raise Invalid("too_long", field="reason", limit=REASON_LIMIT)
    assert activity.id is not None
    if activity.state not in ("published", "over"):
        raise Conflict("activity_closed", no=activity.no, title=activity.title)
    before = activities.attendance(tx, activity.id, person_id, lock=True)
    kept = came_at is not None or left_at is not None  # without any time: they were there all the time
    came = came_at or (before.came_at if kept and before else activity.starts_at)
    left = left_at or (before.left_at if kept and before and before.left_at else activity.ends_at)
    _must_fit(tx, activity, came, left)
    _on_the_list(tx, activity, person_id)
    back = None
    if before is None:
        row = tx.insert(
            Attendance, activity_id=activity.id, person_id=person_id, came_at=came, way=Way.ORGANISER.value
        )
    else:
        back = _take_back(tx, before, text)
        row = before
    row = tx.update(
        Attendance, row.id, came_at=came, left_at=left, entry_id=None, corrected_by=by.name, reason=text
    )
    _note(tx, activity, "attendance_corrected", by, reason=text)
    kept_row, entry = book(tx, activity, row)
    lost = back.delta + (entry.delta if entry is not None else 0) if back is not None else 0
    if back is not None and lost < 0:
        countering.tell(tx, back, delta=lost)
    return kept_row


def strike(tx: Tx, activity: Activity, person_id: int, by: Hand, *, reason: str) -> None:
    """They were not there: what was booked is taken back. Raises as `correct` does."""
    by.must_keep(activity)
    if by.person_id == person_id:
        raise Forbidden("attendance_own")
    assert activity.id is not None
    came = activities.attendance(tx, activity.id, person_id, lock=True)
    if came is None:
        raise Conflict("not_attended", no=activity.no, title=activity.title)
    back = _take_back(tx, came, reason)
    if back is not None:
        countering.tell(tx, back)
    activities.strike(tx, came)
    _note(tx, activity, "attendance_struck", by, reason=reason)


def _take_back(tx: Tx, came: Attendance, reason: str) -> PointEntry | None:
    entry = tx.get(PointEntry, came.entry_id) if came.entry_id is not None else None
    return ledger.counter(tx, entry, reason) if entry is not None else None


def _must_fit(tx: Tx, activity: Activity, came: datetime, left: datetime) -> None:
    terms = tx.content.activities.attendance
    opens = activity.starts_at - timedelta(minutes=terms.opens_minutes)
    closes = activity.ends_at + timedelta(minutes=terms.leaves_minutes)
    if not opens <= came < left <= closes:
        raise Invalid("attendance_times", field="came_at")


def _on_the_list(tx: Tx, activity: Activity, person_id: int) -> None:
    """Who came without a place has one from now on: the room was there, as the organiser has seen."""
    assert activity.id is not None
    row = activities.sign_up(tx, activity.id, person_id)
    if row is None:
        tx.insert(SignUp, activity_id=activity.id, person_id=person_id, state="going", at=tx.now)
    elif row.state != "going":
        tx.update(SignUp, row.id, state="going")


# -- proofs


def _must_be_on(activity: Activity) -> None:
    if activity.state == "cancelled":
        raise Conflict("activity_cancelled", no=activity.no, title=activity.title)
    if activity.state == "planned":
        raise Conflict("activity_closed", no=activity.no, title=activity.title)


def _place_of(tx: Tx, activity: Activity, person_id: int) -> SignUp:
    assert activity.id is not None
    row = activities.sign_up(tx, activity.id, person_id, lock=True)
    if row is None or row.state == "left":
        raise Conflict("not_signed_up", no=activity.no, title=activity.title)
    if row.state == "waiting":
        raise Conflict("attendance_waiting", no=activity.no, title=activity.title)
    return row


def _prove(tx: Tx, activity: Activity, row: SignUp, proof: Proof, at: datetime) -> None:
    terms = tx.content.activities.attendance
    if proof.way is Way.PLACE:
        _near(activity, proof.here, terms.within_metres)
        return
    if row.misses >= terms.wrong_codes:
        raise Conflict("attendance_blocked", no=activity.no, title=activity.title, organiser=activity.organiser)
    if not rules.holds(proof.digits, tx.content.secret, activity.no, at, terms.code_seconds):
        raise Conflict(WRONG_CODE, no=activity.no, title=activity.title)


def _near(activity: Activity, here: Position | None, within: int) -> None:
    there = position(activity)
    if there is None or here is None:
        raise Conflict("attendance_no_place", no=activity.no, title=activity.title)
    far = km(here, there)
    if far * 1000 > within:
        raise Conflict("attendance_far", no=activity.no, title=activity.title, far=_far(far), within=within)


def _far(distance: float) -> str:
    return f"{round(distance * 100) * 10}米" if distance < 1 else f"{distance:.1f}公里"


def missed(tx: Tx, activity: Activity, person_id: int, refusal: Refused) -> None:
    """Count a wrong code; to be called after what was refused has been undone."""
    assert activity.id is not None
    row = activities.sign_up(tx, activity.id, person_id) if refusal.code == WRONG_CODE else None
    if row is not None:
        activities.missed(tx, row)


def _slots(tx: Tx, activity: Activity) -> dict[str, str]:
    from_ = activity.starts_at - timedelta(minutes=tx.content.activities.attendance.opens_minutes)
    local = from_.astimezone(tx.content.zone)
    opens = f"{local.month}月{local.day}日{local.hour}:{local.minute:02d}"
    return {"no": activity.no, "title": activity.title, "opens": opens}


def _note(tx: Tx, activity: Activity, name: str, by: Hand, **data: str) -> None:
    assert activity.id is not None
    where = activity.community_id
    events.note(
        tx, "activity", activity.id, name, by=by.name, data={"no": activity.no, **data}, community_id=where
    )
