"""Tokens sealed before they are shared: what lies in the database, its copies and its backups opens nothing.

The key comes from the account's own secret. So every process that could fetch a token can read the shared one,
nobody else can, and a token sealed under a secret that was changed since is simply none.
"""

import base64
import secrets
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from redprop_bot.channels.tokens import TokenStore, Turn

_NONCE = 12


class SealedTokens:
    """A TokenStore that seals what passes through it; the name of the account is part of the seal."""

    def __init__(self, store: TokenStore, secret: str) -> None:
        self._store = store
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"redprop platform token")
        self._cipher = AESGCM(derive.derive(secret.encode()))

    async def get(self, name: str) -> tuple[str, datetime] | None:
        """The token in clear, or None where there is none that we can open."""
        kept = await self._store.get(name)
        if kept is None:
            return None
        try:
            raw = base64.urlsafe_b64decode(kept[0])
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], name.encode()).decode(), kept[1]
        except (ValueError, InvalidTag):
            return None

    async def turn(self, name: str, now: datetime) -> Turn:
        """As the store says."""
        return await self._store.turn(name, now)

    async def put(self, name: str, token: str, use_until: datetime, now: datetime) -> None:
        """Seal and keep."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = base64.urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, token.encode(), name.encode()))
        await self._store.put(name, sealed.decode(), use_until, now)

    async def yield_turn(self, name: str, now: datetime, *, counted: bool) -> None:
        """As the store says."""
        await self._store.yield_turn(name, now, counted=counted)


def sealed(store: TokenStore | None, secret: str) -> TokenStore | None:
    """The store, sealing; None stays None."""
    return SealedTokens(store, secret) if store else None
