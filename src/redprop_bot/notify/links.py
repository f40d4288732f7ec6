"""Addresses that are told to people: what is behind one is decided by the key it carries.

Whoever holds a link with its key sees what was said and the pictures; the bare address shows what everybody may.
A key opens one order and nothing else, and says nothing about who holds it.
"""

import base64
import hmac
from functools import lru_cache
from typing import Final

KEY_LENGTH: Final = 22
_BYTES = 16


@lru_cache(maxsize=1024)  # a reply and the cards of the same order carry the same link
def signed(no: str, secret: bytes) -> str:
    """The key of an order's tracking page: 22 characters that may stand in an address."""
    digest = hmac.digest(secret, b"order page:" + no.encode(), "sha256")
    return base64.urlsafe_b64encode(digest[:_BYTES]).decode().rstrip("=")


def opens(key: str, no: str, secret: bytes) -> bool:
    """Whether the key is the one of this order, in constant time."""
    return hmac.compare_digest(key.encode("utf-8", "replace"), signed(no, secret).encode())


def calendar(address: str, who: str, secret: bytes) -> str:
    """The address of somebody's own calendar: `p7` is a person, `t7` a token of the API."""
    return f"{address}/calendar/{calendar_key(who, secret)}.ics"


def calendar_key(who: str, secret: bytes) -> str:
    """What opens the calendar: whose it is, and the proof that we have said so."""
    digest = hmac.digest(secret, b"calendar:" + who.encode(), "sha256")
    return f"{who}-{base64.urlsafe_b64encode(digest[:_BYTES]).decode().rstrip('=')}"


def calendar_of(key: str, secret: bytes) -> str | None:
    """Whose calendar a key opens; None where it is none of ours."""
    who = key.partition("-")[0]
    fits = hmac.compare_digest(key.encode("utf-8", "replace"), calendar_key(who, secret).encode())
    return who if fits else None


def order_page(address: str, no: str, secret: bytes | None = None) -> str:
    """The tracking page of an order; with a secret the link that also shows text and pictures."""
    bare = f"{address}/m/orders/{no}"
    return bare if secret is None else f"{bare}?k={signed(no, secret)}"
