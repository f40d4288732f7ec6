"""红黑榜: companies of a street ranked by their results for a period, seen by them first, then published by hand.

    draft      a version of the board, lines from the results as they are
    ask        companies look at their own line for some days; asked again, they look again
    object_    a company says once what is wrong           decide    it stands, or stands apart, with a reason
    publish    after the days, with nothing undecided      withdraw  taken down, or called off, with a reason

Points are never changed here: that is what an appeal of 考评 is for, after which companies are asked again. While
one runs, the line of that company has no place. Every step holds its row first.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Final

from redprop_bot.appraise import ranking_telling as telling
from redprop_bot.appraise import sanction_grounds
from redprop_bot.appraise.periods import Period
from redprop_bot.appraise.scorers import Hand, posted
from redprop_bot.content.appraisal import FIGURES, Sheet
from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop.record import needed
from redprop_bot.registry.care import companies
from redprop_bot.registry.register import register
from redprop_bot.rules import grades, ranking
from redprop_bot.rules.ranking import OPEN, Apart, Line, Outcome, State
from redprop_bot.store import appraisals, events, messages, rankings
from redprop_bot.store.tables import Appraisal, Ranking
from redprop_bot.store.tx import Tx

OVER: Final = "ranking_over"
"""Kind of the timer of the last day on which companies look."""
EVENING: Final = 18


def draft(tx: Tx, who: Hand, sheet: Sheet, period: Period, street_id: int | None) -> Ranking:
    """Begin a board, or its next version. Raises Forbidden, Invalid, Conflict (one is being made, no result)."""
    _must_be_street(who)
    terms = tx.content.ranking
    if sheet.key not in terms.sheets:
        raise Invalid("ranking_sheet", field="sheet")
    if period.months != sheet.months or period.begin.year < 2000:
        raise Invalid("appraisal_period", field="period", sheet=sheet.title)
    if period.whole > tx.now.astimezone(tx.content.zone).date():
        raise Invalid("appraisal_running", field="period", period=period.title)
    found = _lines(tx, street_id, sheet.key, period.key)
    if all(line.score is None for line in found):
        raise Conflict("ranking_empty", period=period.title, sheet=sheet.title)
    _must_be_apart(tx, who, found)
    plan: dict[str, Any] = {"colours": [one.model_dump(mode="json") for one in terms.colours], "days": terms.days}
    same = f"{street_id or ''}:{sheet.key}:{period.key}"
    made = tx.insert_new(
        Ranking,
        street_id=street_id,
        sheet=sheet.key,
        title=terms.title,
        period=period.key,
        months=period.months,
        same=same,
        number=rankings.last_number(tx, same) + 1,
        open_key=same,
        plan=plan,
        lines=ranking.kept(ranking.placed(found, plan["colours"])),
        opened_by=who.name,
        opened_at=tx.now,
        updated_at=tx.now,
    )
    if made is None:
        raise Conflict("ranking_twice", period=period.title)
    _noted(tx, made, "ranking_opened", who.name)
    return made


def _lines(tx: Tx, street_id: int | None, sheet: str, period: str) -> list[Line]:
    """What the results of a period say now of every company of the street."""
    reg = register(tx)
    here = [key for key, one in reg.communities.items() if street_id in (None, one.street_id)]
    theirs: dict[int, list[int]] = {}
    for community_id in here:
        for unit in companies(reg, community_id):
            theirs.setdefault(unit.id or 0, []).append(community_id)
    found = []
    for unit_id, communities in theirs.items():
        rows = appraisals.results(tx, unit_id, [period])
        rows = [row for row in rows if row.sheet == sheet and row.community_id in here]
        found.append(_line(unit_id, communities, rows))
    return found


def _line(unit: int, communities: list[int], rows: list[Appraisal]) -> Line:
    if not rows:
        return Line(unit, tuple(communities), apart=Apart.NO_RESULT)
    score = grades.half_up(sum(row.score or 0 for row in rows), len(rows))
    counts = []
    for row in rows:
        parts = [part for part in grades.read(row.working) if part.key != FIGURES]
        counts.append((sum(not part.missing for part in parts), len(parts)))
    scored, parties = min(counts)
    appealed = any(row.state == grades.State.APPEALED for row in rows)
    keys = tuple(row.id or 0 for row in rows)
    apart = Apart.APPEALED if appealed else ""
    return Line(unit, tuple(communities), keys, score, scored, parties, apart)


def _anew(tx: Tx, row: Ranking) -> tuple[Line, ...]:
    """The lines from the results as they are now; what was said and decided of a line that is the same stays."""
    old = {line.unit: line for line in ranking.read(row.lines)}
    found = []
    for line in _lines(tx, row.street_id, row.sheet, row.period):
        before = old.get(line.unit)
        same = before is not None and (before.score, before.rounds) == (line.score, line.rounds)
        found.append(_kept(line, before) if same and before is not None else line)
    return ranking.placed(found, row.plan["colours"])


def _kept(line: Line, before: Line) -> Line:
    """A line with what was said and decided of it before."""
    apart = Apart.DECIDED if before.outcome == Outcome.APART else line.apart
    said = replace(line, objection=before.objection, outcome=before.outcome, decision=before.decision)
    return replace(said, apart=apart)


def ask(tx: Tx, row: Ranking, who: Hand) -> Ranking:
    """Companies look at their line, as it is now, for some days. Raises Forbidden, Conflict (published, over)."""
    row = _made(tx, row, who)
    lines = _anew(tx, row)
    day = tx.now.astimezone(tx.content.zone).date() + timedelta(days=row.plan["days"])
    until = datetime.combine(day, time(EVENING), tx.content.zone)
    values = {"state": State.REVIEW.value, "lines": ranking.kept(lines), "review_until": until}
    changed = tx.update(Ranking, row.id, **values, turn=row.turn + 1, updated_at=tx.now)
    _noted(tx, changed, "ranking_review", who.name)
    messages.plan(tx, f"{OVER}:{row.id}:{changed.turn}", OVER, until, row.id, turn=changed.turn)
    telling.asked(tx, changed)
    return changed


def object_(tx: Tx, row: Ranking, who: Hand, *, reason: str | None) -> Ranking:
    """A company says what is wrong with its line. Raises Forbidden, Conflict (not now, a second time), Invalid."""
    row = rankings.held(tx, row.id or 0)
    lines = ranking.read(row.lines)
    mine = next((line for line in lines if line.unit in who.units), None)
    if mine is None:
        raise Forbidden("ranking_role")
    if row.state != State.REVIEW or row.review_until is None or tx.now > row.review_until:
        raise Conflict("ranking_no_objection")
    if mine.objection:
        raise Conflict("ranking_objected")
    changed = _with(tx, row, replace(mine, objection=needed(reason, "reason")))
    _noted(tx, changed, "ranking_objected", who.name, unit=mine.unit)
    telling.objected(tx, changed, mine.unit)
    return changed


def decide(tx: Tx, row: Ranking, who: Hand, *, unit: int, outcome: str, reason: str | None) -> Ranking:
    """What becomes of an objection: the line stands, or it stands apart. Raises Forbidden, Conflict, Invalid."""
    row = _made(tx, row, who)
    line = next((one for one in ranking.read(row.lines) if one.unit == unit), None)
    if line is None or not line.objection or line.outcome:
        raise Conflict("ranking_nothing_said")
    if outcome not in list(Outcome):
        raise Invalid("choice", field="outcome")
    apart = Apart.DECIDED if outcome == Outcome.APART else line.apart
    why = needed(reason, "reason")
    changed = _with(tx, row, replace(line, outcome=str(outcome), decision=why, apart=apart))
    _noted(tx, changed, "ranking_decided", who.name, unit=unit, outcome=str(outcome), reason=why)
    telling.decided(tx, changed, unit)
    return changed


def publish(tx: Tx, row: Ranking, who: Hand) -> Ranking:
    """Put it on the public boards; an earlier version goes. What results say now must be what companies saw.

    Raises Forbidden, Conflict (nobody looked yet, days left, undecided, results changed meanwhile).
    """
    row = _made(tx, row, who)
    if row.state != State.REVIEW or row.review_until is None:
        raise Conflict("ranking_unseen")
    if tx.now <= row.review_until:
        raise Conflict("ranking_early", until=telling.names(tx, row)["until"])
    before, lines = ranking.read(row.lines), _anew(tx, row)
    if waiting := [one for one in before if one.objection and not one.outcome]:
        raise Conflict("ranking_undecided", units=_called(tx, waiting))
    seen = {one.unit: (one.score, one.rounds) for one in before}
    if others := [one for one in lines if seen.pop(one.unit, None) != (one.score, one.rounds)]:
        raise Conflict("ranking_changed", units=_called(tx, others))
    values = {"state": State.PUBLISHED.value, "open_key": None, "lines": ranking.kept(lines)}
    older = rankings.published(tx, row.same)
    if older is not None:
        tx.update(Ranking, older.id, state=State.REPLACED.value, updated_at=tx.now)
        _noted(tx, older, "ranking_replaced", who.name)
    changed = tx.update(Ranking, row.id, **values, published_at=tx.now, updated_at=tx.now)
    _noted(tx, changed, "ranking_published", who.name)
    telling.published(tx, changed)
    for line in lines:
        if line.colour == "black":
            sanction_grounds.suggest(tx, line.unit)
    return changed


def withdraw(tx: Tx, row: Ranking, who: Hand, *, reason: str | None) -> Ranking:
    """Take it down, or call it off before it was published. Raises Forbidden, Conflict (over), Invalid."""
    row = _held(tx, row, who)
    if row.state not in (*OPEN, State.PUBLISHED):
        raise Conflict("ranking_over")
    why, seen = needed(reason, "reason"), row.state != State.DRAFT
    state = State.WITHDRAWN if row.state == State.PUBLISHED else State.VOID
    changed = tx.update(Ranking, row.id, state=state.value, open_key=None, reason=why, updated_at=tx.now)
    _noted(tx, changed, f"ranking_{state}", who.name, reason=why)
    if seen:
        telling.withdrawn(tx, changed)
    return changed


def _with(tx: Tx, row: Ranking, line: Line) -> Ranking:
    """A version with another line in place of the one of that company."""
    lines = [line if one.unit == line.unit else one for one in ranking.read(row.lines)]
    found = ranking.kept(ranking.placed(lines, row.plan["colours"]))
    return tx.update(Ranking, row.id, lines=found, updated_at=tx.now)


def _called(tx: Tx, lines: Iterable[Line]) -> str:
    reg = register(tx)
    return "、".join(reg.organisations[one.unit].name for one in lines)


def _held(tx: Tx, row: Ranking, who: Hand) -> Ranking:
    _must_be_street(who)
    found = rankings.held(tx, row.id or 0)
    _must_be_apart(tx, who, ranking.read(found.lines))
    return found


def _made(tx: Tx, row: Ranking, who: Hand) -> Ranking:
    """The version as it is now, held; refuse one that is not being made any more."""
    found = _held(tx, row, who)
    if found.state not in OPEN:
        raise Conflict("ranking_over")
    return found


def _must_be_street(who: Hand) -> None:
    if not who.reviewer.street:
        raise Forbidden("ranking_street")


def _must_be_apart(tx: Tx, who: Hand, lines: Iterable[Line]) -> None:
    """Refuse whoever has a post in one of the companies."""
    if posted(register(tx), who.person_id) & {line.unit for line in lines}:
        raise Forbidden("ranking_own")


def _noted(tx: Tx, row: Ranking, name: str, by: str, **data: Any) -> None:
    """Write it into the history of a version, which nothing changes."""
    events.note(tx, rankings.SUBJECT, row.id or 0, name, by=by, data=data)
