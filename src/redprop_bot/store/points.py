"""Statements about the ledger of points: what was booked, what is left, what waits for approval."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select, update

from redprop_bot.rules.points import House
from redprop_bot.store.tables import PointBalance, PointEntry, PointRequest
from redprop_bot.store.tx import Tx, among, table_of

_b, _e, _r = table_of(PointBalance), table_of(PointEntry), table_of(PointRequest)


def in_turn(tx: Tx, person_id: int) -> None:
    """Until this job ends nobody else books for this person: sums that are read now stay true."""
    tx.mark(PointBalance, person_id=person_id)
    tx.find(PointBalance, _b.c.person_id == person_id, lock=True)


def move(tx: Tx, person_id: int, delta: int) -> bool:
    """Change what a person has; False, and nothing changes, where it would fall below zero."""
    enough = _b.c.balance + delta >= 0
    changed = update(_b).where(_b.c.person_id == person_id, enough).values(balance=_b.c.balance + delta)
    return tx.execute(changed) == 1


def balance(tx: Tx, person_id: int) -> int:
    """What a person has."""
    return int(tx.scalar(select(_b.c.balance).where(_b.c.person_id == person_id)) or 0)


def by_key(tx: Tx, key: str) -> PointEntry | None:
    """The booking of this key, if it was made."""
    return tx.find(PointEntry, _e.c.key == key)


def reversal(tx: Tx, entry_id: int) -> PointEntry | None:
    """The entry that took this one back."""
    return tx.find(PointEntry, _e.c.reverses_id == entry_id)


def earned(tx: Tx, person_id: int, *, first: str, last: str, kind: str | None = None) -> int:
    """What a person has earned from one day to another, both included; what was taken back does not count."""
    where = [_e.c.person_id == person_id, _e.c.against == House.ISSUED.value, _e.c.day.between(first, last)]
    if kind is not None:
        where.append(_e.c.kind == kind)
    return int(tx.scalar(select(func.coalesce(func.sum(_e.c.delta), 0)).where(*where)))


def earned_from(tx: Tx, person_id: int, source: str) -> int:
    """What a person has earned from one source."""
    where = [_e.c.person_id == person_id, _e.c.against == House.ISSUED.value, _e.c.source == source]
    return int(tx.scalar(select(func.coalesce(func.sum(_e.c.delta), 0)).where(*where)))


def times(tx: Tx, person_id: int, source: str) -> int:
    """How often something was booked for a person from one source, counter-entries included."""
    where = _e.c.person_id == person_id, _e.c.source == source
    return int(tx.scalar(select(func.count()).select_from(_e).where(*where)))


def page(
    tx: Tx,
    *,
    person_id: int | None = None,
    communities: Sequence[int] | None = None,
    ledger: str | None = None,
    kind: str | None = None,
    before_id: int | None = None,
    limit: int,
) -> list[PointEntry]:
    """A page of the ledger, newest first; `communities` None: all of them."""
    where: list[Any] = []
    if person_id is not None:
        where.append(_e.c.person_id == person_id)
    if communities is not None:
        where.append(or_(among(_e.c.community_id, communities), _e.c.community_id.is_(None)))
    if ledger is not None:
        where.append(_e.c.ledger == ledger)
    if kind is not None:
        where.append(_e.c.kind == kind)
    if before_id is not None:
        where.append(_e.c.id < before_id)
    return tx.list(PointEntry, *where, order=_e.c.id.desc(), limit=limit)


def requests(tx: Tx, communities: Sequence[int] | None, *, limit: int) -> list[PointRequest]:
    """What waits for approval, oldest first."""
    where: list[Any] = [_r.c.state == "open"]
    if communities is not None:
        where.append(or_(among(_r.c.community_id, communities), _r.c.community_id.is_(None)))
    return tx.list(PointRequest, *where, order=_r.c.id, limit=limit)


def request(tx: Tx, request_id: int) -> PointRequest | None:
    """One request; nobody else decides it before this job ends."""
    return tx.find(PointRequest, _r.c.id == request_id, lock=True)


def entry(tx: Tx, entry_id: int) -> PointEntry | None:
    """One booking."""
    return tx.find(PointEntry, _e.c.id == entry_id)
