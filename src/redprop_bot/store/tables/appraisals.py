"""考评: rounds of a score sheet for a property company and a period, and what was scored."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, json_list, json_map, key, moment, ref


class Appraisal(Table, table=True):
    """A company held against a sheet as it was when this was opened; state: `rules.grades.State`.

    period: 2026-11, 2026-Q4, 2026. plan: the sheet. score: hundredths. working: how it came about, line by line;
    score, stars and working are None and empty until there is a result. once_key: sheet, period, community and
    company, unless it is void, so that there is one at most.
    """

    __tablename__: ClassVar[Any] = "appraisal"
    __table_args__ = (
        UniqueConstraint("once_key"),
        Index(None, "community_id", "id"),
        Index(None, "organisation_id", "period"),
    )
    id: int | None = key()
    sheet: str
    title: str
    period: str
    months: int
    community_id: int = ref("community.id", nullable=False)
    organisation_id: int = ref("organisation.id", nullable=False)
    plan: dict[str, Any] = json_map()
    state: str = "open"
    once_key: str | None = None
    due_at: datetime = moment(nullable=False)
    opened_by: str
    opened_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    score: int | None = None
    stars: int | None = None
    working: list[dict[str, Any]] = json_list()
    published_at: datetime | None = moment()
    appeal_until: datetime | None = moment()
    appeal: str = ""
    decision: str = ""


class AppraisalBallot(Table, table=True):
    """What one voice of a party gave: whole points by key of the item.

    scorer: key of a person where a party is many people; empty where it speaks with one voice. by_name and
    said_by, who wrote it down and for whom, are kept for the latter only: how a single resident or worker scored
    is nobody's business.
    """

    __tablename__: ClassVar[Any] = "appraisal_ballot"
    __table_args__ = (UniqueConstraint("appraisal_id", "party", "scorer"),)
    id: int | None = key()
    appraisal_id: int = ref("appraisal.id", nullable=False)
    party: str
    scorer: str = ""
    points: dict[str, Any] = json_map()
    by_name: str = ""
    said_by: str = ""
    at: datetime = moment(nullable=False)
