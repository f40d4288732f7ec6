"""Shop, wish wall and points of the demo (`data/demo/helping.yaml`), some of their way gone, by steps of the room.

Only where there is nothing yet: what a visitor has redeemed or wished since is theirs.
"""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from redprop_bot.bootstrap.demo_quiet import quietly
from redprop_bot.loop.actor import RULE, Actor
from redprop_bot.loop.publicity import Paper
from redprop_bot.media import clean
from redprop_bot.media.cleaning import ENDINGS, name_for
from redprop_bot.ports import MediaStore
from redprop_bot.registry import demo
from redprop_bot.registry.register import register
from redprop_bot.store import people
from redprop_bot.store import shop as rows
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import ledger, shop, wishes

FILE: Final = "data/demo/helping.yaml"
PICTURES: Final = "data/demo/pictures"
_BY: Final[Actor] = replace(RULE, name="演示数据")


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Goods(_Shape):
    community: str
    title: str
    points: int
    stock: int
    note: str = ""
    picture: str = ""


class _Earned(_Shape):
    who: str
    points: int
    kind: str
    reason: str
    community: str


class _Redeemed(_Shape):
    who: str
    title: str


class _Wish(_Shape):
    community: str
    text: str
    giver: str = ""
    done: bool = False
    thanks: str = ""


class _Helping(_Shape):
    goods: tuple[_Goods, ...] = ()
    points: tuple[_Earned, ...] = ()
    redeemed: tuple[_Redeemed, ...] = ()
    wishes: tuple[_Wish, ...] = ()


def load_helping(tx: Tx, root: Path, media: MediaStore | None) -> None:
    """Fill the shelf and the wall; `root` holds `data/`. Raises ContentError, and Refused for what cannot be."""
    if rows.shelf(tx, communities=None, active=None, limit=1):
        return
    with quietly(tx):
        _fill(tx, demo.read(root / FILE, TypeAdapter(_Helping)), root, media)


def _fill(tx: Tx, there: _Helping, root: Path, media: MediaStore | None) -> None:
    communities = {community.name: key for key, community in register(tx).communities.items()}
    for one in there.goods:
        item = shop.Item(one.title, one.points, one.stock, one.note, communities.get(one.community))
        made = shop.stock_up(tx, item, _BY)
        if one.picture and media is not None:
            shop.show(tx, made, _picture(media, root / PICTURES / one.picture))
    for number, earned in enumerate(there.points):
        _earn(tx, earned, number, communities.get(earned.community))
    for taken in there.redeemed:
        goods = next(g for g in rows.shelf(tx, communities=None, limit=99) if g.title == taken.title)
        shop.redeem(tx, goods, _person(tx, taken.who), quantity=1, key=f"demo:{taken.who}", by=_BY)
    for wish in there.wishes:
        _wish(tx, wish, communities.get(wish.community))


def _picture(media: MediaStore, path: Path) -> Paper:
    found = clean("image", path.read_bytes())
    digest = hashlib.blake2b(found.data, digest_size=16).hexdigest()
    name = name_for("g", digest, ENDINGS[found.content_type])
    media.put(name, found.data)
    return Paper(name, path.name, found.content_type, len(found.data))


def _person(tx: Tx, who: str) -> int:
    found = people.called(tx, who)
    assert found is not None
    assert found.id is not None
    return found.id


def _earn(tx: Tx, earned: _Earned, number: int, community_id: int | None) -> None:
    ledger.award(
        tx,
        ledger.Booking(
            key=f"demo:{number}",
            person_id=_person(tx, earned.who),
            points=earned.points,
            kind=earned.kind,
            source=f"demo:{number}",
            reason=earned.reason,
            community_id=community_id,
        ),
    )


def _wish(tx: Tx, wish: _Wish, community_id: int | None) -> None:
    made = wishes.make(tx, wishes.Wished(wish.text, None, community_id), _BY, published=True)
    if wish.giver:
        made = wishes.claim(tx, made, _BY, person_id=_person(tx, wish.giver))
    if wish.done:
        made = wishes.deliver(tx, made, _BY)
        wishes.receive(tx, made, _BY, thanks=wish.thanks or None)
