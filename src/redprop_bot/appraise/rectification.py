"""整改: a property company has to put something right in a community by a day, reports it done, is re-checked.

    open_order   what, by when, and where it comes from        report   the company says it is done
    ask_more     more days, once; `answer_more` says yes or no  check    passed, or failed with another day
    withdraw     taken back with a reason                       missed   the day is over (the clock)

Every step holds its row first, and what happened is only added to the history.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Final

from redprop_bot.appraise import rectification_rights as rights
from redprop_bot.appraise import rectification_telling as telling
from redprop_bot.appraise import sanction_grounds, talks
from redprop_bot.appraise.scorers import Hand, posted
from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop.record import needed
from redprop_bot.registry.care import companies
from redprop_bot.registry.register import register
from redprop_bot.rules.discipline import RUNNING, Cause, Extension, Side, State
from redprop_bot.rules.grades import RESULTS
from redprop_bot.store import messages, rectifications
from redprop_bot.store.tables import Appraisal, Rectification
from redprop_bot.store.tx import Tx

REMIND, DUE, CHECK = "rectification_remind", "rectification_due", "rectification_check"
"""Kinds of timers; each is of one deadline."""
EVENING: Final = 18
"""A day lasts until so many o'clock."""
MORNING: Final = 10
ITEMS: Final = 20
ITEM: Final = 200
"""So many things at most, and so many characters each."""


def today(tx: Tx) -> date:
    """The day here."""
    return tx.now.astimezone(tx.content.zone).date()


def open_order(
    tx: Tx,
    who: Hand,
    *,
    community_id: int,
    unit: int,
    items: Sequence[str],
    due: date | None = None,
    reason: str | None = None,
    appraisal: Appraisal | None = None,
) -> Rectification:
    """A company has to put these things right by the evening of a day; without one, the days of the rules.

    It comes from a result of 考评, else a reason is needed. Raises Forbidden (role, own company), Invalid,
    Conflict (the same is being put right already).
    """
    reg, terms = register(tx), tx.content.rectification
    if not rights.may_run(reg, community_id, who):
        raise Forbidden("rectification_open")
    if unit not in {one.id for one in companies(reg, community_id)}:
        raise Invalid("rectification_company", field="unit")
    if unit in posted(reg, who.person_id):
        raise Forbidden("rectification_own")
    if appraisal is not None and not _fits(appraisal, community_id, unit):
        raise Invalid("rectification_round", field="appraisal")
    what = _items(items)
    made = tx.insert_new(
        Rectification,
        community_id=community_id,
        organisation_id=unit,
        items=what,
        appraisal_id=appraisal.id if appraisal is not None else None,
        reason=(reason or "").strip() if appraisal is not None else needed(reason, "reason"),
        once_key=f"{community_id}:{unit}:{_print(what)}",
        due_at=_evening(tx, due or today(tx) + timedelta(days=terms.days)),
        opened_by=who.name,
        opened_side=who.side.value,
        opened_at=tx.now,
        updated_at=tx.now,
    )
    if made is None:
        raise Conflict("rectification_twice")
    rectifications.note(tx, made, "rectification_opened", who.name, who.side, due=made.due_at, text=made.reason)
    _plan(tx, made)
    telling.opened(tx, made)
    return made


def _fits(appraisal: Appraisal, community_id: int, unit: int) -> bool:
    where = (appraisal.community_id, appraisal.organisation_id)
    return where == (community_id, unit) and appraisal.state in RESULTS


def _items(items: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(text for one in items if (text := one.strip())))
    if not found:
        raise Invalid("missing", field="items")
    if len(found) > ITEMS:
        raise Invalid("rectification_many", field="items", most=str(ITEMS))
    if any(len(one) > ITEM for one in found):
        raise Invalid("too_long", field="items", limit=ITEM)
    return found


def _print(items: Sequence[str]) -> str:
    """The same for the same things, in whatever order they were said."""
    return sha256("\n".join(sorted(items)).encode()).hexdigest()


def _evening(tx: Tx, day: date) -> datetime:
    """The evening of a day that is still to come and not too far off."""
    longest = tx.content.rectification.longest
    moment = datetime.combine(day, time(EVENING), tx.content.zone)
    if not tx.now < moment or day > today(tx) + timedelta(days=longest):
        raise Invalid("rectification_due", field="due", longest=str(longest))
    return moment


def _plan(tx: Tx, row: Rectification) -> None:
    """What the clock does about this deadline."""
    last = row.due_at.astimezone(tx.content.zone).date()
    before = last - timedelta(days=tx.content.rectification.remind)
    morning = datetime.combine(before, time(MORNING), tx.content.zone)
    for kind, at in ((REMIND, morning), (DUE, row.due_at)):
        if at > tx.now:
            messages.plan(tx, f"{kind}:{row.id}:{row.turn}", kind, at, row.id, turn=row.turn)


# -- what the company says


def report(tx: Tx, row: Rectification, who: Hand, *, text: str | None) -> Rectification:
    """The company says that it is put right, and how. Raises Forbidden, Conflict (not open), Invalid."""
    row = rectifications.held(tx, row.id or 0)
    if not rights.answers(row, who):
        raise Forbidden("rectification_role")
    if row.state != State.OPEN:
        raise Conflict("rectification_reported" if row.state == State.REPORTED else "rectification_over")
    said = needed(text, "text")
    lapsed = Extension.LAPSED if row.extension == Extension.ASKED else row.extension
    values = {"state": State.REPORTED.value, "report": said, "reported_at": tx.now, "extension": str(lapsed)}
    changed = tx.update(Rectification, row.id, **values, updated_at=tx.now)
    rectifications.note(tx, changed, "rectification_reported", who.name, Side.COMPANY, text=said)
    after = today(tx) + timedelta(days=tx.content.rectification.check)
    at = datetime.combine(after, time(MORNING), tx.content.zone)
    messages.plan(tx, f"{CHECK}:{row.id}:{row.turn}", CHECK, at, row.id, turn=row.turn)
    telling.reported(tx, changed)
    return changed


def ask_more(tx: Tx, row: Rectification, who: Hand, *, until: date, reason: str | None) -> Rectification:
    """The company asks for more days, once and in time. Raises Forbidden, Conflict, Invalid (day, reason)."""
    row = rectifications.held(tx, row.id or 0)
    if not rights.answers(row, who):
        raise Forbidden("rectification_role")
    if not rights.may_extend(tx, row):
        if row.state != State.OPEN:
            raise Conflict("rectification_over")
        if row.extension:
            raise Conflict("rectification_asked")
        raise Conflict("rectification_late")
    last, most = row.due_at.astimezone(tx.content.zone).date(), tx.content.rectification.extension
    if not last < until <= last + timedelta(days=most):
        raise Invalid("rectification_until", field="until", most=str(most), due=telling.names(tx, row)["due"])
    values = {
        "extension": Extension.ASKED.value,
        "extension_until": datetime.combine(until, time(EVENING), tx.content.zone),
        "extension_why": needed(reason, "reason"),
    }
    changed = tx.update(Rectification, row.id, **values, updated_at=tx.now)
    why, day = changed.extension_why, changed.extension_until
    rectifications.note(tx, changed, "rectification_more", who.name, Side.COMPANY, text=why, due=day)
    telling.more_asked(tx, changed)
    return changed


# -- what the community or the street says


def answer_more(tx: Tx, row: Rectification, who: Hand, *, granted: bool, reason: str | None) -> Rectification:
    """Yes or, with a reason, no; a no after the day makes it overdue. Raises Forbidden, Conflict, Invalid."""
    row = rights.held(tx, row, who)
    if row.state != State.OPEN or row.extension != Extension.ASKED:
        raise Conflict("rectification_nothing_asked")
    if granted:
        why, until = (reason or "").strip(), row.extension_until
        if until is None or until <= tx.now:
            raise Conflict("rectification_too_late")
        values = {"extension": Extension.GRANTED.value, "due_at": until, "turn": row.turn + 1}
    else:
        why, values = needed(reason, "reason"), {"extension": Extension.REFUSED.value}
    changed = tx.update(Rectification, row.id, **values, updated_at=tx.now)
    name = "rectification_granted" if granted else "rectification_refused"
    rectifications.note(tx, changed, name, who.name, who.side, text=why, due=changed.due_at)
    telling.more_answered(tx, changed, why)
    if granted:
        _plan(tx, changed)
    elif tx.now >= changed.due_at:
        changed = missed(tx, changed)
    return changed


def check(
    tx: Tx, row: Rectification, who: Hand, *, passed: bool, reason: str | None = None, due: date | None = None
) -> Rectification:
    """What the re-check says; failed takes a reason and another day. Raises Forbidden, Conflict, Invalid."""
    row = rights.held(tx, row, who)
    if not rights.may_check(tx, row):
        if row.state == State.OPEN:
            raise Conflict("rectification_early")
        raise Conflict("rectification_over")
    values: dict[str, Any]
    if passed:
        why = (reason or "").strip()
        values = {"state": State.PASSED.value, "once_key": None, "closed_at": tx.now}
    else:
        why = needed(reason, "reason")
        if due is None:
            raise Invalid("missing", field="due")
        values = {"state": State.OPEN.value, "due_at": _evening(tx, due), "turn": row.turn + 1}
        values |= {"failures": row.failures + 1, "failed": why}
    changed = tx.update(Rectification, row.id, **values, updated_at=tx.now)
    name = "rectification_passed" if passed else "rectification_failed"
    day = None if passed else changed.due_at
    rectifications.note(tx, changed, name, who.name, who.side, text=why, due=day)
    telling.checked(tx, changed, why)
    if not passed:
        _plan(tx, changed)
        if changed.failures >= tx.content.rectification.talk_failures:
            talks.propose(tx, changed, Cause.FAILURES)
        sanction_grounds.suggest(tx, changed.organisation_id)
    return changed


def withdraw(tx: Tx, row: Rectification, who: Hand, *, reason: str | None) -> Rectification:
    """Take it back; a talk that was proposed goes with it. Raises Forbidden, Conflict (it is over), Invalid."""
    row = rights.held(tx, row, who)
    if row.state not in RUNNING:
        raise Conflict("rectification_over")
    why = needed(reason, "reason")
    values = {"state": State.VOID.value, "once_key": None, "closed_at": tx.now, "updated_at": tx.now}
    changed = tx.update(Rectification, row.id, **values)
    rectifications.note(tx, changed, "rectification_withdrawn", who.name, who.side, text=why)
    talks.void(tx, changed, who, why)
    telling.withdrawn(tx, changed, why)
    return changed


def missed(tx: Tx, row: Rectification) -> Rectification:
    """The day is over and the company has not said that it is done; `row` is held."""
    changed = tx.update(Rectification, row.id, overdues=row.overdues + 1, updated_at=tx.now)
    rectifications.note(tx, changed, "rectification_overdue", "到期自动", Side.CLOCK, due=changed.due_at)
    telling.overdue(tx, changed)
    if tx.content.rectification.talk_overdue:
        talks.propose(tx, changed, Cause.OVERDUE)
    return changed
