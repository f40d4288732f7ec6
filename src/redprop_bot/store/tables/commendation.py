"""年底评价意见 and 评选表彰: opinions on companies, titles put to the vote, who stands, ballots."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, json_list, key, moment, ref


class Opinion(Table, table=True):
    """One version of what a community says of a company for a year; state draft | confirmed | sent.

    figures: rows of key, title, value, of, said as of `taken_at`. fee_rate: hundredths of a per cent, as somebody
    entered it. open_key: company, community and year until it is sent, so that one at most is being written.
    """

    __tablename__: ClassVar[Any] = "opinion"
    __table_args__ = (
        UniqueConstraint("organisation_id", "community_id", "year", "number"),
        UniqueConstraint("open_key"),
        Index(None, "community_id", "id"),
    )
    id: int | None = key()
    organisation_id: int = ref("organisation.id", nullable=False)
    community_id: int = ref("community.id", nullable=False)
    year: int
    number: int = 1
    state: str = "draft"
    open_key: str | None = None
    figures: list[dict[str, Any]] = json_list()
    taken_at: datetime = moment(nullable=False)
    fee_rate: int | None = None
    fee_from: str = ""
    words: str = ""
    version: int = 1
    opened_by: str
    opened_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    confirmed_by: str = ""
    confirmed_at: datetime | None = moment()
    sent_by: str = ""
    sent_on: str | None = None
    sent_at: datetime | None = moment()


class Commendation(Table, table=True):
    """A title of a year in a community, as its rule was when this was opened.

    state gathering | voting | confirmed | stopped. open_key: community, title and year unless it was stopped.
    votes: so many each may give; winners: so many places; counts: after | during.
    """

    __tablename__: ClassVar[Any] = "commendation"
    __table_args__ = (UniqueConstraint("open_key"), Index(None, "community_id", "id"))
    id: int | None = key()
    award: str
    title: str
    kind: str
    about: str = ""
    community_id: int = ref("community.id", nullable=False)
    year: int
    state: str = "gathering"
    open_key: str | None = None
    votes: int
    winners: int
    counts: str
    days: int
    starts_at: datetime | None = moment()
    ends_at: datetime | None = moment()
    opened_by: str
    opened_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    confirmed_by: str = ""
    confirmed_at: datetime | None = moment()


class CommendationCandidate(Table, table=True):
    """A company, or a person by their consent; state asked | agreed | declined | dropped.

    number: on the ballot, once the vote is open. verdicts: rows of title, mark, said for a company. shown: a
    person may stand on the board, covered. votes, wins: as the result has them.
    """

    __tablename__: ClassVar[Any] = "commendation_candidate"
    __table_args__ = (
        UniqueConstraint("commendation_id", "organisation_id"),
        UniqueConstraint("commendation_id", "person_id"),
        UniqueConstraint("commendation_id", "number"),
    )
    id: int | None = key()
    commendation_id: int = ref("commendation.id", nullable=False)
    organisation_id: int | None = ref("organisation.id")
    person_id: int | None = ref("person.id", index=True)
    name: str
    unit: str = ""
    about: str = ""
    state: str = "asked"
    shown: bool = False
    verdicts: list[dict[str, Any]] = json_list()
    note: str = ""
    number: int | None = None
    votes: int | None = None
    wins: bool = False
    by_name: str
    at: datetime = moment(nullable=False)


class CommendationBallot(Table, table=True):
    """What one person chose, by numbers; emptied when the result is confirmed: that they voted stays."""

    __tablename__: ClassVar[Any] = "commendation_ballot"
    __table_args__ = (UniqueConstraint("commendation_id", "person_id"),)
    id: int | None = key()
    commendation_id: int = ref("commendation.id", nullable=False)
    person_id: int = ref("person.id", index=True, nullable=False)
    choices: list[int] = json_list()
    at: datetime = moment(nullable=False)
