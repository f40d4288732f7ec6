"""The days of a project, and those of a measure within them; what contradicts itself is refused."""

from datetime import datetime
from typing import Final

from redprop_bot.council.measure_telling import day
from redprop_bot.errors import Invalid
from redprop_bot.store.tables import Project
from redprop_bot.store.tx import Tx

YEARS: Final = 5


def term(tx: Tx, begin: datetime | None, end: datetime | None, *, past: bool = False) -> tuple[datetime, datetime]:
    """When it begins and ends; an end that lies behind is refused unless it stood there."""
    start = begin or tx.now
    last = end or tx.content.projects.usual.after(start, tx.content.calendar)
    if last <= start:
        raise Invalid("project_dates", field="ends_at")
    if (last <= tx.now and not past) or (last - start).days > YEARS * 366:
        raise Invalid("project_end", field="ends_at")
    return start, last


def within(tx: Tx, project: Project, begin: datetime | None, end: datetime | None) -> tuple[datetime, datetime]:
    """A measure begins and ends within the days of its project. Raises Invalid."""
    start, last = begin or project.starts_at, end or project.ends_at
    if last <= start:
        raise Invalid("project_dates", field="due_at")
    must_hold(tx, project, start, last, field="due_at")
    return start, last


def must_hold(tx: Tx, project: Project, *moments: datetime, field: str) -> None:
    """Refuse moments outside of the days of a project, and say which days those are. Raises Invalid."""
    zone = tx.content.zone
    first, last = (at.astimezone(zone).date() for at in (project.starts_at, project.ends_at))
    if not all(first <= at.astimezone(zone).date() <= last for at in moments):
        days = {"first": day(tx, project.starts_at), "last": day(tx, project.ends_at)}
        raise Invalid("measure_outside", field=field, no=project.no, **days)
