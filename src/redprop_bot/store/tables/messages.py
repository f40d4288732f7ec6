"""Messages in and out, conversations, cards, and the marks that keep them from happening twice."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from redprop_bot.store.tables.base import BigKey, Table, json_map, key, moment, number, ref


def _where(condition: str) -> dict[str, Any]:
    """A condition of an index, for both engines."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Inbox(Table, table=True):
    """A message received: status done | failed | ignored; `reply` is what every later delivery gets again.

    reference: what people are told of a failed one; of a vote what it is emptied with (`commendations.letters`).
    """

    __tablename__: ClassVar[Any] = "inbox"
    __table_args__ = (UniqueConstraint("channel", "key"), Index(None, "status"))
    id: int | None = key()
    channel: str
    key: str
    sender: str
    kind: str
    payload: dict[str, Any] = json_map()
    created_at: datetime = moment(nullable=False)
    received_at: datetime = moment(nullable=False)
    status: str
    reply: str = ""
    error: str | None = None
    reference: str | None = None


class Outbox(Table, table=True):
    """A message owed: state pending | claimed | merged | waiting | overtaken | sent | dead; `key`: owed once.

    merged   another message of the same receiver, `lead_id`, carries its text and settles it too
    waiting  no road is open: it stands in front of the receiver's next passive reply
    overtaken  it waited until it was not so any more, and is not told
    road, error, attempts, outcome: how it went or goes, why not (yet), how often, what the platform said later
    spent    which window of the budget the attempt under way was taken from; refused: roads that said no for good
    """

    __tablename__: ClassVar[Any] = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "channel", "state", "not_before"),
        Index(None, "channel", "receiver", "state", "id"),
        # Nobody holds two messages of one receiver at once: they would overtake each other on the way.
        Index(
            "uq_outbox_claimed",
            "channel",
            "receiver",
            unique=True,
            **_where("state = 'claimed'"),
        ),
        Index(None, "demand_id"),
        Index(None, "state", "id"),
        Index(None, "community_id", "id"),
        Index(None, "community_id", "state", "id"),
        # Of what few rows have, only those rows: the others would be written for nothing.
        Index("ix_outbox_sent", "channel", "receiver", "sent_at", **_where("sent_at IS NOT NULL")),
        Index("ix_outbox_lead", "lead_id", **_where("lead_id IS NOT NULL")),
        Index("ix_outbox_msgid", "msgid", **_where("msgid IS NOT NULL")),
    )
    id: int | None = key()
    key: str
    channel: str
    receiver: str
    person_id: int | None = ref("person.id")
    community_id: int | None = ref("community.id")
    demand_id: int | None = ref("demand.id")
    message: str
    form: str
    payload: dict[str, Any] = json_map()
    weight: str = "plain"
    state: str = "pending"
    created_at: datetime = moment(nullable=False)
    not_before: datetime = moment(nullable=False)
    attempts: int = 0
    claimed_by: str | None = None
    claimed_until: datetime | None = moment()
    sent_at: datetime | None = moment()
    error: str | None = None
    rank: str = "small"
    road: str | None = None
    spent: str | None = None
    refused: str = ""
    lead_id: int | None = number()
    carries: int = 0
    msgid: str | None = None
    outcome: str | None = None


class Budget(Table, table=True):
    """How many customer-service messages may still be sent to a resident; see `rules.budget`."""

    __tablename__: ClassVar[Any] = "budget"
    openid: str = Field(primary_key=True)
    talk_left: int = 0
    talk_until: datetime | None = moment()
    tap_left: int = 0
    tap_until: datetime | None = moment()


class Grant(Table, table=True):
    """A resident's consent to one subscription message of one template: used once, or taken back."""

    __tablename__: ClassVar[Any] = "subscription_grant"
    __table_args__ = (UniqueConstraint("key"), Index(None, "openid", "template_id", "used_at"))
    id: int | None = key()
    key: str
    openid: str
    template_id: str
    given_at: datetime = moment(nullable=False)
    used_at: datetime | None = moment()
    outbox_id: int | None = number()


class ClosedRoad(Table, table=True):
    """A road that the platform has closed for the whole account until a moment: no such API, or no quota left."""

    __tablename__: ClassVar[Any] = "closed_road"
    name: str = Field(primary_key=True)
    until: datetime = moment(nullable=False)
    reason: str = ""


class Card(Table, table=True):
    """A button card in somebody's WeCom: acted once, then updated; `response_code` serves one update in 72 h."""

    __tablename__: ClassVar[Any] = "card"
    __table_args__ = (UniqueConstraint("task_id"), Index(None, "demand_id", "state"))
    id: int | None = key()
    task_id: str
    person_id: int = ref("person.id", nullable=False)
    demand_id: int | None = ref("demand.id")
    subject: str = "demand"
    subject_id: int | None = number()
    message: str = ""
    stage: str | None = None  # of the demand when the card was made; a card of another stage is stale
    unit_id: int | None = number()
    state: str = "open"
    response_code: str | None = None
    created_at: datetime = moment(nullable=False)


class Conversation(Table, table=True):
    """What one person and the bot are in the middle of; see `dialogue.session` for the shape of `state`."""

    __tablename__: ClassVar[Any] = "conversation"
    person_id: int = Field(
        primary_key=True, foreign_key="person.id", sa_type=BigKey, sa_column_kwargs={"autoincrement": False}
    )
    state: dict[str, Any] = json_map()
    updated_at: datetime = moment(nullable=False)


class Replay(Table, table=True):
    """A signed query that was used, with the digest of its body: the same query with another body is refused."""

    __tablename__: ClassVar[Any] = "replay"
    key: str = Field(primary_key=True)
    body_hash: str
    at: datetime = moment(index=True, nullable=False)


class Timer(Table, table=True):
    """Something due: `key` is unique, so it is planned once; `done_at` is set in the transaction that does it."""

    __tablename__: ClassVar[Any] = "timer"
    __table_args__ = (UniqueConstraint("key"), Index(None, "done_at", "due_at"))
    id: int | None = key()
    key: str
    kind: str
    subject_id: int | None = number()
    due_at: datetime = moment(nullable=False)
    done_at: datetime | None = moment()
    data: dict[str, Any] = json_map()


class Counter(Table, table=True):
    """The last number given, by prefix and day."""

    __tablename__: ClassVar[Any] = "counter"
    name: str = Field(primary_key=True)
    value: int = 0
