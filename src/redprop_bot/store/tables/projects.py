"""Projects (项目) with their measures, budget lines and milestones. Money is in fen; moments are in UTC."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, json_list, key, moment, number, ref


class Project(Table, table=True):
    """A project; stage open | done | cancelled. `result` is what the board shows when it is done."""

    __tablename__: ClassVar[Any] = "project"
    __table_args__ = (
        UniqueConstraint("no"),
        Index(None, "community_id", "stage", "id"),
        Index(None, "stage", "id"),
    )
    id: int | None = key()
    no: str
    kind: str
    title: str
    note: str = ""
    community_id: int | None = ref("community.id")
    owner_id: int | None = ref("person.id")
    lead_id: int | None = ref("organisation.id")
    starts_at: datetime = moment(nullable=False)
    ends_at: datetime = moment(nullable=False)
    stage: str = "open"
    result: str = ""
    demands: list[str] = json_list()  # numbers of the orders that it came from
    meeting_id: int | None = number()
    by_name: str
    created_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    finished_at: datetime | None = moment()
    version: int = 1


class Measure(Table, table=True):
    """A measure (措施) of a project, owned by a person or by a unit; stage open | done | cancelled."""

    __tablename__: ClassVar[Any] = "measure"
    __table_args__ = (
        UniqueConstraint("project_id", "position"),
        Index(None, "owner_id", "stage"),
        Index(None, "unit_id", "stage"),
    )
    id: int | None = key()
    project_id: int = ref("project.id", nullable=False)
    position: int
    title: str
    note: str = ""
    owner_id: int | None = ref("person.id")
    unit_id: int | None = ref("organisation.id")
    starts_at: datetime = moment(nullable=False)
    due_at: datetime = moment(nullable=False)
    stage: str = "open"
    percent: int = 0
    progress: str = ""  # what was said last of how far it is
    reported_at: datetime | None = moment()
    done_at: datetime | None = moment()
    version: int = 1


class Milestone(Table, table=True):
    """By then so many percent are to be there: of a measure, or of the whole project."""

    __tablename__: ClassVar[Any] = "milestone"
    __table_args__ = (Index(None, "project_id"),)
    id: int | None = key()
    project_id: int = ref("project.id", nullable=False)
    measure_id: int | None = ref("measure.id")
    title: str
    due_at: datetime = moment(nullable=False)
    percent: int
    reached_at: datetime | None = moment()


class BudgetLine(Table, table=True):
    """What money is for, where it comes from, and how much is spent so far."""

    __tablename__: ClassVar[Any] = "budget_line"
    __table_args__ = (Index(None, "project_id"),)
    id: int | None = key()
    project_id: int = ref("project.id", nullable=False)
    measure_id: int | None = ref("measure.id")
    title: str
    source: str = ""
    planned: int
    spent: int = 0
