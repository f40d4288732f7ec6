"""Statements about the shop: what is on the shelf, taking from it and putting back, who redeemed what."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import or_, update

from redprop_bot.store.tables import Goods, Redemption, StockMove
from redprop_bot.store.tx import Tx, among, table_of

_g, _r, _m = table_of(Goods), table_of(Redemption), table_of(StockMove)


def goods(tx: Tx, goods_id: int, *, lock: bool = False) -> Goods | None:
    """The goods with this key; with `lock` nobody else changes them before this job ends."""
    return tx.find(Goods, _g.c.id == goods_id, lock=lock)


def shelf(
    tx: Tx,
    *,
    communities: Sequence[int] | None,
    active: bool | None = True,
    before_id: int | None = None,
    limit: int,
) -> list[Goods]:
    """Goods of these communities (None: of all) and those for everybody, newest first; `active` None: all."""
    where: list[Any] = []
    if communities is not None:
        where.append(or_(_g.c.community_id.in_(list(communities)), _g.c.community_id.is_(None)))
    if active is not None:
        where.append(_g.c.active.is_(active))
    if before_id is not None:
        where.append(_g.c.id < before_id)
    return tx.list(Goods, *where, order=_g.c.id.desc(), limit=limit)


def take(tx: Tx, goods_id: int, number: int) -> Goods | None:
    """Take so many from the shelf at once; None, and nothing changes, where there are not so many."""
    enough = _g.c.id == goods_id, _g.c.active.is_(True), _g.c.stock >= number
    values = {"stock": _g.c.stock - number, "version": _g.c.version + 1, "updated_at": tx.now}
    return cast("Goods | None", tx.first(update(_g).where(*enough).values(**values).returning(*_g.c)))


def put(tx: Tx, goods_id: int, number: int) -> None:
    """Put so many back; what is off the shelf takes them, too."""
    values = {"stock": _g.c.stock + number, "version": _g.c.version + 1, "updated_at": tx.now}
    tx.execute(update(_g).where(_g.c.id == goods_id).values(**values))


def by_key(tx: Tx, key: str) -> Redemption | None:
    """The redemption of this key, if it was made."""
    return tx.find(Redemption, _r.c.key == key)


def by_code(tx: Tx, code: str, *, lock: bool = False) -> Redemption | None:
    """What waits to be picked up with this code."""
    return tx.find(Redemption, _r.c.code == code, _r.c.state == "held", lock=lock)


def redemption(tx: Tx, redemption_id: int, *, lock: bool = False) -> Redemption | None:
    """One redemption; with `lock` nobody else ends it before this job ends."""
    return tx.find(Redemption, _r.c.id == redemption_id, lock=lock)


def waiting_of(tx: Tx, person_id: int, *, limit: int = 20) -> list[Redemption]:
    """What somebody may still pick up, newest first."""
    mine = _r.c.person_id == person_id, _r.c.state == "held"
    return tx.list(Redemption, *mine, order=_r.c.id.desc(), limit=limit)


def page(
    tx: Tx,
    *,
    communities: Sequence[int] | None,
    state: str | None = None,
    person_id: int | None = None,
    before_id: int | None = None,
    limit: int,
) -> list[Redemption]:
    """Redemptions of these communities (None: of all) and of goods for everybody, newest first."""
    where: list[Any] = []
    if communities is not None:
        where.append(or_(among(_r.c.community_id, list(communities)), _r.c.community_id.is_(None)))
    if state is not None:
        where.append(_r.c.state == state)
    if person_id is not None:
        where.append(_r.c.person_id == person_id)
    if before_id is not None:
        where.append(_r.c.id < before_id)
    return tx.list(Redemption, *where, order=_r.c.id.desc(), limit=limit)


def moves(tx: Tx, goods_id: int, *, limit: int = 50) -> list[StockMove]:
    """What moved the stock, newest first."""
    return tx.list(StockMove, _m.c.goods_id == goods_id, order=_m.c.id.desc(), limit=limit)
