"""The year's record: for each quarter whether the joint meeting was held, and what has come of its resolutions."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from redprop_bot.council import tracking
from redprop_bot.council.timing import morning
from redprop_bot.rules.meetings import MeetingState, day_of_quarter, quarter_name, quarter_number
from redprop_bot.store import meetings, messages
from redprop_bot.store.tables import Meeting
from redprop_bot.store.tx import Tx

ALARM: Final = "meeting_alarm"
How = Literal["held", "planned", "unrecorded", "running", "missed", "unknown", "ahead"]
"""held · planned: a date stands · unrecorded: its hour is over and nothing was written down · running: the quarter
runs and there is no date · missed: it is over without one · unknown: likewise, but nobody watched it here yet ·
ahead: not yet begun."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter: `meetings` that stand in it, how many resolutions, how many of them done, late."""

    number: int
    name: str
    how: How
    meetings: tuple[Meeting, ...]
    resolutions: int
    done: int
    late: int


def kind_planned(tx: Tx) -> str | None:
    """The kind that every quarter needs."""
    return next((code for code, kind in tx.content.meetings.kinds.items() if kind.plan == "quarter"), None)


def took_place(meeting: Meeting) -> bool:
    """Whether something of it was written down."""
    return meeting.begun_at is not None or meeting.approved_at is not None


def year(tx: Tx, community_id: int | None, wanted: int) -> list[Quarter]:
    """The four quarters of a year there."""
    return [_quarter(tx, community_id, wanted * 10 + n) for n in (1, 2, 3, 4)]


def key_of(what: str, kind: str, home: int | None, number: int) -> str:
    """The key of what is planned for a quarter of a community."""
    return f"{what}:{kind}:{home}:{number}"


def how(tx: Tx, found: list[Meeting], number: int, *, watched: bool = True) -> How:
    """How a quarter stands with these meetings in it."""
    standing = [m for m in found if m.state in (MeetingState.CALLED, MeetingState.HELD)]
    if any(took_place(m) for m in standing):
        return "held"
    if any(m.ends_at > tx.now for m in standing):
        return "planned"
    if standing:
        return "unrecorded"
    now = quarter_number(tx.now, tx.content.zone)
    if now <= number:
        return "running" if now == number else "ahead"
    return "missed" if watched else "unknown"


def watch_again(tx: Tx, meeting: Meeting, quarter: int) -> None:
    """A meeting was called off or has left this quarter: told once more next morning, if the alarm's day is over.

    Before that day the alarm still stands and looks for itself.
    """
    kind, home = kind_planned(tx), meeting.community_id
    if meeting.kind != kind or home is None or not messages.planned(tx, key_of(ALARM, kind, home, quarter)):
        return
    alarmed = day_of_quarter(quarter, tx.content.meetings.alarm_day)
    today = tx.now.astimezone(tx.content.zone).date()
    if today < alarmed or how(tx, meetings.of_quarter(tx, home, kind, quarter), quarter) in ("held", "planned"):
        return
    at = morning(tx, tx.now + timedelta(days=1))
    key = f"{key_of(ALARM, kind, home, quarter)}:{meeting.no}:{meeting.version}"
    messages.plan(tx, key, ALARM, at, home, quarter=quarter, of=kind)


def _quarter(tx: Tx, community_id: int | None, number: int) -> Quarter:
    kind = kind_planned(tx)
    found = meetings.of_quarter(tx, community_id, kind, number) if kind else []
    standing = [m for m in found if m.state in (MeetingState.CALLED, MeetingState.HELD)]
    ways = [way for found in tracking.of_meetings(tx, [m.id or 0 for m in standing]).values() for way in found]
    return Quarter(
        number,
        quarter_name(number),
        how(tx, found, number, watched=_watched(tx, kind, community_id, number)),
        tuple(standing),
        len(ways),
        sum(way.done for way in ways),
        sum(way.late for way in ways),
    )


def _watched(tx: Tx, kind: str | None, home: int | None, number: int) -> bool:
    """Whether the clock ran here in that quarter: what was before, nobody here can know."""
    return kind is not None and messages.planned(tx, key_of(ALARM, kind, home, number))


def days_left(tx: Tx, number: int) -> int:
    """How many days of a quarter are left, today included."""
    following = number + 1 if number % 10 < 4 else (number // 10 + 1) * 10 + 1
    end = day_of_quarter(following, 1) - timedelta(days=1)
    return max(0, (end - tx.now.astimezone(tx.content.zone).date()).days + 1)
