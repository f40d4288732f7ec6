"""How far a decision is, by its orders and its measure: the same for pages, chat, API and the next agenda.

A measure counts as an order would: nothing said yet is handed out, something said is at work, done is closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from redprop_bot.council import ourselves
from redprop_bot.council.measure_telling import owner_name
from redprop_bot.notify import words
from redprop_bot.notify.covering import covered
from redprop_bot.registry.register import register
from redprop_bot.rules.flow import Stage
from redprop_bot.rules.meetings import furthest_behind, stage_of_measure
from redprop_bot.store import meetings, projects
from redprop_bot.store.tables import Demand, Measure, Project, Resolution
from redprop_bot.store.tx import Tx

DONE: Final = (Stage.CLOSED, Stage.DONE)
_OVER: Final = (*DONE, Stage.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Step:
    """The measure that a decision became, and its project."""

    project: Project
    measure: Measure


@dataclass(frozen=True, slots=True)
class Way:
    """A decision with all that has come of it. `state` is a stage; `late`: its day is over and it is not done."""

    row: Resolution
    orders: Sequence[Demand]
    step: Step | None
    state: str
    late: bool

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do."""
        return self.state in DONE

    @property
    def due_at(self) -> datetime | None:
        """By when: as it was decided, or as the plan of the project has it by now."""
        return self.step.measure.due_at if self.step is not None else self.row.due_at


def ways(tx: Tx, rows: Sequence[Resolution]) -> list[Way]:
    """These decisions, in their order, with what has come of them; read at once."""
    orders = meetings.decided(tx, [row.id or 0 for row in rows])
    steps = projects.with_projects(tx, [row.measure_id for row in rows if row.measure_id is not None])
    return [_way(tx, row, orders.get(row.id or 0, []), steps.get(row.measure_id or 0)) for row in rows]


def of_meetings(tx: Tx, ids: Sequence[int]) -> dict[int, list[Way]]:
    """The same by meeting; meetings that decided nothing are not in it."""
    rows = [row for found in meetings.resolutions(tx, ids).values() for row in found]
    found: dict[int, list[Way]] = {}
    for way in ways(tx, rows):
        found.setdefault(way.row.meeting_id, []).append(way)
    return found


def _way(tx: Tx, row: Resolution, orders: Sequence[Demand], found: tuple[Project, Measure] | None) -> Way:
    step = Step(*found) if found is not None else None
    stages = [order.stage for order in orders]
    if step is not None:
        stages.append(stage_of_measure(step.measure.stage, step.measure.percent))
    state = Stage.CLOSED.value if row.kind == "answered" else furthest_behind(stages)
    way = Way(row, orders, step, state, late=False)
    late = way.due_at is not None and way.due_at < tx.now and state not in _OVER
    return Way(row, orders, step, state, late)


def who(tx: Tx, way: Way, *, public: bool = False) -> str:
    """Who does it: the unit, else who owns the measure; in public no person."""
    if way.row.handler_id is not None:
        return register(tx).organisations[way.row.handler_id].name
    if way.row.kind == "assigned":
        assignee = way.orders[0].assignee_id if way.orders else None
        return ourselves.name_of(tx, way.row.community_id, assignee, public=public)
    if way.step is None or (public and way.step.measure.unit_id is None):
        return ""
    return owner_name(tx, way.step.measure)


def plan_of(tx: Tx, way: Way, *, public: bool = False) -> str:
    """老旧管网攻坚第2条措施，40%; nothing for what is no measure."""
    if way.step is None:
        return ""
    project, measure = way.step.project, way.step.measure
    return tx.content.replies.say(
        "resolution.plan",
        project=covered(project.title) if public else project.title,
        number=str(measure.position),
        percent=str(measure.percent),
    )


def stage_said(tx: Tx, way: Way) -> str:
    """办理中; 办理中，已超期."""
    stage = tx.content.labels.stage[way.state]
    return tx.content.replies.say("agenda.overdue", stage=stage) if way.late else stage


def line_of(tx: Tx, way: Way) -> str:
    """1. 门禁月底前修好（禾润物业，12月31日前，办理中）."""
    due = words.date(way.due_at, tx.content.zone) if way.due_at else ""
    if way.row.kind == "noted":
        return f"{way.row.number}. {way.row.text}"
    parts = (who(tx, way), plan_of(tx, way), f"{due}前" if due else "", stage_said(tx, way))
    return f"{way.row.number}. {way.row.text}（{'，'.join(part for part in parts if part)}）"
