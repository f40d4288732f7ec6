"""What a form of the phone pages carries, and how it is read: from our pages only, bounded, with its mark.

    session holds, mark fits   → the handler
    session over               → the words are kept in a sealed cookie for an hour, and stand in the form again
                                 after signing in; what is too long for a cookie stands on the page to be copied

Nothing here knows what a form is for.
"""

import base64
import hmac
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from redprop_bot.dialogue.office import Office
from redprop_bot.errors import Refused
from redprop_bot.web import sessions
from redprop_bot.web.console import reading
from redprop_bot.web.console.room import File
from redprop_bot.web.errors import said
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages import login
from redprop_bot.web.pages.rendering import page, shown_to

DRAFT: Final = "redprop_draft"
LIFE: Final = timedelta(hours=1)
_WRITTEN: Final = ("text", "reason", "place", "name")  # what stands on the page when the login was over
_LONGEST: Final = 3600  # bytes that every browser keeps of one cookie, with room for its name
_UNPACKED: Final = 40_000
_FORM: Final = re.compile(r"([\w-]{1,3600})\.([\w-]{43})", re.ASCII)
_PUBLIC: Final = re.compile(r"/(?:m|board)/[\w\-./~%?=&+,:;@!$'()*]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Form:
    """Fields by name, the last of several; `many` has all values; `files` what was sent along."""

    fields: Mapping[str, str]
    many: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field, trimmed; empty when it is not there."""
        return self.fields.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class Signed:
    """A form of somebody whose session holds."""

    person_id: int
    form: Form


async def read(request: web.Request, *, upload: int = 0) -> Form:
    """A form of one of our pages; raises Refused."""
    reading.from_our_pages(request, request.app[OFFICE])
    given, files = await reading.form(request, upload=upload)
    many = {name: list(value) if isinstance(value, list) else [value] for name, value in given.items()}
    return Form({name: values[-1] for name, values in many.items() if values}, many, files)


async def signed(request: web.Request, *, upload: int = 0) -> Signed | web.StreamResponse:
    """A form with the mark of the session that sends it; else the page that keeps it. Raises Refused."""
    form = await read(request, upload=upload)
    person_id = sessions.person_of(request)
    if person_id is None or not hmac.compare_digest(form.text(reading.MARK).encode(), mark(request).encode()):
        return over(request, form)
    return Signed(person_id, form)


def mark(request: web.Request) -> str:
    """What every form of this session carries."""
    office = request.app[OFFICE]
    value = request.cookies.get(sessions.cookie_name(office), "")
    return sessions.seal(office.secret_key, "page form", value)


def over(request: web.Request, form: Form) -> web.StreamResponse:
    """The session is over, or the form is of another one: say so, and lose nothing that was typed."""
    office = request.app[OFFICE]
    kept = {name: value for name, value in form.fields.items() if not name.startswith("_") and value.strip()}
    back = login.local(form.text("page") or request.path)
    cookie = _sealed(office, back, kept)
    texts = [kept[name] for name in _WRITTEN if name in kept]
    response = shown_to(
        request,
        "m/over.html",
        here=back,
        status=401,
        again=back if sessions.person_of(request) is not None else login.login_address(back),
        kept=cookie is not None,
        texts=texts,
        files=bool(form.files),
    )
    if cookie is not None:
        secure = sessions.is_https(office)
        life = int(LIFE.total_seconds())
        response.set_cookie(DRAFT, cookie, max_age=life, path="/m", httponly=True, secure=secure, samesite="Lax")
    return response


def draft(request: web.Request) -> dict[str, str]:
    """What was typed into the form of this page before the login was over; empty when nothing was."""
    office = request.app[OFFICE]
    found = _FORM.fullmatch(request.cookies.get(DRAFT, ""))
    if found is None or not hmac.compare_digest(
        found[2], sessions.seal(office.secret_key, "page draft", found[1])
    ):
        return {}
    unpack = zlib.decompressobj()
    try:
        kept: Any = json.loads(
            unpack.decompress(base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4)), _UNPACKED)
        )
    except (ValueError, zlib.error):  # pragma: no cover - we sealed it ourselves
        return {}
    fresh = kept["until"] > office.clock.now().timestamp() and kept["page"] == request.path
    return dict(kept["fields"]) if fresh else {}


def forget(request: web.Request, response: web.StreamResponse) -> None:
    """The draft stands in a form again, or was sent."""
    if DRAFT in request.cookies:
        secure = sessions.is_https(request.app[OFFICE])
        response.del_cookie(DRAFT, path="/m", httponly=True, secure=secure, samesite="Lax")


def _sealed(office: Office, back: str, kept: Mapping[str, str]) -> str | None:
    until = int((office.clock.now() + LIFE).timestamp())
    raw = json.dumps({"page": back.partition("?")[0], "until": until, "fields": kept}, ensure_ascii=False)
    words = base64.urlsafe_b64encode(zlib.compress(raw.encode(), 9)).decode().rstrip("=")
    cookie = f"{words}.{sessions.seal(office.secret_key, 'page draft', words)}"
    return cookie if kept and len(cookie) <= _LONGEST and len(raw) < _UNPACKED // 4 else None


def public(address: str) -> str:
    """One of our public pages; whatever else was asked for becomes the page of one's own reports."""
    fits = len(address) <= 600 and _PUBLIC.fullmatch(address) and "//" not in address and ".." not in address
    return address if fits else login.HOME


def onward(address: str, told: str = "") -> web.Response:
    """Another page; `told` is a sentence of `page.said` that is shown there."""
    if told:
        address += ("&" if "?" in address else "?") + f"said={told}"
    return web.Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})


def told(office: Office, request: web.Request) -> str:
    """A sentence that was earned on the page before; anything else in the address is no sentence of ours."""
    key = f"page.said.{request.query.get('said', '')}"
    return office.content.replies.say(key) if key in office.content.replies else ""


def problem(request: web.Request, refusal: Refused) -> web.StreamResponse:
    """A page that says what was not possible."""
    words = said(request.app[OFFICE].content, refusal)
    return page("m/problem.html", status=refusal.status, says=words)
