"""When the lists of who to call are drawn: on the first working day of a month, about the month before.

A month is planned once. What was missed by an outage is made up for, two months back: those who were to be called
longer ago would hardly remember.
"""

from datetime import date, datetime, timedelta
from typing import Final

from redprop_bot.appraise import survey as steps
from redprop_bot.loop.due import Deeds
from redprop_bot.notify import outbox, words
from redprop_bot.registry.register import register
from redprop_bot.rules import months
from redprop_bot.rules.digests import Every, falls_on
from redprop_bot.rules.telling import Weight
from redprop_bot.store import messages, numbers, surveys
from redprop_bot.store.tables import Demand, Survey, SurveyCall, Timer
from redprop_bot.store.tx import Tx

KIND: Final = "survey"
SHOWN: Final = 8
"""So many stand in the message; all of them on the page."""
_LONGEST: Final = 31


def plan(tx: Tx) -> None:
    """The moment of the list of last month, and of the one before where it was missed; else one look."""
    today = tx.now.astimezone(tx.content.zone).date()
    mark, before = today.year * 12 + today.month, numbers.revision(tx, KIND)
    if before == mark:
        return
    numbers.put_revision(tx, KIND, mark)
    month = months.before(today)
    # A clock that was set back has nothing to make up for.
    for about in (month,) if before > mark else (months.before(month), month):
        at = _moment(tx, about)
        for community_id in (*sorted(register(tx).communities), None):
            key = f"{KIND}:{about:%Y-%m}:{community_id or 0}"
            messages.plan(tx, key, KIND, at, community_id, month=about.isoformat())


def _moment(tx: Tx, month: date) -> datetime:
    """The hour of the first working day after a month."""
    day = months.after(month)
    days = (day + timedelta(days=n) for n in range(_LONGEST))
    found = next((one for one in days if falls_on(Every.MONTH, one, tx.content.calendar)), day)
    return datetime.combine(found, tx.content.survey.at, tx.content.zone)


def _issue(tx: Tx, timer: Timer) -> None:
    survey = steps.draw(tx, timer.subject_id, date.fromisoformat(timer.data["month"]))
    if survey is None:
        return
    picked = surveys.calls(tx, survey.id or 0)
    text = _say(tx, survey, picked)
    task = steps.open_task(tx, survey, text)
    slots = {"no": task.no, "text": text, "lines": _lines(tx, picked), "link": _link(tx)}
    draft = outbox.Draft(
        key=f"{task.no}:survey",
        message="survey",
        text=tx.content.replies.say("survey.list", **slots),
        weight=Weight.PLAIN,
        subject="task",
        subject_id=task.id,
    )
    outbox.queue(tx, [(person, draft) for person in register(tx).secretaries(survey.community_id)])


def _say(tx: Tx, survey: Survey, picked: list[tuple[SurveyCall, Demand]]) -> str:
    return tx.content.replies.say(
        "survey.task",
        month=f"{int(survey.month[-2:])}月",
        closed=str(survey.closed),
        number=str(len(picked)),
    )


def _link(tx: Tx) -> str:
    return f"{tx.content.address}/console/surveys"


def _lines(tx: Tx, picked: list[tuple[SurveyCall, Demand]]) -> str:
    lines = [line(tx, call, demand) for call, demand in picked[:SHOWN]]
    if len(picked) > SHOWN:
        lines.append(tx.content.replies.say("survey.more", number=str(len(picked) - SHOWN)))
    return "\n".join(lines)


def line(tx: Tx, call: SurveyCall, demand: Demand) -> str:
    """One order to call about, for the secretary."""
    return tx.content.replies.say(
        "survey.line",
        no=demand.no,
        where=words.where(register(tx), demand, room=True),
        what=words.what(tx, demand),
        contact=steps.contact(tx, demand) or tx.content.replies.say("survey.no_contact"),
        why=tx.content.replies.say(f"survey.why.{call.why}"),
    )


DO: Final[Deeds] = {KIND: _issue}
