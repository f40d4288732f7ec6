"""考评: a round of a score sheet for a property company: opened, scored by its parties, brought to a result.

    begin    one for each company; the parties are asked     score   a party gives its points, and again
    publish  the result with its working; nothing is         void    called off before there is a result
             scored any more

Every step holds the round first. Nobody sees what others gave before there is a result.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from redprop_bot.appraise import appraisal_telling, grade, scorers
from redprop_bot.appraise.periods import Period
from redprop_bot.appraise.scorers import ONE_VOICE, Hand, Party
from redprop_bot.content.appraisal import Sheet
from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop.record import needed
from redprop_bot.registry.care import companies
from redprop_bot.registry.register import register
from redprop_bot.rules import grades
from redprop_bot.rules.grades import Missing, State
from redprop_bot.store import appraisals, events, messages
from redprop_bot.store.tables import Appraisal, AppraisalBallot
from redprop_bot.store.tx import Tx

REMIND, DUE = "appraisal_remind", "appraisal_due"
"""Kinds of timers about rounds that were opened together."""
EVENING: Final = 18
"""A last day lasts until so many o'clock."""


def begin(
    tx: Tx, sheet: Sheet, period: Period, community_id: int, units: Sequence[int], *, by: str
) -> list[Appraisal]:
    """Open a round for each of these companies that has none yet, and ask the parties; returns the new ones."""
    made = [one for unit in units if (one := _opened(tx, sheet, period, community_id, unit, by=by)) is not None]
    if made:
        appraisal_telling.ask(tx, made)
        keys = [one.id for one in made]
        morning = _at(tx, sheet.days - sheet.remind, 10)
        for kind, at in ((REMIND, morning), (DUE, made[0].due_at)):
            messages.plan(tx, f"{kind}:{keys[0]}", kind, at, community_id, rounds=keys)
    return made


def _opened(tx: Tx, sheet: Sheet, period: Period, community_id: int, unit: int, *, by: str) -> Appraisal | None:
    made = tx.insert_new(
        Appraisal,
        sheet=sheet.key,
        title=sheet.title,
        period=period.key,
        months=sheet.months,
        community_id=community_id,
        organisation_id=unit,
        plan=sheet.model_dump(mode="json", by_alias=True),
        once_key=f"{sheet.key}:{period.key}:{community_id}:{unit}",
        due_at=_at(tx, sheet.days, EVENING),
        opened_by=by,
        opened_at=tx.now,
        updated_at=tx.now,
    )
    if made is not None:
        noted(tx, made, "appraisal_opened", by)
    return made


def _at(tx: Tx, days: int, hour: int) -> datetime:
    """An hour of the day so many days from now."""
    day = tx.now.astimezone(tx.content.zone).date() + timedelta(days=days)
    return datetime.combine(day, time(hour), tx.content.zone)


def by_hand(
    tx: Tx, sheet: Sheet, period: Period, community_id: int, unit: int | None, *, who: Hand
) -> list[Appraisal]:
    """The same for a secretary or the street: one company, or all of a community.

    Raises Forbidden (role), Invalid (the period is not over or of another length), Conflict (all are there).
    """
    reg = register(tx)
    if not (who.reviewer.street or who.reviewer.secretary_of(reg, community_id)):
        raise Forbidden("appraisal_open")
    if period.months != sheet.months or period.begin.year < 2000:
        raise Invalid("appraisal_period", field="period", sheet=sheet.title)
    if period.whole > tx.now.astimezone(tx.content.zone).date():
        raise Invalid("appraisal_running", field="period", period=period.title)
    here = [one.id or 0 for one in companies(reg, community_id)]
    units = here if unit is None else [key for key in here if key == unit]
    if not units:
        raise Invalid("appraisal_no_company", field="unit")
    if scorers.posted(reg, who.person_id) & set(units):
        raise Forbidden("appraisal_own")
    made = begin(tx, sheet, period, community_id, units, by=who.name)
    if not made:
        raise Conflict("appraisal_twice", sheet=sheet.title, period=period.title)
    return made


def score(
    tx: Tx, row: Appraisal, who: Hand, points: Mapping[str, Any], *, party: str | None = None, said_by: str = ""
) -> tuple[Party, AppraisalBallot]:
    """What a party gives: whole points for every item by its key; given again, it takes the place of the first.

    `party` may be left out by who belongs to one. Raises Forbidden, Conflict (over), Invalid.
    """
    row = _open(tx, row)
    of = _party(tx, row, who, party)
    given = _points(row, points)
    by = needed(said_by, "said_by") if of["named"] else ""
    scorer = "" if of["by"] in ONE_VOICE else str(who.person_id)
    values = {"points": given, "by_name": "" if scorer else who.name, "said_by": by, "at": tx.now}
    before = appraisals.ballot(tx, row.id or 0, of["key"], scorer)
    if before is None:
        kept = tx.insert(AppraisalBallot, appraisal_id=row.id, party=of["key"], scorer=scorer, **values)
    else:
        kept = tx.update(AppraisalBallot, before.id, **values)
    tx.update(Appraisal, row.id, updated_at=tx.now)
    # Of many people the history says that one of them scored, and not who.
    noted(tx, row, "appraisal_scored", of["name"] if scorer else who.name, party=of["name"])
    return of, kept


def _party(tx: Tx, row: Appraisal, who: Hand, key: str | None) -> Party:
    own = scorers.theirs(register(tx), row, who)
    if key is not None and not any(one["key"] == key for one in scorers.parties(row)):
        raise Invalid("appraisal_party", field="party")
    found = [one for one in own if key in (None, one["key"])]
    if not found:
        raise Forbidden("appraisal_not_asked")
    return found[0]


def _points(row: Appraisal, points: Mapping[str, Any]) -> dict[str, int]:
    """The points, checked: all items, no other ones, whole, at most the full mark."""
    items = {item["key"]: item for item in row.plan["items"]}
    for key in points:
        if key not in items:
            raise Invalid("appraisal_item", field=f"points.{key}"[:64])
    lacking = [item["title"] for key, item in items.items() if points.get(key) is None]
    if lacking:
        raise Invalid("appraisal_lacking", field="points", which="、".join(lacking))
    for key, item in items.items():
        value = points[key]
        if isinstance(value, float):
            raise Invalid("appraisal_whole", field=f"points.{key}", item=item["title"], full=item["full"])
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= item["full"]:
            raise Invalid("appraisal_points", field=f"points.{key}", item=item["title"], full=item["full"])
    return {key: int(points[key]) for key in items}


def publish(tx: Tx, row: Appraisal, who: Hand | None, by: str) -> Appraisal:
    """Bring it to a result, tell the company. `who` None is the clock.

    Raises Forbidden, Conflict (over, too early while somebody is missing, too few).
    """
    row = _open(tx, row)
    if who is not None and not scorers.may_run(register(tx), row, who):
        raise Forbidden("appraisal_open")
    parts = grade.working(tx, row)
    missing = "、".join(_missing(tx, part) for part in parts if part.missing)
    # Of a period that is over no orders come any more: nobody need wait for these.
    silent = "、".join(part.name for part in parts if part.missing and part.missing != Missing.NO_SAMPLE)
    if silent and tx.now < row.due_at:
        raise Conflict("appraisal_early", which=silent)
    if not grades.enough(parts, row.plan["least"]):
        there, all_ = grades.weights(parts)
        raise Conflict("appraisal_few", there=there, all=all_, least=row.plan["least"], which=missing)
    found = grades.score(parts)
    assert found is not None
    changed = tx.update(
        Appraisal,
        row.id,
        state=State.PUBLISHED.value,
        score=found,
        stars=grades.stars(found, row.plan["stars"]),
        working=grades.kept(parts),
        published_at=tx.now,
        appeal_until=_at(tx, row.plan["appeal"]["days"], EVENING),
        updated_at=tx.now,
    )
    noted(tx, changed, "appraisal_published", by, score=found, stars=changed.stars)
    appraisal_telling.published(tx, changed)
    return changed


def _missing(tx: Tx, part: grades.Part) -> str:
    """A part that has nothing; figures without orders are nobody's to be pressed for."""
    if part.missing == Missing.NO_SAMPLE:
        return tx.content.replies.say("appraisal.no_sample", name=part.name)
    return part.name


def void(tx: Tx, row: Appraisal, who: Hand, *, reason: str | None) -> Appraisal:
    """Call it off; another may be opened. Raises Forbidden, Conflict (there is a result), Invalid."""
    row = _open(tx, row)
    if not scorers.may_run(register(tx), row, who):
        raise Forbidden("appraisal_open")
    why = needed(reason, "reason")
    changed = tx.update(Appraisal, row.id, state=State.VOID.value, once_key=None, decision=why, updated_at=tx.now)
    noted(tx, changed, "appraisal_void", who.name, reason=why)
    return changed


def _open(tx: Tx, row: Appraisal) -> Appraisal:
    """The round as it is now, held; refuse one that is over."""
    found = appraisals.held(tx, row.id or 0)
    if found.state != State.OPEN:
        raise Conflict("appraisal_over")
    return found


def noted(tx: Tx, row: Appraisal, name: str, by: str, **data: Any) -> None:
    """Write it into the history of a round, which nothing changes."""
    events.note(tx, appraisals.SUBJECT, row.id or 0, name, by=by, data=data, community_id=row.community_id)
