"""What people are told of 黑名单 and 退出: the company every step, who runs a case what waits for them."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from redprop_bot.appraise import sanction_rights as rights
from redprop_bot.appraise.sanction_grounds import ROOM, said
from redprop_bot.notify import outbox, words
from redprop_bot.registry.register import register
from redprop_bot.rules.sanctions import State
from redprop_bot.rules.telling import Rank, Weight
from redprop_bot.store import sanctions
from redprop_bot.store.tables import Person, Sanction
from redprop_bot.store.tx import Tx

NOON: Final = time(12)


def names(tx: Tx, row: Sanction) -> dict[str, str]:
    """What every message about one may say."""
    reg, zone = register(tx), tx.content.zone
    where = reg.estates[row.estate_id].name if row.estate_id is not None else ""
    return {
        "no": str(row.id),
        "kind": row.name,
        "unit": reg.organisations[row.organisation_id].name,
        "where": where,
        "until": words.day(row.answer_until, tx.now, zone),
        "due": words.day(row.due_at, tx.now, zone) if row.due_at is not None else "",
        "step": step_name(row),
        "link": f"{tx.content.address}{ROOM}/{row.id}",
    }


def written(day: str | None, zone: ZoneInfo) -> str:
    """The day of a step as papers are dated; empty where it was not taken."""
    return words.full_date(datetime.combine(date.fromisoformat(day), NOON, zone), zone) if day else ""


def step_name(row: Sanction) -> str:
    """The step that comes next; empty where none does."""
    steps, number = row.plan["steps"], len(row.taken)
    return str(steps[number]["name"]) if row.state == State.RUNNING and number < len(steps) else ""


def opened(tx: Tx, row: Sanction) -> None:
    """The company hears why, and how long it can answer."""
    _company(tx, row, "sanction_opened", reason=row.reason, grounds=said(tx, row.grounds))


def answered(tx: Tx, row: Sanction) -> None:
    """Who runs it hears what the company says."""
    _runners(tx, row, "sanction_answered", answer=row.answer)


def heard(tx: Tx, row: Sanction) -> None:
    """The company's days are over without a word of it."""
    _runners(tx, row, "sanction_heard")


def decided(tx: Tx, row: Sanction, by: int | None) -> None:
    """The company hears what was decided, and whoever else runs it; of a listing its communities, too."""
    listing = bool(row.plan["months"])
    message = (
        "sanction_dropped" if row.state == State.DROPPED else "sanction_listed" if listing else "sanction_began"
    )
    _company(tx, row, message, reason=row.decision)
    if message == "sanction_listed":
        _neighbours(tx, row, "sanction_listed_here", by=by, public=_public(tx, row))
    else:
        _runners(tx, row, f"{message}_here", by=by, reason=row.decision)


def _public(tx: Tx, row: Sanction) -> str:
    return tx.content.replies.say("sanction.public") if row.plan["public"] else ""


def stepped(tx: Tx, row: Sanction, by: int | None) -> None:
    """The company hears of every step, and whoever else runs it."""
    said = _last(tx, row)
    _company(tx, row, "sanction_stepped", key=str(len(row.taken)), **said)
    _runners(tx, row, "sanction_stepped_here", by=by, key=str(len(row.taken)), **said)


def _last(tx: Tx, row: Sanction) -> dict[str, Any]:
    last = row.taken[-1]
    return {"name": last["name"], "day": written(last["on"], tx.content.zone), "text": last["text"]}


def step_waits(tx: Tx, row: Sanction) -> None:
    """A step is late."""
    _runners(tx, row, "sanction_step", key=str(len(row.taken)))


def done(tx: Tx, row: Sanction) -> None:
    """It has come to its end: the company and its communities hear it."""
    if row.plan["months"]:
        _company(tx, row, "sanction_over")
        _neighbours(tx, row, "sanction_over_here")
        return
    said = _last(tx, row)
    _company(tx, row, "sanction_done", **said)
    _neighbours(tx, row, "sanction_done_here", **said)


def stopped(tx: Tx, row: Sanction, by: int | None) -> None:
    """It was ended before its time."""
    message = "sanction_lifted" if row.plan["months"] else "sanction_stopped"
    _company(tx, row, message, reason=row.stopped)
    _neighbours(tx, row, f"{message}_here", by=by, reason=row.stopped)


def last_state(tx: Tx, row: Sanction) -> str:
    """Where it stands, in words."""
    return tx.content.replies.say(f"sanction.state.{shown(row.state, listing=bool(row.plan['months']))}")


def shown(state: str, *, listing: bool) -> str:
    """How a state is called: a listing stands on its list, and is lifted where another case is stopped."""
    return {State.RUNNING.value: "listed", State.STOPPED.value: "lifted"}.get(state, state) if listing else state


def listings(tx: Tx, organisations: Iterable[int]) -> list[Sanction]:
    """Listings of these companies that are public now."""
    return [row for row in sanctions.standing(tx, set(organisations)) if row.plan["public"]]


def _company(tx: Tx, row: Sanction, message: str, **more: str) -> None:
    _tell(tx, row, message, register(tx).managers(row.organisation_id), **more)


def _runners(tx: Tx, row: Sanction, message: str, *, by: int | None = None, **more: str) -> None:
    _tell(tx, row, message, (one for one in rights.runners(register(tx), row) if one.id != by), **more)


def _neighbours(tx: Tx, row: Sanction, message: str, *, by: int | None = None, **more: str) -> None:
    _tell(tx, row, message, (one for one in rights.neighbours(register(tx), row) if one.id != by), **more)


def _tell(tx: Tx, row: Sanction, message: str, to: Iterable[Person], *, key: str = "", **more: str) -> None:
    given = {**names(tx, row), **{name: words.quoted(text) for name, text in more.items()}}
    draft = outbox.Draft(
        key=f"sanction:{row.id}:{message}:{key}",
        message=message,
        text=tx.content.replies.say(f"tell.{message}", **given),
        weight=Weight.PLAIN,
        link=given["link"],
        subject="sanction",
        subject_id=row.id,
        rank=Rank.MATTERS,
    )
    outbox.queue(tx, [(person, draft) for person in to])
