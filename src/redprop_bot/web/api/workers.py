"""社区工作者考核 by API: the sheets of a month or a year for who assesses them, one's own, and the two acts.

An administrator keeps the machine and assesses nobody: to that token, as to a unit's, there are no sheets.
"""

from typing import Any, Final

from redprop_bot.appraise import worker_sheets, worker_telling
from redprop_bot.appraise import workers as steps
from redprop_bot.appraise.reviewers import Reviewer, of_posts, of_role
from redprop_bot.appraise.worker_paper import level_name
from redprop_bot.appraise.worker_sheets import Line, Sheet
from redprop_bot.appraise.workers import Worker
from redprop_bot.errors import Forbidden, Invalid
from redprop_bot.registry.accused import against
from redprop_bot.rules.workers import SPLIT, Span
from redprop_bot.store.tables import WorkerEvent
from redprop_bot.web.api import sight
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route
from redprop_bot.web.api.schemas import MAY, MAY_WHOLE, TEXT, WHEN, WHOLE, Schema, listed, maybe, shaped

ACT: Final[Shape] = {
    "act": Field("text", required=True, one_of=("assess", "answer"), code="unknown_act"),
    "period": Field("text", "2026-10 or 2026, over by now", required=True, longest=7),
    "community": Field("text", "name, of who works in several", longest=64),
    "level": Field("text", "key or name of a level, for assess", longest=32),
    "reason": Field("text", "for assess", longest=steps.TEXT),
    "corrects": Field("whole", "number of the assessment that this one sets right", least=0),
    "text": Field("text", "for answer", longest=steps.TEXT),
}
_FIGURE: Final[Schema] = shaped(
    key=TEXT,
    title=TEXT,
    unit=TEXT,
    means=TEXT,
    number=WHOLE,
    met=MAY_WHOLE,
    mean_minutes=MAY_WHOLE,
    told=TEXT,
    months=listed(WHOLE),
)
_ASSESSMENT: Final[Schema] = shaped(
    number=WHOLE,
    level=TEXT,
    name=TEXT,
    reason=TEXT,
    by=TEXT,
    at=WHEN,
    seen=listed(TEXT),
    answer=maybe(shaped(text=TEXT, at=WHEN)),
)
_GRADE: Final[Schema] = shaped(at=WHEN, post=MAY, grade=MAY_WHOLE, was_post=MAY, was_grade=MAY_WHOLE)
ITEMS: Final[dict[str, Schema]] = {
    "WorkerSheet": shaped(
        id=WHOLE,
        name=TEXT,
        community=MAY,
        duty=TEXT,
        post=MAY,
        grade=MAY_WHOLE,
        period=TEXT,
        title=TEXT,
        figures=listed(_FIGURE),
        words=listed(shaped(at=WHEN, stars=MAY_WHOLE, text=TEXT)),
        assessments=listed(_ASSESSMENT),
        grades=listed(_GRADE),
    )
}


def reviewer(call: Call) -> Reviewer:
    """Who asks: by their posts, else by the role of the token or account."""
    viewer = call.viewer
    if viewer.speaker is not None and viewer.speaker.person.id is not None:
        return of_posts(viewer.name, viewer.speaker.person.id, viewer.speaker.posts)
    role = viewer.role if viewer.role in ("secretary", "street") else "viewer"
    return of_role(viewer.name, role, community_id=viewer.community_id)


def assesses(call: Call) -> bool:
    """Whether whoever asks assesses anybody at all."""
    who = reviewer(call)
    return who.street or who.communities is None or bool(who.communities)


def span(call: Call) -> Span:
    """The period of the query."""
    return steps.the_span(call.tx, call.query.get("period"))


def own(call: Call) -> Worker | None:
    """The worker who asks, if they are one."""
    key = reviewer(call).person_id
    return next((one for one in steps.roll(call.tx) if one.key == key), None) if key is not None else None


def many(call: Call) -> list[Sheet]:
    """The sheets of everybody whom whoever asks assesses, by name. Raises Forbidden for who assesses nobody."""
    if not assesses(call):
        raise Forbidden("worker_others")
    theirs = steps.assessed_by(call.tx, reviewer(call))
    return worker_sheets.sheets(call.tx, theirs, span(call), unseen=_unseen(call))


def sheet(call: Call, about: Span | None = None, community: str | None = None) -> Sheet:
    """The sheet of the address, in one community of several. Raises Forbidden."""
    where = community or call.query.get("community")
    worker = steps.the_worker(call.tx, reviewer(call), key_in(call), where)
    return worker_sheets.sheets(call.tx, [worker], about or span(call), unseen=_unseen(call))[0]


def _unseen(call: Call) -> frozenset[int]:
    """What complains of them counts nowhere for them, wherever they sit."""
    key = reviewer(call).person_id
    return call.viewer.unseen | against(call.tx, key, None) if key is not None else call.viewer.unseen


def found(call: Call) -> Reply:
    """All sheets of a period."""
    return Reply({"items": [item(call, one) for one in many(call)], "next": None})


def one(call: Call) -> Reply:
    """One of them."""
    return Reply(item(call, sheet(call)))


def acted(call: Call) -> Reply:
    """An assessment, or what its worker says to it."""
    sight.must_act(call.viewer)
    given = read(call.body, ACT)
    about = steps.the_span(call.tx, given["period"])
    seen, who = sheet(call, about, given.get("community")), reviewer(call)
    _ACTS[given["act"]](call, seen, who, given)
    return Reply(item(call, sheet(call, about, given.get("community"))))


def _assessed(call: Call, seen: Sheet, who: Reviewer, given: dict[str, Any]) -> None:
    if "level" not in given:
        raise Invalid("missing", field="level")
    event = steps.assess(
        call.tx,
        seen.worker,
        who,
        seen.span,
        level=given["level"],
        reason=given.get("reason"),
        corrects=given.get("corrects", 0),
        figures=worker_sheets.as_seen(seen),
    )
    worker_telling.assessed(call.tx, seen.worker, seen.span, event)


def _answered(call: Call, seen: Sheet, who: Reviewer, given: dict[str, Any]) -> None:
    event = steps.answer(call.tx, seen.worker, who, seen.span, text=given.get("text"))
    worker_telling.answered(call.tx, seen.worker, seen.span, event)


_ACTS: Final = {"assess": _assessed, "answer": _answered}


# -- as it is shown


def item(call: Call, one_: Sheet) -> Item:
    """A sheet as it is shown."""
    worker = one_.worker
    return {
        "id": worker.key,
        "name": worker.name,
        "community": call.register.community_name(worker.community_id),
        "duty": call.content.labels.duty[worker.post.duty],
        "post": _post(call, worker.post.post),
        "grade": worker.post.grade,
        "period": one_.span.key,
        "title": one_.span.title,
        "figures": [_figure(call, line) for line in one_.lines],
        "words": [{"at": iso(call, word.at), "stars": word.stars, "text": word.text} for word in one_.words],
        "assessments": [_assessment(call, one_, row) for row in one_.written if row.kind == "assessed"],
        "grades": [_grade(call, row) for row in one_.grades],
    }


def _figure(call: Call, line: Line) -> Item:
    return {
        "key": line.row.key.value,
        "title": line.row.title,
        "unit": line.row.unit,
        "means": line.row.means,
        "number": line.count.number,
        "met": line.count.met if line.row.key in SPLIT else None,
        "mean_minutes": line.count.mean,
        "told": worker_sheets.told(call.tx, line),
        "months": [count.number for count in line.months],
    }


def _assessment(call: Call, one_: Sheet, row: WorkerEvent) -> Item:
    answer = one_.answer(row.number)
    return {
        "number": row.number,
        "level": row.level,
        "name": level_name(call.tx, row.level),
        "reason": row.text,
        "by": row.by_name,
        "at": iso(call, row.at),
        "seen": [] if reviewer(call).person_id == one_.worker.key else worker_sheets.seen_then(call.tx, row),
        "answer": {"text": answer.text, "at": iso(call, answer.at)} if answer is not None else None,
    }


def _grade(call: Call, row: WorkerEvent) -> Item:
    return {
        "at": iso(call, row.at),
        "post": _post(call, row.data["post"]),
        "grade": row.data["grade"],
        "was_post": _post(call, row.data["was_post"]),
        "was_grade": row.data["was_grade"],
    }


def _post(call: Call, key: str | None) -> str | None:
    row = call.content.workers.post(key)
    return row.title if row is not None else key


_QUERY: Final = {"period": "2026-10 or 2026, this month when left out"}
_WHERE: Final = {"community": "name of the community, of who works in several"}
ROUTES: Final = (
    Route("GET", "/workers", found, "社区工作者考核表：归您考核的人", "WorkerSheet", query=_QUERY, listed=True),
    Route("GET", "/workers/{id}", one, "一个人的考核表", "WorkerSheet", query=_QUERY | _WHERE),
    Route("POST", "/workers/{id}/acts", acted, "写考核意见，或者本人说一次话", "WorkerSheet", body=ACT),
)
