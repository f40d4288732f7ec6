"""Projects (项目): reading, opening, editing with the version, and the acts of their measures.

Who keeps the community arranges; who owns a measure reports. A provider's token sees the projects at which its
unit works, others get 404.
"""

from collections.abc import Mapping
from typing import Any, Final

from redprop_bot.council import plan, project
from redprop_bot.council.plan import Money, Stone
from redprop_bot.council.project import ProjectDraft
from redprop_bot.errors import Invalid
from redprop_bot.rules.projects import ProjectStage
from redprop_bot.store import projects
from redprop_bot.web.access import community_called
from redprop_bot.web.api import paging, project_items, sight
from redprop_bot.web.api.calls import Call, Reply
from redprop_bot.web.api.fields import Field, Shape, moment, read
from redprop_bot.web.api.hands import hand
from redprop_bot.web.api.project_items import Whole
from redprop_bot.web.api.project_measures import (
    ACT,
    EVENING,
    MEASURE,
    MEASURE_CHANGE,
    MORNING,
    acted,
    measure_added,
    measure_draft,
    measure_edited,
    when,
)
from redprop_bot.web.api.routes import Route

_LINE: Final[Shape] = {
    "title": Field("text", required=True, longest=60),
    "planned": Field("number", "yuan", required=True, least=0),
    "spent": Field("number", "yuan so far", least=0),
    "source": Field("text", "where it comes from", longest=60),
    "measure": Field("whole", "number of the measure that it is for"),
}
_STONE: Final[Shape] = {
    "title": Field("text", required=True, longest=60),
    "due_at": Field("moment", required=True),
    "percent": Field("whole", "so far by then", required=True),
    "measure": Field("whole", "number of a measure; the whole project when left out"),
}
_PLAN: Final[Shape] = {
    "budget": Field("objects", "replaces the lines that stand", longest=plan.MOST, inner=_LINE),
    "milestones": Field("objects", "replaces those that stand", longest=plan.MOST, inner=_STONE),
}
_BODY: Final[Shape] = {
    "title": Field("text", required=True, longest=project.TITLE),
    "kind": Field("text", "code or name of data/projects; found in the title when left out", longest=32),
    "note": Field("text", longest=1000),
    "community": Field("text", "of the street when left out by who sees all", longest=64),
    "owner": Field("text", "name or userid; the secretary when left out", longest=64),
    "lead": Field("text", "full name of the unit that leads", longest=64),
    "starts_at": Field("moment", "now when left out"),
    "ends_at": Field("moment", "the usual term when left out"),
    "demands": Field("texts", "numbers of the orders that it comes from", longest=100),
    "meeting": Field("whole", "key of the meeting that opened it"),
    "measures": Field("objects", longest=200, inner=MEASURE),
    **_PLAN,
}
_CHANGE: Final[Shape] = {
    "version": Field("whole", "as it was read", required=True),
    **{name: _BODY[name] for name in ("kind", "note", "owner", "starts_at", "ends_at")},
    "title": Field("text", longest=project.TITLE),
    "lead": Field("text", nullable=True, longest=64),
    **_PLAN,
}
_FILTERS: Final = {
    "stage": ", ".join(ProjectStage),
    "kind": "code of data/projects",
    "q": "words of the title",
    **paging.QUERY,
}


def found(call: Call) -> Reply:
    """A page of projects, newest first."""
    stage, size, viewer = call.query.get("stage"), paging.limit(call), call.viewer
    if stage is not None and stage not in list(ProjectStage):
        raise Invalid("choice", field="stage")
    unit = None
    if viewer.organisation_id is not None:
        people = [p.person_id for p in call.register.all_posts if p.organisation_id == viewer.organisation_id]
        unit = (viewer.organisation_id, people)
    rows = projects.page(
        call.tx,
        communities=None if viewer.community_id is None else [viewer.community_id],
        unit=unit,
        stage=stage,
        kind=call.query.get("kind"),
        q=call.query.get("q"),
        before_id=paging.before(call, "projects"),
        limit=size + 1,
    )
    shown = [project_items.item(call, one) for one in project_items.wholes(call, rows[:size])]
    return paging.page("projects", size, rows, shown)


def one(call: Call) -> Reply:
    """One project with its measures and its history."""
    return Reply(project_items.item(call, project_items.one(call), history=True))


def opened(call: Call) -> Reply:
    """立项, with measures, budget lines and milestones at once."""
    sight.must_act(call.viewer)
    given = read(call.body, _BODY)
    who, viewer = hand(call.viewer), call.viewer
    asked = community_called(call.register, given.get("community"))
    only = next(iter(call.register.communities)) if len(call.register.communities) == 1 else None
    draft = ProjectDraft(
        title=given["title"],
        community_id=asked or viewer.community_id or only,
        kind=given.get("kind"),
        note=given.get("note", ""),
        owner=given.get("owner"),
        lead=given.get("lead"),
        starts_at=when(call, given, "starts_at", MORNING),
        ends_at=when(call, given, "ends_at", EVENING),
        demands=given.get("demands", ()),
        meeting_id=given.get("meeting"),
        measures=[measure_draft(call, one, f"measures.{n}.") for n, one in enumerate(given.get("measures", ()))],
    )
    made = project.open_project(call.tx, who, draft)
    whole = project_items.wholes(call, [made])[0]
    _plan(call, whole, given)
    return Reply(project_items.fresh(call, whole), 201)


def _plan(call: Call, whole: Whole, given: Mapping[str, Any]) -> None:
    if "budget" in given:
        plan.budget(call.tx, whole.project, hand(call.viewer), [Money(**line) for line in given["budget"]])
    if "milestones" in given:
        stones = [
            Stone(**{**one, "due_at": moment(one["due_at"], "milestones", call.content.zone, at=EVENING)})
            for one in given["milestones"]
        ]
        plan.milestones(call.tx, whole.project, hand(call.viewer), stones)


def edited(call: Call) -> Reply:
    """Other words, term, owner, budget or milestones."""
    sight.must_act(call.viewer)
    whole = project_items.one(call)
    given = read(call.body, _CHANGE)
    version = given.pop("version")
    for name, at in (("starts_at", MORNING), ("ends_at", EVENING)):
        if name in given:
            given[name] = when(call, given, name, at)
    project.change(call.tx, whole.project, hand(call.viewer), version, given)
    _plan(call, whole, given)
    return Reply(project_items.fresh(call, whole))


ROUTES: Final = (
    Route("GET", "/projects", found, "项目", "Project", query=_FILTERS, listed=True),
    Route("POST", "/projects", opened, "立项", "Project", body=_BODY, status=201),
    Route("GET", "/projects/{no}", one, "一个项目", "Project"),
    Route("PATCH", "/projects/{no}", edited, "项目：修改", "Project", body=_CHANGE),
    Route(
        "POST", "/projects/{no}/measures", measure_added, "项目：添一条措施", "Measure", body=MEASURE, status=201
    ),
    Route(
        "PATCH",
        "/projects/{no}/measures/{measure}",
        measure_edited,
        "项目：改一条措施",
        "Measure",
        body=MEASURE_CHANGE,
    ),
    Route("POST", "/projects/{no}/acts", acted, "项目：报进度、办完、结项", "Project", body=ACT),
)
