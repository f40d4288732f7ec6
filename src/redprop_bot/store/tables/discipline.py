"""整改, 约谈, 红黑榜, 黑名单 and 退出: what companies put right, talks, boards, cases."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint

from redprop_bot.store.tables.base import Table, json_list, json_map, key, moment, ref


class Rectification(Table, table=True):
    """An order to put things right; state: `rules.discipline.State`, extension: `Extension`, opened_side: `Side`.

    items: what, in plain words. appraisal_id: the round of 考评 it comes from; else `reason` says it. turn: which
    deadline it is, the first is 1. once_key: community, company and what, while it runs, so that it is one.
    report and failed: the last words of the company and of the re-check; earlier ones stand in the history.
    """

    __tablename__: ClassVar[Any] = "rectification"
    __table_args__ = (
        UniqueConstraint("once_key"),
        Index(None, "community_id", "id"),
        Index(None, "organisation_id", "id"),
    )
    id: int | None = key()
    community_id: int = ref("community.id", nullable=False)
    organisation_id: int = ref("organisation.id", nullable=False)
    items: list[str] = json_list()
    appraisal_id: int | None = ref("appraisal.id")
    reason: str = ""
    state: str = "open"
    once_key: str | None = None
    due_at: datetime = moment(nullable=False)
    turn: int = 1
    failures: int = 0
    overdues: int = 0
    extension: str = ""
    extension_until: datetime | None = moment()
    extension_why: str = ""
    report: str = ""
    reported_at: datetime | None = moment()
    failed: str = ""
    opened_by: str
    opened_side: str
    opened_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    closed_at: datetime | None = moment()


class Talk(Table, table=True):
    """A talk with a company about an order; cause: `rules.discipline.Cause`, state: `TalkState`.

    open_key: key of the order while it is proposed, so that one at most is. by_post: who talked, as a post.
    agreed: what was agreed, or why none is held. What was held or declined is not changed any more.
    """

    __tablename__: ClassVar[Any] = "talk"
    __table_args__ = (UniqueConstraint("open_key"), Index(None, "rectification_id", "id"))
    id: int | None = key()
    rectification_id: int = ref("rectification.id", nullable=False)
    cause: str
    state: str = "proposed"
    open_key: str | None = None
    proposed_at: datetime = moment(nullable=False)
    held_on: datetime | None = moment()
    by_post: str = ""
    agreed: str = ""
    recorded_by: str = ""
    recorded_at: datetime | None = moment()


class Ranking(Table, table=True):
    """One version of a board of a street for a period; state: `rules.ranking.State`, lines: `rules.ranking.Line`.

    plan: colours as they were. same: street, sheet and period, of which it is the version `number`. open_key: the
    same while it is being made, so that one at most is. turn: how often companies were asked to look.
    """

    __tablename__: ClassVar[Any] = "ranking"
    __table_args__ = (UniqueConstraint("same", "number"), UniqueConstraint("open_key"))
    id: int | None = key()
    street_id: int | None = ref("street.id")
    sheet: str
    title: str
    period: str
    months: int
    same: str
    number: int = 1
    open_key: str | None = None
    state: str = "draft"
    plan: dict[str, Any] = json_map()
    lines: list[dict[str, Any]] = json_list()
    turn: int = 0
    review_until: datetime | None = moment()
    published_at: datetime | None = moment()
    reason: str = ""
    opened_by: str
    opened_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)


class Sanction(Table, table=True):
    """A case against a company; kind: key of `data/discipline/sanctions.yaml`, state: `rules.sanctions.State`.

    plan: the kind as it was. community_id and estate_id: of a case that is about one estate. grounds: what was
    counted when it was opened. open_key: kind, company and estate, while it is not over, so that it is one. taken:
    steps that were taken, each `name`, `on`, `text`. due_at: until when the next step should be done, or it is
    listed. decision: why it went on or was dropped; stopped: why it was ended early.
    """

    __tablename__: ClassVar[Any] = "sanction"
    __table_args__ = (UniqueConstraint("open_key"), Index(None, "organisation_id", "id"))
    id: int | None = key()
    kind: str
    name: str
    organisation_id: int = ref("organisation.id", nullable=False)
    community_id: int | None = ref("community.id")
    estate_id: int | None = ref("estate.id")
    plan: dict[str, Any] = json_map()
    grounds: dict[str, Any] = json_map()
    reason: str = ""
    state: str = "hearing"
    open_key: str | None = None
    answer_until: datetime = moment(nullable=False)
    answer: str = ""
    answered_at: datetime | None = moment()
    decided_at: datetime | None = moment()
    decision: str = ""
    stopped: str = ""
    taken: list[dict[str, Any]] = json_list()
    due_at: datetime | None = moment()
    opened_by: str
    opened_side: str
    opened_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    closed_at: datetime | None = moment()
