"""What the ledger of points promises, as checks of `db check`: it adds up, what takes back takes back exactly."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Select, func, or_, select

from redprop_bot.store.tables import Person, PointBalance, PointEntry
from redprop_bot.store.tx import Tx, table_of

_b, _e, _p = table_of(PointBalance), table_of(PointEntry), table_of(Person)


def _other_sum(_tx: Tx) -> Select[Any]:
    booked = select(_e.c.person_id, func.sum(_e.c.delta).label("booked")).group_by(_e.c.person_id).subquery()
    both = booked.outerjoin(_b, _b.c.person_id == booked.c.person_id)
    has = func.coalesce(_b.c.balance, 0)
    return (
        select(booked.c.person_id, has.label("balance"), booked.c.booked)
        .select_from(both)
        .where(has != booked.c.booked)
        .order_by(booked.c.person_id)
    )


def _from_nothing(_tx: Tx) -> Select[Any]:
    booked = select(_e.c.id).where(_e.c.person_id == _b.c.person_id)
    return select(_b.c.person_id, _b.c.balance).where(_b.c.balance != 0, ~booked.exists()).order_by(_b.c.person_id)


def _crooked(_tx: Tx) -> Select[Any]:
    first = _e.alias("first")
    differs = or_(
        first.c.person_id != _e.c.person_id, first.c.delta != -_e.c.delta, first.c.against != _e.c.against
    )
    return (
        select(_e.c.id, _e.c.reverses_id)
        .select_from(_e.join(first, first.c.id == _e.c.reverses_id))
        .where(differs)
        .order_by(_e.c.id)
    )


def _by_one_hand(_tx: Tx) -> Select[Any]:
    alone = or_(_e.c.approved_by.is_(None), _e.c.approved_by == _e.c.by_name)
    return select(_e.c.id).where(_e.c.ledger == "hand", _e.c.reverses_id.is_(None), alone).order_by(_e.c.id)


def _left_behind(_tx: Tx) -> Select[Any]:
    joined = _b.join(_p, _p.c.id == _b.c.person_id)
    where = _p.c.merged_into_id.is_not(None), _b.c.balance != 0
    return select(_b.c.person_id, _b.c.balance).select_from(joined).where(*where).order_by(_b.c.person_id)


CHECKS: Final[tuple[tuple[str, Callable[[Tx], Select[Any]]], ...]] = (
    ("积分：第 {person_id} 号人记着 {balance} 分，逐笔加起来是 {booked} 分，对不上", _other_sum),
    ("积分：第 {person_id} 号人记着 {balance} 分，却没有一笔记录", _from_nothing),
    ("积分记录 {id}：冲销第 {reverses_id} 笔，但人、分数或对方账户不一样", _crooked),
    ("积分：第 {person_id} 号人已经并到别人名下，还留着 {balance} 分", _left_behind),
    ("积分记录 {id}：手工加的，没有另一个人同意", _by_one_hand),
)
