"""奖补: what an estate that has passed was given, and what became of it in the project that it was given to.

What was given stands in the history of the application. What is spent is kept in one place, the budget of the
project: its lines that name the same source. Where none does, how much is spent is not known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from redprop_bot.appraise import standard_telling
from redprop_bot.appraise.reviewers import Reviewer
from redprop_bot.appraise.standards import noted
from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.loop.record import needed
from redprop_bot.rules.standards import State
from redprop_bot.store import projects, standards
from redprop_bot.store.tables import Event, Project, StandardApplication
from redprop_bot.store.tx import Tx

GIVEN: Final = "standard_granted"
UNDONE: Final = "standard_ungranted"
SOURCE: Final = 30
_GREATEST: Final = 10**13  # fen


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant, in fen. planned, spent: of the project's lines with this source; None where there are none."""

    number: int
    project_no: str
    project: str
    source: str
    amount: int
    by: str
    at: datetime
    planned: int | None = None
    spent: int | None = None
    undone_at: datetime | None = None
    reason: str = ""


def grants(tx: Tx, application: StandardApplication) -> list[Grant]:
    """What it was given, in the order in which it was given, with what is spent by now."""
    key = application.id or 0
    history = standards.decided(tx, [key])[key]
    back = {event.data["grant"]: event for event in history if event.name == UNDONE}
    given_ = [event for event in history if event.name == GIVEN]
    return [_grant(tx, number, event, back.get(number)) for number, event in enumerate(given_, 1)]


def _grant(tx: Tx, number: int, event: Event, back: Event | None) -> Grant:
    project, source = projects.by_no(tx, event.data["project"]), str(event.data["source"])
    key = project.id or 0 if project is not None else 0
    lines = [line for line in projects.lines(tx, [key])[key] if line.source.strip() == source]
    return Grant(
        number=number,
        project_no=event.data["project"],
        project=project.title if project is not None else "",
        source=source,
        amount=int(event.data["fen"]),
        by=event.by_name,
        at=event.at,
        planned=sum(line.planned for line in lines) if lines else None,
        spent=sum(line.spent for line in lines) if lines else None,
        undone_at=back.at if back is not None else None,
        reason=back.data["reason"] if back is not None else "",
    )


def standing(found: Iterable[Grant]) -> list[Grant]:
    """Those that were not taken back."""
    return [one for one in found if one.undone_at is None]


def give(
    tx: Tx, application: StandardApplication, who: Reviewer, *, project: str, source: str, yuan: float
) -> None:
    """Enter a grant. Raises Forbidden, Conflict (not passed, entered already), Invalid (project, amount)."""
    application = _held(tx, application, who)
    if application.state != State.PASSED:
        raise Conflict("standard_not_passed", **standard_telling.names(tx, application))
    name, fen, to = needed(source, "source"), _fen(yuan), _project(tx, application, project)
    if len(name) > SOURCE:
        raise Invalid("too_long", field="source", limit=SOURCE)
    before = grants(tx, application)
    if any(one.project_no == to.no and one.source == name for one in standing(before)):
        raise Conflict("standard_granted_twice", no=to.no, source=name)
    noted(tx, application, GIVEN, who, project=to.no, source=name, fen=fen)
    number = len(before) + 1
    standard_telling.granted(tx, application, to, number=number, source=name, fen=fen, but=who.person_id)


def take_back(tx: Tx, application: StandardApplication, who: Reviewer, *, number: int, reason: str | None) -> None:
    """What was entered by mistake. Raises Forbidden, NotFound, Conflict (taken back already), Invalid."""
    application = _held(tx, application, who)
    found = next((one for one in grants(tx, application) if one.number == number), None)
    if found is None:
        raise NotFound("standard_no_grant")
    if found.undone_at is not None:
        raise Conflict("standard_ungranted")
    noted(tx, application, UNDONE, who, grant=number, reason=needed(reason, "reason"))


def _held(tx: Tx, application: StandardApplication, who: Reviewer) -> StandardApplication:
    """The application as it is now, for who gives; nobody else changes it before this job ends."""
    assert application.id is not None
    if not who.street:
        raise Forbidden("standard_grant")
    return tx.get(StandardApplication, application.id, lock=True)


def _project(tx: Tx, application: StandardApplication, no: str) -> Project:
    found = projects.by_no(tx, no.strip()[:32])
    if found is None or found.community_id not in (None, application.community_id):
        raise Invalid("no_project", field="project", no=no.strip()[:32])
    return found


def _fen(yuan: float) -> int:
    fen = int((Decimal(str(yuan)) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    if not 0 < fen <= _GREATEST:
        raise Invalid("number", field="amount")
    return fen
