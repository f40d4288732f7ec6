"""Budget lines and milestones of a project: what money is for, and how far it is to be by when.

A list is given whole and replaces the one that stands: what is in both stays the row that it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from redprop_bot.council.hands import Hand
from redprop_bot.council.project import must_arrange, noted, touched
from redprop_bot.council.terms import must_hold
from redprop_bot.errors import Conflict, Invalid
from redprop_bot.loop.record import needed
from redprop_bot.rules import projects as rules
from redprop_bot.store import messages, projects
from redprop_bot.store.tables import BudgetLine, Measure, Milestone, Project
from redprop_bot.store.tx import Tx

MOST: Final = 100
_GREATEST: Final = 10**13  # fen


@dataclass(frozen=True, slots=True)
class Money:
    """A budget line before it is entered; yuan. `measure` is the position of the measure that it is for."""

    title: str
    planned: float
    spent: float = 0
    source: str = ""
    measure: int | None = None


@dataclass(frozen=True, slots=True)
class Stone:
    """A milestone before it is entered."""

    title: str
    due_at: datetime
    percent: int
    measure: int | None = None


def budget(tx: Tx, project: Project, hand: Hand, lines: Sequence[Money]) -> None:
    """Set the budget lines. Raises Forbidden, Conflict (project over), Invalid (title, amounts, measure)."""
    project = must_arrange(tx, project, hand)
    _not_many(lines, "budget")
    steps = _positions(tx, project)
    wanted = [
        {
            "title": needed(one.title, "budget"),
            "source": one.source.strip(),
            "planned": fen(one.planned, "budget"),
            "spent": fen(one.spent, "budget"),
            "measure_id": _measure(steps, one.measure, "budget"),
        }
        for one in lines
    ]
    there = {row.title: row for row in projects.lines(tx, [project.id or 0])[project.id or 0]}
    for values in wanted:
        if (row := there.pop(str(values["title"]), None)) is not None:
            tx.update(BudgetLine, row.id, **values)
        else:
            tx.insert(BudgetLine, project_id=project.id, **values)
    for row in there.values():
        projects.drop(tx, BudgetLine, row.id or 0)
    noted(tx, project, "budget_set", hand, lines=len(wanted))
    touched(tx, project)


def spend(tx: Tx, project: Project, hand: Hand, *, line: str, spent: float) -> BudgetLine:
    """So much of a line is spent by now, in total. Raises Forbidden, Conflict (over), Invalid (line, amount)."""
    project = must_arrange(tx, project, hand)
    rows = projects.lines(tx, [project.id or 0])[project.id or 0]
    row = next((one for one in rows if line in (one.title, str(one.id))), None)
    if row is None:
        raise Invalid("budget_line", field="line", name=line[:30])
    changed = tx.update(BudgetLine, row.id, spent=fen(spent, "spent"))
    noted(tx, project, "budget_spent", hand, line=row.title, fen=changed.spent)
    touched(tx, project)
    return changed


def milestones(tx: Tx, project: Project, hand: Hand, stones: Sequence[Stone]) -> None:
    """Set the milestones. Raises Forbidden, Conflict (project over), Invalid (title, day, percent, measure)."""
    project = must_arrange(tx, project, hand)
    _not_many(stones, "milestones")
    steps = _positions(tx, project)
    wanted: list[tuple[str, int | None, Stone]] = []
    for one in stones:
        if not 1 <= one.percent <= 100:
            raise Invalid("percent", field="milestones")
        must_hold(tx, project, one.due_at, field="milestones")
        wanted.append((needed(one.title, "milestones"), _measure(steps, one.measure, "milestones"), one))
    there = {(r.title, r.measure_id): r for r in projects.milestones(tx, [project.id or 0])[project.id or 0]}
    for title, measure_id, one in wanted:
        row = there.pop((title, measure_id), None)
        values = {"title": title, "measure_id": measure_id, "due_at": one.due_at, "percent": one.percent}
        if row is None:
            tx.insert(Milestone, project_id=project.id, **values)
        else:
            kept = row.reached_at if one.percent <= row.percent else None  # more is asked for than was reached
            tx.update(Milestone, row.id, **values, reached_at=kept)
    for row in there.values():
        projects.drop(tx, Milestone, row.id or 0)
    for row in reached(tx, project, list(steps.values())):
        _plan(tx, row)
    noted(tx, project, "milestones_set", hand, milestones=len(wanted))
    touched(tx, project)


def reached(tx: Tx, project: Project, steps: Sequence[Measure]) -> list[Milestone]:
    """Mark the milestones that are reached by now, those that were only just set included; all of them."""
    by_key, whole = {step.id: step.percent for step in steps}, rules.percent(steps)
    found = []
    for stone in projects.milestones(tx, [project.id or 0])[project.id or 0]:
        there = whole if stone.measure_id is None else by_key.get(stone.measure_id, 0)
        new = stone.reached_at is None and there >= stone.percent
        found.append(tx.update(Milestone, stone.id, reached_at=tx.now) if new else stone)
    return found


def fen(yuan: float, field: str) -> int:
    """Yuan as fen, to the nearest; never negative, never beyond what the column keeps. Raises Invalid."""
    amount = int((Decimal(str(yuan)) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    if not 0 <= amount <= _GREATEST:
        raise Invalid("amount", field=field)
    return amount


def _plan(tx: Tx, stone: Milestone) -> None:
    if stone.due_at > tx.now and stone.reached_at is None:
        key = f"milestone:{stone.id}:{stone.due_at:%Y%m%dT%H%M}:{stone.percent}"
        messages.plan(tx, key, "milestone_due", stone.due_at, stone.id, due=stone.due_at.isoformat())


def _positions(tx: Tx, project: Project) -> dict[int, Measure]:
    return {m.position: m for m in projects.measures(tx, [project.id or 0])[project.id or 0]}


def _measure(steps: dict[int, Measure], position: int | None, field: str) -> int | None:
    if position is None:
        return None
    if position not in steps:
        raise Invalid("no_measure", field=field, number=position)
    return steps[position].id


def _not_many(rows: Sequence[object], field: str) -> None:
    if len(rows) > MOST:
        raise Conflict("too_many_rows", field=field, most=MOST)
