"""The demand list (需求清单) and what hangs on it: history, supporters, helpers, attachments."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, text

from redprop_bot.store.tables.base import Table, json_list, json_map, key, moment, number, ref

RUNNING_ROWS = "stage IN ('accepted', 'dispatched', 'new', 'returned', 'tabled')"
ALARM_ROWS = (
    "urgency = 'emergency' AND stage IN "
    "('accepted', 'dispatched', 'done', 'new', 'returned', 'suspended', 'tabled')"
)
URGENT_ROWS = (
    "urgency IN ('emergency', 'urgent') AND stage IN "
    "('accepted', 'dispatched', 'done', 'new', 'returned', 'suspended', 'tabled')"
)
OPEN_ROWS = "stage IN ('accepted', 'dispatched', 'done', 'new', 'returned', 'suspended', 'tabled')"
CLOSED_ROWS = "stage = 'closed'"
ASKED_ROWS = "extension_days IS NOT NULL"
PAUSED_ROWS = "stage = 'suspended'"
KEPT_ROWS = "closed_at IS NOT NULL AND unnamed_at IS NULL"
ACCUSING_ROWS = "intent IN ('complaint', 'mediation') AND party IS NOT NULL"
"""Conditions of indexes, and of the statements that use them: the words must be the same."""


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Demand(Table, table=True):
    """The present state of a demand; its history is `event`. Both change in one transaction."""

    __tablename__: ClassVar[Any] = "demand"
    __table_args__ = (
        UniqueConstraint("no"),
        # Lists are read newest first, a page at a time: each ends with the key, so that a page is a walk.
        Index(None, "community_id", "stage", "id"),
        Index(None, "handler_id", "stage", "id"),
        Index(None, "stage", "id"),
        Index(None, "community_id", "id"),
        Index(None, "handler_id", "id"),
        Index(None, "estate_id", "id"),
        Index(None, "category", "id"),
        Index(None, "reporter_id", "id"),
        Index(None, "estate_id", "category", "building", "stage"),
        # What a sweep looks through: only orders that have something in store, so that its cost is what is due.
        Index(
            "ix_demand_remind_at",
            "remind_at",
            "id",
            sqlite_where=text("remind_at IS NOT NULL"),
            postgresql_where=text("remind_at IS NOT NULL"),
        ),
        # What presses: few rows of many, so only those rows.
        Index("ix_demand_due", "due_at", "id", **_where(RUNNING_ROWS)),
        Index("ix_demand_community_due", "community_id", "due_at", "id", **_where(RUNNING_ROWS)),
        Index("ix_demand_handler_due", "handler_id", "due_at", "id", **_where(RUNNING_ROWS)),
        Index("ix_demand_running", "id", **_where(RUNNING_ROWS)),
        # What the public board shows: open matters newest first, results by when they were closed.
        Index("ix_demand_community_open", "community_id", "id", **_where(OPEN_ROWS)),
        Index("ix_demand_estate_open", "estate_id", "id", **_where(OPEN_ROWS)),
        Index("ix_demand_community_closed", "community_id", "closed_at", "id", **_where(CLOSED_ROWS)),
        Index("ix_demand_estate_closed", "estate_id", "closed_at", "id", **_where(CLOSED_ROWS)),
        Index("ix_demand_community_running", "community_id", "id", **_where(RUNNING_ROWS)),
        Index("ix_demand_handler_running", "handler_id", "id", **_where(RUNNING_ROWS)),
        Index("ix_demand_alarm", "id", **_where(ALARM_ROWS)),
        Index("ix_demand_urgent", "stage", "id", **_where(URGENT_ROWS)),
        Index("ix_demand_asked", "id", **_where(ASKED_ROWS)),
        # Open matters of one kind: what three filters leave of a stage is few rows of many.
        Index("ix_demand_open_kind", "stage", "category", "urgency", "id", **_where(OPEN_ROWS)),
        # What is old enough to be nobody's any more: only what still names somebody.
        Index("ix_demand_kept", "closed_at", "id", **_where(KEPT_ROWS)),
        # What complains of somebody, who is not to find it in any list: few rows of many.
        Index("ix_demand_accusing", "community_id", "id", **_where(ACCUSING_ROWS)),
        Index("ix_demand_look", "paused_until", "id", **_where(PAUSED_ROWS)),
        # The same for those who see one community or unit only.
        Index("ix_demand_community_alarm", "community_id", "id", **_where(ALARM_ROWS)),
        Index("ix_demand_handler_alarm", "handler_id", "id", **_where(ALARM_ROWS)),
        Index("ix_demand_community_urgent", "community_id", "stage", "id", **_where(URGENT_ROWS)),
        Index("ix_demand_handler_urgent", "handler_id", "stage", "id", **_where(URGENT_ROWS)),
        Index("ix_demand_community_asked", "community_id", "id", **_where(ASKED_ROWS)),
        Index("ix_demand_community_look", "community_id", "paused_until", "id", **_where(PAUSED_ROWS)),
    )
    id: int | None = key()
    no: str
    community_id: int | None = ref("community.id")
    estate_id: int | None = ref("estate.id")
    building: str | None = None
    unit: str | None = None
    room: str | None = None
    place: str | None = None
    intent: str
    category: str | None = None
    urgency: str | None = None
    text: str
    phone: str | None = None
    party: str | None = None
    stage: str
    stage_before: str | None = None
    reporter_id: int | None = ref("person.id")
    supporters: int = 0
    reported_at: datetime = moment(nullable=False)
    created_at: datetime = moment(nullable=False)
    updated_at: datetime = moment(nullable=False)
    # -- who answers for it
    handler_id: int | None = ref("organisation.id")
    former_id: int | None = ref("organisation.id")  # the unit that had it before the present one
    assignee_id: int | None = ref("person.id")
    responsibility_id: int | None = ref("responsibility.id")
    by_care: bool = False  # no row answers for it: its unit has it as the caretaker of the estate
    released: bool = False
    dispatches: int = 0
    transfers: int = 0
    reworks: int = 0
    escalated_to: str | None = None
    # -- by when
    dispatched_at: datetime | None = moment()
    respond_by: datetime | None = moment()
    contact_by: datetime | None = moment()
    due_at: datetime | None = moment()
    due_decided: bool = False  # the day was set by a meeting: what is corrected later does not move it
    return_until: datetime | None = moment()
    complex: bool = False
    extension_days: int | None = None
    extended: bool = False
    granted_days: int | None = None
    begun_at: datetime | None = moment()  # since when it is done again; before a rework it counts from the report
    contacted_at: datetime | None = moment()  # the first the reporter heard from the unit that has it
    control_by: datetime | None = moment()  # of a danger: until when it is to be under control
    controlled_at: datetime | None = moment()  # when the unit said that it is
    pauses: list[Any] = json_list()  # [[from, to], …] of the pauses that are over
    paused_at: datetime | None = moment()
    paused_until: datetime | None = moment()
    clocked_at: datetime | None = moment()  # the last step that set or changed what reminders hang on
    remind_at: datetime | None = moment()  # when the sweep looks at it next
    # -- how it ended
    done_at: datetime | None = moment()
    closed_at: datetime | None = moment()
    close_reason: str | None = None
    merged_into_id: int | None = ref("demand.id")
    stars: int | None = None
    rating_reason: str | None = None
    unnamed_at: datetime | None = moment()  # since when it says no more whom it was about
    version: int = 1


class Event(Table, table=True):
    """What happened, append-only: `name` in the past tense, `act` the verb of the contract, `note` for people."""

    __tablename__: ClassVar[Any] = "event"
    __table_args__ = (Index(None, "subject", "subject_id", "id"), Index(None, "community_id", "id"))
    id: int | None = key()
    subject: str
    subject_id: int = number(nullable=False)
    community_id: int | None = ref("community.id")
    at: datetime = moment(nullable=False)
    name: str
    act: str
    by_id: int | None = ref("person.id")
    by_name: str
    note: str = ""
    data: dict[str, Any] = json_map()


class Precedent(Table, table=True):
    """A ruling on a return (先例): which unit takes it; quoted at the next like it, never edited."""

    __tablename__: ClassVar[Any] = "precedent"
    __table_args__ = (UniqueConstraint("demand_id", "at"), Index(None, "community_id", "category", "id"))
    id: int | None = key()
    community_id: int | None = ref("community.id")
    category: str
    estate_id: int | None = ref("estate.id")
    words: list[str] = json_list()
    matter: str  # without names, phones and rooms
    former_id: int = ref("organisation.id", nullable=False)  # the unit that gave it back
    unit_id: int = ref("organisation.id", nullable=False)  # the unit that was made to take it
    decision: str  # kept: the same unit after all; moved: another one
    reason: str  # why it was given back
    by_id: int | None = ref("person.id")
    by_name: str
    at: datetime = moment(nullable=False)
    demand_id: int = ref("demand.id", nullable=False)
    no: str


class Supporter(Table, table=True):
    """A resident who reported the same thing after the first; told like the reporter."""

    __tablename__: ClassVar[Any] = "supporter"
    __table_args__ = (UniqueConstraint("demand_id", "person_id"), Index(None, "person_id"))
    id: int | None = key()
    demand_id: int = ref("demand.id", nullable=False)
    person_id: int = ref("person.id", nullable=False)
    at: datetime = moment(nullable=False)
    stars: int | None = None
    rating_reason: str | None = None


class Helper(Table, table=True):
    """A member, partner or unit that helps beside the lead unit (协办、助力)."""

    __tablename__: ClassVar[Any] = "helper"
    __table_args__ = (UniqueConstraint("demand_id", "person_id"), Index(None, "person_id"))
    id: int | None = key()
    demand_id: int = ref("demand.id", nullable=False)
    person_id: int | None = ref("person.id")
    organisation_id: int | None = ref("organisation.id")
    name: str
    at: datetime = moment(nullable=False)


class Attachment(Table, table=True):
    """A picture, video or voice that belongs to a demand.

    state: linked (somebody else's address, never fetched) | wanted (still with the platform) | kept (in our files
    under `name`) | refused (not what it should be) | expired (the platform has it no more) | leaving (hidden,
    about to go with its file). `latitude` and `longitude` are where a picture was taken, from a sender who agreed
    to that being read, and only until it was used.
    """

    __tablename__: ClassVar[Any] = "attachment"
    __table_args__ = (Index(None, "demand_id"), Index(None, "state", "not_before"), Index(None, "name"))
    id: int | None = key()
    demand_id: int = ref("demand.id", nullable=False)
    kind: str
    channel: str | None = None
    media_id: str | None = None
    url: str | None = None
    by_id: int | None = ref("person.id")
    at: datetime = moment(nullable=False)
    state: str = "wanted"
    name: str | None = None
    content_type: str | None = None
    size: int | None = None
    width: int | None = None
    height: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    attempts: int = 0
    not_before: datetime | None = moment()
    error: str | None = None
