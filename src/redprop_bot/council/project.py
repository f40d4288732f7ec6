"""Projects (攻坚、书记领办、项目化): opened, planned, changed, ended. How measures go on stands in `measure`.

Every step holds the project first, so that of two at once the second sees what the first has done. Who leads and
who owns a measure stands in the register; whoever is not there is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from redprop_bot.council import measure_orders, measure_telling
from redprop_bot.council.hands import Hand
from redprop_bot.council.terms import term, within
from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop.record import needed, optional
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.projects import ProjectStage
from redprop_bot.store import demands, events, messages, numbers, projects
from redprop_bot.store.tables import Measure, Person, Project
from redprop_bot.store.tx import Tx

TITLE: Final = 60


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for something: a person of the register, or a unit."""

    person_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class MeasureDraft:
    """A measure before it is entered. `owner` is a name or userid of the register, or the name of a unit."""

    title: str
    owner: str
    note: str = ""
    starts_at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """A project before it is opened; without an owner it is the secretary's, its end is the usual one."""

    title: str
    community_id: int | None = None
    kind: str | None = None
    note: str = ""
    owner: str | None = None
    lead: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    demands: Sequence[str] = ()
    meeting_id: int | None = None
    measures: Sequence[MeasureDraft] = field(default=())


def open_project(tx: Tx, hand: Hand, draft: ProjectDraft) -> Project:
    """立项, with its measures. Raises Forbidden (role), Invalid (title, kind, owner, lead, dates)."""
    if not hand.keeps_in(draft.community_id):
        raise Forbidden("project_role")
    reg = register(tx)
    begin, end = term(tx, draft.starts_at, draft.ends_at)
    owner = person_called(reg, draft.owner) if draft.owner else _usual_owner(reg, hand, draft.community_id)
    project = tx.insert(
        Project,
        no=numbers.take(tx, "P", tx.now, tx.content.zone),
        kind=kind_called(tx, draft.kind) if draft.kind else tx.content.projects.kind_of(draft.title),
        title=titled(draft.title),
        note=optional(draft.note, "note"),
        community_id=draft.community_id,
        owner_id=owner.id,
        lead_id=unit_called(reg, draft.lead) if draft.lead else None,
        starts_at=begin,
        ends_at=end,
        demands=_demands(tx, draft),
        meeting_id=draft.meeting_id,
        by_name=hand.name,
        created_at=tx.now,
        updated_at=tx.now,
    )
    noted(tx, project, "project_opened", hand, title=project.title)
    _plan_end(tx, project)
    measure_telling.opened(tx, project, but=hand.person_id)
    for one in draft.measures:
        add_measure(tx, project, hand, one)
    return held(tx, project)


def add_measure(tx: Tx, project: Project, hand: Hand, draft: MeasureDraft) -> Measure:
    """Another measure; its owner hears of it. Raises Forbidden, Conflict (over, too many), Invalid."""
    project = must_arrange(tx, project, hand)
    position = projects.next_position(tx, project.id or 0)
    if position > tx.content.projects.most_measures:
        raise Conflict("measures_many", most=tx.content.projects.most_measures)
    begin, end = within(tx, project, draft.starts_at, draft.due_at)
    owner = owner_called(register(tx), draft.owner)
    measure = tx.insert(
        Measure,
        project_id=project.id,
        position=position,
        title=titled(draft.title),
        note=optional(draft.note, "note"),
        owner_id=owner.person_id,
        unit_id=owner.unit_id,
        starts_at=begin,
        due_at=end,
    )
    project = touched(tx, project)
    noted(tx, project, "measure_added", hand, measure=position, title=measure.title)
    plan_measure(tx, measure)
    measure_telling.given(tx, project, measure, but=hand.person_id)
    return measure


def change(tx: Tx, project: Project, hand: Hand, version: int, given: Mapping[str, Any]) -> Project:
    """Other words, owner, lead, kind or term. Raises Forbidden, Conflict (stale, over), Invalid."""
    project = must_arrange(tx, project, hand)
    if version != project.version:
        raise Conflict("stale", field="version")
    reg, values = register(tx), dict[str, Any]()
    if "title" in given:
        values["title"] = titled(given["title"])
    if "note" in given:
        values["note"] = optional(given["note"], "note")
    if "kind" in given:
        values["kind"] = kind_called(tx, given["kind"])
    if "owner" in given:
        values["owner_id"] = person_called(reg, given["owner"]).id
    if "lead" in given:
        values["lead_id"] = unit_called(reg, given["lead"]) if given["lead"] else None
    if "starts_at" in given or "ends_at" in given:
        begin, end = given.get("starts_at") or project.starts_at, given.get("ends_at") or project.ends_at
        values["starts_at"], values["ends_at"] = term(tx, begin, end, past=end == project.ends_at)
    changed = touched(tx, project, **values)
    noted(tx, changed, "project_changed", hand, fields=sorted(values))
    _plan_end(tx, changed)
    return changed


def complete(tx: Tx, project: Project, hand: Hand, *, result: str) -> Project:
    """结项 with what came of it, for the board. Raises Forbidden, Conflict (over, measures open), Invalid."""
    project = must_arrange(tx, project, hand)
    said = needed(result, "result")
    left = [m for m in projects.measures(tx, [project.id or 0])[project.id or 0] if m.stage == ProjectStage.OPEN]
    if left:
        raise Conflict("measures_open", no=project.no, number=len(left), which=left[0].title)
    done = touched(tx, project, stage=ProjectStage.DONE.value, result=said, finished_at=tx.now)
    noted(tx, done, "project_done", hand)
    measure_telling.completed(tx, done, but=hand.person_id)
    return done


def cancel(tx: Tx, project: Project, hand: Hand, *, reason: str) -> Project:
    """撤项 with the reason; its open measures end with it. Raises Forbidden, Conflict (over), Invalid."""
    project = must_arrange(tx, project, hand)
    why = needed(reason, "reason")
    for one in projects.measures(tx, [project.id or 0])[project.id or 0]:
        if one.stage == ProjectStage.OPEN:
            tx.update(Measure, one.id, stage=ProjectStage.CANCELLED.value, version=one.version + 1)
            measure_telling.settled(tx, one, "project.card_cancelled")
            measure_orders.dropped(tx, one, hand, why)
    over = touched(tx, project, stage=ProjectStage.CANCELLED.value, result=why, finished_at=tx.now)
    noted(tx, over, "project_cancelled", hand)
    measure_telling.cancelled(tx, over, but=hand.person_id)
    return over


# -- what the steps of measures need, too


def held(tx: Tx, project: Project) -> Project:
    """The project as it is now; nobody else changes it before this job ends."""
    assert project.id is not None
    return tx.get(Project, project.id, lock=True)


def must_be_open(project: Project) -> None:
    """Refuse what is about a project that is over."""
    if project.stage != ProjectStage.OPEN:
        raise Conflict("project_over", no=project.no)


def must_arrange(tx: Tx, project: Project, hand: Hand) -> Project:
    """The project, held, for who arranges it: who keeps the community, or leads it."""
    project = held(tx, project)
    leads = project.owner_id is not None and project.owner_id == hand.person_id
    if not (hand.keeps_in(project.community_id) or leads):
        raise Forbidden("project_role")
    must_be_open(project)
    return project


def touched(tx: Tx, project: Project, **values: Any) -> Project:
    """The project with new values and the next version."""
    return tx.update(Project, project.id, **values, updated_at=tx.now, version=project.version + 1)


def noted(tx: Tx, project: Project, name: str, hand: Hand, **data: Any) -> None:
    """Write down what happened."""
    events.note(tx, "project", project.id or 0, name, by=hand.name, data=data, community_id=project.community_id)


def plan_measure(tx: Tx, measure: Measure) -> None:
    """What time will say of a measure; a day that was moved has timers of its own, the old ones find nothing."""
    mark = f"measure:{measure.id}:{measure.due_at:%Y%m%dT%H%M}"
    soon = measure.due_at - timedelta(days=tx.content.projects.soon_days)
    due = measure.due_at.isoformat()
    if soon > tx.now:
        messages.plan(tx, f"{mark}:soon", "measure_soon", soon, measure.id, due=due)
    messages.plan(tx, f"{mark}:due", "measure_late", measure.due_at, measure.id, due=due)


def _plan_end(tx: Tx, project: Project) -> None:
    key = f"project:{project.id}:{project.ends_at:%Y%m%dT%H%M}"
    messages.plan(tx, key, "project_end", project.ends_at, project.id, ends=project.ends_at.isoformat())


# -- who and when


def owner_called(reg: Register, name: str) -> Owner:
    """A person or a unit of the register. Raises Invalid."""
    if (unit := reg.organisation_names.get(name.strip())) is not None:
        return Owner(unit_id=unit.id)
    return Owner(person_id=person_called(reg, name).id)


def person_called(reg: Register, name: str) -> Person:
    """The only person of the register with this name or userid. Raises Invalid."""
    person = reg.person_named(name.strip()) if name and name.strip() else None
    if person is None:
        raise Invalid("unknown_owner", field="owner", name=(name or "").strip()[:30])
    return person


def unit_called(reg: Register, name: str) -> int:
    """The key of a unit by its name. Raises Invalid."""
    unit = reg.organisation_names.get(name.strip())
    if unit is None or unit.id is None:
        raise Invalid("unknown_unit", field="lead", name=name.strip()[:30])
    return unit.id


def kind_called(tx: Tx, name: str) -> str:
    """The code of a kind by itself or by its name. Raises Invalid."""
    kinds = tx.content.projects.kinds
    for code, kind in kinds.items():
        if name in (code, kind.name):
            return code
    raise Invalid("project_kind", field="kind", name=name[:30])


def _usual_owner(reg: Register, hand: Hand, community_id: int | None) -> Person:
    if not (found := reg.secretaries(community_id)):
        raise Invalid("unknown_owner", field="owner", name="")
    return next((person for person in found if person.id == hand.person_id), found[0])


def titled(text: str) -> str:
    """A title, trimmed. Raises Invalid."""
    title = needed(text, "title")
    if len(title) > TITLE:
        raise Invalid("too_long", field="title", limit=TITLE)
    return title


def _demands(tx: Tx, draft: ProjectDraft) -> list[str]:
    for no in draft.demands:
        found = demands.by_no(tx, no)
        if found is None or draft.community_id not in (None, found.community_id):
            raise Invalid("no_demand", field="demands", no=no[:32])
    return list(dict.fromkeys(draft.demands))
