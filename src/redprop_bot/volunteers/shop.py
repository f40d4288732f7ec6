"""公益超市: goods on the shelf, redeemed for points, picked up by code; cancelling gives both back.

    held → picked | cancelled

Stock and points move in one transaction, each by a statement that refuses to go below zero; of what was booked
nothing is changed, it is taken back by a counter-entry. Order of locks: the person, then the goods.
"""

import secrets
from dataclasses import dataclass
from typing import Any, Final

from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.loop.actor import Actor
from redprop_bot.loop.publicity import Paper
from redprop_bot.store import messages, points
from redprop_bot.store import shop as rows
from redprop_bot.store.tables import Goods, Redemption, StockMove
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import ledger

TITLE_LIMIT: Final = 40
MOST_POINTS: Final = 100_000
MOST_STOCK: Final = 100_000
_TRIES: Final = 50


@dataclass(frozen=True, slots=True)
class Item:
    """Something for the shelf."""

    title: str
    points: int
    stock: int = 0
    note: str = ""
    community_id: int | None = None


def stock_up(tx: Tx, item: Item, by: Actor) -> Goods:
    """Put something new on the shelf. Raises Invalid."""
    _must_fit(item.points, item.stock)
    made = tx.insert(
        Goods,
        title=item.title,
        community_id=item.community_id,
        points=item.points,
        stock=item.stock,
        note=item.note,
        created_at=tx.now,
        updated_at=tx.now,
    )
    _moved(tx, made, item.stock, "entered", by)
    return made


def edit(tx: Tx, goods: Goods, by: Actor, **values: Any) -> Goods:
    """Change goods that the caller holds; another stock is a move, as after counting. Raises Invalid."""
    _must_fit(values.get("points", goods.points), values.get("stock", goods.stock))
    changed = tx.update(Goods, goods.id, **values, version=goods.version + 1, updated_at=tx.now)
    _moved(tx, changed, changed.stock - goods.stock, "counted", by)
    return changed


def show(tx: Tx, goods: Goods, picture: Paper | None) -> Goods:
    """Put a cleaned picture on goods that the caller holds, in place of what was there; None takes it off.

    The file of the picture before is nobody's from here on, and goes as such. Raises Invalid (no picture).
    """
    if picture is not None and not picture.content_type.startswith("image/"):
        raise Invalid("photo", field="file")
    name, size = (picture.name, picture.size) if picture is not None else (None, None)
    values = {"picture": name, "picture_size": size}
    return tx.update(Goods, goods.id, **values, version=goods.version + 1, updated_at=tx.now)


def _must_fit(price: int, stock: int) -> None:
    if not 1 <= price <= MOST_POINTS:
        raise Invalid("goods_points", field="points", most=MOST_POINTS)
    if not 0 <= stock <= MOST_STOCK:
        raise Invalid("goods_stock", field="stock", most=MOST_STOCK)


def _moved(tx: Tx, goods: Goods, delta: int, reason: str, by: Actor, *, redemption_id: int | None = None) -> None:
    if delta:
        name = by.name if by.person_id is None or redemption_id is None else ledger.MACHINE_NAME
        tx.insert(
            StockMove,
            goods_id=goods.id,
            redemption_id=redemption_id,
            delta=delta,
            reason=reason,
            by_name=name,
            at=tx.now,
        )


def redeem(tx: Tx, goods: Goods, person_id: int, *, quantity: int, key: str, by: Actor) -> Redemption:
    """Points for goods; a code is given. The same `key` again is the redemption that is there.

    Raises Invalid (quantity), Conflict: `shop_gone`, `shop_sold_out` with what is left, `points_short`.
    """
    assert goods.id is not None
    most = tx.content.shop.most_at_once
    if not 1 <= quantity <= most:
        raise Invalid("shop_quantity", field="quantity", most=most)
    points.in_turn(tx, person_id)
    if done := rows.by_key(tx, key):
        return done
    if len(rows.waiting_of(tx, person_id, limit=tx.content.shop.waiting)) >= tx.content.shop.waiting:
        raise Conflict("shop_waiting", most=tx.content.shop.waiting)
    taken = rows.take(tx, goods.id, quantity)
    if taken is None:
        raise _not_there(tx, goods.id)
    price = taken.points * quantity
    made = _held(tx, taken, person_id, quantity=quantity, key=key)
    assert made.id is not None
    _moved(tx, taken, -quantity, "redeemed", by, redemption_id=made.id)
    ledger.spend(
        tx,
        ledger.Booking(
            key=source(made),
            person_id=person_id,
            points=price,
            kind="shop",
            source=source(made),
            reason=f"兑换 {taken.title} {quantity} 份",
            community_id=taken.community_id,
            by_id=by.person_id,
            by_name=by.name if by.person_id is None else ledger.MACHINE_NAME,
        ),
    )
    lapses = tx.now + tx.content.shop.hold
    messages.plan(tx, f"redemption:{made.id}:lapse", "shop_lapse", lapses, made.id)
    return made


def source(redemption: Redemption) -> str:
    """How the ledger calls a redemption."""
    return f"redemption:{redemption.id}"


def _not_there(tx: Tx, goods_id: int) -> Exception:
    now = rows.goods(tx, goods_id)
    if now is None or not now.active:
        return NotFound("no_goods")
    if now.stock == 0:
        return Conflict("shop_gone", title=now.title)
    return Conflict("shop_sold_out", title=now.title, left=now.stock)


def _held(tx: Tx, goods: Goods, person_id: int, *, quantity: int, key: str) -> Redemption:
    for _ in range(_TRIES):
        made = tx.insert_new(
            Redemption,
            key=key,
            goods_id=goods.id,
            community_id=goods.community_id,
            person_id=person_id,
            title=goods.title,
            quantity=quantity,
            points=goods.points * quantity,
            code=f"{secrets.randbelow(1_000_000):06d}",
            at=tx.now,
        )
        if made is not None:  # else the code is somebody's already
            return made
    raise Conflict("shop_waiting", most=tx.content.shop.waiting)


def pick(tx: Tx, redemption: Redemption, by: Actor) -> Redemption:
    """It was handed over; not by who gets it. Raises Conflict where it was picked up or cancelled before."""
    if by.person_id is not None and by.person_id == redemption.person_id:
        raise Forbidden("shop_own_pick")
    return _ended(tx, _waiting(tx, redemption), "picked", by.name)


def cancel(tx: Tx, redemption: Redemption, by: Actor, reason: str) -> Redemption:
    """Give back points and goods, both by a counter-entry. Raises Conflict where it has ended."""
    points.in_turn(tx, redemption.person_id)
    now = _waiting(tx, redemption)
    goods = rows.goods(tx, now.goods_id)
    assert goods is not None
    assert goods.id is not None
    rows.put(tx, goods.id, now.quantity)
    _moved(tx, goods, now.quantity, "cancelled", by, redemption_id=now.id)
    entry = points.by_key(tx, source(now))
    assert entry is not None
    ledger.counter(tx, entry, reason, by=by if by.person_id is None else None)
    return _ended(tx, now, "cancelled", by.name)


def _waiting(tx: Tx, redemption: Redemption) -> Redemption:
    assert redemption.id is not None
    now = rows.redemption(tx, redemption.id, lock=True)
    assert now is not None
    if now.state == "picked":
        raise Conflict("shop_picked")
    if now.state == "cancelled":
        raise Conflict("shop_cancelled")
    return now


def _ended(tx: Tx, redemption: Redemption, state: str, by: str) -> Redemption:
    return tx.update(Redemption, redemption.id, state=state, ended_at=tx.now, ended_by=by)
