"""Statements about 整改 and 约谈: orders to companies, talks, how many there were."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from redprop_bot.rules.discipline import State
from redprop_bot.store import events
from redprop_bot.store.tables import Event, Rectification, Talk
from redprop_bot.store.tx import Tx, among, table_of

SUBJECT = "rectification"
_r, _t = table_of(Rectification), table_of(Talk)


def one(tx: Tx, key: int) -> Rectification | None:
    """The order with this key."""
    return tx.find(Rectification, _r.c.id == key)


def held(tx: Tx, key: int) -> Rectification:
    """The order as it is now; nobody else changes it before this job ends."""
    return tx.get(Rectification, key, lock=True)


def page(
    tx: Tx,
    *,
    communities: Sequence[int] | None,
    organisations: Collection[int] | None = None,
    states: Sequence[str] = (),
    before_id: int | None = None,
    limit: int,
) -> list[Rectification]:
    """Orders of these communities and companies (None: all), the newest first."""
    where: list[Any] = [] if communities is None else [_r.c.community_id.in_(list(communities))]
    if organisations is not None:
        where.append(_r.c.organisation_id.in_(sorted(organisations)))
    if states:
        where.append(_r.c.state.in_([str(state) for state in states]))
    if before_id is not None:
        where.append(_r.c.id < before_id)
    return tx.list(Rectification, *where, order=_r.c.id.desc(), limit=limit)


def opened_within(
    tx: Tx, organisation_id: int, community_id: int, begin: datetime, end: datetime
) -> list[Rectification]:
    """Orders to a company of a community that were opened in a period and not taken back."""
    where = (_r.c.organisation_id == organisation_id, _r.c.community_id == community_id)
    when = (_r.c.opened_at >= begin, _r.c.opened_at < end, _r.c.state != State.VOID.value)
    return tx.list(Rectification, *where, *when, order=_r.c.id)


def talks(tx: Tx, keys: Sequence[int]) -> dict[int, list[Talk]]:
    """The talks about these orders, by order."""
    found: dict[int, list[Talk]] = {key: [] for key in keys}
    if keys:
        for row in tx.list(Talk, among(_t.c.rectification_id, list(keys)), order=_t.c.id):
            found[row.rectification_id].append(row)
    return found


def proposed(tx: Tx, key: int) -> Talk | None:
    """The talk that is proposed about an order."""
    return tx.find(Talk, _t.c.open_key == str(key))


def history(tx: Tx, key: int) -> list[Event]:
    """What happened to an order, oldest first."""
    return events.of(tx, SUBJECT, key)


note = partial(events.note_step, SUBJECT)
