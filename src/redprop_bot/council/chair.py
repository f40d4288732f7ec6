"""Who may convene, decide and close: secretaries at home, the street and administrators everywhere."""

from dataclasses import dataclass

from redprop_bot.errors import Conflict, Forbidden, NotFound
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.scope import Keeper
from redprop_bot.notify import words
from redprop_bot.rules.meetings import MeetingState
from redprop_bot.store import meetings
from redprop_bot.store.tables import Meeting
from redprop_bot.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Chair:
    """Whoever leads a meeting: what they may in the loop, and where. `communities` None is everywhere."""

    actor: Actor
    communities: frozenset[int] | None

    def may(self, community_id: int | None) -> bool:
        """Whether they lead meetings there; None is the street."""
        return self.communities is None or community_id in self.communities

    def must(self, community_id: int | None) -> None:
        """Refuse whoever does not."""
        if self.communities is not None and not self.communities:
            raise Forbidden("meeting_role")
        if not self.may(community_id):
            raise Forbidden("meeting_street" if community_id is None else "not_your_community")


def chair_of(actor: Actor, keeper: Keeper) -> Chair:
    """The chair that somebody can take."""
    return Chair(actor, keeper.communities)


def held(tx: Tx, meeting: Meeting) -> Meeting:
    """The meeting as it is now, and nobody else changes it before this job ends."""
    assert meeting.id is not None
    return tx.get(Meeting, meeting.id, lock=True)


def led(tx: Tx, meeting: Meeting, chair: Chair) -> Meeting:
    """The same for who leads it. Raises Forbidden, Conflict (frozen, cancelled)."""
    chair.must(meeting.community_id)
    meeting = held(tx, meeting)
    must_stand(meeting)
    return meeting


def must_stand(meeting: Meeting) -> None:
    """Refuse to change what is frozen or will not take place."""
    if meeting.approved_at is not None:
        raise Conflict("minutes_frozen", no=meeting.no)
    if meeting.state == MeetingState.CANCELLED:
        raise Conflict("meeting_cancelled", no=meeting.no)


def changed(tx: Tx, meeting: Meeting, **values: object) -> Meeting:
    """Write it down; the version counts."""
    return tx.update(Meeting, meeting.id, **values, updated_at=tx.now, version=meeting.version + 1)


def begun(tx: Tx, meeting: Meeting) -> Meeting:
    """Something happens in the meeting: from the first on it takes place, at whatever hour it was called for."""
    if meeting.begun_at is not None:
        return meeting
    if meeting.state == MeetingState.PROPOSED:
        raise Conflict("meeting_proposed", no=meeting.no)
    return changed(tx, meeting, begun_at=tx.now)


def must_have_come(tx: Tx, meeting: Meeting) -> None:
    """Refuse who was there, and minutes, before the day of a meeting that nothing began; raises Conflict."""
    zone = tx.content.zone
    if meeting.begun_at is None and meeting.starts_at.astimezone(zone).date() > tx.now.astimezone(zone).date():
        raise Conflict("meeting_ahead", no=meeting.no, when=words.span(meeting.starts_at, meeting.ends_at, zone))


def known(tx: Tx, no: str) -> Meeting:
    """The meeting with this number or key; raises NotFound."""
    found = (
        meetings.by_key(tx, int(no)) if no.isascii() and no.isdigit() and len(no) <= 15 else meetings.by_no(tx, no)
    )
    if found is None:
        raise NotFound("no_meeting", no=no[:64])
    return found
