"""Places at an activity: as many as there are, then a waiting list that moves up by itself when somebody leaves.

Whoever changes a place holds the activity's row: of two who want the last place one gets it, the other waits.
"""

from redprop_bot.errors import Conflict
from redprop_bot.store import activities, people
from redprop_bot.store.tables import Activity, SignUp
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import activity_telling


def held(tx: Tx, activity: Activity) -> Activity:
    """The activity as it is now; nobody else changes it or its places before this job ends."""
    assert activity.id is not None
    return tx.get(Activity, activity.id, lock=True)


def join(tx: Tx, activity: Activity, person_id: int) -> SignUp:
    """A place, or one on the waiting list. Raises Conflict: not open, over, there already."""
    now = held(tx, activity)
    _must_be_open(tx, now)
    assert now.id is not None
    row = activities.sign_up(tx, now.id, person_id)
    if row is not None and row.state != "left":
        raise Conflict("signed_up", no=now.no, title=now.title)
    full = now.capacity is not None and activities.going(tx, now.id) >= now.capacity
    state = "waiting" if full else "going"
    if row is None:
        return tx.insert(SignUp, activity_id=now.id, person_id=person_id, state=state, at=tx.now)
    return tx.update(SignUp, row.id, state=state, at=tx.now)


def leave(tx: Tx, activity: Activity, person_id: int) -> SignUp:
    """Give the place back; who has waited longest gets it and is told. Raises Conflict: no place, came already."""
    now = held(tx, activity)
    assert now.id is not None
    row = activities.sign_up(tx, now.id, person_id, lock=True)
    if row is None or row.state == "left":
        raise Conflict("not_signed_up", no=now.no, title=now.title)
    if activities.attendance(tx, now.id, person_id) is not None:
        raise Conflict("attended", no=now.no, title=now.title)
    done = tx.update(SignUp, row.id, state="left", at=tx.now)
    fill(tx, now)
    return done


def fill(tx: Tx, activity: Activity) -> int:
    """Give free places to who waits, in turn, and tell them; returns to how many. The activity is held."""
    assert activity.id is not None
    moved = 0
    if activity.state != "published" or activity.ends_at <= tx.now:
        return 0
    while activity.capacity is None or activities.going(tx, activity.id) < activity.capacity:
        row = activities.first_waiting(tx, activity.id)
        if row is None:
            break
        tx.update(SignUp, row.id, state="going")
        known = people.named(tx, {row.person_id})
        mark = f"{row.person_id}:{int(row.at.timestamp())}"
        activity_telling.some(tx, activity, known.values(), "activity_moved_up", mark=mark)
        moved += 1
    return moved


def _must_be_open(tx: Tx, activity: Activity) -> None:
    if activity.state == "cancelled":
        raise Conflict("activity_cancelled", no=activity.no, title=activity.title)
    if activity.state != "published":
        raise Conflict("activity_closed", no=activity.no, title=activity.title)
    if activity.ends_at <= tx.now:
        raise Conflict("activity_past", no=activity.no, title=activity.title)
