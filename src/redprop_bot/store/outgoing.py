"""Statements about which road a claimed message takes, what carries what, and what waits for the next word.

Claiming itself, in order and once, is `store.messages`; what is decided here in rows is decided by `notify.roads`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import and_, bindparam, func, or_, select, update

from redprop_bot.store.prepared import Prepared
from redprop_bot.store.tables import Outbox
from redprop_bot.store.tables.base import Utc
from redprop_bot.store.tx import Tx, table_of

MOST_QUEUED = 500
"""So many messages of the receivers of one claim are looked at; who has more is merged the next time."""

SILENT = "nobody asked"
"""Why a message is dead that waited for the next word of somebody who said none."""
CROWDED = "frequency"
"""Why a message waits whose receiver has had as many as one may have within a while."""

_out = table_of(Outbox)
_ID = _out.c.id == bindparam("id_")
_FREE: dict[str, Any] = {"claimed_by": None, "claimed_until": None, "spent": None}

_ROAD = Prepared(update(_out).where(_ID).values(road=bindparam("road_"), spent=bindparam("spent_")))
_LEAD = Prepared(
    update(_out)
    .where(_ID)
    .values(
        payload=bindparam("payload_", type_=_out.c.payload.type),
        rank=bindparam("rank_"),
        carries=bindparam("carries_"),
    )
)
_FOLLOW = Prepared(
    update(_out)
    .where(or_(_ID, _out.c.lead_id == bindparam("id_")))
    .values(state="merged", lead_id=bindparam("lead_"), carries=0)
)
_WAIT = Prepared(
    update(_out)
    .where(_ID)
    .values(state="waiting", error=bindparam("reason_"), road=None, attempts=_out.c.attempts - 1, **_FREE)
)
_NOT_YET = Prepared(
    update(_out)
    .where(_ID)
    .values(
        state="pending",
        not_before=bindparam("not_before_", type_=Utc),
        error=bindparam("reason_"),
        road=None,
        attempts=_out.c.attempts - 1,
        **_FREE,
    )
)
_OTHER_ROAD = Prepared(
    update(_out)
    .where(_ID, _out.c.state == "claimed")
    .values(state="pending", error=bindparam("reason_"), refused=bindparam("refused_"), road=None, **_FREE)
)
_FOLLOWERS = Prepared(
    update(_out)
    .where(_out.c.lead_id == bindparam("id_"), _out.c.state == "merged")
    .values(state=bindparam("state_"), sent_at=bindparam("sent_at_", type_=Utc), road=bindparam("road_"))
)
_RECEIPT = Prepared(update(_out).where(_ID).values(msgid=bindparam("msgid_")))
_WAITING = Prepared(
    select(_out)
    .where(_out.c.channel == "oa", _out.c.receiver == bindparam("openid"), _out.c.state == "waiting")
    .order_by(_out.c.id)
    .with_for_update(skip_locked=True)
)


def queued(tx: Tx, channel: str, receivers: Collection[str]) -> list[Outbox]:
    """What else may leave now to these receivers, by receiver in the order it was queued."""
    statement = (
        select(_out)
        .where(
            _out.c.channel == channel,
            _out.c.receiver.in_(list(receivers)),
            _out.c.state == "pending",
            _out.c.not_before <= bindparam("now", tx.now, type_=Utc),
        )
        .order_by(_out.c.receiver, _out.c.id)
        .limit(MOST_QUEUED)
        .with_for_update(skip_locked=True)
    )
    return cast("list[Outbox]", tx.rows(statement))


def merge(tx: Tx, lead: Outbox, payload: Mapping[str, Any], rank: str, others: Sequence[Outbox]) -> Outbox:
    """One message carries these others as well; returns it as it is now."""
    carries = lead.carries + sum(1 + other.carries for other in others)
    tx.execute(_LEAD, {"id_": lead.id, "payload_": payload, "rank_": rank, "carries_": carries})
    tx.execute_many(_FOLLOW, [{"id_": other.id, "lead_": lead.id} for other in others])
    changed: Any = lead
    return cast("Outbox", changed._replace(payload=payload, rank=rank, carries=carries))


def take_roads(tx: Tx, taken: Sequence[tuple[int, str, str | None]]) -> None:
    """Write down by which road claimed messages go: key, road, window that was spent."""
    tx.execute_many(_ROAD, [{"id_": key, "road_": road, "spent_": spent} for key, road, spent in taken])


def wait(tx: Tx, waiting: Sequence[tuple[int, str]]) -> None:
    """No road is open for these: key and reason. Nothing was tried."""
    tx.execute_many(_WAIT, [{"id_": key, "reason_": reason} for key, reason in waiting])


def not_yet(tx: Tx, later: Sequence[tuple[int, datetime, str]]) -> None:
    """These may leave at a later moment: key, moment, reason. Nothing was tried."""
    tx.execute_many(_NOT_YET, [{"id_": key, "not_before_": at, "reason_": reason} for key, at, reason in later])


def other_road(tx: Tx, message: Outbox, refused: str, reason: str) -> None:
    """The road it took is closed: it is chosen for anew at once."""
    tx.execute(_OTHER_ROAD, {"id_": message.id, "refused_": refused, "reason_": reason[:500]})


def settle_followers(tx: Tx, lead_id: int, state: str, road: str | None) -> None:
    """What a message carried is settled with it."""
    sent_at = tx.now if state == "sent" else None
    tx.execute(_FOLLOWERS, {"id_": lead_id, "state_": state, "sent_at_": sent_at, "road_": road})


def keep_msgid(tx: Tx, message_id: int, msgid: str) -> None:
    """By which name the platform will speak of it later."""
    tx.execute(_RECEIPT, {"id_": message_id, "msgid_": msgid[:64]})


def waiting(tx: Tx, openid: str) -> list[Outbox]:
    """What waits for a resident's next word, oldest first; locked."""
    return cast("list[Outbox]", tx.rows(_WAITING, {"openid": openid}))


def waiting_about(tx: Tx, demand_id: int) -> list[Outbox]:
    """What about a demand has not reached those it was for, and may still be told: each message once."""
    where = (_out.c.demand_id == demand_id, _out.c.channel == "oa", _out.c.state.in_(["waiting", "merged"]))
    return tx.list(Outbox, *where, order=_out.c.id)


def carried(tx: Tx, leads: Collection[int]) -> list[Outbox]:
    """What these messages carry."""
    mine = (_out.c.lead_id.in_(list(leads)), _out.c.state == "merged")
    return tx.list(Outbox, *mine, order=_out.c.id) if leads else []


def about(tx: Tx, demand_ids: Collection[int], receivers: Collection[str]) -> list[Outbox]:
    """What was, is or will be told to these residents about these demands."""
    alive = _out.c.state.in_(["pending", "claimed", "merged", "waiting", "sent"])
    mine = (_out.c.channel == "oa", _out.c.receiver.in_(list(receivers)), _out.c.demand_id.in_(list(demand_ids)))
    return tx.list(Outbox, *mine, alive, order=_out.c.id)


def take_apart(tx: Tx, lead: Outbox, payload: Mapping[str, Any], rank: str) -> None:
    """A waiting message carries nothing any more: what it carried waits beside it."""
    tx.execute(_LEAD, {"id_": lead.id, "payload_": payload, "rank_": rank, "carries_": 0})
    followers = (_out.c.lead_id == lead.id, _out.c.state == "merged")
    tx.execute(update(_out).where(*followers).values(state="waiting", lead_id=None, error=lead.error))


def overtake(tx: Tx, ids: Collection[int]) -> None:
    """They wait no longer, and are not told: they are not so any more."""
    tx.execute(
        update(_out)
        .where(_out.c.id.in_(list(ids)), _out.c.state.in_(["waiting", "claimed", "pending"]))
        .values(state="overtaken", error=None, claimed_by=None, claimed_until=None)
    )


def told(tx: Tx, ids: Collection[int], road: str) -> None:
    """They have been told by another road than a message of its own."""
    tx.execute(
        update(_out)
        .where(or_(_out.c.id.in_(list(ids)), and_(_out.c.lead_id.in_(list(ids)), _out.c.state == "merged")))
        .values(state="sent", sent_at=tx.now, road=road, error=None)
    )


def again(tx: Tx, ids: Collection[int]) -> None:
    """A road may be open now: they are chosen for anew."""
    if ids:
        tx.execute(
            update(_out)
            .where(_out.c.id.in_(list(ids)), _out.c.state == "waiting")
            .values(state="pending", not_before=tx.now)
        )
        tx.wakes = True


def waiting_for(tx: Tx, reason: str, *, limit: int) -> list[str]:
    """For which residents something waits for this reason, those who wait longest first."""
    waits = (_out.c.channel == "oa", _out.c.state == "waiting", _out.c.error == reason)
    first = func.min(_out.c.id)
    statement = select(_out.c.receiver).where(*waits).group_by(_out.c.receiver).order_by(first).limit(limit)
    return [row.receiver for row in tx.rows(statement)]


def expire(tx: Tx, before: datetime) -> int:
    """What waits since before that moment is dead, and stays visible."""
    late = select(_out.c.id).where(_out.c.channel == "oa", _out.c.state == "waiting", _out.c.created_at < before)
    ids = [row.id for row in tx.rows(late)]
    if ids:
        settled = or_(_out.c.id.in_(ids), and_(_out.c.lead_id.in_(ids), _out.c.state == "merged"))
        tx.execute(update(_out).where(settled).values(state="dead", error=SILENT))
    return len(ids)


def by_msgid(tx: Tx, msgid: str) -> Outbox | None:
    """The message that the platform calls so; locked."""
    return tx.find(Outbox, _out.c.msgid == msgid, lock=True) if msgid else None


def last_by_road(tx: Tx, openid: str, road: str, within: timedelta) -> Outbox | None:
    """The newest message that was sent to a resident by this road a short while ago; locked."""
    statement = (
        select(_out)
        .where(_out.c.channel == "oa", _out.c.receiver == openid, _out.c.sent_at > tx.now - within)
        .where(_out.c.road == road, _out.c.lead_id.is_(None), _out.c.outcome.is_(None))
        .order_by(_out.c.sent_at.desc(), _out.c.id.desc())
        .limit(1)
        .with_for_update()
    )
    return cast("Outbox | None", tx.first(statement))


def note_outcome(tx: Tx, message: Outbox, outcome: str) -> None:
    """What the platform said of it afterwards."""
    tx.execute(update(_out).where(_out.c.id == message.id).values(outcome=outcome[:64]))


def take_back(tx: Tx, message: Outbox, *, refused: str, reason: str) -> None:
    """It was taken by the platform but did not arrive: it is owed again, by another road."""
    tx.execute(
        update(_out)
        .where(_out.c.id == message.id, _out.c.state == "sent")
        .values(state="pending", sent_at=None, road=None, refused=refused, error=reason[:500], not_before=tx.now)
    )
    tx.execute(
        update(_out)
        .where(_out.c.lead_id == message.id, _out.c.state == "sent")
        .values(state="merged", sent_at=None)
    )
    tx.wakes = True


def counts(tx: Tx) -> list[tuple[str, str, str, int]]:
    """How many messages stand in each channel, state and road."""
    columns = (_out.c.channel, _out.c.state, func.coalesce(_out.c.road, ""))
    rows: Any = tx.rows(select(*columns, func.count()).group_by(*columns).order_by(*columns))
    return [(str(c), str(s), str(r), int(n)) for c, s, r, n in rows]
