"""`/m/projects/{no}`: a project on the phone for those who work at it: the picture, one's own measures to report.

Who has nothing to do with it finds nothing; what came of it stands on the board for everybody.
"""

from typing import Any, Final

from aiohttp import web

from redprop_bot.council import measure as steps
from redprop_bot.council import measure_telling as telling
from redprop_bot.council.hands import Hand, of_posts
from redprop_bot.errors import Invalid, NotFound, Refused
from redprop_bot.registry.register import register
from redprop_bot.rules import projects as rules
from redprop_bot.rules.projects import ProjectStage
from redprop_bot.store import projects
from redprop_bot.store.tables import Measure, Project
from redprop_bot.store.tx import Tx
from redprop_bot.web import plans, sessions
from redprop_bot.web.api.project_items import Whole
from redprop_bot.web.errors import said
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login
from redprop_bot.web.pages.rendering import missing, shown_to
from redprop_bot.web.phone import slips
from redprop_bot.web.phone.slips import Form

_PATH: Final = "/m/projects/{no}"
_MISSING: Final = "没有找到这个项目"


def add_routes(app: web.Application) -> None:
    """The page and its form."""
    app.router.add_get(_PATH, _page)
    app.router.add_post(f"{_PATH}/act", _act)


async def _page(request: web.Request) -> web.StreamResponse:
    if sessions.person_of(request) is None:
        raise web.HTTPFound(login.login_address(f"/m/projects/{request.match_info['no']}"))
    return await _shown(request)


async def _shown(request: web.Request, wrong: Refused | None = None, form: Form | None = None) -> web.Response:
    office, no, person_id = request.app[OFFICE], request.match_info["no"], sessions.person_of(request)
    try:
        values = await office.store.read(lambda tx: _values(tx, *seen(tx, no, person_id)))
    except NotFound:
        return missing(_MISSING)
    return shown_to(
        request,
        "m/project.html",
        status=wrong.status if wrong else 200,
        here=f"/m/projects/{no}",
        mark=slips.mark(request),
        told=slips.told(office, request),
        wrong=said(office.content, wrong) if wrong else "",
        typed=form.fields if form else {},
        **values,
    )


def seen(tx: Tx, no: str, person_id: int | None) -> tuple[Project, Hand]:
    """The project for this person, and them as the council sees them. Raises NotFound."""
    found, person = projects.by_no(tx, no[:32]), sessions.viewer(tx, person_id)
    if found is not None and person is not None:
        hand = of_posts(person.name, person_id, person.posts)
        if steps.concerns(tx, hand, person.posts, found):
            return found, hand
    raise NotFound("no_project", no=no[:32])


def _values(tx: Tx, project: Project, hand: Hand) -> dict[str, Any]:
    key, reg, labels = project.id or 0, register(tx), tx.content.labels
    lines, stones = projects.measures(tx, [key])[key], projects.milestones(tx, [key])[key]
    whole = Whole(project, lines, stones, [])
    owners = {one.id: telling.owner_name(tx, one) for one in lines}
    runs = project.stage == ProjectStage.OPEN
    leader = reg.people.get(project.owner_id or 0)
    return {
        "p": project,
        "percent": whole.percent,
        "stage": labels.project_stage[project.stage],
        "end": telling.day(tx, project.ends_at),
        "owner": (leader.name if leader else "") or "",
        "lead": reg.organisations[project.lead_id].name if project.lead_id else "",
        "picture": plans.picture(tx, whole, owners),
        "stones": stones,
        "measures": [
            {
                "number": one.position,
                "title": one.title,
                "owner": owners[one.id],
                "due": telling.day(tx, one.due_at),
                "percent": one.percent,
                "stage": "已逾期" if rules.is_late(one, tx.now) else labels.measure_stage[one.stage],
                "late": rules.is_late(one, tx.now),
                "progress": one.progress,
                "mine": runs and one.stage == ProjectStage.OPEN and steps.owns(reg, hand, one),
            }
            for one in lines
            if one.stage != ProjectStage.CANCELLED
        ],
    }


async def _act(request: web.Request) -> web.StreamResponse:
    office, no = request.app[OFFICE], request.match_info["no"]
    form: Form | None = None
    try:
        given = await slips.signed(request)
        if not isinstance(given, slips.Signed):
            return given
        form, person_id, sent = given.form, given.person_id, given.form
        await office.store.write(lambda tx: _done(tx, *seen(tx, no, person_id), sent))
    except Refused as refusal:
        if form is None or isinstance(refusal, NotFound):
            return slips.problem(request, refusal)
        return await _shown(request, refusal, form)
    return slips.onward(f"/m/projects/{no}", "measure_told")


def _done(tx: Tx, project: Project, hand: Hand, form: Form) -> None:
    """Report or finish a measure. Raises Refused; nothing has changed then."""
    found = _measure(tx, project, form.text("measure"))
    note = form.text("note") or None
    if form.text("act") == "finish":
        steps.finish(tx, found, hand, note=note)
        return
    percent = form.text("percent")
    if not (percent.isascii() and percent.isdigit() and len(percent) < 4):
        raise Invalid("percent", field="percent")
    steps.report(tx, found, hand, percent=int(percent), note=note)


def _measure(tx: Tx, project: Project, text: str) -> Measure:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    found = projects.measure(tx, project.id or 0, number)
    if found is None:
        raise Invalid("no_measure", field="measure", number=number)
    return found
