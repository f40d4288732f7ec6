"""What time does to an activity: who has a place is reminded; after the end it is closed, people are thanked."""

from collections.abc import Callable, Mapping
from typing import Final

from redprop_bot.store import activities, people
from redprop_bot.store.tables import Activity, Timer
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import activity_telling, attendance, signing_up
from redprop_bot.volunteers.activities import LAPSE, OLD, OVER, REMIND, lapse, reminders


def _remind(tx: Tx, timer: Timer) -> None:
    """A reminder that comes after the start helps nobody, nor one that is caught up when the next is due."""
    activity = tx.get(Activity, timer.subject_id or 0)
    same = activity.starts_at.isoformat() == timer.data.get("starts_at")
    if activity.state != "published" or not same or activity_telling.morning(tx, tx.now) >= activity.starts_at:
        return
    if any(timer.due_at < at <= tx.now for _hours, at in reminders(tx, activity)):
        return
    signing_up.fill(tx, signing_up.held(tx, activity))
    ids = {row.person_id for row in activities.sign_ups(tx, activity.id or 0, "going")}
    activity_telling.some(tx, activity, people.named(tx, ids).values(), "activity_reminder", mark=timer.key)


def _lapse(tx: Tx, timer: Timer) -> None:
    activity = tx.get(Activity, timer.subject_id or 0, lock=True)
    if activity.state == "planned" and activity.starts_at.isoformat() == timer.data.get("starts_at"):
        lapse(tx, activity)


def _over(tx: Tx, timer: Timer) -> None:
    activity = tx.get(Activity, timer.subject_id or 0, lock=True)
    if activity.state != "published" or activity.ends_at.isoformat() != timer.data.get("ends_at"):
        return
    assert activity.id is not None
    for came in activities.unbooked(tx, activity.id):
        attendance.book(tx, activity, came)
    done = tx.update(Activity, activity.id, state="over", updated_at=tx.now, version=activity.version + 1)
    ids = {came.person_id for came in activities.attendances(tx, activity.id)}
    number = str(len(ids))
    activity_telling.some(tx, done, people.named(tx, ids).values(), "activity_thanks", mark="", number=number)
    activity_telling.organiser(tx, done, "activity_over", number=number)


def _old(tx: Tx, timer: Timer) -> None:
    """Who came so long ago is nobody's business any more; what was booked stays in the ledger."""
    activity = tx.get(Activity, timer.subject_id or 0, lock=True)
    if activity.state in ("over", "cancelled") and activity.ends_at.isoformat() == timer.data.get("ends_at"):
        assert activity.id is not None
        activities.forget_people(tx, activity.id)


DO: Final[Mapping[str, Callable[[Tx, Timer], None]]] = {REMIND: _remind, OVER: _over, OLD: _old, LAPSE: _lapse}
