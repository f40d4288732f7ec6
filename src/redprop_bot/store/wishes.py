"""Statements about wishes."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import func, or_, select

from redprop_bot.store import numbers
from redprop_bot.store.tables import Wish
from redprop_bot.store.tx import Tx, among, table_of

_wish = table_of(Wish)

GIVING: Final = ("claimed", "delivered")
"""Somebody makes it come true just now."""
LIVE: Final = ("proposed", "published", *GIVING)


def held(tx: Tx, wish_id: int) -> Wish:
    """The wish, which nobody else changes before this job ends."""
    return tx.get(Wish, wish_id, lock=True)


def by_no(tx: Tx, no: str) -> Wish | None:
    """The wish with this number."""
    return tx.find(Wish, _wish.c.no == no)


def by_tail(tx: Tx, digits: str) -> list[Wish]:
    """Recent wishes whose number ends in these digits, newest first."""
    return tx.list(Wish, _wish.c.no.in_(numbers.recent(tx, "W", digits)), order=_wish.c.id.desc(), limit=20)


def page(
    tx: Tx,
    *,
    communities: Sequence[int] | None,
    statuses: Sequence[str],
    before_id: int | None = None,
    limit: int,
) -> list[Wish]:
    """Wishes of these communities (None: of all) and of none, that stand so; newest first."""
    where: list[Any] = [among(_wish.c.status, list(statuses))]
    if communities is not None:
        where.append(or_(_wish.c.community_id.in_(list(communities)), _wish.c.community_id.is_(None)))
    if before_id is not None:
        where.append(_wish.c.id < before_id)
    return tx.list(Wish, *where, order=_wish.c.id.desc(), limit=limit)


def of_wisher(tx: Tx, person_id: int, *, statuses: Sequence[str] = (), limit: int = 10) -> list[Wish]:
    """What somebody wished, newest first."""
    where = [_wish.c.wisher_id == person_id, *([_wish.c.status.in_(list(statuses))] if statuses else [])]
    return tx.list(Wish, *where, order=_wish.c.id.desc(), limit=limit)


def of_giver(tx: Tx, person_id: int, units: Collection[int], statuses: Sequence[str] = GIVING) -> list[Wish]:
    """What somebody, or one of their units, has taken on, newest first."""
    theirs = or_(_wish.c.claimer_id == person_id, _wish.c.claimer_unit_id.in_(sorted(units)))
    return tx.list(Wish, theirs, _wish.c.status.in_(list(statuses)), order=_wish.c.id.desc(), limit=50)


def given_by(tx: Tx, *, unit_id: int | None, person_id: int | None) -> int:
    """How many wishes a unit, or a person by themselves, gives to just now."""
    mine = (
        _wish.c.claimer_unit_id == unit_id
        if unit_id is not None
        else (_wish.c.claimer_id == person_id) & _wish.c.claimer_unit_id.is_(None)
    )
    counted = select(func.count()).select_from(_wish).where(mine, _wish.c.status.in_(GIVING))
    return int(tx.scalar(counted) or 0)
