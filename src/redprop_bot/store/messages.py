"""Statements about inbox, outbox, cards, timers and replay marks."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import and_, bindparam, exists, func, select, update

from redprop_bot.store.prepared import Prepared
from redprop_bot.store.tables import Card, Inbox, Outbox, Replay, Timer
from redprop_bot.store.tables.base import Utc
from redprop_bot.store.tx import Tx, table_of

CLAIM_LOCK = 0x7270_0001  # advisory locks share one space in a PostgreSQL database

_in = table_of(Inbox)
_out = table_of(Outbox)
_card = table_of(Card)
_timer = table_of(Timer)
_replay = table_of(Replay)

_SETTLE = Prepared(update(_in).where(_in.c.id == bindparam("key_")))
_USED = Prepared(select(_replay.c.body_hash).where(_replay.c.key == bindparam("key")))

_CLAIM_TURN = Prepared(select(func.pg_advisory_xact_lock(CLAIM_LOCK)))
_CLAIM_LOST = Prepared(
    update(_out)
    .where(_out.c.state == "claimed", _out.c.claimed_until < bindparam("now_", type_=Utc))
    .values(state="pending", claimed_by=None, claimed_until=None)
)
_HOLD = Prepared(
    update(_out)
    .where(
        _out.c.channel == bindparam("channel_"),
        _out.c.state == "pending",
        _out.c.weight == bindparam("weight_"),
        _out.c.not_before <= bindparam("now_", type_=Utc),
    )
    .values(not_before=bindparam("until_", type_=Utc))
)


def _claiming() -> Prepared:
    now = bindparam("now_", type_=Utc)
    other = _out.alias("other")
    same = and_(other.c.channel == _out.c.channel, other.c.receiver == _out.c.receiver)
    held = exists().where(same, other.c.state == "claimed")
    earlier = exists().where(same, other.c.state == "pending", other.c.id < _out.c.id, other.c.not_before <= now)
    free = (
        select(_out.c.id)
        .where(
            _out.c.state == "pending",
            _out.c.not_before <= now,
            _out.c.channel == bindparam("channel_"),
            ~held,
            ~earlier,
        )
        .order_by(_out.c.not_before, _out.c.id)  # along the index, so that a long queue costs no more than a short
        .limit(bindparam("limit_"))
        .with_for_update(skip_locked=True)
        .cte(
            "free"
        )  # evaluated once: as a plain subquery PostgreSQL may run it again and take more than the limit
    )
    return Prepared(
        update(_out)
        .where(_out.c.id.in_(select(free.c.id)))
        .values(
            state="claimed",
            claimed_by=bindparam("owner_"),
            claimed_until=bindparam("until_", type_=Utc),
            attempts=_out.c.attempts + 1,
        )
        .returning(*_out.c)
    )


_CLAIM = _claiming()

_OWN = and_(
    _out.c.id == bindparam("id_"),
    _out.c.state == "claimed",
    _out.c.claimed_by == bindparam("owner_"),
    _out.c.attempts == bindparam("attempts_"),
)
_SENT = Prepared(
    update(_out)
    .where(_out.c.id == bindparam("id_"))
    .values(state="sent", sent_at=bindparam("sent_at"), error=None, claimed_by=None, claimed_until=None)
)
_DEAD = (
    update(_out).where(_OWN).values(state="dead", error=bindparam("error"), claimed_by=None, claimed_until=None)
)
_LATER = (
    update(_out)
    .where(_OWN)
    .values(
        state="pending",
        not_before=bindparam("not_before"),
        error=bindparam("error"),
        claimed_by=None,
        claimed_until=None,
    )
)


def settle(
    tx: Tx, inbox_id: int, *, status: str, reply: str, error: str | None = None, reference: str | None = None
) -> None:
    """Write the outcome on an inbox row."""
    values = {"status": status, "reply": reply, "error": error, "reference": reference}
    tx.execute(_SETTLE, {"key_": inbox_id, **values})


def last_received(tx: Tx, channel: str) -> datetime | None:
    """When something last came in by this channel."""
    newest = select(_in.c.received_at).where(_in.c.channel == channel).order_by(_in.c.id.desc())
    found: datetime | None = tx.scalar(newest.limit(1))
    return found


def used(tx: Tx, key: str, body_hash: str) -> bool:
    """Mark a signed query as used with this body; False when it was used with another one."""
    if tx.mark(Replay, key=key, body_hash=body_hash, at=tx.now):
        return True
    return bool(tx.scalar(_USED, {"key": key}) == body_hash)


def forget_replays(tx: Tx, before: datetime) -> int:
    """Drop marks that the time window has made useless."""
    return tx.execute(_replay.delete().where(_replay.c.at < before))


def claim(tx: Tx, *, owner: str, lease: timedelta, limit: int, channels: Sequence[str]) -> list[Outbox]:
    """Take messages of these channels that are due, at most one per receiver, in the order they were queued.

    A claim that ran out (its process died) is taken again: the message may then arrive twice, never not at all.
    What waits for a later moment (quiet hours, a pause after a failure) does not hold up what comes after it.
    """
    if tx.connection.dialect.name == "postgresql":
        # Two snapshots that cannot see each other's claims would take two messages of one receiver.
        tx.scalar(_CLAIM_TURN)
    tx.execute(_CLAIM_LOST, {"now_": tx.now})
    values = {"now_": tx.now, "owner_": owner, "until_": tx.now + lease}
    rows: list[Any] = []
    for channel in channels:  # one by one: what waits for a channel that is off is never looked at
        if len(rows) < limit:
            rows += tx.rows(_CLAIM, {**values, "channel_": channel, "limit_": limit - len(rows)})
    return cast("list[Outbox]", sorted(rows, key=lambda row: row.id))


def hold(tx: Tx, channels: Sequence[str], weight: str, until: datetime) -> int:
    """Let what is due of this weight on these channels wait until a later moment; returns how many messages do."""
    values = {"weight_": weight, "now_": tx.now, "until_": until}
    return sum(tx.execute(_HOLD, {**values, "channel_": channel}) for channel in channels)


def give_up(tx: Tx, channels: Sequence[str], *, before: datetime) -> int:
    """Messages from before a moment to channels other than these are dead, and stay visible."""
    return tx.execute(
        update(_out)
        .where(_out.c.state == "pending", _out.c.created_at < before, _out.c.channel.not_in(list(channels)))
        .values(state="dead", error="channel is off")
    )


def unowed(tx: Tx, channel: str, receiver: str, reason: str) -> int:
    """What is owed to somebody who is not there any more is dead, and stays visible."""
    mine = (
        _out.c.channel == channel,
        _out.c.receiver == receiver,
        _out.c.state.in_(["pending", "merged", "waiting"]),
    )
    return tx.execute(update(_out).where(*mine).values(state="dead", error=reason[:500]))


def claimers(tx: Tx) -> list[str]:
    """Who has claims at the moment."""
    return [
        row.claimed_by for row in tx.rows(select(_out.c.claimed_by).where(_out.c.state == "claimed").distinct())
    ]


def release(tx: Tx, owner: str) -> int:
    """Let go of all claims of a process that is no more; its attempts stay counted."""
    return tx.execute(
        update(_out)
        .where(_out.c.claimed_by == owner, _out.c.state == "claimed")
        .values(state="pending", claimed_by=None, claimed_until=None)
    )


def open_cards(tx: Tx, demand_id: int) -> list[Card]:
    """Cards of a demand whose buttons still stand."""
    return tx.list(Card, _card.c.demand_id == demand_id, _card.c.state == "open", order=_card.c.id)


def cards_about(tx: Tx, subject: str, subject_id: int) -> list[Card]:
    """Cards about something that is no demand, whose buttons still stand."""
    return tx.list(
        Card,
        _card.c.subject == subject,
        _card.c.subject_id == subject_id,
        _card.c.state == "open",
        order=_card.c.id,
    )


def carded_since(tx: Tx, person_id: int, demand_ids: Collection[int], since: datetime) -> dict[int, datetime]:
    """When the last card of these demands reached a person, where that was after a moment."""
    reached = func.max(_out.c.not_before).label("reached")
    statement = (
        select(_out.c.demand_id, reached)
        .where(_out.c.demand_id.in_(sorted(demand_ids)), _out.c.person_id == person_id, _out.c.form == "card")
        .where(_out.c.not_before > since, _out.c.not_before <= tx.now)
        .group_by(_out.c.demand_id)
    )
    return {int(row.demand_id): row.reached for row in tx.rows(statement)}


def newest_card(tx: Tx, person_id: int) -> Card | None:
    """The card that somebody got last, whatever it is about."""
    found = tx.list(Card, _card.c.person_id == person_id, order=_card.c.id.desc(), limit=1)
    return found[0] if found else None


def card(tx: Tx, task_id: str) -> Card | None:
    """The card with this task id; locked, so that a tap acts once."""
    return tx.find(Card, _card.c.task_id == task_id, lock=True)


def due_timers(tx: Tx, *, limit: int) -> list[Timer]:
    """Timers that are due and not done, oldest first; locked, so that two sweeps do not do them twice."""
    statement = (
        select(_timer)
        .where(_timer.c.done_at.is_(None), _timer.c.due_at <= tx.now)
        .order_by(_timer.c.due_at, _timer.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return cast("list[Timer]", tx.rows(statement))


def plan(tx: Tx, key: str, kind: str, due_at: datetime, subject_id: int | None = None, **data: Any) -> None:
    """Plan something once; a timer with the same key stays as it is."""
    tx.insert_new(Timer, key=key, kind=kind, due_at=due_at, subject_id=subject_id, data=data)


def plan_anew(tx: Tx, key: str, kind: str, due_at: datetime, subject_id: int | None) -> None:
    """Plan something that may be done any number of times: done before, it is done once more."""
    if tx.insert_new(Timer, key=key, kind=kind, due_at=due_at, subject_id=subject_id) is None:
        again = update(_timer).where(_timer.c.key == key, _timer.c.done_at.is_not(None))
        tx.execute(again.values(due_at=due_at, done_at=None))


def planned(tx: Tx, key: str) -> bool:
    """Whether something was ever planned under this key."""
    return tx.find(Timer, table_of(Timer).c.key == key) is not None


def cancel(tx: Tx, key: str) -> None:
    """Take a planned thing back."""
    tx.execute(update(_timer).where(_timer.c.key == key, _timer.c.done_at.is_(None)).values(done_at=tx.now))


def move(tx: Tx, key: str, due_at: datetime) -> None:
    """A planned thing that was not done is due at another moment."""
    tx.execute(update(_timer).where(_timer.c.key == key, _timer.c.done_at.is_(None)).values(due_at=due_at))


def mark_sent(tx: Tx, sent: Sequence[Outbox]) -> None:
    """The platform has them: true whoever holds the claims by now."""
    tx.execute_many(_SENT, [{"id_": message.id, "sent_at": tx.now} for message in sent])


def mark_dead(tx: Tx, message: Outbox, error: str) -> None:
    """It will not be tried again; it stays visible. Nothing happens when the claim has passed to another."""
    tx.execute(_DEAD, _claimed(message) | {"error": error[:500]})


def postpone(tx: Tx, message: Outbox, until: datetime, error: str) -> None:
    """Try again later. Nothing happens when the claim has passed to another, who may have sent it."""
    tx.execute(_LATER, _claimed(message) | {"not_before": until, "error": error[:500]})


def _claimed(message: Outbox) -> dict[str, Any]:
    return {"id_": message.id, "owner_": message.claimed_by, "attempts_": message.attempts}


def keep_response_code(tx: Tx, task_id: str, code: str) -> None:
    """Remember what lets us change a card once."""
    tx.execute(update(_card).where(_card.c.task_id == task_id, _card.c.state == "open").values(response_code=code))


def finish(tx: Tx, timer_id: int) -> None:
    """A timer was done."""
    tx.execute(update(_timer).where(_timer.c.id == timer_id).values(done_at=tx.now))


def failed(tx: Tx, reference: str | None) -> list[Inbox]:
    """Messages of the inbox that could not be handled, one or all, oldest first."""
    where: list[Any] = [_in.c.status == "failed"]
    if reference:
        where.append(_in.c.reference == reference)
    return tx.list(Inbox, *where, order=_in.c.id)
