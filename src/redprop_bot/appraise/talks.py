"""约谈: a talk with a company about an order that was missed or failed: proposed, then recorded or declined.

Nothing but proposing happens by itself; whoever runs the order talks, or says why not.
"""

from datetime import date, datetime, time
from typing import Final

from redprop_bot.appraise import rectification_rights as rights
from redprop_bot.appraise import rectification_telling as telling
from redprop_bot.appraise.scorers import Hand
from redprop_bot.errors import Conflict, Invalid
from redprop_bot.loop.record import needed
from redprop_bot.rules.discipline import Cause, Side, State, TalkState
from redprop_bot.store import rectifications
from redprop_bot.store.tables import Rectification, Talk
from redprop_bot.store.tx import Tx

POST: Final = 30
"""Characters of a post."""
_NOON: Final = 12


def propose(tx: Tx, row: Rectification, cause: Cause) -> None:
    """Ask whoever runs the order to talk with the company, unless that is proposed already."""
    made = tx.insert_new(
        Talk, rectification_id=row.id, cause=cause.value, open_key=str(row.id), proposed_at=tx.now
    )
    if made is not None:
        rectifications.note(tx, row, "talk_proposed", "自动", Side.CLOCK)
        telling.talk_proposed(tx, row, made)


def record(tx: Tx, row: Rectification, who: Hand, *, on: date, by_post: str | None, agreed: str | None) -> Talk:
    """It was held on a day by somebody of a post, and this was agreed. Raises Forbidden, Conflict, Invalid."""
    row = rights.held(tx, row, who)
    zone = tx.content.zone
    if row.state == State.VOID:
        raise Conflict("rectification_over")
    if not row.opened_at.astimezone(zone).date() <= on <= tx.now.astimezone(zone).date():
        raise Invalid("talk_day", field="on")
    post, what = needed(by_post, "by"), needed(agreed, "agreed")
    if len(post) > POST:
        raise Invalid("too_long", field="by", limit=POST)
    values = {"state": TalkState.HELD.value, "held_on": datetime.combine(on, time(_NOON), zone)}
    values |= {"by_post": post, "agreed": what, "recorded_by": who.name, "recorded_at": tx.now}
    proposed = rectifications.proposed(tx, row.id or 0)
    if proposed is not None:
        talk = tx.update(Talk, proposed.id, **values, open_key=None)
    else:
        talk = tx.insert(Talk, rectification_id=row.id, cause=Cause.HAND.value, proposed_at=tx.now, **values)
    rectifications.note(tx, row, "talk_held", who.name, who.side, text=what)
    telling.talk_held(tx, row, talk)
    return talk


def decline(tx: Tx, row: Rectification, who: Hand, *, reason: str | None) -> Talk:
    """None is held, and why. Raises Forbidden, Conflict (none is proposed), Invalid."""
    row = rights.held(tx, row, who)
    proposed = rectifications.proposed(tx, row.id or 0)
    if proposed is None:
        raise Conflict("talk_not_proposed")
    return _declined(tx, row, proposed, who, needed(reason, "reason"))


def void(tx: Tx, row: Rectification, who: Hand, why: str) -> None:
    """The order is taken back: so is what was proposed about it."""
    proposed = rectifications.proposed(tx, row.id or 0)
    if proposed is not None:
        _declined(tx, row, proposed, who, why)


def _declined(tx: Tx, row: Rectification, talk: Talk, who: Hand, why: str) -> Talk:
    values = {"state": TalkState.DECLINED.value, "open_key": None, "agreed": why}
    talk = tx.update(Talk, talk.id, **values, recorded_by=who.name, recorded_at=tx.now)
    rectifications.note(tx, row, "talk_declined", who.name, who.side, text=why)
    return talk
