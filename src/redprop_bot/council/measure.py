"""A measure goes on: progress in percent, finished, taken up again, planned anew; milestones on the way.

Who reports is who owns it: the person, the staff of the unit; the secretary may, too, for who has no telephone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from redprop_bot.council import measure_orders, measure_telling, plan
from redprop_bot.council.hands import Hand
from redprop_bot.council.project import (
    held,
    must_arrange,
    must_be_open,
    noted,
    owner_called,
    plan_measure,
    titled,
    touched,
)
from redprop_bot.council.terms import within
from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop.record import needed, optional
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.projects import ProjectStage
from redprop_bot.store import messages, projects
from redprop_bot.store.tables import Measure, Post, Project
from redprop_bot.store.tx import Tx


def owns(reg: Register, hand: Hand, measure: Measure) -> bool:
    """Whether a measure is theirs: of themselves, of their unit, or of one of its people for a unit's token."""
    if measure.owner_id is not None and measure.owner_id == hand.person_id:
        return True
    if measure.unit_id is not None and measure.unit_id in hand.units:
        return True
    posts = reg.posts.get(measure.owner_id or 0, [])
    return hand.person_id is None and any(post.organisation_id in hand.units for post in posts)


def concerns(tx: Tx, hand: Hand, posts: Sequence[Post], project: Project) -> bool:
    """Whether a project is there for a person: of their street or community, or one where they or theirs work."""
    if any(post.street_id is not None for post in posts):
        return True
    if project.community_id is None or any(post.community_id == project.community_id for post in posts):
        return bool(posts)
    if project.lead_id in hand.units or (hand.person_id is not None and project.owner_id == hand.person_id):
        return True
    key = project.id or 0
    return any(owns(register(tx), hand, one) for one in projects.measures(tx, [key])[key])


def report(
    tx: Tx, measure: Measure, hand: Hand, *, percent: int | None = None, note: str | None = None
) -> Measure:
    """How far it is: percent, words, or both; 100 finishes it.

    Raises Forbidden (not the owner's), Conflict (over), Invalid (percent, nothing said).
    """
    project, measure = _mine(tx, measure, hand)
    said = optional(note, "note")
    if percent is None and not said:
        raise Invalid("missing", field="percent")
    if percent is not None and not 0 <= percent <= 100:
        raise Invalid("percent", field="percent")
    if percent == 100:
        return _finished(tx, project, measure, hand, said)
    now = measure.percent if percent is None else percent
    changed = _written(tx, measure, percent=now, progress=said or measure.progress)
    noted(tx, project, "measure_reported", hand, measure=measure.position, percent=now)
    measure_orders.progressed(tx, changed, hand, said)
    _after(tx, project)
    return changed


def finish(tx: Tx, measure: Measure, hand: Hand, *, note: str | None = None) -> Measure:
    """It is done; when it was the last, whoever leads the project is asked to end it. Raises as `report`."""
    project, measure = _mine(tx, measure, hand)
    return _finished(tx, project, measure, hand, optional(note, "note"))


def reopen(tx: Tx, measure: Measure, hand: Hand, *, reason: str) -> Measure:
    """It is not done after all; its owner hears why. Raises Forbidden, Conflict (not done, over), Invalid."""
    project = must_arrange(tx, tx.get(Project, measure.project_id), hand)
    measure = tx.get(Measure, measure.id or 0, lock=True)
    why = needed(reason, "reason")
    if measure.stage == ProjectStage.CANCELLED:
        raise Conflict("measure_over", no=project.no, number=measure.position)
    if measure.stage != ProjectStage.DONE:
        raise Conflict("measure_not_done", no=project.no, number=measure.position)
    percent = min(measure.percent, 90)
    again = _written(
        tx, measure, stage=ProjectStage.OPEN.value, done_at=None, percent=percent, reported_at=measure.reported_at
    )
    noted(tx, project, "measure_reopened", hand, measure=measure.position)
    touched(tx, project)
    if again.due_at > tx.now:
        plan_measure(tx, again)
    else:
        _plan_late(tx, again)
    measure_orders.reopened(tx, again, hand, why)
    measure_telling.reopened(tx, project, again, why, but=hand.person_id)
    return again


def _plan_late(tx: Tx, measure: Measure) -> None:
    """Its day is over: the warnings of that day were said or found it done, so a further one is planned."""
    mark, turn = f"measure:{measure.id}:{measure.due_at:%Y%m%dT%H%M}", 2
    while messages.planned(tx, f"{mark}:late{turn}"):
        messages.cancel(tx, f"{mark}:late{turn}")
        turn += 1
    at = tx.content.projects.again.after(tx.now, tx.content.calendar)
    due = measure.due_at.isoformat()
    messages.plan(tx, f"{mark}:late{turn}", "measure_late", at, measure.id, due=due, turn=turn)


def change(tx: Tx, measure: Measure, hand: Hand, version: int, given: Mapping[str, Any]) -> Measure:
    """Other words, owner or days. Raises Forbidden, Conflict (stale, over), Invalid."""
    project = must_arrange(tx, tx.get(Project, measure.project_id), hand)
    measure = tx.get(Measure, measure.id or 0, lock=True)
    if version != measure.version:
        raise Conflict("stale", field="version")
    _must_run(project, measure)
    values: dict[str, Any] = {}
    if "title" in given:
        values["title"] = titled(given["title"])
    if "note" in given:
        values["note"] = optional(given["note"], "note")
    if "owner" in given:
        owner = owner_called(register(tx), given["owner"])
        values |= {"owner_id": owner.person_id, "unit_id": owner.unit_id}
    if "starts_at" in given or "due_at" in given:
        begin, due = given.get("starts_at") or measure.starts_at, given.get("due_at") or measure.due_at
        values["starts_at"], values["due_at"] = within(tx, project, begin, due)
    changed = tx.update(Measure, measure.id, **values, version=measure.version + 1)
    noted(tx, project, "measure_changed", hand, measure=measure.position, fields=sorted(values))
    touched(tx, project)
    if changed.due_at != measure.due_at:
        plan_measure(tx, changed)
    measure_orders.changed(tx, changed, hand, was=measure.due_at)
    if (changed.owner_id, changed.unit_id) != (measure.owner_id, measure.unit_id):
        measure_telling.settled(tx, measure, "project.card_moved")
        measure_telling.given(tx, project, changed, but=hand.person_id)
    return changed


def drop(tx: Tx, measure: Measure, hand: Hand, *, reason: str) -> Measure:
    """It is not done any more, with the reason; it counts nowhere. Raises Forbidden, Conflict (over), Invalid."""
    project = must_arrange(tx, tx.get(Project, measure.project_id), hand)
    measure = tx.get(Measure, measure.id or 0, lock=True)
    why = needed(reason, "reason")
    _must_run(project, measure)
    gone = tx.update(
        Measure, measure.id, stage=ProjectStage.CANCELLED.value, progress=why, version=measure.version + 1
    )
    noted(tx, project, "measure_dropped", hand, measure=measure.position)
    _after(tx, project)  # without it the others may have come further on the whole
    measure_telling.settled(tx, measure, "project.card_cancelled")
    measure_orders.dropped(tx, gone, hand, why)
    return gone


def _mine(tx: Tx, measure: Measure, hand: Hand) -> tuple[Project, Measure]:
    project = held(tx, tx.get(Project, measure.project_id))
    measure = tx.get(Measure, measure.id or 0, lock=True)
    leads = project.owner_id is not None and project.owner_id == hand.person_id
    if not (owns(register(tx), hand, measure) or leads or hand.keeps_in(project.community_id)):
        raise Forbidden("measure_role", no=project.no)
    _must_run(project, measure)
    return project, measure


def _must_run(project: Project, measure: Measure) -> None:
    must_be_open(project)
    if measure.stage != ProjectStage.OPEN:
        raise Conflict("measure_over", no=project.no, number=measure.position)


def _written(tx: Tx, measure: Measure, **values: Any) -> Measure:
    values = {"reported_at": tx.now, **values}
    return tx.update(Measure, measure.id, **values, version=measure.version + 1)


def _finished(tx: Tx, project: Project, measure: Measure, hand: Hand, said: str) -> Measure:
    done = _written(
        tx, measure, stage=ProjectStage.DONE.value, percent=100, done_at=tx.now, progress=said or measure.progress
    )
    noted(tx, project, "measure_done", hand, measure=measure.position)
    measure_telling.settled(tx, measure, "project.card_done")
    measure_orders.finished(tx, done, hand, said)
    left = _after(tx, project)
    measure_telling.finished(tx, project, done, who=hand.name, left=left, but=hand.person_id)
    return done


def _after(tx: Tx, project: Project) -> int:
    """Milestones that are reached by now are marked; how many measures are still open."""
    assert project.id is not None
    steps = projects.measures(tx, [project.id])[project.id]
    plan.reached(tx, project, steps)
    touched(tx, project)
    return sum(step.stage == ProjectStage.OPEN for step in steps)
