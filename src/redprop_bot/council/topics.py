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
    """A topic with the meeting it is for; `joined`: a like one was there; `repeated`: by the same person."""

    topic: Topic
    meeting: Meeting | None
    joined: bool = False
    repeated: bool = False


def takes_topics(tx: Tx, meeting: Meeting) -> bool:
    """Whether topics still reach this meeting's agenda by themselves."""
    last = meeting.starts_at - timedelta(days=kind_of(tx, meeting).topics)
    return meeting.state == MeetingState.CALLED and meeting.begun_at is None and tx.now < last


def upcoming(tx: Tx, community_id: int | None) -> Meeting | None:
    """The next meeting there that still takes topics and that is not private."""
    return next(
        (
            m
            for m in meetings.standing(tx, community_id, since=tx.now)
            if kind_of(tx, m).public and takes_topics(tx, m)
        ),
        None,
    )


def propose(tx: Tx, person: Person, community_id: int | None, text: str) -> Proposed:
    """Take a topic in, without phones, rooms and names in it. Raises Invalid when there are no words."""
    said = covered(needed(text[:TOPIC], "topic"), room=person.room, name=person.name)
    meeting = upcoming(tx, community_id)
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
        return Proposed(twin, meeting, joined=added, repeated=not added)
    made = tx.insert(
        Topic,
        meeting_id=meeting.id if meeting else None,
        community_id=community_id,
        text=said,
        by_id=person.id,
        at=tx.now,
    )
    tx.insert(Voice, topic_id=made.id, person_id=person.id)
    return Proposed(made, meeting)
