"""Appeals in 考评: a company says once why a result is wrong; the secretary or the street decides with a reason.

Corrected are points of single lines; the old ones stay beside them, and the score is worked out anew.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from redprop_bot.appraise import appraisal_telling, ranking_telling, scorers
from redprop_bot.appraise.scorecard import noted
from redprop_bot.appraise.scorers import Hand
from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop.record import needed
from redprop_bot.notify import words
from redprop_bot.registry.register import register
from redprop_bot.rules import grades
from redprop_bot.rules.grades import Outcome, Part, State
from redprop_bot.store import appraisals, messages
from redprop_bot.store.tables import Appraisal
from redprop_bot.store.tx import Tx

WAITS: Final = "appraisal_waits"
"""Kind of the timer of an appeal that nobody has decided for as many days as the company had to appeal."""
_MORNING: Final = time(10)


def appeal(tx: Tx, row: Appraisal, who: Hand, *, reason: str | None) -> Appraisal:
    """The company says that a result is wrong, and why.

    Raises Forbidden, Conflict (no result, a second time, too late), Invalid (no reason).
    """
    row = appraisals.held(tx, row.id or 0)
    if not scorers.may_appeal(row, who):
        raise Forbidden("appraisal_appeal_role")
    if row.state != State.PUBLISHED or row.appeal_until is None:
        raise Conflict("appraisal_no_appeal" if row.state in (State.OPEN, State.VOID) else "appraisal_appealed")
    if tx.now > row.appeal_until:
        raise Conflict("appraisal_late", until=words.full_date(row.appeal_until, tx.content.zone))
    why = needed(reason, "reason")
    changed = tx.update(Appraisal, row.id, state=State.APPEALED.value, appeal=why, updated_at=tx.now)
    noted(tx, changed, "appraisal_appealed", who.name, reason=why)
    appraisal_telling.appealed(tx, changed)
    waits = tx.now.astimezone(tx.content.zone).date() + timedelta(days=row.plan["appeal"]["days"])
    at = datetime.combine(waits, _MORNING, tx.content.zone)
    messages.plan(tx, f"{WAITS}:{row.id}", WAITS, at, row.id)
    return changed


def decide(
    tx: Tx,
    row: Appraisal,
    who: Hand,
    *,
    outcome: str,
    reason: str | None,
    corrections: Sequence[Mapping[str, Any]] = (),
) -> Appraisal:
    """What becomes of an appeal. A correction is part, item and the right points, in points with two decimals.

    Raises Forbidden, Conflict (no appeal), Invalid (nothing corrected, no such line, more than the full mark).
    """
    row = appraisals.held(tx, row.id or 0)
    if not scorers.may_decide(register(tx), row, who):
        raise Forbidden("appraisal_decide")
    if row.state != State.APPEALED:
        raise Conflict("appraisal_not_appealed")
    if outcome not in list(Outcome):
        raise Invalid("choice", field="outcome")
    why = needed(reason, "reason")
    parts = grades.read(row.working)
    wanted = _wanted(parts, corrections)
    if bool(wanted) != (outcome == Outcome.CORRECT):
        raise Invalid("appraisal_corrections", field="corrections")
    values: dict[str, Any] = {"state": State.SETTLED.value, "decision": why, "updated_at": tx.now}
    if wanted:
        parts = grades.corrected(parts, wanted)
        found = grades.score(parts)
        assert found is not None
        values |= {"working": grades.kept(parts), "score": found}
        values["stars"] = grades.stars(found, row.plan["stars"])
    changed = tx.update(Appraisal, row.id, **values)
    about = {"outcome": outcome, "reason": why, "score": changed.score, "stars": changed.stars}
    noted(tx, changed, "appraisal_settled", who.name, **about, before=row.score)
    appraisal_telling.settled(tx, row, changed)
    ranking_telling.settled(tx, row.id or 0)
    return changed


def _wanted(parts: Sequence[Part], corrections: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], int]:
    """The corrections in hundredths, those that change nothing left out."""
    lines = {(part.key, line.key): line for part in parts if not part.missing for line in part.lines}
    found: dict[tuple[str, str], int] = {}
    for n, one in enumerate(corrections):
        key = (one["party"], one["item"])
        line = lines.get(key)
        if line is None or line.points is None:
            raise Invalid("appraisal_line", field=f"corrections.{n}")
        points = round(float(one["points"]) * grades.HUNDRED)
        if key in found or not 0 <= points <= line.full * grades.HUNDRED:
            raise Invalid("appraisal_points", field=f"corrections.{n}", item=line.title, full=line.full)
        found[key] = points
    return {key: points for key, points in found.items() if points != lines[key].points}
