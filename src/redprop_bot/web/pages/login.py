"""`/m/login…`: the platforms tell whose browser it is, without asking the person anything (snsapi_base).

    /m/login?next=/m/mine  ──▶ the platform's authorize page ──▶ /m/login/oa|work?code&state ──▶ next
         sets a cookie that binds the state to this browser            sets the session

`state` is signed, good once and for ten minutes, and worth nothing in another browser: nobody can be signed in as
somebody else by a link. `next` is a page of ours below `/m/` or of the console, and nothing else.
"""

import base64
import binascii
import hmac
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from redprop_bot.channels import OfficialAccountSender, WorkSender
from redprop_bot.dialogue.office import Office
from redprop_bot.errors import PlatformBusy, PlatformError, PlatformRefused
from redprop_bot.ports import Channel
from redprop_bot.store import messages, people
from redprop_bot.store.tables import Person
from redprop_bot.store.tx import Tx
from redprop_bot.web import accounts, sessions, staff
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.pages.rendering import page

log = logging.getLogger(__name__)

LIFE: Final = timedelta(minutes=10)
HOME: Final = "/m/mine"
COOKIE: Final = "redprop_login"
_PATH: Final = "/m/login"
_LONGEST: Final = 512
_LETTERS: Final = {Channel.OA: "a", Channel.WORK: "w"}
_STATE: Final = re.compile(r"([0-9a-f]{32})([aw])(\d{10})([0-9a-f]{32})")  # the platforms take letters and digits
_COOKIE: Final = re.compile(r"([0-9a-f]{32})\.([\w-]{0,700})\.([\w-]{43})", re.ASCII)
_PAGE: Final = re.compile(r"(?:/m/|/console(?=[/?]|$))[\w\-./~%?=&+,:;@!$'()*]*", re.ASCII)


def add_routes(app: web.Application) -> None:
    """The way out, the two ways back, and the door."""
    app.router.add_get(_PATH, _start)
    app.router.add_get(f"{_PATH}/oa", _back(Channel.OA))
    app.router.add_get(f"{_PATH}/work", _back(Channel.WORK))
    app.router.add_post("/m/logout", _logout)


def local(address: str) -> str:
    """A page of ours, phone page or console; whatever else was asked for becomes the page of one's own reports."""
    fits = len(address) <= _LONGEST and _PAGE.fullmatch(address) and "//" not in address and ".." not in address
    return address if fits and not address.startswith((_PATH, "/m/logout", "/console/log")) else HOME


def login_address(after: str, by: Channel | None = None) -> str:
    """Where to sign in to come back to a page."""
    return f"{_PATH}?{urlencode({'next': after, **({'by': by.value} if by else {})})}"


# -- the way out


async def _start(request: web.Request) -> web.StreamResponse:
    office, after = request.app[OFFICE], local(request.query.get("next", HOME))
    by = _channel(request)
    if by is None or (ask := _asking(office, by)) is None:
        return _said("elsewhere" if by is None else "off", 400, after)
    if _elsewhere(request, office):  # the cookie must be of the host that the platform sends back to
        again = urlencode({"next": after, "by": by.value, "here": "1"})
        raise web.HTTPFound(f"{office.settings.address}{_PATH}?{again}")
    nonce = secrets.token_hex(16)
    response = web.Response(status=302, headers={"Cache-Control": "no-store"})
    state = _state(office.secret_key, nonce, by, office.clock.now())
    response.headers["Location"] = ask(f"{office.settings.address}{_PATH}/{by.value}", state)
    response.set_cookie(
        COOKIE,
        _bound(office.secret_key, nonce, after),
        max_age=int(LIFE.total_seconds()),
        path=_PATH,
        httponly=True,
        secure=sessions.is_https(office),
        samesite="Lax",
    )
    return response


def _channel(request: web.Request) -> Channel | None:
    asked = request.query.get("by")
    return Channel(asked) if asked in {channel.value for channel in Channel} else channel_of_browser(request)


def channel_of_browser(request: web.Request) -> Channel | None:
    """In whose browser a page is opened. WeCom's says that it is WeChat's too, so it is looked for first."""
    agent = request.headers.get("User-Agent", "").lower()
    if "wxwork" in agent:
        return Channel.WORK
    return Channel.OA if "micromessenger" in agent else None


def _elsewhere(request: web.Request, office: Office) -> bool:
    mine = urlsplit(office.settings.address).netloc
    return bool(office.settings.public_url or office.settings.demo) and not (
        request.host.lower() == mine.lower() or "here" in request.query
    )


def _asking(office: Office, by: Channel) -> Callable[[str, str], str] | None:
    sender = office.senders.get(by)
    return sender.api.authorize_url if isinstance(sender, OfficialAccountSender | WorkSender) else None


def _state(secret: bytes, nonce: str, by: Channel, now: datetime) -> str:
    words = f"{nonce}{_LETTERS[by]}{int(now.timestamp())}"
    return words + hmac.digest(secret, f"login state:{words}".encode(), "sha256").hex()[:32]


def _bound(secret: bytes, nonce: str, after: str) -> str:
    words = f"{nonce}.{base64.urlsafe_b64encode(after.encode()).decode().rstrip('=')}"
    return f"{words}.{sessions.seal(secret, 'login cookie', words)}"


# -- the way back


@dataclass(frozen=True, slots=True)
class _Way:
    """What is known of a browser that comes back: its nonce and where it wants to go."""

    nonce: str
    after: str


def _back(by: Channel) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def back(request: web.Request) -> web.StreamResponse:
        office = request.app[OFFICE]
        way = _way(request, office)
        after = way.after if way else HOME
        state = request.query.get("state", "")
        if way is None or not _holds(office, state, by, way.nonce):
            return _said("stale", 403, after)
        if not await office.store.write(lambda tx: messages.used(tx, f"login:{way.nonce}", secrets.token_hex(16))):
            if sessions.person_of(request) is not None:  # some phones load an address twice
                return _onward(after)
            return _said("stale", 403, after)
        code = request.query.get("code", "")
        if not code or len(code) > _LONGEST:
            return _said("declined", 403, after)
        return await _met(office, by, code, after)

    return back


def _way(request: web.Request, office: Office) -> _Way | None:
    found = _COOKIE.fullmatch(request.cookies.get(COOKIE, ""))
    if found is None:
        return None
    nonce, after, mac = found.groups()
    if not hmac.compare_digest(mac, sessions.seal(office.secret_key, "login cookie", f"{nonce}.{after}")):
        return None
    try:
        return _Way(nonce, local(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode()))
    except (binascii.Error, UnicodeDecodeError):  # pragma: no cover - we sealed it ourselves
        return None


def _holds(office: Office, state: str, by: Channel, nonce: str) -> bool:
    """Whether the state is one of ours, of this browser, of this platform, and not over."""
    found = _STATE.fullmatch(state)
    if found is None:
        return False
    then = datetime.fromtimestamp(int(found.group(3)), office.clock.now().tzinfo)
    mine = _state(office.secret_key, nonce, by, then)
    return hmac.compare_digest(state, mine) and timedelta(0) <= office.clock.now() - then + _SECOND <= LIFE


_SECOND: Final = timedelta(seconds=1)  # a state holds whole seconds


async def _met(office: Office, by: Channel, code: str, after: str) -> web.StreamResponse:
    try:
        identity, why = await (_resident(office, code) if by is Channel.OA else _member(office, code))
    except PlatformRefused:
        return _said("stale", 403, after)
    except PlatformError as error:
        log.warning("nobody could be asked who it is: %s", error)
        return _said("busy", 503, after)
    if not identity:
        return _said(why, 403, after)
    person_id = await office.store.write(lambda tx: _person(tx, by, identity))
    if person_id is None:
        return _said("not_member", 403, after)
    response = _onward(after)
    sessions.begin(response, office, person_id, by)
    if by is Channel.WORK and after.startswith("/console"):
        staff.begin(response, office, "p", person_id, 0)
        await office.store.write(lambda tx: accounts.by_wecom(tx, person_id))
    response.del_cookie(COOKIE, path=_PATH)
    return response


async def _resident(office: Office, code: str) -> tuple[str, str]:
    sender = office.senders.get(Channel.OA)
    if not isinstance(sender, OfficialAccountSender):
        raise PlatformBusy("sns/oauth2/access_token", None, "no Official Account")
    person = await sender.api.person(code)
    return ("", "snapshot") if person.snapshot else (person.openid, "")


async def _member(office: Office, code: str) -> tuple[str, str]:
    sender = office.senders.get(Channel.WORK)
    if not isinstance(sender, WorkSender):
        raise PlatformBusy("auth/getuserinfo", None, "no WeCom")
    return (await sender.api.directory.visitor(code)).userid, "not_member"


def _person(tx: Tx, by: Channel, identity: str) -> int | None:
    """The person with this identity; one who has only looked does not follow yet, and is written to nowhere."""
    found = people.who(tx, by, identity)
    if found is not None:
        left = by is Channel.WORK and found[0].left_at is not None
        return None if left else found[0].id
    person = people.add(tx, by, identity)
    assert person.id is not None
    if by is Channel.OA:
        tx.update(Person, person.id, following=False)
    return person.id


def _onward(after: str) -> web.Response:
    return web.Response(status=302, headers={"Location": after, "Cache-Control": "no-store"})


async def _logout(request: web.Request) -> web.StreamResponse:
    """The session is over. Lax cookies and the origin keep other sites from doing it."""
    office = request.app[OFFICE]
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc not in {
        request.host,
        urlsplit(office.settings.address).netloc,
    }:
        raise web.HTTPForbidden
    response = _said("left", 200, HOME)
    sessions.end(response, office)
    return response


_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "elsewhere": ("请在微信里打开", "居民请从公众号里点开，社区和物业的同志请在企业微信里点开。"),
    "off": ("这里还没有开通", "请从公众号或企业微信里收到的链接打开。"),
    "stale": ("打开得太久了", "这一次的登录过期了，或者已经用过，请再打开一次。"),
    "declined": ("没有登录成", "微信没有告诉我们您是谁，请再打开一次。"),
    "snapshot": ("现在看到的是快照页", "请点右下角的“使用完整服务”，再打开一次。"),
    "busy": ("微信那边暂时没有回音", "请过一会儿再打开。"),
    "not_member": ("没有找到您的账号", "您不在社区的企业微信里，请找社区管理员加上。居民请从公众号里打开。"),
    "left": ("已经退出", "这部手机上不再记着您。"),
}
_AGAIN: Final = frozenset({"stale", "declined", "busy"})


def _said(what: str, status: int, after: str) -> web.Response:
    title, says = _WORDS[what]
    return page(
        "login.html", status=status, title=title, says=says, again=login_address(after) if what in _AGAIN else ""
    )
