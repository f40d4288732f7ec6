"""A decision that was written down wrongly is taken back while the minutes are not approved.

Its orders wait for the meeting again, so that they can be decided about anew; an order or a measure that it made
ends. The decision keeps its number, counts nowhere, and stands in the history with the reason.
"""

from redprop_bot.council import into_project, measure
from redprop_bot.council.chair import Chair, changed, led
from redprop_bot.council.resolving import as_chair
from redprop_bot.errors import Conflict, NotFound
from redprop_bot.loop import arrange, confirm, extend
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.record import held, needed
from redprop_bot.rules.flow import AT_WORK, Stage, is_open
from redprop_bot.rules.projects import ProjectStage
from redprop_bot.store import events, meetings
from redprop_bot.store.tables import Decided, Demand, Measure, Meeting, Resolution
from redprop_bot.store.tx import Tx


def undo(tx: Tx, meeting: Meeting, chair: Chair, *, number: int, reason: str) -> Resolution:
    """Take a decision back. Raises Forbidden, Conflict (frozen, its measure is done), NotFound, Invalid."""
    meeting = led(tx, meeting, chair)
    assert meeting.id is not None
    why = needed(reason, "reason")
    rows = meetings.resolutions(tx, [meeting.id]).get(meeting.id, [])
    row = next((one for one in rows if one.number == number), None)
    if row is None or row.id is None:
        raise NotFound("no_resolution", no=meeting.no, number=str(number), field="resolution")
    if row.measure_id is not None:
        _drop(tx, meeting, row, chair, why)
    note = tx.content.replies.say("resolution.undone", reason=why)
    for link in meetings.links(tx, row.id):
        _back(tx, row, link, as_chair(chair), note)
    meetings.unlink(tx, row.id)
    gone = tx.update(Resolution, row.id, undone_at=tx.now, undone_why=why)
    events.note(
        tx,
        "meeting",
        meeting.id,
        "undone",
        by=chair.actor.name,
        data={"number": number, "reason": why},
        community_id=meeting.community_id,
    )
    changed(tx, meeting)
    return gone


def _drop(tx: Tx, meeting: Meeting, row: Resolution, chair: Chair, why: str) -> None:
    step = tx.get(Measure, row.measure_id or 0)
    if step.stage == ProjectStage.DONE:
        raise Conflict("resolution_done", no=meeting.no, number=str(row.number))
    if step.stage == ProjectStage.OPEN:
        measure.drop(tx, step, into_project.hand_of(chair), reason=why)  # and its orders are on the table again


def _back(tx: Tx, row: Resolution, link: Decided, actor: Actor, note: str) -> None:
    """An order as it was before: on the table, or not there when the decision made it."""
    order = held(tx, tx.get(Demand, link.demand_id))
    if link.made:
        if is_open(order.stage):
            arrange.close(tx, order, actor, reason="other", note=note)
        return
    if row.kind == "answered" and order.stage == Stage.CLOSED:
        order = confirm.reopen(tx, order, actor, reason=note)
    elif order.stage == Stage.SUSPENDED and order.handler_id == row.handler_id:
        order = extend.resume(tx, order, actor)
    elif order.stage not in AT_WORK or order.handler_id != row.handler_id:
        return
    arrange.escalate(tx, order, actor, reason=note)
