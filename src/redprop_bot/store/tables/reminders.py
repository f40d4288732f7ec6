"""What the clock has done and is about to say: fired rules, people to be nudged, who holds the scheduler."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from redprop_bot.store.tables.base import Table, key, moment, ref


class Reminder(Table, table=True):
    """A rule that has fired for an order, append-only: once for each (order, rule, due moment, turn)."""

    __tablename__: ClassVar[Any] = "reminder"
    __table_args__ = (UniqueConstraint("demand_id", "rule", "due_at", "turn"),)
    id: int | None = key()
    demand_id: int = ref("demand.id", nullable=False)
    rule: str
    due_at: datetime = moment(nullable=False)
    turn: int = 0
    at: datetime = moment(nullable=False)


class Nudge(Table, table=True):
    """Something a person is to be told from `ripe_at` on; gone when the message that says it is queued.

    What is ripe for one person at one moment becomes one message.
    """

    __tablename__: ClassVar[Any] = "nudge"
    __table_args__ = (Index(None, "ripe_at"), Index(None, "person_id"), Index(None, "demand_id"))
    id: int | None = key()
    demand_id: int = ref("demand.id", nullable=False)
    person_id: int = ref("person.id", nullable=False)
    rule: str
    audience: str
    due_at: datetime = moment(nullable=False)
    turn: int = 0
    weight: str
    at: datetime = moment(nullable=False)  # the moment that the rule meant
    ripe_at: datetime = moment(nullable=False)


class Lease(Table, table=True):
    """Who does something for all processes, and until when unless renewed."""

    __tablename__: ClassVar[Any] = "lease"
    name: str = Field(primary_key=True)
    owner: str
    until: datetime = moment(nullable=False)
