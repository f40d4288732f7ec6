"""Quiet hours: when a message may leave. Plain notices wait until morning, pressing ones and answers do not."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from redprop_bot.rules.telling import Weight


def is_quiet(moment: datetime, zone: ZoneInfo, start: time, end: time) -> bool:
    """Whether the moment lies in the quiet hours, which may span midnight."""
    now = moment.astimezone(zone).time()
    return start <= now < end if start <= end else now >= start or now < end


def not_before(moment: datetime, weight: str, zone: ZoneInfo, start: time, end: time) -> datetime:
    """The first moment at which a message of this weight may leave."""
    if weight != Weight.PLAIN or start == end or not is_quiet(moment, zone, start, end):
        return moment
    local = moment.astimezone(zone)
    morning = datetime.combine(local.date(), end, zone)
    if morning <= local:
        morning = datetime.combine(local.date() + timedelta(days=1), end, zone)
    return morning.astimezone(moment.tzinfo)


def evening_before(moment: datetime, zone: ZoneInfo, start: time) -> datetime:
    """An hour before the quiet hours in which the moment lies begin: what must be known before they are over."""
    local = moment.astimezone(zone)
    evening = datetime.combine(local.date(), start, zone) - timedelta(hours=1)
    return (evening if evening < local else evening - timedelta(days=1)).astimezone(moment.tzinfo)


def awake_after(moment: datetime, span: timedelta, zone: ZoneInfo, start: time, end: time) -> datetime:
    """When so much time has passed in which people may be asked; quiet hours do not count."""
    at, left = not_before(moment, Weight.PLAIN, zone, start, end), span
    while start != end:
        local = at.astimezone(zone)
        evening = datetime.combine(local.date(), start, zone)
        if evening <= local:
            evening = datetime.combine(local.date() + timedelta(days=1), start, zone)
        if at + left <= evening:
            break
        left -= evening - at
        at = not_before(evening, Weight.PLAIN, zone, start, end)
    return (at + left).astimezone(moment.tzinfo)
