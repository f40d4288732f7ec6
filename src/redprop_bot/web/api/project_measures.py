"""Measures of projects by API: added, edited, and what goes on with them."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Final

from redprop_bot.council import measure as steps
from redprop_bot.council import plan, project
from redprop_bot.council.project import MeasureDraft
from redprop_bot.errors import Invalid, NotFound
from redprop_bot.store.tables import Measure
from redprop_bot.web.api import project_items, sight
from redprop_bot.web.api.calls import Call, Reply
from redprop_bot.web.api.fields import Field, Shape, moment, read
from redprop_bot.web.api.hands import hand
from redprop_bot.web.api.project_items import Whole
from redprop_bot.web.api.routes import Item

MORNING, EVENING = time(0), time(18)

MEASURE: Final[Shape] = {
    "title": Field("text", required=True, longest=project.TITLE),
    "owner": Field("text", "name or userid of the register, or the name of a unit", required=True, longest=64),
    "note": Field("text", longest=500),
    "starts_at": Field("moment", "that of the project when left out"),
    "due_at": Field("moment", "the end of the project when left out; a bare date is 18:00 of that day"),
}
MEASURE_CHANGE: Final[Shape] = {
    "version": Field("whole", "of the measure, as it was read", required=True),
    **{name: Field(f.kind, f.note, longest=f.longest) for name, f in MEASURE.items()},
}
_ACTS: Final = ("progress", "finish", "reopen", "drop", "add_measure", "spend", "complete", "cancel")
ACT: Final[Shape] = {
    "act": Field("text", required=True, one_of=_ACTS, code="unknown_act"),
    "measure": Field("whole", "number or id of the measure: of progress, finish, reopen, drop"),
    "percent": Field("whole", "0–100, of progress; 100 finishes it"),
    "note": Field("text", "of progress, finish, add_measure", longest=500),
    "reason": Field("text", "of reopen, drop, cancel", longest=500),
    "result": Field("text", "of complete: what came of it, for everybody", longest=1000),
    "line": Field("text", "title or id of a budget line, of spend", longest=60),
    "spent": Field("number", "yuan in total, of spend", least=0),
    **{
        name: Field(f.kind, f"of add_measure: {f.note}", longest=f.longest)
        for name, f in MEASURE.items()
        if name != "note"
    },
}


def measure_draft(call: Call, given: Mapping[str, Any], within: str = "") -> MeasureDraft:
    """A measure as it was sent."""
    return MeasureDraft(
        title=given["title"],
        owner=given["owner"],
        note=given.get("note", ""),
        starts_at=when(call, given, "starts_at", MORNING, within),
        due_at=when(call, given, "due_at", EVENING, within),
    )


def when(call: Call, given: Mapping[str, Any], name: str, at: time, within: str = "") -> datetime | None:
    """A moment that was sent, None where it was not; a bare date is that day `at` a time."""
    return moment(given[name], within + name, call.content.zone, at=at) if given.get(name) else None


def measure_added(call: Call) -> Reply:
    """Another measure."""
    sight.must_act(call.viewer)
    whole = project_items.one(call)
    draft = measure_draft(call, read(call.body, MEASURE))
    return Reply(
        project_items.measure_item(call, project.add_measure(call.tx, whole.project, hand(call.viewer), draft)),
        201,
    )


def measure_edited(call: Call) -> Reply:
    """Other words, owner or days of a measure."""
    sight.must_act(call.viewer)
    whole = project_items.one(call)
    given = read(call.body, MEASURE_CHANGE)
    for name, at in (("starts_at", MORNING), ("due_at", EVENING)):
        if name in given:
            given[name] = when(call, given, name, at)
    key = call.path["measure"]
    if not key.isascii() or not key.isdigit() or len(key) > 15:
        raise NotFound
    changed = steps.change(
        call.tx, measure_called(whole, int(key)), hand(call.viewer), given.pop("version"), given
    )
    return Reply(project_items.measure_item(call, changed, whole.sources.get(changed.id or 0)))


def measure_called(whole: Whole, key: int | None) -> Measure:
    """The measure with this number, else with this key. Raises Invalid."""
    if key is None:
        raise Invalid("missing", field="measure")
    named = next((m for m in whole.measures if m.position == key), None)
    named = named or next((m for m in whole.measures if m.id == key), None)
    if named is None:
        raise Invalid("no_measure", field="measure", number=key)
    return named


def acted(call: Call) -> Reply:
    """What goes on with a project or a measure of it."""
    sight.must_act(call.viewer)
    whole = project_items.one(call)
    given = read(call.body, ACT)
    _DO[given["act"]](call, whole, given)
    return Reply(project_items.fresh(call, whole))


def _progress(call: Call, whole: Whole, given: Item) -> None:
    found = measure_called(whole, given.get("measure"))
    steps.report(call.tx, found, hand(call.viewer), percent=given.get("percent"), note=given.get("note"))


def _finish(call: Call, whole: Whole, given: Item) -> None:
    steps.finish(call.tx, measure_called(whole, given.get("measure")), hand(call.viewer), note=given.get("note"))


def _reopen(call: Call, whole: Whole, given: Item) -> None:
    found = measure_called(whole, given.get("measure"))
    steps.reopen(call.tx, found, hand(call.viewer), reason=given.get("reason", ""))


def _drop(call: Call, whole: Whole, given: Item) -> None:
    found = measure_called(whole, given.get("measure"))
    steps.drop(call.tx, found, hand(call.viewer), reason=given.get("reason", ""))


def _add(call: Call, whole: Whole, given: Item) -> None:
    body = {name: given[name] for name in MEASURE if name in given}
    project.add_measure(call.tx, whole.project, hand(call.viewer), measure_draft(call, read(body, MEASURE)))


def _spend(call: Call, whole: Whole, given: Item) -> None:
    for name in ("line", "spent"):
        if name not in given:
            raise Invalid("missing", field=name)
    plan.spend(call.tx, whole.project, hand(call.viewer), line=given["line"], spent=given["spent"])


def _complete(call: Call, whole: Whole, given: Item) -> None:
    project.complete(call.tx, whole.project, hand(call.viewer), result=given.get("result", ""))


def _cancel(call: Call, whole: Whole, given: Item) -> None:
    project.cancel(call.tx, whole.project, hand(call.viewer), reason=given.get("reason", ""))


_DO: Final = {
    "progress": _progress,
    "finish": _finish,
    "reopen": _reopen,
    "drop": _drop,
    "add_measure": _add,
    "spend": _spend,
    "complete": _complete,
    "cancel": _cancel,
}
