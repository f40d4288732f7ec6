"""Matching (匹配): the index of who and what could help where, needs that are being matched, who was asked.

The index is made of resources, services and members by `store.fits`; it may be dropped and made anew at any time.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, json_list, key, moment, number, ref


class FitKey(Table, table=True):
    """One word under which one thing can be found in one area; `turn_at` is when its owner was asked last."""

    __tablename__: ClassVar[Any] = "fit_key"
    __table_args__ = (
        Index("ix_fit_key_seek", "area", "word", "turn_at", "id"),
        Index(None, "subject", "subject_id"),
    )
    id: int | None = key()
    area: str
    word: str
    turn_at: datetime = moment(nullable=False)
    subject: str
    subject_id: int = number(nullable=False)


class FitMark(Table, table=True):
    """A resource, service or member that has changed: its keys are to be made anew. Written by triggers."""

    __tablename__: ClassVar[Any] = "fit_mark"
    id: int | None = key()
    subject: str
    subject_id: int = number(nullable=False)


class Pairing(Table, table=True):
    """A need for which somebody is sought: state seeking | paired | none (nobody is left) | ended.

    need demand | wish | offer with its key and number; side resource (a thing or place) | service (somebody).
    """

    __tablename__: ClassVar[Any] = "pairing"
    __table_args__ = (
        UniqueConstraint("need", "need_id", "side"),
        Index(None, "community_id", "id"),
        Index(None, "state", "estate_id"),
    )
    id: int | None = key()
    need: str
    need_id: int = number(nullable=False)
    need_no: str
    side: str
    community_id: int | None = ref("community.id")
    estate_id: int | None = ref("estate.id")
    category: str | None = None
    state: str = "seeking"
    asked: int = 0
    ask_id: int | None = number()
    by_id: int | None = ref("person.id")
    by_name: str
    opened_at: datetime = moment(nullable=False)
    ended_at: datetime | None = moment()
    why: str | None = None
    version: int = 1


class PairingAsk(Table, table=True):
    """One person asked for one need, once in a lifetime: state waiting | silent | yes | no | void.

    Somebody silent may still say yes as long as nobody else has. `parts` is the score as it was then, with words.
    """

    __tablename__: ClassVar[Any] = "pairing_ask"
    __table_args__ = (
        UniqueConstraint("need", "need_id", "person_id"),
        Index(None, "pairing_id"),
        Index(None, "person_id", "state"),
        Index(None, "person_id", "asked_at"),
    )
    id: int | None = key()
    pairing_id: int = ref("pairing.id", nullable=False)
    need: str
    need_id: int = number(nullable=False)
    person_id: int = ref("person.id", nullable=False)
    subject: str
    subject_id: int = number(nullable=False)
    title: str
    score: int
    parts: list[Any] = json_list()
    state: str = "waiting"
    asked_at: datetime = moment(nullable=False)
    answer_by: datetime = moment(nullable=False)
    answered_at: datetime | None = moment()
    reason: str | None = None


class Respite(Table, table=True):
    """这段时间别找我: nobody is asked before `until`; without it until they say so."""

    __tablename__: ClassVar[Any] = "respite"
    __table_args__ = (UniqueConstraint("person_id"),)
    id: int | None = key()
    person_id: int = ref("person.id", nullable=False)
    until: datetime | None = moment()
    said_at: datetime = moment(nullable=False)
