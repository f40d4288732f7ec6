"""`/console/login`: in by name and password, with a second factor where there is one; out again.

Somebody whose time was over while they typed gets their form back: it comes here as `kept`, and is shown to them
before it is sent. The post of this page needs no mark, since there is no seat yet: the origin keeps others away.
"""

import asyncio
import json
from collections.abc import Mapping
from math import ceil
from typing import Any, Final

from aiohttp import web

from redprop_bot.content import Content
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import Refused
from redprop_bot.store.tables import Account
from redprop_bot.web import accounts, passwords, staff
from redprop_bot.web.console import reading, waiting
from redprop_bot.web.console.addresses import HOME, LOGIN, local
from redprop_bot.web.console.frame import login_page, problem, resume_page
from redprop_bot.web.keys import OFFICE

AT_ONCE: Final = 2
"""Each password that is looked at takes 19 MB for a moment."""
_COUNTING: Final = web.AppKey("passwords", asyncio.Semaphore)


def add_routes(app: web.Application) -> None:
    """The door."""
    app[_COUNTING] = asyncio.Semaphore(AT_ONCE)
    app.router.add_get(LOGIN, _door)
    app.router.add_post(LOGIN, _enter)
    app.router.add_get(waiting.PATH, _goes_on)
    app.router.add_post("/console/logout", _leave)
    app.router.add_post("/console/post", _choose)


async def _door(request: web.Request) -> web.StreamResponse:
    after = local(request.query.get("next", HOME))
    seat = staff.seat_of(request)
    if seat is not None and await request.app[OFFICE].store.read(lambda tx: staff.viewer(tx, seat) is not None):
        raise web.HTTPFound(after)
    return login_page(request, after=after)


async def _enter(request: web.Request) -> web.StreamResponse:
    office = request.app[OFFICE]
    try:
        reading.from_our_pages(request, office)
        given, _ = await reading.form(request)
    except Refused as refusal:
        return await problem(request, refusal)
    name, password, code = (str(given.get(field, "")) for field in ("username", "password", "code"))
    after, kept = local(str(given.get("next", HOME))), _kept(str(given.get("kept", "")))
    started = await office.store.write(lambda tx: accounts.begin(tx, name))
    if started.locked_until is not None:
        seconds = max(1, ceil((started.locked_until - office.clock.now()).total_seconds()))
        says = office.content.replies.say("console.login.locked", minutes=str(max(1, round(seconds / 60))))
        shut = login_page(request, after=after, kept=kept, wrong=says, name=name, status=429)
        shut.headers["Retry-After"] = str(seconds)
        return shut
    async with request.app[_COUNTING]:
        account = await _proven(office, started.account, password, code)
    if account is None:
        return _refused(request, office.content, after, kept, name)
    return await _seated(request, account, after, kept)


def _refused(
    request: web.Request, content: Content, after: str, kept: Mapping[str, Any], name: str
) -> web.StreamResponse:
    says = content.replies.say("console.login.wrong")
    return login_page(request, after=after, kept=kept, wrong=says, name=name, status=401)


async def _proven(office: Office, account: Account | None, password: str, code: str) -> Account | None:
    """The account, if password and code are right; its tries are forgotten then."""
    kept = account.password if account is not None else None
    right = await asyncio.to_thread(passwords.fits, password, kept)
    if account is None or not right:
        return None
    step = None
    if account.totp_seed is not None:
        step = passwords.step_of(
            office.secret_key,
            account.id or 0,
            account.totp_seed,
            code,
            office.clock.now(),
            after=account.totp_last,
        )
        if step is None:
            return None
    return await office.store.write(lambda tx: accounts.end(tx, account, step))


async def _seated(
    request: web.Request, account: Account, after: str, kept: Mapping[str, Any]
) -> web.StreamResponse:
    office = request.app[OFFICE]
    if not kept:
        response = web.Response(status=303, headers={"Location": after, "Cache-Control": "no-store"})
        staff.begin(response, office, "a", account.id or 0, account.epoch)
        return response
    seat = staff.Seat("a", account.id or 0, account.epoch, staff.new_sid())
    shown = await resume_page(request, seat, after, kept)
    staff.give(shown, office, seat)
    waiting.forget(shown, office)
    return shown


async def _goes_on(request: web.Request) -> web.StreamResponse:
    """Back from signing in elsewhere: the form that was laid by is shown, once; without one, the first page."""
    office = request.app[OFFICE]
    seat, found = staff.seat_of(request), waiting.found(office.secret_key, request.cookies.get(waiting.COOKIE, ""))
    if seat is None or found is None:
        raise web.HTTPFound(HOME)
    address, fields = found
    shown = await resume_page(request, seat, local(address), fields)
    if shown.status == 409:  # shown, and not the door once more
        waiting.forget(shown, office)
    return shown


def _kept(text: str) -> dict[str, Any]:
    """The form that came along; whatever is none is nothing."""
    try:
        return waiting.fields_of(json.loads(text) if text else {})
    except (ValueError, RecursionError):
        return {}


async def _leave(request: web.Request) -> web.StreamResponse:
    """Out. Lax cookies and the origin keep other sites from doing it."""
    office = request.app[OFFICE]
    try:
        reading.from_our_pages(request, office)
    except Refused as refusal:
        return await problem(request, refusal)
    response = web.Response(status=303, headers={"Location": LOGIN, "Cache-Control": "no-store"})
    staff.end(response, office)
    return response


async def _choose(request: web.Request) -> web.StreamResponse:
    """Another of one's own posts; whose it is not changes nothing."""
    office = request.app[OFFICE]
    try:
        reading.from_our_pages(request, office)
        given, _ = await reading.form(request)
    except Refused as refusal:
        return await problem(request, refusal)
    response = web.Response(status=303, headers={"Location": HOME, "Cache-Control": "no-store"})
    staff.choose(response, office, str(given.get("post", "")))
    return response
