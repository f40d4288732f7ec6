"""Meetings (联席会议、议事厅…): who sits there, what is proposed, voted and decided.

Nothing here is about a resident beyond who proposed a topic, which no page shows.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, json_list, json_map, key, moment, ref


class Meeting(Table, table=True):
    """One meeting; without a community the street's. state proposed | called | held | cancelled.

    quarter: 20264 is the fourth of 2026, by the day it begins. agenda: as it was fixed, see `council.agenda`.
    begun_at: the first that happened in it. minutes: the draft, then what was approved; frozen by `approved_at`.
    """

    __tablename__: ClassVar[Any] = "meeting"
    __table_args__ = (
        UniqueConstraint("no"),
        Index(None, "community_id", "quarter"),
        Index(None, "starts_at"),
        Index(None, "code"),
    )
    id: int | None = key()
    no: str
    kind: str
    title: str
    community_id: int | None = ref("community.id")
    place: str | None = None
    starts_at: datetime = moment(nullable=False)
    ends_at: datetime = moment(nullable=False)
    quarter: int
    state: str = "called"
    topics: list[str] = json_list()
    agenda: list[Any] = json_list()
    agenda_at: datetime | None = moment()
    code: str
    by_id: int | None = ref("person.id")
    by_name: str
    created_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    begun_at: datetime | None = moment()
    minutes: dict[str, Any] = json_map()
    minutes_at: datetime | None = moment()
    approved_at: datetime | None = moment()
    approved_by: str | None = None
    reason: str | None = None  # why it was cancelled
    version: int = 1


class Seat(Table, table=True):
    """Somebody invited, once whatever posts they hold; `for_id` is the seat that a deputy sits on.

    part: as what they are invited. units: the units they stand for. answer attend | deputy | decline.
    """

    __tablename__: ClassVar[Any] = "meeting_seat"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"), UniqueConstraint("for_id"))
    id: int | None = key()
    meeting_id: int = ref("meeting.id", nullable=False)
    person_id: int = ref("person.id", index=True, nullable=False)
    part: str
    units: list[int] = json_list()
    for_id: int | None = ref("meeting_seat.id")
    answer: str | None = None
    reason: str | None = None
    answered_at: datetime | None = moment()
    present_at: datetime | None = moment()


class Topic(Table, table=True):
    """A topic that somebody proposed; without a meeting it waits for the next.

    Who it was is known until they are told what came of it.
    """

    __tablename__: ClassVar[Any] = "meeting_topic"
    __table_args__ = (Index(None, "meeting_id"), Index(None, "community_id", "meeting_id"))
    id: int | None = key()
    meeting_id: int | None = ref("meeting.id")
    community_id: int | None = ref("community.id")
    text: str
    by_id: int | None = ref("person.id", index=True)
    voices: int = 1
    at: datetime = moment(nullable=False)


class Voice(Table, table=True):
    """Somebody who wants a topic to be talked about, the first included; counted, never shown."""

    __tablename__: ClassVar[Any] = "meeting_voice"
    __table_args__ = (UniqueConstraint("topic_id", "person_id"),)
    id: int | None = key()
    topic_id: int = ref("meeting_topic.id", nullable=False)
    person_id: int = ref("person.id", index=True, nullable=False)


class Vote(Table, table=True):
    """A question put to the vote: state open | passed | failed | withdrawn (asked by mistake) | lapsed (too few).

    The counts stand when it is closed.
    """

    __tablename__: ClassVar[Any] = "meeting_vote"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)
    id: int | None = key()
    meeting_id: int = ref("meeting.id", nullable=False)
    number: int
    text: str
    state: str = "open"
    opened_at: datetime = moment(nullable=False)
    closed_at: datetime | None = moment()
    yes: int = 0
    no: int = 0
    abstain: int = 0


class Ballot(Table, table=True):
    """One seat's vote, whoever sits on it: yes | no | abstain; given once, never changed."""

    __tablename__: ClassVar[Any] = "meeting_ballot"
    __table_args__ = (UniqueConstraint("vote_id", "seat_id"),)
    id: int | None = key()
    vote_id: int = ref("meeting_vote.id", nullable=False)
    seat_id: int = ref("meeting_seat.id", nullable=False)
    choice: str
    at: datetime = moment(nullable=False)


class Resolution(Table, table=True):
    """What was decided.

    kind assigned: given to a unit with a date, or kept by the community (no handler) · measure: a measure of a
    project · answered: said on the spot · noted: nobody need do anything.
    What was written down wrongly is taken back (`undone_at`) and counts nowhere.
    """

    __tablename__: ClassVar[Any] = "resolution"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)
    id: int | None = key()
    meeting_id: int = ref("meeting.id", nullable=False)
    community_id: int | None = ref("community.id", index=True)
    number: int
    kind: str = "assigned"
    text: str
    handler_id: int | None = ref("organisation.id")
    helpers: list[int] = json_list()
    due_at: datetime | None = moment()
    vote_id: int | None = ref("meeting_vote.id")
    measure_id: int | None = ref("measure.id", index=True)
    by_name: str
    at: datetime = moment(nullable=False)
    undone_at: datetime | None = moment()
    undone_why: str | None = None


class Decided(Table, table=True):
    """An order that a resolution is about; in one meeting a matter is decided once. made: the order came of it."""

    __tablename__: ClassVar[Any] = "resolution_demand"
    __table_args__ = (UniqueConstraint("meeting_id", "demand_id"), Index(None, "resolution_id"))
    id: int | None = key()
    meeting_id: int = ref("meeting.id", nullable=False)
    resolution_id: int = ref("resolution.id", nullable=False)
    demand_id: int = ref("demand.id", index=True, nullable=False)
    made: bool = False
