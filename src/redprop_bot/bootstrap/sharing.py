"""The platforms' access tokens in the database: all processes use one, and one of them fetches it.

The senders seal tokens before they come here; see docs/decisions/0009.
"""

from datetime import datetime

from redprop_bot.channels.tokens import FETCHES_PER_MINUTE, LEASE, Turn
from redprop_bot.store import tokens
from redprop_bot.store.worker import Store


class SharedTokens:
    """`channels.TokenStore` over the database of an installation."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, name: str) -> tuple[str, datetime] | None:
        """The token and the moment until which it is used."""
        return await self._store.read(lambda tx: tokens.kept(tx, name))

    async def turn(self, name: str, now: datetime) -> Turn:
        """Ask to fetch."""
        return Turn(
            await self._store.write(
                lambda tx: tokens.turn(tx, name, now=now, lease=LEASE, per_minute=FETCHES_PER_MINUTE)
            )
        )

    async def put(self, name: str, token: str, use_until: datetime, now: datetime) -> None:
        """Keep the token in place of the one before; the turn is over."""
        await self._store.write(lambda tx: tokens.put(tx, name, token, use_until, now=now))

    async def yield_turn(self, name: str, now: datetime, *, counted: bool) -> None:
        """The turn is over without a token."""
        await self._store.write(lambda tx: tokens.yield_turn(tx, name, now=now, counted=counted))
