"""From a request to a page of the console: who sits there, may they, the form read, the job, the page.

    GET   seat? ── no ──▶ sign in, then back here            POST  ours? seat? mark? ── no ──▶ sign in, form kept
          role?  handler over one view of the database             role?  handler in one transaction
                                                                   refused ──▶ the page again, with what was typed

The only place of the console that knows HTTP; rooms know a `Desk`.
"""

import hmac
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from aiohttp import web

from redprop_bot.content import Content
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import Refused
from redprop_bot.store.tx import Tx
from redprop_bot.web import staff
from redprop_bot.web.access import Viewer
from redprop_bot.web.console import reading, waiting
from redprop_bot.web.console.addresses import HOME, asked_at, local, query_of, sign_in, stood_on
from redprop_bot.web.console.room import Answer, Desk, File, Give, Goto, Page, Room, Way
from redprop_bot.web.errors import HttpFault, said
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages.rendering import page
from redprop_bot.web.staff import Seat

log = logging.getLogger(__name__)

ROOMS: Final = web.AppKey("console_rooms", tuple[Room, ...])
DEMO_SEATS: Final = web.AppKey("demo_seats", list[tuple[str, str]])
"""Who can be played in the demo: a label, and the address that signs them in; it takes `to`, where to go then."""


def shown_as(room: Room, way: Way) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The aiohttp handler of an address of a room."""

    async def handle(request: web.Request) -> web.StreamResponse:
        office = request.app[OFFICE]
        try:
            if way.method == "GET":
                return await _looked(request, office, room, way)
            return await _posted(request, office, room, way)
        except Refused as refusal:
            return await problem(request, refusal)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            return await problem(
                request, HttpFault(error.status, "too_big" if error.status == 413 else "not_found")
            )
        except Exception:
            reference = f"E{secrets.token_hex(4)}"
            log.exception("a page could not be made, reference %s", reference)
            return await problem(request, HttpFault(500, "internal", reference=reference))

    return handle


async def _looked(request: web.Request, office: Office, room: Room, way: Way) -> web.StreamResponse:
    seat = staff.seat_of(request)

    def job(tx: Tx) -> tuple[Desk, Answer] | None:
        viewer = staff.viewer(tx, seat) if seat is not None else None
        if viewer is None or seat is None:
            return None
        room.must_enter(viewer.role, way)
        desk = Desk(tx, viewer, office, dict(request.match_info), query_of(request.query), {}, seat)
        return desk, way.handler(desk)

    found = await office.store.read(job)
    if found is None:
        raise web.HTTPFound(sign_in(request.path_qs))
    desk, answer = found
    return answered(request, answer, desk.viewer, desk.seat, room)


async def _posted(request: web.Request, office: Office, room: Room, way: Way) -> web.StreamResponse:
    reading.from_our_pages(request, office)
    seat = staff.seat_of(request)
    given, files = await reading.form(request, upload=way.upload)
    mark = str(given.pop(reading.MARK, ""))
    if seat is None or not hmac.compare_digest(mark.encode(), staff.mark(office.secret_key, seat).encode()):
        return await _meanwhile(request, seat, given)
    known: Seat = seat
    form = _Form(room, way, known, given, files)

    def job(tx: Tx) -> tuple[Viewer, Answer] | None:
        viewer = form.enters(tx)
        return None if viewer is None else (viewer, way.handler(form.desk(request, tx, viewer, ready=ready)))

    ready: Any = None
    try:
        if way.before is not None and await office.store.read(form.enters) is not None:
            ready = await way.before(office, files)  # not for who may not enter: it keeps files
        done = await office.store.write(job)
    except Exception as error:
        await _undo(office, way, ready)
        if way.back is None or not isinstance(error, Refused):
            raise
        return await _again(request, form, error)
    if done is None:
        await _undo(office, way, ready)
        return await _meanwhile(request, None, given)
    viewer, answer = done
    await office.refresh()  # who has edited the content sees it at once; other processes look by themselves
    return answered(request, answer, viewer, known, room)


async def _undo(office: Office, way: Way, ready: Any) -> None:
    """What was made ready for a form that came to nothing."""
    if way.undo is not None and ready is not None:
        await way.undo(office, ready)


@dataclass(frozen=True, slots=True)
class _Form:
    """A form that was read, and where it goes."""

    room: Room
    way: Way
    seat: Seat
    given: Mapping[str, Any]
    files: Mapping[str, File]

    def enters(self, tx: Tx) -> Viewer | None:
        """Who sits there, None where the seat is over; raises Forbidden for who has nothing to do there."""
        viewer = staff.viewer(tx, self.seat)
        if viewer is not None:
            self.room.must_enter(viewer.role, self.way)
        return viewer

    def desk(self, request: web.Request, tx: Tx, viewer: Viewer, *, here: str = "", **more: Any) -> Desk:
        """The desk that its handler works at; with `here`, that of the page which is shown there."""
        path, query = dict(request.match_info), asked_at(here) or query_of(request.query)
        return Desk(tx, viewer, request.app[OFFICE], path, query, self.given, self.seat, self.files, **more)


async def _again(request: web.Request, form: _Form, refusal: Refused) -> web.StreamResponse:
    """The page that the form stands on, with what was typed and why it was refused."""
    back = form.way.back
    assert back is not None
    here = stood_on(form.room, form.way, request.match_info, form.given)

    def job(tx: Tx) -> tuple[Viewer, Answer] | None:
        viewer = form.enters(tx)
        if viewer is None:
            return None
        return viewer, back(form.desk(request, tx, viewer, wrong=refusal, here=here))

    found = await request.app[OFFICE].store.read(job)
    if found is None:
        return await _meanwhile(request, None, form.given)
    viewer, answer = found
    if isinstance(answer, Page):
        answer = Page(answer.template, {**answer.values, "typed": form.given}, refusal.status)
    return answered(request, answer, viewer, form.seat, form.room, wrong=refusal, here=here)


async def _meanwhile(request: web.Request, seat: Seat | None, given: Mapping[str, Any]) -> web.StreamResponse:
    """A form of a seat that is over: it is kept, shown, and sent after a yes."""
    fields = reading.kept(given)
    if seat is None:
        return login_page(request, after=request.path_qs, kept=fields, status=401)
    return await resume_page(request, seat, request.path_qs, fields)


async def resume_page(
    request: web.Request, seat: Seat, address: str, fields: Mapping[str, Any]
) -> web.StreamResponse:
    """What somebody had typed, to be sent once more by themselves."""
    office = request.app[OFFICE]
    viewer = await office.store.read(lambda tx: staff.viewer(tx, seat))
    if viewer is None:
        return login_page(request, after=address, kept=fields, status=401)
    rows = [
        (name, one) for name, value in fields.items() for one in (value if isinstance(value, list) else [value])
    ]
    answer = Page("resume.html", {"address": address, "rows": rows}, 409)
    return answered(request, answer, viewer, seat, None)


# -- pages


def login_page(
    request: web.Request,
    *,
    after: str = HOME,
    kept: Mapping[str, Any] | None = None,
    wrong: str = "",
    name: str = "",
    status: int = 200,
) -> web.Response:
    """The page to sign in at; `kept` are the fields of a form that is sent afterwards."""
    office = request.app[OFFICE]
    laid_by = waiting.packed(office.secret_key, local(after), kept) if kept else ""
    way = waiting.PATH if laid_by else local(after) if not kept else HOME
    response = page(
        "console/login.html",
        status=status,
        after=local(after),
        way=way,
        kept=json.dumps(kept, ensure_ascii=False) if kept else "",
        wrong=wrong,
        name=name,
        wecom=office.settings.work is not None,
        demo=request.app.get(DEMO_SEATS, []),
    )
    if laid_by:
        waiting.give(response, office, laid_by)
    return response


def answered(
    request: web.Request,
    answer: Answer,
    viewer: Viewer,
    seat: Seat,
    room: Room | None,
    *,
    wrong: Refused | None = None,
    here: str = "",
) -> web.StreamResponse:
    """An answer of a room as HTTP. `here` is where its page stands, if that is not the address asked for."""
    office = request.app[OFFICE]
    if isinstance(answer, Goto):
        address = answer.address
        if answer.said:
            address += ("&" if "?" in address else "?") + urlencode({"said": answer.said})
        return web.Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})
    if isinstance(answer, Give):
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(answer.name)}",
            "Cache-Control": "no-store",
        }
        return web.Response(body=answer.data, content_type=answer.content_type, headers=headers)
    content = office.content
    values = {"typed": {}, "field_names": {}, **answer.values}
    return page(
        f"console/{answer.template}",
        status=answer.status,
        me=viewer,
        me_role=content.replies.say(f"api.role.{viewer.role}"),
        rooms=[one for one in request.app[ROOMS] if viewer.role in one.roles],
        room=room,
        mark=staff.mark(office.secret_key, seat),
        here=here or request.path_qs,
        said=_said(content, request.query.get("said", "")),
        wrong=said(content, wrong) if wrong is not None else "",
        stale=wrong is not None and wrong.code == "stale",
        wrong_field=wrong.field if wrong is not None else "",
        labels=content.labels,
        **values,
    )


def _said(content: Content, key: str) -> str:
    """A sentence that was earned on the page before; anything else in the address is no sentence of ours."""
    name = f"console.said.{key}"
    return content.replies.say(name) if key and name in content.replies else ""


async def problem(request: web.Request, refusal: Refused) -> web.StreamResponse:
    """A page that says what was not possible, and where to go from there."""
    office = request.app[OFFICE]
    says = said(office.content, refusal)
    seat = staff.seat_of(request)
    viewer = None
    if seat is not None and refusal.status < 500:
        viewer = await office.store.read(lambda tx: staff.viewer(tx, seat))
    if viewer is None or seat is None:
        return page("console/problem_outside.html", status=refusal.status, says=says)
    answer = Page("problem.html", {"says": says}, refusal.status)
    return answered(request, answer, viewer, seat, None)
