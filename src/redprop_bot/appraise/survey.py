"""电话回访: a month after, somebody calls those whose orders were closed and writes down what they say.

    first working day ──▶ a list for each community, drawn once ──▶ its secretaries
    satisfied     kept beside the order; no stars come of it: those are the resident's own
    unhappy       the order is done again where that may still be, else it is noted
    not reached   they may be called again

Whoever was forgotten meanwhile stays on the list without a name or a number.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from redprop_bot.errors import Conflict, Invalid, NotFound, Refused
from redprop_bot.loop import confirm, tasks
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.record import held, needed, optional
from redprop_bot.rules import months
from redprop_bot.rules import survey as rules
from redprop_bot.rules.points import for_another
from redprop_bot.rules.survey import STILL, Closed, Result, Why
from redprop_bot.store import events, surveys
from redprop_bot.store.tables import Demand, Person, Survey, SurveyCall, Task
from redprop_bot.store.tx import Tx

TASK: Final = "survey"
_LOGGED_LATER: Final = timedelta(days=31)
"""A visit is written down at most so long after what it brought had been reported."""


@dataclass(frozen=True, slots=True)
class Called:
    """What a call led to: the order as it is now, and whether it is done again."""

    call: SurveyCall
    demand: Demand
    reopened: bool


def draw(tx: Tx, community_id: int | None, month: date) -> Survey | None:
    """Draw the list of a community for a month that is over; None where it was drawn or nobody is to be asked."""
    key = f"c{community_id or 0}:{month:%Y-%m}"
    orders = _closed(tx, community_id, month)
    picked = rules.draw(key, orders, tx.content.survey.percent)
    if not picked:
        return None
    values = {"key": key, "community_id": community_id, "month": f"{month:%Y-%m}", "closed": len(orders)}
    return surveys.add(tx, {**values, "at": tx.now}, [(order.id, why.value) for order, why in picked])


def _closed(tx: Tx, community_id: int | None, month: date) -> list[Closed]:
    begin, end = (_midnight(tx, day) for day in (month, months.after(month)))
    rows, terms = surveys.closed(tx, community_id, begin, end), tx.content.survey
    if not rows:
        return []
    brought = surveys.brought(tx, community_id, min(row.reported_at for row in rows) - _LOGGED_LATER)
    found = []
    for row in rows:
        must = Why.UNHAPPY if row.unhappy and terms.unhappy else None
        if must is None and terms.reported_for and (row.no in brought or for_another(row.text)):
            must = Why.REPORTED_FOR
        found.append(Closed(row.id, row.no, must, bool(row.phone)))
    return found


def _midnight(tx: Tx, day: date) -> datetime:
    return datetime.combine(day, time(0), tx.content.zone)


def open_task(tx: Tx, survey: Survey, text: str) -> Task:
    """Enter the list as something the secretary has to do."""
    assert survey.id is not None
    slots = {"survey": survey.id}
    task = tasks.open_task(tx, TASK, text, community_id=survey.community_id, person_id=None, slots=slots)
    tx.update(Survey, survey.id, task_id=task.id)
    return task


def record(tx: Tx, demand: Demand, actor: Actor, *, result: str, note: str | None = None) -> Called:
    """Write down what came of a call. Raises NotFound for what is on no list, Conflict where somebody was faster.

    Who is unhappy says why; the order is done again where who called may have that done, and not too late.
    """
    assert demand.id is not None
    demand = held(tx, demand)
    call = surveys.newest_of(tx, demand.id or 0)
    if call is None:
        raise NotFound("no_call", no=demand.no)
    if call.state not in STILL:
        raise Conflict("call_made", no=demand.no, who=call.by_name)
    if result not in (Result.SATISFIED, Result.UNHAPPY, Result.NOT_REACHED):
        raise Invalid("call_result", field="result")
    why = needed(note, "note") if result == Result.UNHAPPY else optional(note, "note")
    reopened, demand = _again(tx, demand, actor, why) if result == Result.UNHAPPY else (False, demand)
    values = {"state": result, "tries": call.tries + 1, "note": why, "reopened": reopened}
    if not surveys.record(tx, call, **values, by_name=actor.name, called_at=tx.now):
        raise Conflict("call_made", no=demand.no, who="")
    events.note(
        tx,
        "survey",
        call.id or 0,
        f"survey_{result}",
        by=actor.name,
        data={"no": demand.no},
        community_id=demand.community_id,
    )
    _settle(tx, call.survey_id)
    return Called(tx.get(SurveyCall, call.id or 0), demand, reopened)


def _again(tx: Tx, demand: Demand, actor: Actor, why: str) -> tuple[bool, Demand]:
    """Done again, unless it is under way already, or it is too late for that."""
    reason = tx.content.replies.say("survey.reason", note=why)
    try:
        with tx.savepoint():
            return True, confirm.reopen(tx, demand, actor, reason=reason[:1000])
    except Refused:
        return False, demand


def _settle(tx: Tx, survey_id: int) -> None:
    """The task is done when everybody has been called at least once."""
    survey = surveys.one(tx, survey_id)
    if survey is None or survey.task_id is None or surveys.untried(tx, survey_id):
        return
    task = tx.get(Task, survey.task_id, lock=True)
    if task.status == "open":
        tasks.finish(tx, task)


def reporter(tx: Tx, demand: Demand) -> tuple[str | None, str | None]:
    """Whom to call, for whoever may know: name, and the number that was given for the matter, else their own."""
    person = tx.get(Person, demand.reporter_id) if demand.reporter_id is not None else None
    name, own = (person.name, person.phone) if person is not None else (None, None)
    return name or None, demand.phone or own or None


def contact(tx: Tx, demand: Demand) -> str:
    """Both in a line."""
    return " ".join(part for part in reporter(tx, demand) if part)
