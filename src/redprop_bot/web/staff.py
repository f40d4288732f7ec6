"""Who sits at the console: a signed cookie, and what its account or person is today.

    cookie   c1.<a|p><key>.<epoch>.<sid>.<end, seconds>.<mac>      HttpOnly, SameSite=Lax, Secure on https

`a` is a local account, `p` a person of the register who came by WeCom. The cookie says who; what they may see and
do is looked up with every request, so that a post that is lost is lost at once. Forms carry a mark made of `sid`.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from redprop_bot.dialogue.office import Office
from redprop_bot.registry.accused import against
from redprop_bot.registry.people import Speaker, speaker
from redprop_bot.registry.register import Register, register
from redprop_bot.store import access, people
from redprop_bot.store.tables import Post
from redprop_bot.store.tx import Tx
from redprop_bot.web.access import Viewer
from redprop_bot.web.keys import OFFICE
from redprop_bot.web.sessions import is_https, seal

LIFE: Final = timedelta(hours=12)
"""A working day; whoever sits longer says once more who they are."""

POST: Final = "redprop_post"
_KEY: Final = re.compile(r"[0-9]{1,15}")
_FORM: Final = re.compile(r"c1\.([ap])([1-9]\d{0,17})\.(\d{1,9})\.([0-9a-f]{16})\.(\d{10})\.([\w-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Seat:
    """What a cookie says; `owner` names who sits there, for what is kept for them.

    `post` is which of several posts they have chosen to sit there for, in a cookie of its own that needs no seal:
    it is only ever looked for among their own.
    """

    kind: str
    key: int
    epoch: int
    sid: str
    post: int = 0

    @property
    def owner(self) -> str:
        """`a12` or `p34`."""
        return f"{self.kind}{self.key}"


def cookie_name(office: Office) -> str:
    """With https the browser itself sees to it that no other host of the domain has set it."""
    return "__Host-redprop_console" if is_https(office) else "redprop_console"


def begin(response: web.StreamResponse, office: Office, kind: str, key: int, epoch: int) -> Seat:
    """Give the browser a seat in place of whichever it had."""
    seat = Seat(kind, key, epoch, new_sid())
    give(response, office, seat)
    return seat


def new_sid() -> str:
    """A session of its own: forms of another one are not taken."""
    return secrets.token_hex(8)


def give(response: web.StreamResponse, office: Office, seat: Seat) -> None:
    """Put a seat into an answer."""
    response.set_cookie(
        cookie_name(office),
        token(office.secret_key, seat, office.clock.now() + LIFE),
        max_age=int(LIFE.total_seconds()),
        path="/",
        httponly=True,
        secure=is_https(office),
        samesite="Lax",
    )


def end(response: web.StreamResponse, office: Office) -> None:
    """Take it back."""
    name = cookie_name(office)
    response.del_cookie(name, path="/", httponly=True, secure=is_https(office), samesite="Lax")


def token(secret: bytes, seat: Seat, until: datetime) -> str:
    """The value of the cookie."""
    words = f"c1.{seat.owner}.{seat.epoch}.{seat.sid}.{int(until.timestamp())}"
    return f"{words}.{seal(secret, 'console session', words)}"


def seat_of(request: web.Request) -> Seat | None:
    """The seat that a request comes from; None for every cookie that is not ours, was changed, or is over."""
    office = request.app[OFFICE]
    value = request.cookies.get(cookie_name(office), "")
    found = _FORM.fullmatch(value)
    if found is None:
        return None
    words, _, mac = value.rpartition(".")
    if not hmac.compare_digest(mac, seal(office.secret_key, "console session", words)):
        return None
    if int(found[5]) <= office.clock.now().timestamp():
        return None
    post = request.cookies.get(POST, "")
    return Seat(found[1], int(found[2]), int(found[3]), found[4], int(post) if _KEY.fullmatch(post) else 0)


def choose(response: web.StreamResponse, office: Office, post: str) -> None:
    """Sit there for another of one's posts."""
    response.set_cookie(
        POST,
        post if _KEY.fullmatch(post) else "0",
        max_age=int(timedelta(days=365).total_seconds()),
        path="/console",
        httponly=True,
        secure=is_https(office),
        samesite="Lax",
    )


def mark(secret: bytes, seat: Seat) -> str:
    """What every form of this seat carries."""
    return seal(secret, "console form", f"{seat.owner}.{seat.sid}")


# -- what they are today


def viewer(tx: Tx, seat: Seat) -> Viewer | None:
    """Who sits there, with what they may see and do; None when it is nobody any more."""
    return _of_account(tx, seat) if seat.kind == "a" else of_person(tx, seat.key, seat.post)


def _of_account(tx: Tx, seat: Seat) -> Viewer | None:
    account = access.account_by_key(tx, seat.key)
    if account is None or account.closed_at is not None or account.epoch != seat.epoch:
        return None
    return Viewer(0, account.role, account.community_id, account.organisation_id, account.name)


def of_person(tx: Tx, person_id: int, post_id: int = 0) -> Viewer | None:
    """A person of the register by the post they chose, else their first; None for who has none, or has left."""
    person = people.named(tx, {person_id}).get(person_id)
    if person is None or not person.userid or person.left_at is not None:
        return None
    reg = register(tx)
    found = speaker(reg, person, {})
    chosen = [post for post in found.posts if post.id == post_id]
    post = min(chosen or found.posts, key=_rank, default=None)
    seated = _of_post(reg, found, post) if post is not None else None
    if seated is None or seated.role == "provider":
        return seated  # a unit sees what is about it when it is released to it, and never who complains
    return replace(seated, unseen=against(tx, person_id, seated.community_id))


_RANKS: Final = {"secretary": 1, "grid": 2, "clerk": 2}


def _rank(post: Post) -> int:
    if post.street_id is not None:
        return 0
    return _RANKS.get(post.duty, 3) if post.organisation_id is None else 4


def _of_post(reg: Register, found: Speaker, post: Post) -> Viewer:
    posts = tuple(
        (one.id or 0, _place(reg, one)) for one in sorted(found.posts, key=lambda one: one.id != post.id)
    )
    if post.street_id is not None:
        return Viewer(0, "street", None, None, found.name, found, posts)
    if post.organisation_id is not None:
        return Viewer(0, "provider", None, post.organisation_id, found.name, found, posts)
    role = "secretary" if post.duty == "secretary" else "clerk"
    return Viewer(0, role, post.community_id, None, found.name, found, posts)


def _place(reg: Register, post: Post) -> str:
    if post.organisation_id is not None:
        return reg.organisations[post.organisation_id].name
    if post.street_id is not None:
        return reg.streets[post.street_id].name
    return reg.community_name(post.community_id) or ""
