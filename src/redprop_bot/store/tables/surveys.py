"""电话回访: the list of orders to call about, one a community and month, and what came of each call."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, key, moment, ref


class Survey(Table, table=True):
    """A list as it was drawn, once: `key` is community and month, `closed` how many orders it was drawn from."""

    __tablename__: ClassVar[Any] = "survey"
    __table_args__ = (UniqueConstraint("key"), Index(None, "community_id", "id"), Index(None, "month"))
    id: int | None = key()
    key: str
    community_id: int | None = ref("community.id")
    month: str
    closed: int
    task_id: int | None = ref("task.id")
    at: datetime = moment(nullable=False)


class SurveyCall(Table, table=True):
    """One order of a list: `why` it is there (`rules.survey`), state open | satisfied | unhappy | not_reached."""

    __tablename__: ClassVar[Any] = "survey_call"
    __table_args__ = (
        UniqueConstraint("survey_id", "demand_id"),
        Index(None, "survey_id", "state", "id"),
        Index(None, "demand_id"),
    )
    id: int | None = key()
    survey_id: int = ref("survey.id", nullable=False)
    demand_id: int = ref("demand.id", nullable=False)
    why: str
    state: str = "open"
    tries: int = 0
    note: str = ""
    reopened: bool = False
    by_name: str = ""
    called_at: datetime | None = moment()
