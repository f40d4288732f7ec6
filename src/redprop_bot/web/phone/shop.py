"""`/m/shop`: what points can be redeemed for, one's own codes, redeeming and giving back; the chat's steps."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from redprop_bot.errors import Invalid, NotFound, Refused
from redprop_bot.loop.actor import speaking
from redprop_bot.notify import words
from redprop_bot.registry.people import Speaker, home_community
from redprop_bot.registry.register import register
from redprop_bot.store import shop as rows
from redprop_bot.store.tables import Goods, Redemption
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import ledger, shop
from redprop_bot.web import sessions
from redprop_bot.web.console.room import whole
from redprop_bot.web.errors import said
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login, showing
from redprop_bot.web.pages.rendering import missing, shown_to
from redprop_bot.web.phone import slips
from redprop_bot.web.phone.slips import Form

PATH: Final = "/m/shop"
PICTURES: Final = 70_000
"""So many bytes of pictures a page loads by itself."""
_SHOWN: Final = 200
_MISSING: Final = "没有找到这张图片"


def add_routes(app: web.Application) -> None:
    """The shelf and what is done there."""
    app.router.add_get(PATH, _page)
    app.router.add_get(rf"{PATH}/{{goods:\d{{1,15}}}}/picture", _picture)
    app.router.add_post(f"{PATH}/redeem", _redeem)
    app.router.add_post(f"{PATH}/cancel", _cancel)


async def _page(request: web.Request) -> web.StreamResponse:
    return await _shown(request)


async def _shown(request: web.Request, *, wrong: Refused | None = None) -> web.Response:
    office, person_id = request.app[OFFICE], sessions.person_of(request)
    found = await office.store.read(lambda tx: _known(tx, person_id))
    if found is None:
        raise web.HTTPFound(login.login_address(PATH))
    return shown_to(
        request,
        "m/shop.html",
        here=PATH,
        status=wrong.status if wrong else 200,
        mark=slips.mark(request),
        key=secrets.token_hex(12),
        wrong=said(office.content, wrong) if wrong else "",
        told=slips.told(office, request),
        **found,
    )


def _shelf(tx: Tx, seen: Speaker) -> list[Goods]:
    community_id = home_community(register(tx), seen)
    return rows.shelf(tx, communities=None if community_id is None else [community_id], limit=_SHOWN)


def _known(tx: Tx, person_id: int | None) -> dict[str, Any] | None:
    seen = sessions.viewer(tx, person_id)
    if seen is None or seen.person.id is None:
        return None
    have = ledger.balance(tx, seen.person.id)
    goods = sorted(_shelf(tx, seen), key=lambda one: (one.stock == 0, one.points, one.title))
    small = _small(goods)
    return {
        "have": have,
        "most": tx.content.shop.most_at_once,
        "goods": [_item(one, have) | {"small": one.id in small} for one in goods],
        "held": [_held(tx, one) for one in rows.waiting_of(tx, seen.person.id)],
        "days": tx.content.shop.hold_days,
    }


def _small(goods: Sequence[Goods]) -> set[int | None]:
    """Whose pictures stand on the page; those of the others are a tap away, so that it is light on any phone."""
    found, left = set[int | None](), PICTURES
    for one in goods:
        if one.picture_size is not None and one.picture_size <= left:
            found.add(one.id)
            left -= one.picture_size
    return found


def _item(goods: Goods, have: int) -> dict[str, Any]:
    return {
        "id": goods.id,
        "title": goods.title,
        "note": goods.note,
        "points": goods.points,
        "stock": goods.stock,
        "lacks": max(0, goods.points - have),
        "picture": showing.address(goods) if goods.picture else "",
    }


def _held(tx: Tx, held: Redemption) -> Mapping[str, Any]:
    until = words.date(held.at + tx.content.shop.hold, tx.content.zone)
    return {
        "id": held.id,
        "title": held.title,
        "quantity": held.quantity,
        "points": held.points,
        "code": f"{held.code[:3]} {held.code[3:]}",
        "until": until,
    }


async def _picture(request: web.Request) -> web.StreamResponse:
    """What something on the shelf looks like, for everybody."""
    office, key = request.app[OFFICE], int(request.match_info["goods"])
    goods = await office.store.read(lambda tx: rows.goods(tx, key))
    kept = showing.of_goods(goods) if goods is not None and goods.active else None
    answer = await showing.answer(request, office, kept) if kept is not None else None
    return answer if answer is not None else missing(_MISSING)


async def _redeem(request: web.Request) -> web.StreamResponse:
    return await _done(request, redeem, "redeemed")


async def _cancel(request: web.Request) -> web.StreamResponse:
    return await _done(request, cancel, "given_back")


async def _done(request: web.Request, step: Any, told: str) -> web.StreamResponse:
    office = request.app[OFFICE]
    try:
        given = await slips.signed(request)
        if not isinstance(given, slips.Signed):
            return given
        form, person_id = given.form, given.person_id
        await office.store.write(lambda tx: step(tx, person_id, form))
    except Refused as refusal:
        if isinstance(refusal, NotFound):
            return slips.problem(request, refusal)
        return await _shown(request, wrong=refusal)
    return slips.onward(PATH, told)


def redeem(tx: Tx, person_id: int, form: Form) -> Redemption:
    """Redeem what the form names. Raises Refused; nothing has moved then."""
    seen = _viewer(tx, person_id)
    wanted, number, key = whole(form.text("goods")), whole(form.text("quantity") or "1"), form.text("key")
    goods = next((one for one in _shelf(tx, seen) if one.id == wanted), None)
    if goods is None:
        raise NotFound("no_goods")
    if number is None or len(key) != 24:
        raise Invalid("shop_quantity", field="quantity", most=tx.content.shop.most_at_once)
    return shop.redeem(tx, goods, person_id, quantity=number, key=f"page:{person_id}:{key}", by=speaking(seen))


def cancel(tx: Tx, person_id: int, form: Form) -> Redemption:
    """Give one's own back. Raises Refused."""
    seen = _viewer(tx, person_id)
    held = rows.redemption(tx, whole(form.text("redemption")) or 0)
    if held is None or held.person_id != person_id:
        raise NotFound("no_goods")
    return shop.cancel(tx, held, speaking(seen), "本人取消兑换")


def _viewer(tx: Tx, person_id: int) -> Speaker:
    seen = sessions.viewer(tx, person_id)
    if seen is None:
        raise NotFound
    return seen
