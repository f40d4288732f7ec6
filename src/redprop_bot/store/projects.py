"""Statements about projects, their measures, milestones and budget lines."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, or_, select

from redprop_bot.store import numbers
from redprop_bot.store.tables import BudgetLine, Measure, Milestone, Project
from redprop_bot.store.tx import Tx, among, table_of

_p, _m = table_of(Project), table_of(Measure)
_stone, _line = table_of(Milestone), table_of(BudgetLine)


def by_no(tx: Tx, no: str, *, lock: bool = False) -> Project | None:
    """The project with this number."""
    return tx.find(Project, _p.c.no == no, lock=lock)


def by_tail(tx: Tx, digits: str) -> list[Project]:
    """Recent projects whose number ends in these digits, the newest first."""
    return tx.list(Project, _p.c.no.in_(numbers.recent(tx, "P", digits)), order=_p.c.id.desc(), limit=20)


def page(
    tx: Tx,
    *,
    communities: Sequence[int] | None,
    unit: tuple[int, Sequence[int]] | None = None,
    stage: str | None = None,
    kind: str | None = None,
    q: str | None = None,
    before_id: int | None = None,
    limit: int | None = None,
) -> list[Project]:
    """Projects of these communities and of the street, newest first.

    `unit` are the key of a unit and of its people: those that it leads or works at.
    """
    where: list[Any] = []
    if communities is not None:
        where.append(or_(among(_p.c.community_id, communities), _p.c.community_id.is_(None)))
    if unit is not None:
        where.append(or_(_p.c.lead_id == unit[0], _p.c.id.in_(_working(*unit))))
    if stage is not None:
        where.append(_p.c.stage == stage)
    if kind is not None:
        where.append(_p.c.kind == kind)
    if q:
        where.append(_p.c.title.icontains(q, autoescape=True))
    if before_id is not None:
        where.append(_p.c.id < before_id)
    return tx.list(Project, *where, order=_p.c.id.desc(), limit=limit)


def _working(unit_id: int, people: Sequence[int]) -> Any:
    return select(_m.c.project_id).where(or_(_m.c.unit_id == unit_id, _m.c.owner_id.in_(list(people))))


def measures(tx: Tx, projects: Sequence[int]) -> dict[int, list[Measure]]:
    """The measures of these projects, by project, in their order."""
    return _by_project(tx, Measure, _m, projects, _m.c.position)


def milestones(tx: Tx, projects: Sequence[int]) -> dict[int, list[Milestone]]:
    """Their milestones, the next first."""
    return _by_project(tx, Milestone, _stone, projects, (_stone.c.due_at, _stone.c.id))


def lines(tx: Tx, projects: Sequence[int]) -> dict[int, list[BudgetLine]]:
    """Their budget lines."""
    return _by_project(tx, BudgetLine, _line, projects, _line.c.id)


def _by_project(tx: Tx, model: Any, table: Any, projects: Sequence[int], order: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {key: [] for key in projects}
    if projects:
        for row in tx.list(model, table.c.project_id.in_(list(projects)), order=order):
            found[row.project_id].append(row)
    return found


def next_position(tx: Tx, project_id: int) -> int:
    """The position of the next measure; whoever asks holds the project."""
    return int(tx.scalar(select(func.max(_m.c.position)).where(_m.c.project_id == project_id)) or 0) + 1


def owned(tx: Tx, person_id: int, units: Sequence[int]) -> list[Measure]:
    """Open measures of a person and of units, the one that is due first at the front."""
    mine = or_(_m.c.owner_id == person_id, _m.c.unit_id.in_(list(units)))
    return tx.list(Measure, _m.c.stage == "open", mine, order=(_m.c.due_at, _m.c.id), limit=200)


def drop(tx: Tx, model: type[Milestone] | type[BudgetLine], key: int) -> None:
    """A milestone or a budget line that was taken out of the plan."""
    table = table_of(model)
    tx.execute(delete(table).where(table.c.id == key))


def on_board(tx: Tx, community_id: int, *, limit: int) -> dict[str, list[Project]]:
    """Projects of a community and of the whole street: `done`, those that ended last first, and `open`."""
    here = or_(_p.c.community_id == community_id, _p.c.community_id.is_(None))
    newest = (_p.c.finished_at.desc(), _p.c.id.desc())
    return {
        "done": tx.list(Project, _p.c.stage == "done", here, order=newest, limit=limit),
        "open": tx.list(Project, _p.c.stage == "open", here, order=_p.c.id.desc(), limit=limit),
    }


def milestone(tx: Tx, key: int) -> Milestone | None:
    """A milestone, unless it was taken out of the plan."""
    return tx.find(Milestone, _stone.c.id == key)


def measure(tx: Tx, project_id: int, position: int) -> Measure | None:
    """The measure at a position of a project."""
    return tx.find(Measure, _m.c.project_id == project_id, _m.c.position == position)


def with_projects(tx: Tx, keys: Sequence[int]) -> dict[int, tuple[Project, Measure]]:
    """Measures by their keys, each with its project."""
    steps = tx.list(Measure, among(_m.c.id, sorted(set(keys)))) if keys else []
    wanted = sorted({one.project_id for one in steps})
    known = {one.id: one for one in tx.list(Project, among(_p.c.id, wanted))} if wanted else {}
    return {one.id or 0: (known[one.project_id], one) for one in steps}


def named(tx: Tx, community_id: int | None, *, limit: int = 200) -> list[Project]:
    """Projects of a community and of the whole street, None: of everybody; the newest first."""
    here = [] if community_id is None else [or_(_p.c.community_id == community_id, _p.c.community_id.is_(None))]
    return tx.list(Project, *here, order=_p.c.id.desc(), limit=limit)


def by_key(tx: Tx, key: int) -> Project | None:
    """The project with this key."""
    return tx.find(Project, _p.c.id == key)
