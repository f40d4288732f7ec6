"""Whistles (吹哨) and the emergency mode (平急转换): calls of units, duty lists, receipts, safety check-ins."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, json_list, json_map, key, moment, number, ref


class WhistleCall(Table, table=True):
    """One unit called to one demand: state called | claimed | declined | done | void; see `rules.whistle`."""

    __tablename__: ClassVar[Any] = "whistle_call"
    __table_args__ = (Index(None, "demand_id"), Index(None, "called_at"), Index(None, "organisation_id", "state"))
    id: int | None = key()
    demand_id: int = ref("demand.id", nullable=False)
    community_id: int | None = ref("community.id")
    organisation_id: int = ref("organisation.id", nullable=False)
    kind: str
    matter: str
    by_id: int | None = ref("person.id")
    by_name: str
    state: str = "called"
    called_at: datetime = moment(nullable=False)
    answer_by: datetime = moment(nullable=False)
    table_by: datetime = moment(nullable=False)
    limit_at: datetime = moment(nullable=False)
    answered_at: datetime | None = moment()
    answered_by: str | None = None
    reason: str | None = None
    climbed_at: datetime | None = moment()
    tabled_at: datetime | None = moment()
    progress_at: datetime | None = moment()
    progress_note: str | None = None  # how far the unit said last that it is
    done_at: datetime | None = moment()
    done_note: str | None = None
    stars: int | None = None
    rated_at: datetime | None = moment()
    rating_reason: str | None = None
    version: int = 1


class Mode(Table, table=True):
    """An emergency from 转应急 to 恢复平时; without a community the whole street's, without estates all."""

    __tablename__: ClassVar[Any] = "emergency_mode"
    __table_args__ = (UniqueConstraint("no"), Index(None, "ended_at"))
    id: int | None = key()
    no: str
    community_id: int | None = ref("community.id")
    estates: list[int] = json_list()
    title: str
    began_at: datetime = moment(nullable=False)
    until_at: datetime = moment(nullable=False)
    by_id: int | None = ref("person.id")
    by_name: str
    ended_at: datetime | None = moment()
    ended_by: str | None = None
    report: dict[str, Any] = json_map()


class Duty(Table, table=True):
    """Somebody on the duty list of an emergency; part secretary | grid | unit | member."""

    __tablename__: ClassVar[Any] = "mode_duty"
    __table_args__ = (UniqueConstraint("mode_id", "person_id"),)
    id: int | None = key()
    mode_id: int = ref("emergency_mode.id", nullable=False)
    person_id: int = ref("person.id", index=True, nullable=False)
    part: str
    unit: str | None = None
    called_at: datetime = moment(nullable=False)
    received_at: datetime | None = moment()
    reminded_at: datetime | None = moment()


class CheckIn(Table, table=True):
    """报平安, of one's own will: a resident by themselves, or an elder by the grid worker who looks after them.

    state open (an elder nobody has reached yet) | safe | help. `name` only for elders, wiped when the mode ends.
    """

    __tablename__: ClassVar[Any] = "check_in"
    __table_args__ = (UniqueConstraint("mode_id", "person_id"), UniqueConstraint("mode_id", "name"))
    id: int | None = key()
    mode_id: int = ref("emergency_mode.id", nullable=False)
    person_id: int | None = ref("person.id")
    name: str | None = None
    elder: bool = False
    state: str
    by_id: int | None = ref("person.id")
    at: datetime = moment(nullable=False)
    demand_id: int | None = number()
