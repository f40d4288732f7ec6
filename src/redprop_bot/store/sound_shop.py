"""What the shop promises, as checks of `db check`: stock adds up, what was given and paid stands on both sides."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Integer, Select, cast, func, literal, or_, select

from redprop_bot.store.tables import Goods, PointEntry, Redemption, StockMove, Wish
from redprop_bot.store.tx import Tx, table_of

_g, _r, _m, _e, _w = (table_of(model) for model in (Goods, Redemption, StockMove, PointEntry, Wish))


def _other_stock(_tx: Tx) -> Select[Any]:
    moved = select(_m.c.goods_id, func.sum(_m.c.delta).label("moved")).group_by(_m.c.goods_id).subquery()
    counted = func.coalesce(moved.c.moved, 0)
    return (
        select(_g.c.id, _g.c.title, _g.c.stock, counted.label("moved"))
        .select_from(_g.outerjoin(moved, moved.c.goods_id == _g.c.id))
        .where(or_(_g.c.stock != counted, _g.c.stock < 0))
        .order_by(_g.c.id)
    )


def _other_moves(_tx: Tx) -> Select[Any]:
    moved = select(_m.c.redemption_id, func.sum(_m.c.delta).label("moved")).group_by(_m.c.redemption_id).subquery()
    owed = cast(func.coalesce(moved.c.moved, 0), Integer)
    off = or_(
        (_r.c.state == "cancelled") & (owed != 0),
        (_r.c.state != "cancelled") & (owed != -_r.c.quantity),
    )
    return (
        select(_r.c.id, _r.c.state, owed.label("moved"))
        .select_from(_r.outerjoin(moved, moved.c.redemption_id == _r.c.id))
        .where(off)
        .order_by(_r.c.id)
    )


def _other_points(_tx: Tx) -> Select[Any]:
    paid = select(_e.c.source, func.sum(_e.c.delta).label("paid")).group_by(_e.c.source).subquery()
    owed = cast(func.coalesce(paid.c.paid, 0), Integer)
    off = or_((_r.c.state == "cancelled") & (owed != 0), (_r.c.state != "cancelled") & (owed != -_r.c.points))
    source = literal("redemption:").concat(cast(_r.c.id, _e.c.source.type))
    return (
        select(_r.c.id, _r.c.state, owed.label("paid"))
        .select_from(_r.outerjoin(paid, paid.c.source == source))
        .where(off)
        .order_by(_r.c.id)
    )


def _without_words(_tx: Tx) -> Select[Any]:
    silent = or_(_w.c.delivered_at.is_(None), _w.c.received_at.is_(None))
    return select(_w.c.no).where(_w.c.status == "fulfilled", silent).order_by(_w.c.id)


def _given_by_nobody(_tx: Tx) -> Select[Any]:
    nobody = _w.c.claimer_id.is_(None) & _w.c.claimer_unit_id.is_(None)
    return select(_w.c.no).where(_w.c.status.in_(("claimed", "delivered")), nobody).order_by(_w.c.id)


CHECKS: Final[tuple[tuple[str, Callable[[Tx], Select[Any]]], ...]] = (
    ("超市 {id}（{title}）：记着库存 {stock}，逐笔加起来是 {moved}，对不上", _other_stock),
    ("兑换 {id}（{state}）：库存出入 {moved}，和兑换的数对不上", _other_moves),
    ("兑换 {id}（{state}）：积分出入 {paid}，和兑换的分对不上", _other_points),
    ("心愿 {no}：算圆满了，但缺一边的话", _without_words),
    ("心愿 {no}：有人认领，但没有写是谁", _given_by_nobody),
)
