"""What processes share of the platforms in the database: access tokens, which one of them fetches, and stops.

The senders seal tokens before they come here; see docs/decisions/0009.
"""

from collections.abc import Mapping
from datetime import datetime

from redprop_bot.channels.tokens import FETCHES_PER_MINUTE, LEASE, Turn
from redprop_bot.ports import Clock, SystemClock
from redprop_bot.store import stops, tokens
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


class SharedStops:
    """`channels.patience.StopStore` over the database of an installation."""

    def __init__(self, store: Store, clock: Clock | None = None) -> None:
        self._store, self._clock = store, clock or SystemClock()

    async def stopped(self, account: str) -> Mapping[str, tuple[int, datetime]]:
        """Errcode and end of every stop of the account that is not over, by API."""
        return await self._store.read(lambda tx: stops.of(tx, account, now=self._clock.now()))

    async def stop(self, account: str, api: str, errcode: int, until: datetime) -> None:
        """Write it down for all."""
        await self._store.write(lambda tx: stops.put(tx, account, api, errcode, until))
