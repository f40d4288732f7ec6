"""Passwords and second factors of local accounts: made, kept as digests, compared. Who has which is `accounts`.

A digest is Argon2id with its parameters and salt in it, so that stronger ones may come later. A second factor
(TOTP) is made of a seed in the database and the key of the house: neither alone opens anything.
"""

import base64
import hmac
import secrets
import unicodedata
from datetime import datetime
from functools import cache
from typing import Final
from urllib.parse import quote, urlencode

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from redprop_bot.errors import Invalid

SHORTEST: Final = 8
LONGEST: Final = 200
_STEP: Final = 30  # seconds that a code holds
_NEAR: Final = (0, -1, 1)  # steps that a phone's clock may be off


def digest(password: str) -> str:
    """What is kept of a password; takes a few hundredths of a second on purpose. Raises Invalid."""
    plain = _plain(password)
    if len(plain) < SHORTEST or len(plain) > LONGEST:
        raise Invalid("password_length", field="password", least=SHORTEST, most=LONGEST)
    if len(set(plain)) < 4:
        raise Invalid("password_simple", field="password")
    return _argon(secrets.token_bytes(16)).derive_phc_encoded(plain.encode())


def fits(password: str, kept: str | None) -> bool:
    """Whether this is the password; for an account that is not there it takes as long."""
    plain = _plain(password)[:LONGEST].encode("utf-8", "surrogatepass")
    try:
        Argon2id.verify_phc_encoded(plain, kept or _nobody())
    except InvalidKey:
        return False
    return kept is not None


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _argon(salt: bytes) -> Argon2id:
    return Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=19 * 1024)


@cache
def _nobody() -> str:
    return digest(secrets.token_urlsafe(16))


# -- the second factor


def new_seed() -> str:
    """A seed for an account."""
    return secrets.token_hex(16)


def address_of(secret: bytes, account_id: int, seed: str, name: str) -> str:
    """The otpauth address that an authenticator reads, as a QR code or by hand."""
    key = base64.b32encode(_key(secret, account_id, seed)).decode().rstrip("=")
    return f"otpauth://totp/{quote(f'社区控制台:{name}')}?{urlencode({'secret': key, 'issuer': '社区控制台'})}"


def step_of(secret: bytes, account_id: int, seed: str, code: str, now: datetime, *, after: int) -> int | None:
    """The step whose code this is, later than the last one that was used; None when it is not one."""
    given = unicodedata.normalize("NFKC", code).replace(" ", "")
    if len(given) != 6 or not given.isascii() or not given.isdigit():
        return None
    totp = TOTP(_key(secret, account_id, seed), 6, SHA1(), _STEP)  # noqa: S303 - what authenticators speak
    here = int(now.timestamp()) // _STEP
    for step in (here + off for off in _NEAR):
        try:
            totp.verify(given.encode(), step * _STEP)
        except InvalidToken:
            continue
        return step if step > after else None
    return None


def _key(secret: bytes, account_id: int, seed: str) -> bytes:
    return hmac.digest(secret, f"second factor:{account_id}:{seed}".encode(), "sha256")[:20]
