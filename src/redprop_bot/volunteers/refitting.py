"""Bookings of a place that closes or opens for less: what does not fit any more is called off, people are told."""

from datetime import timedelta

from redprop_bot.store import bookings
from redprop_bot.store.tables import Booking, Resource
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import booking


def refit(tx: Tx, resource: Resource, *, by: str) -> list[Booking]:
    """Call off what stands and could not be booked now; who booked it is told why."""
    resource = bookings.held(tx, resource.id or 0)
    place = bookings.place(tx, resource.id or 0)
    open_ = booking.bookable(tx, resource, place)
    hours, is_workday, zone = booking.hours(resource), tx.content.calendar.is_workday, tx.content.zone
    say = tx.content.replies.say
    reason = say("booking.because_hours", hours=resource.hours or "") if open_ else say("booking.because_closed")
    ahead = tx.now + timedelta(days=tx.content.booking.days_ahead + 1)
    return [
        booking.cancel(tx, one, by=by, person_id=None, reason=reason, keeper=True)
        for one in bookings.at(tx, resource.id or 0, tx.now, ahead)
        if not open_
        or not (
            hours is None or hours.holds(one.starts_at.astimezone(zone), one.ends_at.astimezone(zone), is_workday)
        )
    ]
