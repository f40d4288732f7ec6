"""议题: what people want to be talked about, collected until the day that the kind of meeting names.

Whoever says the same as another adds a voice. What comes too late, or before a meeting is called, waits for the
next one; nothing is lost.
"""

from dataclasses import dataclass
from datetime import timedelta

from redprop_bot.council.convening import TOPIC, kind_of
from redprop_bot.loop.record import needed
from redprop_bot.notify.covering import covered
from redprop_bot.rules.meetings import MeetingState, alike
from redprop_bot.store import meeting_topics, meetings
from redprop_bot.store.tables import Meeting, Person, Topic, Voice
from redprop_bot.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Proposed:
    """A topic with the meeting it is for; `joined`: a like one was there; `repeated`: by the same person.

    `closed` is the next meeting where it takes none by itself any more: the topic waits for the one after it.
    """

    topic: Topic
    meeting: Meeting | None
    joined: bool = False
    repeated: bool = False
    closed: Meeting | None = None


def takes_topics(tx: Tx, meeting: Meeting) -> bool:
    """Whether topics still reach this meeting's agenda by themselves."""
    last = meeting.starts_at - timedelta(days=kind_of(tx, meeting).topics)
    return meeting.state == MeetingState.CALLED and meeting.begun_at is None and tx.now < last


def upcoming(tx: Tx, community_id: int | None) -> Meeting | None:
    """The next meeting there that still takes topics and that is not private."""
    return next((meeting for meeting in _public(tx, community_id) if takes_topics(tx, meeting)), None)


def _public(tx: Tx, community_id: int | None) -> list[Meeting]:
    """Meetings to come there that everybody may know of, the next first."""
    standing = meetings.standing(tx, community_id, since=tx.now)
    found = [m for m in standing if kind_of(tx, m).public and m.state == MeetingState.CALLED]
    return sorted(found, key=lambda meeting: meeting.starts_at)


def propose(tx: Tx, person: Person, community_id: int | None, text: str) -> Proposed:
    """Take a topic in, without phones, rooms and names in it. Raises Invalid when there are no words."""
    said = covered(needed(text[:TOPIC], "topic"), room=person.room, name=person.name)
    meeting = upcoming(tx, community_id)
    closed = None if meeting is not None else next(iter(_public(tx, community_id)), None)
    known = (
        meeting_topics.waiting_topics(tx, community_id)
        if meeting is None
        else meeting_topics.topics(tx, meeting.id or 0)
    )
    twin = next((topic for topic in known if alike(topic.text, said)), None)
    if twin is not None:
        added = tx.mark(Voice, topic_id=twin.id, person_id=person.id)
        if added:
            twin = tx.update(Topic, twin.id, voices=twin.voices + 1)
        return Proposed(twin, meeting, joined=added, repeated=not added, closed=closed)
    made = tx.insert(
        Topic,
        meeting_id=meeting.id if meeting else None,
        community_id=community_id,
        text=said,
        by_id=person.id,
        at=tx.now,
    )
    tx.insert(Voice, topic_id=made.id, person_id=person.id)
    return Proposed(made, meeting, closed=closed)
