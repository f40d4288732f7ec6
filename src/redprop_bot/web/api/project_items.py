"""Projects as the API and the pages show them, as far as who asks may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from redprop_bot.errors import NotFound
from redprop_bot.registry.people import mask_name
from redprop_bot.rules import projects as rules
from redprop_bot.store import events, listing, meetings, projects
from redprop_bot.store.tables import BudgetLine, Event, Measure, Milestone, Project
from redprop_bot.web.api.calls import Call
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item

EVENTS: Final = 200


@dataclass(frozen=True, slots=True)
class Whole:
    """A project with all that hangs on it."""

    project: Project
    measures: list[Measure]
    milestones: list[Milestone]
    lines: list[BudgetLine]
    sources: Mapping[int, tuple[str, int]] = field(default_factory=dict)  # meeting and resolution by measure

    @property
    def percent(self) -> int:
        """How far it is."""
        return rules.percent(self.measures)


def wholes(call: Call, found: Sequence[Project]) -> list[Whole]:
    """These projects with what hangs on them, read at once."""
    keys = [cast("int", project.id) for project in found]
    steps, stones = projects.measures(call.tx, keys), projects.milestones(call.tx, keys)
    money = projects.lines(call.tx, keys)
    sources = meetings.sources(call.tx, [m.id or 0 for some in steps.values() for m in some])
    return [Whole(p, steps[k], stones[k], money[k], sources) for p, k in zip(found, keys, strict=True)]


def sees(call: Call, whole: Whole) -> bool:
    """Whether a project is there for this token: of its community, or where its unit has something to do."""
    viewer, project = call.viewer, whole.project
    if viewer.role == "provider":
        own = viewer.organisation_id
        return project.lead_id == own or any(_of_unit(call, m, own) for m in whole.measures)
    return viewer.community_id in (None, project.community_id) or project.community_id is None


def _of_unit(call: Call, measure: Measure, unit_id: int | None) -> bool:
    posts = call.register.posts.get(measure.owner_id or 0, [])
    return measure.unit_id == unit_id or any(post.organisation_id == unit_id for post in posts)


def one(call: Call) -> Whole:
    """The project of the address, by number or key; raises NotFound."""
    text = call.path["no"]
    found = projects.by_no(call.tx, text[:32])
    if found is None and text.isascii() and text.isdigit() and len(text) <= 15:
        found = projects.by_key(call.tx, int(text))
    whole = wholes(call, [found])[0] if found is not None else None
    if whole is None or not sees(call, whole):
        raise NotFound("no_project", no=text[:32])
    return whole


def item(call: Call, whole: Whole, *, history: bool = False) -> Item:
    """A project as it is shown; with its history where it is shown alone."""
    project, reg = whole.project, call.register
    return {
        "id": project.id,
        "no": project.no,
        "title": project.title,
        "kind": project.kind,
        "kind_name": _kind_name(call, project.kind),
        "note": project.note,
        "community": reg.community_name(project.community_id),
        "owner": _person(call, project.owner_id),
        "lead": _unit(call, project.lead_id),
        "starts_at": iso(call, project.starts_at),
        "ends_at": iso(call, project.ends_at),
        "stage": project.stage,
        "percent": whole.percent,
        "late": sum(rules.is_late(m, call.tx.now) for m in whole.measures),
        "overdue": project.stage == "open" and project.ends_at < call.tx.now,
        "result": project.result,
        "demands": _demands(call, project),
        "meeting": project.meeting_id,
        "budget": _budget(whole),
        "milestones": [_milestone(call, whole, one) for one in whole.milestones],
        "measures": [measure_item(call, one, whole.sources.get(one.id or 0)) for one in whole.measures],
        "events": _history(call, project) if history else [],
        "created_at": iso(call, project.created_at),
        "updated_at": iso(call, project.updated_at),
        "finished_at": iso(call, project.finished_at),
        "version": project.version,
    }


def fresh(call: Call, whole: Whole) -> Item:
    """A project that was just changed, as it is shown alone."""
    now = projects.by_no(call.tx, whole.project.no) or whole.project
    return item(call, wholes(call, [now])[0], history=True)


def _kind_name(call: Call, kind: str) -> str:
    known = call.content.projects.kinds.get(kind)
    return known.name if known is not None else kind


def measure_item(call: Call, measure: Measure, source: tuple[str, int] | None = None) -> Item:
    """A measure as it is shown; `source` is the meeting and the resolution by which it came about."""
    unit = measure.unit_id
    if unit is None:
        posts = call.register.posts.get(measure.owner_id or 0, [])
        unit = next((post.organisation_id for post in posts if post.organisation_id is not None), None)
    return {
        "id": measure.id,
        "number": measure.position,
        "title": measure.title,
        "note": measure.note,
        "owner": _person(call, measure.owner_id) if measure.owner_id is not None else _unit(call, measure.unit_id),
        "unit": _unit(call, unit),
        "starts_at": iso(call, measure.starts_at),
        "due_at": iso(call, measure.due_at),
        "percent": measure.percent,
        "stage": measure.stage,
        "late": rules.is_late(measure, call.tx.now),
        "progress": measure.progress,
        "reported_at": iso(call, measure.reported_at),
        "done_at": iso(call, measure.done_at),
        "resolution": {"meeting": source[0], "number": source[1]} if source is not None else None,
        "version": measure.version,
    }


def _demands(call: Call, project: Project) -> list[str]:
    """The numbers of its orders, without those that complain of who asks."""
    hidden = set(listing.numbers(call.tx, call.viewer.unseen).values()) if call.viewer.unseen else set()
    return [no for no in project.demands if no not in hidden]


def _budget(whole: Whole) -> Item:
    positions = {m.id: m.position for m in whole.measures}
    return {
        "planned": sum(line.planned for line in whole.lines) / 100,
        "spent": sum(line.spent for line in whole.lines) / 100,
        "lines": [
            {
                "id": line.id,
                "title": line.title,
                "source": line.source,
                "planned": line.planned / 100,
                "spent": line.spent / 100,
                "measure": positions.get(line.measure_id),
            }
            for line in whole.lines
        ],
    }


def _milestone(call: Call, whole: Whole, stone: Milestone) -> Item:
    positions = {m.id: m.position for m in whole.measures}
    return {
        "id": stone.id,
        "title": stone.title,
        "due_at": iso(call, stone.due_at),
        "percent": stone.percent,
        "measure": positions.get(stone.measure_id),
        "reached_at": iso(call, stone.reached_at),
        "late": stone.reached_at is None and stone.due_at < call.tx.now,
    }


def _person(call: Call, person_id: int | None) -> str | None:
    person = call.register.people.get(person_id or 0)
    if person is None:
        return None
    return mask_name(person.name) if call.viewer.role == "viewer" else person.name or person.userid


def _unit(call: Call, unit_id: int | None) -> str | None:
    return call.register.organisations[unit_id].name if unit_id is not None else None


def _history(call: Call, project: Project) -> list[Item]:
    found = events.of(call.tx, "project", project.id or 0, limit=EVENTS)
    return [_event(call, event) for event in found]


def _event(call: Call, event: Event) -> Item:
    return {
        "at": iso(call, event.at),
        "act": event.name,
        "by": mask_name(event.by_name) if call.viewer.role == "viewer" else event.by_name,
        "measure": event.data.get("measure"),
        "percent": event.data.get("percent"),
    }
