"""黑名单 and 退出: a case against a property company, heard first, then decided, then step by step, all on record.

    open_case   the company hears why                  answer   it says something, once, within its days
    decide      it goes on, or is dropped               step     one of its steps was taken, on a day
    stop        ended early                             over     the months of a listing are over (the clock)

Every step holds its row first, and what happened is only added to the history.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from redprop_bot.appraise import sanction_rights as rights
from redprop_bot.appraise import sanction_telling as telling
from redprop_bot.appraise.sanction_grounds import MONTHS, counted
from redprop_bot.appraise.scorers import Hand, posted
from redprop_bot.content.discipline import SanctionKind
from redprop_bot.errors import Conflict, Forbidden, Invalid
from redprop_bot.loop.record import needed
from redprop_bot.registry.care import companies, looked_after
from redprop_bot.registry.register import Register, register
from redprop_bot.rules.discipline import Side
from redprop_bot.rules.sanctions import State, months_from
from redprop_bot.store import messages, sanctions
from redprop_bot.store.tables import Sanction
from redprop_bot.store.tx import Tx

HEARD, STEP, END = "sanction_heard", "sanction_step", "sanction_end"
"""Kinds of timers: the company's days are over, a step's are, a listing is."""
EVENING: Final = 18


def today(tx: Tx) -> date:
    """The day here."""
    return tx.now.astimezone(tx.content.zone).date()


def open_case(
    tx: Tx, who: Hand, kind: SanctionKind, *, unit: int, estate_id: int | None = None, reason: str | None
) -> Sanction:
    """Begin a case: the company hears why, and has its days. Raises Forbidden, Invalid, Conflict (one runs)."""
    reg = register(tx)
    community_id = _place(reg, kind, unit, estate_id)
    if not rights.may_run(reg, kind.by, community_id, who):
        raise Forbidden("sanction_role")
    if unit in posted(reg, who.person_id):
        raise Forbidden("sanction_own")
    until = _evening(tx, today(tx) + timedelta(days=kind.answer))
    months = kind.suggest.within if kind.suggest is not None else MONTHS
    made = tx.insert_new(
        Sanction,
        kind=kind.key,
        name=kind.name,
        organisation_id=unit,
        community_id=community_id,
        estate_id=estate_id,
        plan=kind.model_dump(mode="json"),
        grounds=counted(tx, unit, months),
        reason=needed(reason, "reason"),
        open_key=f"{kind.key}:{unit}:{estate_id or ''}",
        answer_until=until,
        opened_by=who.name,
        opened_side=who.side.value,
        opened_at=tx.now,
        updated_at=tx.now,
    )
    if made is None:
        raise Conflict("sanction_twice", kind=kind.name)
    sanctions.note(tx, made, "sanction_opened", who.name, who.side, text=made.reason, due=until)
    messages.plan(tx, f"{HEARD}:{made.id}", HEARD, until, made.id)
    telling.opened(tx, made)
    return made


def _place(reg: Register, kind: SanctionKind, unit: int, estate_id: int | None) -> int | None:
    """The community of the estate that a case is about; None where it is about none."""
    if kind.scope == "street":
        if estate_id is not None:
            raise Invalid("sanction_no_estate", field="estate", kind=kind.name)
        if not any(one.id == unit for key in reg.communities for one in companies(reg, key)):
            raise Invalid("sanction_company", field="unit")
        return None
    estate = reg.estates.get(estate_id or 0)
    if estate is None:
        raise Invalid("missing", field="estate")
    if all(one.id != unit for one in companies(reg, estate.community_id)):
        raise Invalid("sanction_company", field="unit")
    if estate not in looked_after(reg, reg.organisations[unit], estate.community_id):
        raise Invalid("sanction_estate", field="estate")
    return estate.community_id


def _evening(tx: Tx, day: date) -> datetime:
    return datetime.combine(day, time(EVENING), tx.content.zone)


def answer(tx: Tx, row: Sanction, who: Hand, *, text: str | None) -> Sanction:
    """What the company says to it. Raises Forbidden, Conflict (not now, a second time), Invalid."""
    row = sanctions.held(tx, row.id or 0)
    if not rights.answers(row, who):
        raise Forbidden("sanction_company_role")
    if row.answer:
        raise Conflict("sanction_answered")
    if not rights.may_answer(tx, row):
        raise Conflict("sanction_no_answer")
    said = needed(text, "text")
    changed = tx.update(Sanction, row.id, answer=said, answered_at=tx.now, updated_at=tx.now)
    sanctions.note(tx, changed, "sanction_answered", who.name, Side.COMPANY, text=said)
    telling.answered(tx, changed)
    return changed


def decide(tx: Tx, row: Sanction, who: Hand, *, go: bool, reason: str | None) -> Sanction:
    """It goes on, or nothing comes of it. Raises Forbidden, Conflict (the company's days run, over), Invalid."""
    row = rights.held(tx, row, who)
    if row.state != State.HEARING:
        raise Conflict("sanction_decided")
    if go and not rights.may_go_on(tx, row):
        raise Conflict("sanction_early", until=telling.names(tx, row)["until"])
    values: dict[str, Any] = {"decision": needed(reason, "reason"), "decided_at": tx.now, "updated_at": tx.now}
    if not go:
        values |= {"state": State.DROPPED.value, "open_key": None, "closed_at": tx.now}
    elif row.plan["months"]:
        end = _evening(tx, months_from(today(tx), row.plan["months"]))
        values |= {"state": State.RUNNING.value, "due_at": end}
    else:
        values |= {"state": State.RUNNING.value, "due_at": _next(tx, row, 0)}
    changed = tx.update(Sanction, row.id, **values)
    name = "sanction_listed" if row.plan["months"] else "sanction_began"
    sanctions.note(
        tx,
        changed,
        name if go else "sanction_dropped",
        who.name,
        who.side,
        text=changed.decision,
        due=changed.due_at if go else None,
    )
    _plan(tx, changed)
    telling.decided(tx, changed, who.person_id)
    return changed


def _next(tx: Tx, row: Sanction, number: int) -> datetime:
    """Until when the step with this number should be taken, from today."""
    return _evening(tx, today(tx) + timedelta(days=row.plan["steps"][number]["days"]))


def _plan(tx: Tx, row: Sanction) -> None:
    if row.state != State.RUNNING or row.due_at is None:
        return
    kind, turn = (END, 0) if row.plan["months"] else (STEP, len(row.taken))
    messages.plan(tx, f"{kind}:{row.id}:{turn}", kind, row.due_at, row.id, turn=turn)


def step(tx: Tx, row: Sanction, who: Hand, *, on: date, text: str | None) -> Sanction:
    """The next step was taken on a day, and what is to be kept of it. Raises Forbidden, Conflict, Invalid."""
    row = rights.held(tx, row, who)
    steps = row.plan["steps"]
    if row.state != State.RUNNING or not steps:
        raise Conflict("sanction_no_step")
    # Owners may have voted before anybody here heard of it; what follows a step does not come before it.
    opened = row.opened_at.astimezone(tx.content.zone).date()
    first = row.taken[-1]["on"] if row.taken else months_from(opened, -MONTHS).isoformat()
    if not date.fromisoformat(first) <= on <= today(tx):
        raise Invalid("sanction_day", field="on", first=telling.written(first, tx.content.zone))
    name = str(steps[len(row.taken)]["name"])
    taken = [*row.taken, {"name": name, "on": on.isoformat(), "text": needed(text, "text")}]
    values: dict[str, Any] = {"taken": taken, "updated_at": tx.now}
    if len(taken) == len(steps):
        values |= {"state": State.DONE.value, "open_key": None, "due_at": None, "closed_at": tx.now}
    else:
        values["due_at"] = _next(tx, row, len(taken))
    changed = tx.update(Sanction, row.id, **values)
    said = f"{name}（{telling.written(on.isoformat(), tx.content.zone)}）：{taken[-1]['text']}"
    sanctions.note(tx, changed, "sanction_stepped", who.name, who.side, text=said, due=changed.due_at)
    _plan(tx, changed)
    if changed.state == State.DONE:
        sanctions.note(tx, changed, "sanction_done", who.name, who.side)
        telling.done(tx, changed)
    else:
        telling.stepped(tx, changed, who.person_id)
    return changed


def stop(tx: Tx, row: Sanction, who: Hand, *, reason: str | None) -> Sanction:
    """End it before its time. Raises Forbidden, Conflict (it does not run), Invalid."""
    row = rights.held(tx, row, who)
    if row.state != State.RUNNING:
        raise Conflict("sanction_not_running")
    values = {"state": State.STOPPED.value, "open_key": None, "due_at": None, "closed_at": tx.now}
    changed = tx.update(Sanction, row.id, **values, stopped=needed(reason, "reason"), updated_at=tx.now)
    sanctions.note(tx, changed, "sanction_stopped", who.name, who.side, text=changed.stopped)
    telling.stopped(tx, changed, who.person_id)
    return changed


def over(tx: Tx, row: Sanction) -> None:
    """The months of a listing are over; `row` is held."""
    values = {"state": State.DONE.value, "open_key": None, "due_at": None, "closed_at": tx.now}
    changed = tx.update(Sanction, row.id, **values, updated_at=tx.now)
    sanctions.note(tx, changed, "sanction_done", "到期自动", Side.CLOCK)
    telling.done(tx, changed)
