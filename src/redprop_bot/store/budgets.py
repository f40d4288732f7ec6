"""Statements about what may still be sent: windows of residents, grants, closed roads, counts of members.

A window is opened in the transaction that takes the resident's message in, and spent in the one that claims the
message to send: both lock its row, so no two processes spend the same one.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import bindparam, case, exists, func, select, update

from redprop_bot.rules.budget import Terms, Window, Windows
from redprop_bot.store.prepared import Prepared
from redprop_bot.store.tables import Budget, ClosedRoad, Grant, Outbox
from redprop_bot.store.tables.base import Utc
from redprop_bot.store.tx import Tx, dialect_insert, table_of

_budget = table_of(Budget)
_grant = table_of(Grant)
_closed = table_of(ClosedRoad)
_out = table_of(Outbox)

_LOCK = Prepared(select(_budget.c.openid).where(_budget.c.openid == bindparam("openid")).with_for_update())


def _opening(window: Window, dialect: str) -> Prepared:
    """A window is full again, but for what is on its way; gives whether something waits for this person."""
    mine = (_out.c.channel == "oa", _out.c.receiver == bindparam("openid_"))
    flying = (
        select(func.count()).where(*mine, _out.c.state == "claimed", _out.c.road == "custom").scalar_subquery()
    )
    waits = exists().where(*mine, _out.c.state == "waiting")
    left, until = f"{window.value}_left", f"{window.value}_until"
    fresh: Any = bindparam("count_") - flying
    full = case((fresh < 0, 0), else_=fresh)
    values: dict[str, Any] = {"talk_left": 0, "tap_left": 0, left: full, until: bindparam("until_", type_=Utc)}
    insert = dialect_insert(_budget, dialect).values(openid=bindparam("openid_"), **values)
    taken = {left: insert.excluded[left], until: insert.excluded[until]}
    return Prepared(
        insert.on_conflict_do_update(index_elements=[_budget.c.openid], set_=taken).returning(waits.label("waits"))
    )


_OPEN = {(w, d): _opening(w, d) for w in Window for d in ("sqlite", "postgresql")}
_SHUT = Prepared(
    update(_budget)
    .where(_budget.c.openid == bindparam("openid_"))
    .values(talk_left=0, talk_until=None, tap_left=0, tap_until=None)
)
_KEEP = Prepared(
    update(_budget)
    .where(_budget.c.openid == bindparam("openid_"))
    .values(
        talk_left=bindparam("talk_left_"),
        talk_until=bindparam("talk_until_", type_=Utc),
        tap_left=bindparam("tap_left_"),
        tap_until=bindparam("tap_until_", type_=Utc),
    )
)


def opened(tx: Tx, openid: str, window: Window, terms: Terms, since: datetime) -> bool:
    """The resident did something: their window is full again. Whether messages wait for them is returned."""
    if tx.connection.dialect.name == "postgresql":
        tx.scalar(_LOCK, {"openid": openid})  # what a claim under way spends must be seen by the next statement
    values = {"openid_": openid, "count_": terms.count(window), "until_": terms.until(window, since)}
    return bool(tx.scalar(_OPEN[window, tx.connection.dialect.name], values))


def shut(tx: Tx, openid: str) -> None:
    """No window is open any more."""
    tx.execute(_SHUT, {"openid_": openid})


def windows(tx: Tx, openids: Collection[str]) -> dict[str, Windows]:
    """The windows of these residents; locked, so that nobody else spends of them before this job ends."""
    if not openids:
        return {}
    statement = select(_budget).where(_budget.c.openid.in_(sorted(openids))).order_by(_budget.c.openid)
    rows: Any = tx.rows(statement.with_for_update())
    return {row.openid: Windows(row.talk_left, row.talk_until, row.tap_left, row.tap_until) for row in rows}


def keep(tx: Tx, changed: Mapping[str, Windows]) -> None:
    """Write windows back that were read in this job."""
    if changed:
        tx.execute_many(
            _KEEP,
            [
                {
                    "openid_": openid,
                    "talk_left_": w.talk_left,
                    "talk_until_": w.talk_until,
                    "tap_left_": w.tap_left,
                    "tap_until_": w.tap_until,
                }
                for openid, w in changed.items()
            ],
        )


# -- grants of subscription messages


def grant(tx: Tx, key: str, openid: str, template_id: str) -> bool:
    """A resident said yes to one message; the same event again is not another yes."""
    made = tx.insert_new(Grant, key=key, openid=openid, template_id=template_id, given_at=tx.now)
    return made is not None


def revoke(tx: Tx, openid: str, template_id: str) -> int:
    """They said no, or the platform knows of no yes: what was not used is gone."""
    mine = (_grant.c.openid == openid, _grant.c.template_id == template_id, _grant.c.used_at.is_(None))
    return tx.execute(update(_grant).where(*mine).values(used_at=tx.now))


def granted(tx: Tx, openids: Collection[str], template_id: str) -> set[str]:
    """Which of these residents have said yes to a message that was not sent yet."""
    if not openids or not template_id:
        return set()
    mine = (_grant.c.openid.in_(list(openids)), _grant.c.template_id == template_id, _grant.c.used_at.is_(None))
    return {row.openid for row in tx.rows(select(_grant.c.openid).where(*mine).distinct())}


def use_grant(tx: Tx, openid: str, template_id: str, outbox_id: int) -> bool:
    """Use the oldest yes for a message; False when there is none (any more)."""
    mine = (_grant.c.openid == openid, _grant.c.template_id == template_id, _grant.c.used_at.is_(None))
    oldest = select(_grant.c.id).where(*mine).order_by(_grant.c.id).limit(1).with_for_update(skip_locked=True)
    statement = update(_grant).where(_grant.c.id.in_(oldest.scalar_subquery()), _grant.c.used_at.is_(None))
    return tx.execute(statement.values(used_at=tx.now, outbox_id=outbox_id)) > 0


def return_grant(tx: Tx, outbox_id: int) -> None:
    """The message was surely not sent: the yes it used is there again."""
    tx.execute(update(_grant).where(_grant.c.outbox_id == outbox_id).values(used_at=None, outbox_id=None))


# -- roads that are closed for the whole account


def close_road(tx: Tx, name: str, until: datetime, reason: str) -> None:
    """Nobody takes this road before that moment."""
    tx.put(ClosedRoad, name, until=until, reason=reason[:200])


def closed_roads(tx: Tx) -> set[str]:
    """The roads that are closed now."""
    return {row.name for row in tx.rows(select(_closed.c.name).where(_closed.c.until > bindparam("at", tx.now)))}


# -- members


def crowded(tx: Tx, userids: Collection[str], *, per_minute: int, per_hour: int) -> dict[str, list[datetime]]:
    """Members who had so many messages that a limit may be near, with the moments of the last hour's messages.

    Not counted: what another message carried, and changes of cards, which are no messages.
    """
    since, minute = tx.now - timedelta(hours=1), tx.now - timedelta(minutes=1)
    mine = (
        _out.c.channel == "work",
        _out.c.sent_at > bindparam("since", since, type_=Utc),
        _out.c.lead_id.is_(None),
        _out.c.form != "card_update",
    )
    lately = func.sum(case((_out.c.sent_at > bindparam("minute", minute, type_=Utc), 1), else_=0))
    statement = (
        select(_out.c.receiver)
        .where(*mine, _out.c.receiver.in_(list(userids)))
        .group_by(_out.c.receiver)
        .having((func.count() >= per_hour) | (lately >= per_minute))
    )
    names = [row.receiver for row in tx.rows(statement)]
    return {name: _moments(tx, mine, name) for name in names}


def _moments(tx: Tx, mine: Iterable[Any], userid: str) -> list[datetime]:
    statement = select(_out.c.sent_at).where(*mine, _out.c.receiver == userid).order_by(_out.c.sent_at.desc())
    return [cast("datetime", row.sent_at) for row in tx.rows(statement)]
