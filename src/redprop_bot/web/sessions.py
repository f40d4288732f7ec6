"""Who looks at a page: a signed cookie that holds the number of a person and an end, and nothing else.

    cookie   v1.<person>.<end, seconds>.<mac>     HttpOnly, SameSite=Lax, Secure where the pages are https

How somebody gets one is `web.pages.login`. It opens pages to be looked at; no act is done on its word alone.
"""

import base64
import hmac
import re
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from redprop_bot.dialogue.office import Office
from redprop_bot.loop.actor import speaking
from redprop_bot.ports import Channel
from redprop_bot.registry.people import Speaker, speaker
from redprop_bot.registry.register import register
from redprop_bot.rules.roles import BYSTANDERS, CONFIDENTIAL, TRUSTED
from redprop_bot.store import people
from redprop_bot.store.tables import Demand
from redprop_bot.store.tx import Tx
from redprop_bot.web.keys import OFFICE

LIFETIMES: Final = {Channel.OA: timedelta(days=7), Channel.WORK: timedelta(hours=12)}

_FORM: Final = re.compile(r"v1\.([1-9]\d{0,17})\.(\d{10})\.([\w-]{43})", re.ASCII)


def seal(secret: bytes, purpose: str, words: str) -> str:
    """43 characters that only we can make for these words; a seal of one purpose is none of another."""
    digest = hmac.digest(secret, f"{purpose}:{words}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def token(secret: bytes, person_id: int, until: datetime) -> str:
    """The value of the cookie."""
    words = f"v1.{person_id}.{int(until.timestamp())}"
    return f"{words}.{seal(secret, 'page session', words)}"


def person_in(secret: bytes, value: str, now: datetime) -> int | None:
    """The person of a cookie's value; None for every one that is not ours, was changed, or is over."""
    found = _FORM.fullmatch(value)
    if found is None:
        return None
    person, until, mac = found.groups()
    if not hmac.compare_digest(mac, seal(secret, "page session", f"v1.{person}.{until}")):
        return None
    return int(person) if now.timestamp() < int(until) else None


def cookie_name(office: Office) -> str:
    """With https the browser itself sees to it that no other host of the domain has set it."""
    return "__Host-redprop" if is_https(office) else "redprop"


def is_https(office: Office) -> bool:
    """Whether people reach the pages over https; what a proxy in between speaks does not count."""
    return office.settings.address.startswith("https://")


def begin(response: web.StreamResponse, office: Office, person_id: int, channel: Channel) -> None:
    """Give the browser a session in place of whichever it had."""
    life = LIFETIMES[channel]
    value = token(office.secret_key, person_id, office.clock.now() + life)
    response.set_cookie(
        cookie_name(office),
        value,
        max_age=int(life.total_seconds()),
        path="/",
        httponly=True,
        secure=is_https(office),
        samesite="Lax",
    )


def end(response: web.StreamResponse, office: Office) -> None:
    """Take it back."""
    response.del_cookie(cookie_name(office), path="/", httponly=True, secure=is_https(office), samesite="Lax")


def person_of(request: web.Request) -> int | None:
    """The person that a request comes from, if it carries a session that holds."""
    office = request.app[OFFICE]
    value = request.cookies.get(cookie_name(office), "")
    return person_in(office.secret_key, value, office.clock.now()) if value else None


def viewer(tx: Tx, person_id: int | None) -> Speaker | None:
    """The person of a session with what they are today; None when they are gone."""
    person = people.named(tx, {person_id}).get(person_id) if person_id is not None else None
    if (
        person is None
        or not (person.openid or person.userid)
        or (person.left_at is not None and not person.openid)
    ):
        return None
    return speaker(register(tx), person, {})


def reads_all(tx: Tx, demand: Demand, person_id: int | None) -> bool:
    """Whether words and pictures are theirs to see: who reported it, who handles it; not who just passes by.

    Of a confidential matter the unit complained of sees nothing here: what it may know was sent to it.
    """
    seen = viewer(tx, person_id)
    if seen is None:
        return False
    held = speaking(seen).capacities(tx, demand)
    return bool(held & TRUSTED if demand.intent in CONFIDENTIAL else held - BYSTANDERS)
