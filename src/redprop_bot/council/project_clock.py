"""What time does to projects: an owner is reminded before the day, warned after it, and so is the secretary.

Each deed looks at the row as it is now: what was done, moved or called off in the meantime is left alone.
"""

from datetime import timedelta
from typing import Final

from redprop_bot.council import measure_telling
from redprop_bot.council.hands import CLOCK
from redprop_bot.council.project import noted
from redprop_bot.loop.due import Deeds
from redprop_bot.rules import projects as rules
from redprop_bot.rules.projects import ProjectStage
from redprop_bot.store import messages, projects
from redprop_bot.store.tables import Measure, Project, Timer
from redprop_bot.store.tx import Tx

_NEAR: Final = timedelta(hours=12)
"""What is caught up on the day itself warns of nothing that the warning of the day does not say."""


def _open(tx: Tx, timer: Timer) -> tuple[Project, Measure] | None:
    """The measure and its project, both held, when it still is to be done by the day that the timer knows."""
    measure = tx.get(Measure, timer.subject_id or 0)
    project = tx.get(Project, measure.project_id, lock=True)  # the same order as every step
    measure = tx.get(Measure, timer.subject_id or 0, lock=True)
    runs = measure.stage == ProjectStage.OPEN and project.stage == ProjectStage.OPEN
    return (project, measure) if runs and measure.due_at.isoformat() == timer.data["due"] else None


def _soon(tx: Tx, timer: Timer) -> None:
    found = _open(tx, timer)
    if found is not None and found[1].due_at - tx.now > _NEAR:
        measure_telling.soon(tx, *found)


def _late(tx: Tx, timer: Timer) -> None:
    found = _open(tx, timer)
    if found is None:
        return
    project, measure = found
    turn = int(timer.data.get("turn", 1))
    noted(tx, project, "measure_late", CLOCK, measure=measure.position, turn=turn)
    measure_telling.late(tx, project, measure, f"late:{measure.due_at:%Y%m%d}:{turn}")
    again = tx.content.projects.again.after(tx.now, tx.content.calendar)
    key = f"measure:{measure.id}:{measure.due_at:%Y%m%dT%H%M}:late{turn + 1}"
    messages.plan(tx, key, "measure_late", again, measure.id, due=timer.data["due"], turn=turn + 1)


def _milestone(tx: Tx, timer: Timer) -> None:
    stone = projects.milestone(tx, timer.subject_id or 0)
    if stone is None or stone.reached_at is not None or stone.due_at.isoformat() != timer.data["due"]:
        return
    project = tx.get(Project, stone.project_id, lock=True)
    if project.stage != ProjectStage.OPEN:
        return
    steps = projects.measures(tx, [stone.project_id])[stone.project_id]
    measure = next((m for m in steps if m.id == stone.measure_id), None)
    there = rules.percent(steps) if measure is None else measure.percent
    noted(tx, project, "milestone_missed", CLOCK, milestone=stone.title, percent=there)
    measure_telling.missed(tx, project, measure, stone, there)


def _end(tx: Tx, timer: Timer) -> None:
    project = tx.get(Project, timer.subject_id or 0, lock=True)
    if project.stage != ProjectStage.OPEN or project.ends_at.isoformat() != timer.data["ends"]:
        return
    assert project.id is not None
    left = sum(m.stage == ProjectStage.OPEN for m in projects.measures(tx, [project.id])[project.id])
    noted(tx, project, "project_late", CLOCK, open=left)
    measure_telling.overdue(tx, project, left)


DO: Final[Deeds] = {
    "measure_soon": _soon,
    "measure_late": _late,
    "milestone_due": _milestone,
    "project_end": _end,
}
