"""The demo page (`/demo`): a phone for everybody around one order, in one browser, over the real protocols.

    browser ── /demo/phones/… ──▶ stage ──▶ twin ── signed, encrypted ──▶ /wechat/… ──▶ dialogue
       ▲                                     │ ledger ◀── replies, messages of the real clients ◀──┘
       └────────── /demo/feed (SSE) ◀────────┘

Only where the application carries a `Stage`; elsewhere these addresses do not exist. Nothing here may know what a
message means.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from redprop_bot.registry.demo import DemoPhone
from redprop_bot.registry.register import Register, register
from redprop_bot.simulated.browser import PHONE
from redprop_bot.web.demo import acts
from redprop_bot.web.demo.feed import feed
from redprop_bot.web.demo.stage import STAGE, Stage, picture_type
from redprop_bot.web.demo.suggestions import suggestions
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login
from redprop_bot.web.pages.rendering import missing, page

__all__ = ["STAGE", "Stage", "add_routes"]

PICTURES: Final = (("elevator", "电梯停运"), ("leak", "漏水"), ("garbage", "垃圾满了"), ("repaired", "修好了"))

ACCOUNTS: Final = {"service": "服务号", "subscription": "订阅号"}

OnStage = Callable[[web.Request, Stage], Awaitable[web.StreamResponse]]


def add_routes(app: web.Application) -> None:
    """Add the demo's addresses; they answer 404 unless the application carries a `Stage`."""
    app.router.add_get("/demo", _staged(_page))
    app.router.add_get("/demo/feed", _staged(feed))
    app.router.add_get("/demo/pictures/{media}", _staged(_picture))
    app.router.add_get("/demo/phones/{phone}/open", _staged(_open))
    app.router.add_post("/demo/phones/{phone}/{act}", _staged(acts.act))
    app.on_shutdown.append(_close)


def _staged(handler: OnStage) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        stage = request.app.get(STAGE)
        if stage is None:
            return missing("这里没有演示")
        return await handler(request, stage)

    return handle


async def _close(app: web.Application) -> None:
    """Let the feeds end, or the service would wait for the browsers."""
    if (stage := app.get(STAGE)) is not None:
        stage.closing = True


@dataclass(frozen=True, slots=True)
class _Held:
    """A phone with what the page shows around it."""

    phone: DemoPhone
    role: str
    name: str
    sentences: tuple[str, ...]


async def _page(request: web.Request, stage: Stage) -> web.StreamResponse:
    reg = await request.app[OFFICE].store.read(register)
    return page(
        "demo/demo.html",
        phones=_held(stage),
        estates=[e for e in reg.estates.values() if e.lat is not None and e.lng is not None],
        communities=_communities(reg),
        pictures=PICTURES,
        zone=request.app[OFFICE].settings.timezone,
        account=ACCOUNTS[stage.account],
        subscription=stage.account == "subscription",
    )


def _held(stage: Stage) -> list[_Held]:
    held, seen = [], Counter[str]()
    for phone in stage.phones.values():
        role, _, name = phone.label.rpartition(" ")
        held.append(_Held(phone, role or phone.label, name, tuple(suggestions(phone, seen[phone.who]))))
        seen[phone.who] += 1
    return held


def _communities(reg: Register) -> list[str]:
    return [community.name for community in reg.communities.values()]


async def _open(request: web.Request, stage: Stage) -> web.StreamResponse:
    """One of our pages in the browser of a phone: the platform will say that it is this phone's."""
    office, key = request.app[OFFICE], request.match_info["phone"]
    if key not in stage.phones:
        return missing("没有这部手机")
    if request.host != urlsplit(office.settings.address).netloc:  # localhost and 127.0.0.1 share no cookies
        raise web.HTTPFound(f"{office.settings.address}{request.path_qs}")
    phone = stage.phones[key]
    after = login.local(request.query.get("to", login.HOME))
    response = web.Response(status=302, headers={"Location": login.login_address(after, phone.channel)})
    response.set_cookie(PHONE, phone.id, httponly=True, samesite="Lax")
    return response


async def _picture(request: web.Request, stage: Stage) -> web.StreamResponse:
    data = stage.picture(request.match_info["media"])
    kind = picture_type(data) if data else None
    if data is None or kind is None:
        return missing("没有这张照片")
    return web.Response(body=data, content_type=kind, headers={"Cache-Control": "private, max-age=3600"})
