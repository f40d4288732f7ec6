"""Mediations (帮帮团调解): the case, its two sides, its meetings. Private: only secretary, mediator and sides."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, json_list, key, moment, ref


class Mediation(Table, table=True):
    """A case; stages stand in `rules.mediation`. `offer` and `matter` are wiped when their time is over."""

    __tablename__: ClassVar[Any] = "mediation"
    __table_args__ = (
        UniqueConstraint("no"),
        UniqueConstraint("demand_id"),
        Index(None, "community_id", "id"),
        Index(None, "mediator_id", "id"),
    )
    id: int | None = key()
    no: str
    demand_id: int | None = ref("demand.id")
    community_id: int | None = ref("community.id")
    category: str | None = None
    matter: str
    stage: str = "open"
    mediator_id: int | None = ref("person.id")
    asked_at: datetime | None = moment()  # when the present mediator was asked
    took_at: datetime | None = moment()
    passed: list[int] = json_list()  # who was asked and did not take it
    offer: str = ""
    offer_number: int = 0  # a yes is for one wording: another offer has another number
    offered_at: datetime | None = moment()
    agreed_at: datetime | None = moment()
    follow_at: datetime | None = moment()
    followed_at: datetime | None = moment()  # when both have said how it is kept, or somebody asked them
    ended_at: datetime | None = moment()
    reason: str = ""
    code_tries: int = 0
    by_name: str
    created_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    version: int = 1


class MediationSide(Table, table=True):
    """One of the two: a person, a unit, or who has not joined yet. `accepted` is the offer they said yes to."""

    __tablename__: ClassVar[Any] = "mediation_side"
    __table_args__ = (UniqueConstraint("mediation_id", "side"), Index(None, "person_id"), Index(None, "unit_id"))
    id: int | None = key()
    mediation_id: int = ref("mediation.id", nullable=False)
    side: str
    person_id: int | None = ref("person.id")
    unit_id: int | None = ref("organisation.id")
    name: str = ""  # as the secretary says it; wiped with the case
    demand_id: int | None = ref("demand.id", index=True)  # the order by which the side came to the case
    accepted: int = 0
    accepted_at: datetime | None = moment()
    accepted_by: str = ""  # for a unit: who of its staff said so
    refused_at: datetime | None = moment()
    kept: bool | None = None
    kept_at: datetime | None = moment()


class MediationSession(Table, table=True):
    """A meeting of the sides with the mediator; state planned | held | moved."""

    __tablename__: ClassVar[Any] = "mediation_session"
    __table_args__ = (Index(None, "mediation_id"),)
    id: int | None = key()
    mediation_id: int = ref("mediation.id", nullable=False)
    starts_at: datetime = moment(nullable=False)
    place: str = ""
    state: str = "planned"
    note: str = ""
    noted_at: datetime | None = moment()
