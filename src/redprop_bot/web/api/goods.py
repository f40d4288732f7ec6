"""The shop by API: what is on the shelf; what is redeemed at the counter, handed over, cancelled."""

import secrets
from typing import Any, Final

from redprop_bot.errors import Conflict, Forbidden, Invalid, NotFound
from redprop_bot.loop.publicity import Paper
from redprop_bot.registry.people import mask_name
from redprop_bot.store import editions, people
from redprop_bot.store import shop as rows
from redprop_bot.store.tables import Goods, Redemption
from redprop_bot.volunteers import shop, shop_clock
from redprop_bot.web.access import community_called
from redprop_bot.web.api import paging, sight
from redprop_bot.web.api.calls import Call, Reply, key_in
from redprop_bot.web.api.fields import Field, Shape, read, yes_no
from redprop_bot.web.api.items import iso
from redprop_bot.web.api.routes import Item, Route
from redprop_bot.web.api.schemas import MAY, MAY_WHOLE, TEXT, WHEN, WHOLE, YES_NO, shaped
from redprop_bot.web.pages import showing

STATES: Final = ("held", "picked", "cancelled")
KEEPERS: Final = frozenset({*sight.EDITORS, "clerk"})
_BODY: Final[Shape] = {
    "title": Field("text", required=True, longest=shop.TITLE_LIMIT),
    "points": Field("whole", "what one costs", required=True, least=1, most=shop.MOST_POINTS),
    "stock": Field("whole", "how many there are", least=0, most=shop.MOST_STOCK),
    "note": Field("text", longest=200),
    "community": Field("text", "everybody's when left out", longest=64),
}
_CHANGE: Final[Shape] = {
    "version": Field("whole", "as it was read", required=True),
    "title": Field("text", longest=shop.TITLE_LIMIT),
    "points": Field("whole", least=1, most=shop.MOST_POINTS),
    "stock": Field("whole", "as counted just now", least=0, most=shop.MOST_STOCK),
    "note": Field("text", longest=200),
    "active": Field("yes_no", "false takes it off the shelf"),
}
_REDEEM: Final[Shape] = {
    "goods": Field("whole", "id of the goods", required=True, least=1, most=10**15),
    "userid": Field("text", "userid or openid of whose points", required=True, longest=64),
    "quantity": Field("whole", "one when left out"),
}
_ACT: Final[Shape] = {
    "act": Field("text", "pick, cancel", required=True, one_of=("pick", "cancel"), code="unknown_act"),
    "code": Field("text", "for pick: as it is shown to the clerk", longest=16),
    "reason": Field("text", "for cancel", longest=60),
}
_FILTERS: Final = {"active": "true or false", **paging.QUERY}
_REDEEMED: Final = {"state": ", ".join(STATES), "userid": "of one person", **paging.QUERY}

ITEMS: Final = {
    "Goods": shaped(
        id=WHOLE,
        title=TEXT,
        community=MAY,
        points=WHOLE,
        stock=WHOLE,
        note=TEXT,
        active=YES_NO,
        picture=MAY,
        created_at=WHEN,
        updated_at=WHEN,
        version=WHOLE,
    ),
    "Redemption": shaped(
        id=WHOLE,
        goods=MAY_WHOLE,
        title=TEXT,
        quantity=WHOLE,
        points=WHOLE,
        state=TEXT,
        code=MAY,
        person=shaped(userid=MAY, name=MAY),
        community=MAY,
        at=WHEN,
        ended_at=WHEN,
        ended_by=MAY,
    ),
}


def _item(call: Call, goods: Goods) -> Item:
    picture = f"{call.content.address}{showing.address(goods)}" if goods.picture else None
    return {
        "id": goods.id,
        "title": goods.title,
        "community": call.register.community_name(goods.community_id),
        "points": goods.points,
        "stock": goods.stock,
        "note": goods.note,
        "active": goods.active,
        "picture": picture,
        "created_at": iso(call, goods.created_at),
        "updated_at": iso(call, goods.updated_at),
        "version": goods.version,
    }


def _must_keep(call: Call, community_id: int | None) -> None:
    if call.viewer.role not in KEEPERS:
        raise Forbidden
    if call.viewer.community_id is not None and call.viewer.community_id != community_id:
        raise Forbidden("not_your_community")


def _one(call: Call, *, lock: bool = False) -> Goods:
    goods = rows.goods(call.tx, key_in(call), lock=lock)
    own = call.viewer.community_id
    if goods is None or (own is not None and goods.community_id not in (None, own)):
        raise NotFound
    if not goods.active and call.viewer.role not in KEEPERS:
        raise NotFound
    return goods


def _communities(call: Call) -> list[int] | None:
    return None if call.viewer.community_id is None else [call.viewer.community_id]


def found(call: Call) -> Reply:
    """A page of the shelf, newest first; keepers see what is off it, too."""
    size, text = paging.limit(call), call.query.get("active")
    active = yes_no(text, "active") if text is not None else None
    page = rows.shelf(
        call.tx,
        communities=_communities(call),
        active=active if call.viewer.role in KEEPERS else True,
        before_id=paging.before(call, "goods"),
        limit=size + 1,
    )
    return paging.page("goods", size, page, [_item(call, goods) for goods in page[:size]])


def one(call: Call) -> Reply:
    """One kind of goods."""
    return Reply(_item(call, _one(call)))


def entered(call: Call) -> Reply:
    """Something new on the shelf."""
    sight.must_act(call.viewer)
    given = read(call.body, _BODY)
    community_id = community_called(call.register, given.get("community")) or call.viewer.community_id
    _must_keep(call, community_id)
    made = shop.stock_up(
        call.tx,
        shop.Item(given["title"], given["points"], given.get("stock", 0), given.get("note", ""), community_id),
        call.viewer.actor,
    )
    return Reply(_kept(call, made), 201)


def edited(call: Call) -> Reply:
    """Another price, name or stock."""
    sight.must_act(call.viewer)
    goods = _one(call, lock=True)
    _must_keep(call, goods.community_id)
    given, before = read(call.body, _CHANGE), _item(call, goods)
    if given.pop("version") != goods.version:
        raise Conflict("stale", field="version")
    return Reply(_kept(call, shop.edit(call.tx, goods, call.viewer.actor, **given), before))


def pictured(call: Call, picture: Paper | None) -> Item:
    """Another picture, or none; a step of the console, for the API carries no files. Raises as `edited`."""
    sight.must_act(call.viewer)
    goods = _one(call, lock=True)
    _must_keep(call, goods.community_id)
    if call.body.get("version") != str(goods.version):
        raise Conflict("stale", field="version")
    before = _item(call, goods)
    return _kept(call, shop.show(call.tx, goods, picture), before)


def _kept(call: Call, goods: Goods, before: Item | None = None) -> Item:
    item, by = _item(call, goods), call.viewer.name
    editions.keep(
        call.tx,
        "goods",
        goods.id,
        item,
        by=by,
        version=goods.version,
        community_id=goods.community_id,
        before=before,
    )
    return item


# -- what was redeemed


def _redeemed(call: Call, redemption: Redemption) -> Item:
    person = people.named(call.tx, {redemption.person_id}).get(redemption.person_id)
    keeps = call.viewer.role in KEEPERS
    name = person.name if person else None
    return {
        "id": redemption.id,
        "goods": redemption.goods_id,
        "title": redemption.title,
        "quantity": redemption.quantity,
        "points": redemption.points,
        "state": redemption.state,
        "code": redemption.code if keeps and redemption.state == "held" else None,
        "person": {
            "userid": person.userid if person and keeps else None,
            "name": name if keeps else mask_name(name),
        },
        "community": call.register.community_name(redemption.community_id),
        "at": iso(call, redemption.at),
        "ended_at": iso(call, redemption.ended_at),
        "ended_by": redemption.ended_by if keeps else None,
    }


def redemptions(call: Call) -> Reply:
    """A page of what was redeemed, newest first; units have no part in it."""
    size, state = paging.limit(call), call.query.get("state")
    if state is not None and state not in STATES:
        raise Invalid("choice", field="state")
    named = call.query.get("userid")
    person = people.called(call.tx, named) if named else None
    hidden = call.viewer.role == "provider" or (named and person is None)
    page = (
        []
        if hidden
        else rows.page(
            call.tx,
            communities=_communities(call),
            state=state,
            person_id=person.id if person else None,
            before_id=paging.before(call, "redemptions"),
            limit=size + 1,
        )
    )
    return paging.page("redemptions", size, page, [_redeemed(call, one) for one in page[:size]])


def redemption(call: Call) -> Reply:
    """One redemption."""
    return Reply(_redeemed(call, _redemption(call)))


def _redemption(call: Call) -> Redemption:
    found = rows.redemption(call.tx, key_in(call))
    own = call.viewer.community_id
    if found is None or call.viewer.role == "provider" or (own and found.community_id not in (None, own)):
        raise NotFound
    return found


def redeem(call: Call) -> Reply:
    """For somebody at the counter."""
    sight.must_act(call.viewer)
    given = read(call.body, _REDEEM)
    goods = rows.goods(call.tx, given["goods"])
    own = call.viewer.community_id
    if call.viewer.role not in KEEPERS:
        raise Forbidden
    if goods is None or (own is not None and goods.community_id not in (None, own)):
        raise NotFound("no_goods", field="goods")
    person = people.called(call.tx, given["userid"])
    if person is None or person.id is None:
        raise NotFound("no_person", field="userid")
    made = shop.redeem(
        call.tx,
        goods,
        person.id,
        quantity=given.get("quantity", 1),
        key=f"api:{secrets.token_hex(12)}",
        by=call.viewer.actor,
    )
    return Reply(_redeemed(call, made), 201)


def acted(call: Call) -> Reply:
    """Handed over, against the code; or cancelled, which gives both back."""
    sight.must_act(call.viewer)
    given = read(call.body, _ACT)
    held = _redemption(call)
    if call.viewer.role not in KEEPERS:
        raise Forbidden
    if given["act"] == "cancel":
        done = shop.cancel(call.tx, held, call.viewer.actor, given.get("reason", "") or "社区取消兑换")
        shop_clock.tell(call.tx, done, "cancelled")
        return Reply(_redeemed(call, done))
    if held.state == "held" and not given.get("code"):
        raise Invalid("missing", field="code")
    if held.state == "held" and given.get("code") != held.code:
        raise Invalid("shop_code", field="code", given=given["code"])
    done = shop.pick(call.tx, held, call.viewer.actor)
    shop_clock.tell(call.tx, done, "picked")
    return Reply(_redeemed(call, done))


_REDEMPTION: Final[dict[str, Any]] = {"item": "Redemption"}
ROUTES: Final = (
    Route("GET", "/goods", found, "公益超市", "Goods", query=_FILTERS, listed=True),
    Route("POST", "/goods", entered, "公益超市：上新", "Goods", body=_BODY, status=201),
    Route("GET", "/goods/{id}", one, "公益超市：一样", "Goods"),
    Route("PATCH", "/goods/{id}", edited, "公益超市：修改", "Goods", body=_CHANGE),
    Route("GET", "/redemptions", redemptions, "兑换", query=_REDEEMED, listed=True, **_REDEMPTION),
    Route("POST", "/redemptions", redeem, "替人兑换", body=_REDEEM, status=201, **_REDEMPTION),
    Route("GET", "/redemptions/{id}", redemption, "一次兑换", **_REDEMPTION),
    Route("POST", "/redemptions/{id}/acts", acted, "取走、取消", body=_ACT, **_REDEMPTION),
)
