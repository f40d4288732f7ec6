"""`/m/thanks/{id}`: a thank-you card as a picture, for whoever has its address: numbers and a name."""

import re
from typing import Any, Final

from aiohttp import web

from redprop_bot.notify import links
from redprop_bot.registry.register import register
from redprop_bot.store import partners as rows
from redprop_bot.store.tables import ThanksCard
from redprop_bot.store.tx import Tx
from redprop_bot.volunteers import partners
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages.rendering import environment, missing, shown_to

_KEY: Final = re.compile(r"[1-9]\d{0,14}")
_WIDTH, _TOP, _LINE = 640, 330, 74
_MISSING: Final = "没有找到这张感谢卡"


def add_routes(app: web.Application) -> None:
    """The page and the picture."""
    app.router.add_get("/m/thanks/{id}", _page)
    app.router.add_get("/m/thanks/{id}/card.svg", _picture)


async def _page(request: web.Request) -> web.StreamResponse:
    found = await _found(request)
    if found is None:
        return missing(_MISSING)
    address = f"/m/thanks/{request.match_info['id']}/card.svg?k={request.query['k']}"
    return shown_to(request, "m/thanks.html", here="", picture=address, **found)


async def _picture(request: web.Request) -> web.StreamResponse:
    found = await _found(request)
    if found is None:
        return missing(_MISSING)
    svg = environment().get_template("m/thanks.svg").render(**found)
    headers = {
        "Content-Security-Policy": "default-src 'none'",
        "Cache-Control": "private, max-age=3600",
        "Content-Disposition": 'inline; filename="thanks.svg"',
    }
    return web.Response(text=svg, content_type="image/svg+xml", charset="utf-8", headers=headers)


async def _found(request: web.Request) -> dict[str, Any] | None:
    """What stands on the card, where the key of the address is its own."""
    number, key = request.match_info["id"], request.query.get("k", "")
    office = request.app[OFFICE]
    if not _KEY.fullmatch(number) or not links.opens(key, partners.mark(int(number)), office.content.secret):
        return None
    return await office.store.read(lambda tx: _card(tx, int(number)))


def _card(tx: Tx, card_id: int) -> dict[str, Any] | None:
    card = rows.card(tx, card_id)
    return drawn(tx, card) if card is not None else None


def drawn(tx: Tx, card: ThanksCard) -> dict[str, Any]:
    """The words and places of the picture."""
    reg = register(tx)
    unit, person = reg.organisations.get(card.organisation_id or 0), reg.people.get(card.person_id or 0)
    told = partners.lines(tx, card.figures)
    street = next((one.name for one in reg.streets.values()), "")
    return {
        "name": unit.name if unit else ((person.name if person else None) or "志愿者"),
        "quarter": partners.read(card.quarter).name,
        "lines": [
            {"name": name, "number": number, "y": _TOP + n * _LINE} for n, (name, number) in enumerate(told)
        ],
        "street": street,
        "width": _WIDTH,
        "height": _TOP + len(told) * _LINE + 130,
    }
