"""Which meeting is spoken of where no number is said."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from redprop_bot.council import sudden
from redprop_bot.council.chair import must_have_come
from redprop_bot.council.convening import kind_of
from redprop_bot.dialogue.meetings import NUMBER, chair, home, known
from redprop_bot.dialogue.turn import Turn
from redprop_bot.errors import NotFound
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting

_LATELY: Final = timedelta(days=3)
"""So long after its hour what a meeting decided is told for the first time."""


def current(turn: Turn, no: str | None = None) -> Meeting:
    """The meeting that is spoken of: by number, else under way, today, just over, next. Raises NotFound."""
    if no:
        return known(turn, no)
    return _nearest(turn, _standing(turn, chair(turn).may))


def deciding(turn: Turn, lead: re.Match[str] | None, *, met: bool) -> Meeting | None:
    """The meeting that decided: under way, of today or over, of the kind that is named, where it belongs to.

    One that is still to come decides nothing yet; one that nobody called is written down where it is spoken
    of (`met`), else there is None.
    """
    text = turn.inbound.text
    if match := NUMBER.search(text):
        meeting = known(turn, match[0])
        must_have_come(turn.tx, meeting)
        return meeting
    leads, place = chair(turn), home(turn, text)
    own = (
        place is None
        or leads.communities is None
        or any(c.name in text for c in turn.register.communities.values())
    )
    found = _standing(turn, (lambda at: at == place) if own else leads.may)
    kind = turn.tx.content.meetings.named(lead["kind"] or "") if lead is not None else None
    found = [meeting for meeting in found if kind in (None, meeting.kind) and _may_have_decided(turn, meeting)]
    if found:
        return _nearest(turn, found)
    if not met:
        return None
    said = (lead["kind"] or "") if lead is not None else text
    return sudden.sudden(turn.tx, leads, said, place)


def _may_have_decided(turn: Turn, meeting: Meeting) -> bool:
    """Whether it is of today, lately over, or begun; a bench that nobody prepared does not decide a week later."""
    now, zone = turn.tx.now, turn.tx.content.zone
    prepared = kind_of(turn.tx, meeting).topics > 0
    return (
        (meeting.starts_at <= now and (prepared or now - _LATELY <= meeting.starts_at))
        or (meeting.begun_at is not None and prepared)
        or meeting.starts_at.astimezone(zone).date() == now.astimezone(zone).date()
    )


def _standing(turn: Turn, fits: Callable[[int | None], bool]) -> list[Meeting]:
    """Meetings that may still be written in, of two weeks ago and later."""
    leads, since = chair(turn), turn.tx.now - timedelta(days=14)
    leads.must(home(turn, "") if leads.communities is not None else None)
    places: list[int | None] = [*turn.register.communities, None]
    return [
        meeting
        for place in places
        if leads.may(place) and fits(place)
        for meeting in meetings.standing(turn.tx, place, since=since)
        if meeting.approved_at is None
    ]


def _nearest(turn: Turn, found: list[Meeting]) -> Meeting:
    now, zone = turn.tx.now, turn.tx.content.zone

    def near(meeting: Meeting) -> tuple[int, float]:
        away = abs((meeting.starts_at - now).total_seconds())
        if meeting.starts_at <= now <= meeting.ends_at:  # of two the one that was opened last
            return 0, away
        if meeting.starts_at.astimezone(zone).date() == now.astimezone(zone).date():
            return 1, away
        if meeting.begun_at is not None:
            return 2, away
        return (3 if meeting.starts_at <= now else 4), away

    if not found:
        raise NotFound("no_meeting_now")
    return min(found, key=near)
