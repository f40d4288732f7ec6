"""A decision that becomes a measure of a project: which project, whose, until when; and entering it.

Everything is looked at before anything is written, so that a decision which does not fit leaves nothing behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from redprop_bot.council import project as projects
from redprop_bot.council.chair import Chair
from redprop_bot.council.hands import Hand
from redprop_bot.council.project import TITLE, MeasureDraft
from redprop_bot.council.terms import within
from redprop_bot.errors import Conflict, Invalid, NotFound
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.projects import ProjectStage
from redprop_bot.store import projects as stored
from redprop_bot.store.tables import Demand, Measure, Organisation, Project
from redprop_bot.store.tx import Tx

_LAST: Final = "项目"
"""People say it or leave it out: 老旧管网攻坚, 老旧管网攻坚项目."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A measure that fits: `owner` a name of the register, `unit` who gets orders that hang on it."""

    project: Project
    owner: str
    unit: Organisation | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said of a measure: names as they were said, `orders` the orders that the decision is about."""

    project: str
    handler: str
    owner: str
    due_at: datetime | None
    orders: Sequence[Demand]


def hand_of(chair: Chair) -> Hand:
    """Whoever leads a meeting, as who arranges projects."""
    keeps = None if chair.communities is None else frozenset(chair.communities)
    return Hand(chair.actor.name, chair.actor.person_id, keeps)


def named(tx: Tx, community_id: int | None, name: str) -> Project:
    """The project that a number, its end, or a title means; open ones first. Raises NotFound, Conflict."""
    said = name.strip()
    found = stored.named(tx, community_id)
    for fits in (_by_number, _by_title, _by_part):
        hits = [one for one in found if fits(one, said)]
        live = [one for one in hits if one.stage == ProjectStage.OPEN] or hits
        if len(live) > 1:
            which = "、".join(f"{one.no} {one.title}" for one in live[:5])
            raise Conflict("project_several", name=said[:40], which=which, field="project")
        if live:
            return live[0]
    raise NotFound("no_project_named", name=said[:40], field="project")


def _by_number(project: Project, said: str) -> bool:
    return project.no == said or (said.isdigit() and project.no.endswith(f"-{int(said):04d}"))


def _bare(title: str) -> str:
    return title.removesuffix(_LAST)


def _by_title(project: Project, said: str) -> bool:
    return _bare(project.title) == _bare(said)


def _by_part(project: Project, said: str) -> bool:
    return len(_bare(said)) > 1 and (_bare(said) in project.title or _bare(project.title) in said)


def planned(
    tx: Tx, chair: Chair, community_id: int | None, wish: Wish, *, for_orders: Organisation | None
) -> Plan:
    """The measure as it would be entered; `for_orders` is the unit that the orders of the decision would go to.

    Raises Forbidden, Conflict (over, several), Invalid (owner, dates, nobody for the orders), NotFound.
    """
    reg = register(tx)
    project = projects.must_arrange(tx, named(tx, community_id, wish.project), hand_of(chair))
    owner, unit = _owner(reg, wish)
    if wish.orders:
        unit = for_orders or unit or reg.organisations.get(project.lead_id or 0)
        if unit is None:
            raise Invalid("measure_unit", name=owner, field="handler")
    due = wish.due_at or project.ends_at
    if due <= tx.now:
        raise Invalid("resolution_due", field="due_at")
    within(tx, project, min(max(tx.now, project.starts_at), due), due)
    return Plan(project, owner, unit, due)


def _owner(reg: Register, wish: Wish) -> tuple[str, Organisation | None]:
    """Whose measure it is, as the register writes it, and the unit that leads where one was named."""
    unit = reg.organisation(wish.handler.strip())
    name = wish.owner.strip() or (unit.name if unit is not None else wish.handler.strip())
    if not name:
        raise Invalid("resolution_owner", field="handler")
    try:
        projects.owner_called(reg, name)
    except Invalid as refusal:
        refusal.field = "owner" if wish.owner.strip() else "handler"
        raise
    return name, unit


def enter(tx: Tx, chair: Chair, plan: Plan, text: str, helpers: Sequence[Organisation]) -> Measure:
    """Enter it; its owner hears of it. What does not fit into the title stands in the note."""
    say = tx.content.replies.say
    names = "、".join(unit.name for unit in helpers)
    note = say("resolution.measure_note", text=text if len(text) > TITLE else "", helpers=names)
    draft = MeasureDraft(
        text if len(text) <= TITLE else text[: TITLE - 1] + "…",
        plan.owner,
        note=note.strip(),
        starts_at=max(tx.now, plan.project.starts_at),
        due_at=plan.due_at,
    )
    return projects.add_measure(tx, plan.project, hand_of(chair), draft)
