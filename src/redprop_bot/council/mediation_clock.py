"""What time does to mediations: silence of who was asked, the eve of a meeting, the follow-up, and forgetting.

Each deed looks at the case as it is now; what has gone on without it is left alone.
"""

from typing import Final

from redprop_bot.council import mediation_telling as telling
from redprop_bot.council.conducting import passed
from redprop_bot.council.hands import CLOCK
from redprop_bot.council.mediation import held, noted, put
from redprop_bot.loop.due import Deeds
from redprop_bot.rules.mediation import BEFORE, LIVE, Case
from redprop_bot.store import mediations, messages
from redprop_bot.store.tables import Mediation, MediationSession, MediationSide, Outbox, Timer
from redprop_bot.store.tx import Tx


def _silent(tx: Tx, timer: Timer) -> None:
    """Who was asked has not said whether they take it: the secretary asks the next."""
    case = held(tx, tx.get(Mediation, timer.subject_id or 0))
    if case.stage != Case.ASKED or case.version != timer.data["version"]:
        return
    who = telling.about(tx, case)["mediator"]
    telling.without(tx, passed(tx, case, CLOCK.name), "mediation_silent", who)


def _meets(tx: Tx, timer: Timer) -> None:
    meeting = tx.get(MediationSession, timer.subject_id or 0)
    case = held(tx, tx.get(Mediation, meeting.mediation_id))
    if meeting.state == "planned" and case.stage in BEFORE and meeting.starts_at > tx.now:
        telling.meets(tx, case, meeting)


def _follow(tx: Tx, timer: Timer) -> None:
    """Both are asked whether it is kept; who does not answer is asked by the secretary some days later."""
    case = held(tx, tx.get(Mediation, timer.subject_id or 0))
    if case.stage != Case.AGREED:
        return
    noted(tx, case, "mediation_followed", CLOCK.name)
    telling.follow(tx, case)
    later = telling.days_from(tx, tx.content.mediation.reply_days)
    messages.plan(tx, f"{timer.key}:reply", "mediation_reply", later, case.id)


def _reply(tx: Tx, timer: Timer) -> None:
    case = held(tx, tx.get(Mediation, timer.subject_id or 0))
    if case.stage != Case.AGREED:
        return
    who = [telling.name_of(tx, side) for side in mediations.sides(tx, case.id or 0) if side.kept is None]
    noted(tx, case, "mediation_unanswered", CLOCK.name)
    telling.unanswered(tx, case, who)


def _forget(tx: Tx, timer: Timer) -> None:
    """Words and names go; that there was a case, and how it ended, stays."""
    case = held(tx, tx.get(Mediation, timer.subject_id or 0))
    if case.stage in LIVE:  # it was taken up again
        return
    wipe(tx, case)
    noted(tx, case, "mediation_forgotten", CLOCK.name)


def wipe(tx: Tx, case: Mediation) -> None:
    """The same whenever it is asked for."""
    assert case.id is not None
    put(tx, case, matter=tx.content.replies.say("mediate.wiped"), offer="", reason="", demand_id=case.demand_id)
    mediations.wipe_sessions(tx, case.id)
    for side in mediations.sides(tx, case.id):
        tx.update(MediationSide, side.id, person_id=None, name="", accepted_by="")
    for letter in mediations.letters(tx, case.no):
        tx.update(Outbox, letter.id, payload={})


DO: Final[Deeds] = {
    "mediation_ask": _silent,
    "mediation_meets": _meets,
    "mediation_follow": _follow,
    "mediation_reply": _reply,
    "mediation_forget": _forget,
}
